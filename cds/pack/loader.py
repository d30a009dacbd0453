"""A pack folder read, checked and put together. Every fault in it is found in one run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cds.pack.card_checks import check_advice, check_cards, check_header
from cds.pack.content import AdviceFile, CardFile, Citation, CitationFile
from cds.pack.document import read_model
from cds.pack.finding import Finding, PackModel
from cds.pack.finding_checks import FindingChecks
from cds.pack.header import Header
from cds.pack.pack import Pack
from cds.pack.problem import MESSAGES, PackError, Problem
from cds.pack.questionnaire import Questionnaire
from cds.pack.questionnaire_reader import QuestionnaireError, parse_questionnaire
from cds.pack.rule_reader import RuleReader
from cds.pack.value_set import ValueSets, codes_of
from cds.pack.yaml_source import YamlSource


class FindingFile(PackModel):
    """``findings.yaml``."""

    findings: list[Finding]


def load_pack(folder: Path | str) -> Pack:
    """Load the pack in ``folder``.

    Raises :class:`PackError` with every problem found, each with file, line and column. What the rules engine
    cannot hold is refused later, by :func:`cds.engine.compile_rules`.
    """
    folder = Path(folder)
    problems: list[Problem] = []
    header, header_source = read_model(folder, "pack.yaml", Header, problems)
    if header is None:
        raise PackError(problems)
    check_header(header, header_source, problems)
    languages = tuple(header.languages)
    value_sets = _value_sets(folder, problems)
    questionnaire = _questionnaire(folder, value_sets, problems)
    findings_file, findings_source = read_model(folder, "findings.yaml", FindingFile, problems, languages)
    citation_file, citation_source = read_model(folder, "citations.yaml", CitationFile, problems, languages)
    advice_file, advice_source = read_model(folder, "advice.yaml", AdviceFile, problems, languages)
    cards, cards_source = read_model(folder, "cards.yaml", CardFile, problems, languages)
    if findings_file is None or citation_file is None or advice_file is None or cards is None or questionnaire is None:
        raise PackError(problems)
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
    rules = RuleReader(folder, languages, findings, known, problems).read_all()
    if problems:
        raise PackError(problems)
    return Pack(folder, header, findings, rules, advice, instead, cards, citations, questionnaire, value_sets)


def _citations(file: CitationFile, source: YamlSource, problems: list[Problem]) -> dict[str, Citation]:
    citations: dict[str, Citation] = {}
    for index, citation in enumerate(file.citations):
        if citation.key in citations:
            path = ("citations", index, "key")
            problems.append(source.problem(path, "duplicate-id", kind="citation", name=citation.key))
        citations[citation.key] = citation
    return citations


def _json(folder: Path, name: str, problems: list[Problem]) -> Any:
    try:
        return json.loads((folder / name).read_bytes())
    except FileNotFoundError:
        problems.append(Problem(name, 1, 1, "missing-file", MESSAGES["missing-file"].format(name=name)))
    except json.JSONDecodeError as error:
        message = MESSAGES["json-syntax"].format(detail=error.msg)
        problems.append(Problem(name, error.lineno, error.colno, "json-syntax", message))
    except UnicodeDecodeError:
        problems.append(Problem(name, 1, 1, "json-syntax", MESSAGES["json-syntax"].format(detail="not UTF-8")))
    return None


def _value_sets(folder: Path, problems: list[Problem]) -> ValueSets:
    found: dict[str, frozenset[tuple[str, str]]] = {}
    for file in sorted((folder / "codes").glob("ValueSet-*.json")):
        name = f"codes/{file.name}"
        resource = _json(folder, name, problems)
        if resource is None:
            continue
        try:
            found[file.stem.removeprefix("ValueSet-")] = codes_of(resource)
        except ValueError as error:
            problems.append(Problem(name, 1, 1, "value-set", str(error)))
    return found


def _questionnaire(folder: Path, value_sets: ValueSets, problems: list[Problem]) -> Questionnaire | None:
    name = "questionnaire.json"
    resource = _json(folder, name, problems)
    if resource is None:
        return None
    try:
        return parse_questionnaire(resource, value_sets)
    except QuestionnaireError as error:
        problems.extend(
            Problem(name, 1, 1, "questionnaire", f"{fault.path}: {fault.message}") for fault in error.problems
        )
        return None
