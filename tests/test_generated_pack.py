"""Generated packs are valid, the same for the same seed, and no rule of them is needless."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from benchmarks.generated_pack import write_pack
from cds import DecisionSupport
from cds.assessment import Assessor
from cds.assessment.base_products import Way, ways
from cds.pack import Findings, FindingValue, Interval, Pack, Selection, load_pack
from cds.pack.condition import findings_of
from cds.pack.finding import Finding
from cds.verify.cases import CaseRunner, load_cases, load_patients
from cds.verify.properties import KINDS, read_properties

RULES, FINDINGS = 30, 20


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return load_pack(write_pack(tmp_path_factory.mktemp("generated"), RULES, FINDINGS))


def test_its_size_is_as_asked(pack: Pack) -> None:
    assert sum(rule.evaluated for rule in pack.rules) == RULES
    assert sum(not finding.derived for finding in pack.findings.values()) == FINDINGS


def test_the_same_seed_gives_the_same_bytes(pack: Pack, tmp_path: Path) -> None:
    again, other = (write_pack(tmp_path / str(seed), RULES, FINDINGS, seed) for seed in (1, 2))
    assert _bytes(again) == _bytes(pack.folder)
    assert _bytes(other) != _bytes(pack.folder)


def test_it_claims_every_property(pack: Pack) -> None:
    assert set(read_properties(pack).claimed) == set(KINDS)


def test_its_cases_pass(pack: Pack) -> None:
    runner = CaseRunner(DecisionSupport(pack))
    cases = load_cases(pack)
    assert cases
    assert not [failure for case in cases for failure in runner.run(case).failures]


def test_both_evaluators_agree(pack: Pack) -> None:
    draw, assessor = Random(1), Assessor(pack)
    outcomes = {assessor.assess(_patient(pack, draw)).outcome for _ in range(200)}
    assert {"incomplete", "out-of-scope", "emergency"} <= outcomes


def test_all_findings_are_used(pack: Pack) -> None:
    assert frozenset().union(*(findings_of(rule.when) for rule in pack.rules)) == pack.findings.keys()


def test_no_rule_is_needless(pack: Pack) -> None:
    """For each way in which a rule can give a level there is a patient in whom no other rule gives as much."""
    ordinary, assessor = load_patients(pack)["ordinary"], Assessor(pack)
    for rule in pack.rules:
        if rule.then.level is None or rule.then.level == pack.default_level or rule.topic == "scope":
            continue
        rank = pack.rank[rule.then.level]
        for way in ways(pack, rule):
            fired = assessor.assess(_minimal(pack, ordinary, way)).fired
            urgent = [other.id for other in fired if pack.rank.get(other.then.level or "", 9) <= rank]
            assert urgent == [rule.id]


def test_too_many_rules_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ask for fewer rules"):
        write_pack(tmp_path, 2000, FINDINGS)


def test_too_few_rules_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too few rules"):
        write_pack(tmp_path, 100, 400)


def _minimal(pack: Pack, ordinary: Findings, way: Way) -> Findings:
    """The ordinary patient, with what this way needs and nothing else."""
    values = dict(ordinary)
    for literal in sorted(way.literals):
        name, _, rest = literal.name.partition(".")
        kind, _, code = rest.partition(".")
        finding = pack.findings[name]
        match kind:
            case "yes" | "no":
                values[name] = kind == "yes"
                for gate in pack.questionnaire.gates(finding.answers[0].link_id):
                    values[gate.question.replace("-", "_")] = True
            case "up":
                values[name] = Interval(int(literal.value), int(literal.value))
            case "is":
                values[name] = _with_code(finding, values[name], code.replace("_", "-"))
    return values


def _with_code(finding: Finding, value: FindingValue, code: str) -> FindingValue:
    return Selection(value.chosen | {code}) if isinstance(value, Selection) else code


def _patient(pack: Pack, draw: Random) -> Findings:
    """Mostly ordinary answers; some are skipped, and some numbers are open upwards."""
    skipped = draw.choice((0, 0.05, 0.3))
    asked = [finding for finding in pack.findings.values() if not finding.derived]
    return {finding.id: _value(finding, draw) for finding in asked if draw.random() >= skipped}


def _value(finding: Finding, draw: Random) -> FindingValue:
    codes = [code.code for code in finding.codes]
    match finding.type:
        case "boolean":
            return draw.random() < (0.8 if finding.id == "after_exercise" else 0.05)
        case "integer":
            low = draw.randint(finding.low, finding.high) if draw.random() < 0.1 else finding.low
            return Interval(low, draw.choice((low, low, low, finding.high)))
        case "code":
            return draw.choice(codes)
        case "codes":
            return Selection(frozenset(code for code in codes if draw.random() < 0.05))


def _bytes(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
