"""A pack folder read, checked and put together. Every fault in it is found in one run."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from cds.pack.card_checks import check_advice, check_cards, check_header
from cds.pack.content import AdviceFile, CardFile, Citation, CitationFile
from cds.pack.document import read_model
from cds.pack.finding import Finding, PackModel
from cds.pack.finding_checks import FindingChecks, check_comments
from cds.pack.header import Header
from cds.pack.json_source import read_questionnaire, read_value_sets
from cds.pack.pack import Pack
from cds.pack.problem import PackError, Problem
from cds.pack.rule import RuleFile
from cds.pack.rule_reader import RuleReader, rule_files
from cds.pack.yaml_source import YamlSource

_File = TypeVar("_File", bound=PackModel)


class FindingFile(PackModel):
    """``findings.yaml``."""

    findings: list[Finding]


def load_pack(folder: Path | str) -> Pack:
    """Load the pack in ``folder``.

    Raises :class:`PackError` with every problem found, each with file, line and column. Where a whole file cannot be
    read, what depends on it is not checked. What the rules engine cannot hold is refused later, by
    :func:`cds.engine.plan`.
    """
    folder = Path(folder)
    problems: list[Problem] = []
    header, header_source = _read(folder, "pack.yaml", Header, problems)
    languages = tuple(header.languages) if header else ()
    if languages:
        header, header_source = _read(folder, "pack.yaml", Header, problems, languages)
    value_sets = read_value_sets(folder, problems)
    questionnaire = read_questionnaire(folder, value_sets, problems)
    findings_file, findings_source = _read(folder, "findings.yaml", FindingFile, problems, languages)
    citation_file, citation_source = _read(folder, "citations.yaml", CitationFile, problems, languages)
    advice_file, advice_source = _read(folder, "advice.yaml", AdviceFile, problems, languages)
    cards, cards_source = _read(folder, "cards.yaml", CardFile, problems, languages)
    if not (header and findings_file and citation_file and advice_file and cards and questionnaire):
        for name in rule_files(folder):
            _read(folder, name, RuleFile, problems, languages)
        raise PackError(problems)
    check_header(header, header_source, problems)
    check_comments(header.comment_questions, questionnaire, header_source, problems)
    checks = FindingChecks(findings_source, questionnaire, value_sets, problems)
    checks.check(findings_file.findings, header.comment_questions)
    citations = _citations(citation_file, citation_source, problems)
    check_advice(advice_file, citations, advice_source, problems)
    check_cards(cards, header, cards_source, problems)
    findings = {finding.id: finding for finding in findings_file.findings}
    advice = {entry.id: entry for entry in advice_file.advice}
    instead = {entry.id: entry for entry in advice_file.instead}
    known = {
        "level": [level.id for level in header.levels],
        "advice": advice,
        "instead": instead,
        "citation": citations,
        "scope": cards.out_of_scope,
        "finding": [name for name, finding in findings.items() if finding.derived],
    }
    reader = RuleReader(folder, languages, findings, findings_source, known, problems)
    rules = reader.read_all()
    if problems:
        raise PackError(problems)
    contents = (findings, rules, advice, instead, cards, citations, questionnaire, value_sets, reader.tables)
    return Pack(folder, header, *contents)


def _read(
    folder: Path, name: str, model: type[_File], problems: list[Problem], languages: tuple[str, ...] = ()
) -> tuple[_File | None, YamlSource]:
    """As :func:`read_model`; a file that is not there is one problem among others."""
    try:
        return read_model(folder, name, model, problems, languages)
    except PackError as error:
        problems.extend(error.problems)
        return None, YamlSource(name)


def _citations(file: CitationFile, source: YamlSource, problems: list[Problem]) -> dict[str, Citation]:
    citations: dict[str, Citation] = {}
    for index, citation in enumerate(file.citations):
        if citation.key in citations:
            path = ("citations", index, "key")
            problems.append(source.problem(path, "duplicate-id", kind="citation", name=citation.key))
        citations[citation.key] = citation
    return citations
