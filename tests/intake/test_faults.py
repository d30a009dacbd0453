"""Each kind of fault, from a fixture of its name; and what messages never say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from cds.intake.chart import ChartReader, read_chart
from cds.intake.faults import FAULTS, IntakeError, element_name, fault
from cds.intake.findings import read_findings
from cds.intake.models import validate_models
from cds.intake.response import check_response
from cds.intake.strict_json import Limits, parse_json
from tests.intake.example import AUTHORED, HERE, QUESTIONNAIRE, VALUE_SETS
from tests.intake.sources import FINDINGS

FOLDER = HERE / "faults"


def _bytes(case: dict[str, Any]) -> None:
    data = bytes.fromhex(case["hex"]) if "hex" in case else case["text"].encode()
    parse_json(data, Limits(**case.get("limits", {})))


def _findings(case: dict[str, Any]) -> None:
    checked = check_response(case["response"], QUESTIONNAIRE)
    chart = read_chart(case.get("chart"), VALUE_SETS, FINDINGS, AUTHORED)
    read_findings(FINDINGS, QUESTIONNAIRE, checked, chart)


def _tolerant(case: dict[str, Any]) -> None:
    raise IntakeError(ChartReader(FINDINGS, VALUE_SETS).read(case["chart"], AUTHORED, tolerant=True).faults)


STAGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "bytes": _bytes,
    "response": lambda case: check_response(case["response"], QUESTIONNAIRE),
    "models": lambda case: validate_models(case["response"]),
    "findings": _findings,
    "tolerant": _tolerant,
}


@pytest.mark.parametrize("code", FAULTS)
def test_each_fault_is_found_alone_and_in_its_place(code: str) -> None:
    case = orjson.loads((FOLDER / f"{code}.json").read_bytes())
    with pytest.raises(IntakeError) as caught:
        STAGES[case["stage"]](case)
    (found,) = caught.value.faults
    assert (found.code, found.path, found.link_id) == (code, case["path"], case.get("link_id"))
    assert found.path in str(caught.value)


def test_there_is_no_fixture_for_an_unknown_fault() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(FAULTS)


@pytest.mark.parametrize("code", FAULTS)
def test_messages_say_what_to_do(code: str) -> None:
    assert ":" in FAULTS[code] or "must be" in FAULTS[code] or "only" in FAULTS[code]


def test_names_that_are_not_fhirs_are_not_repeated() -> None:
    assert element_name("valueBool") == "'valueBool'"
    assert element_name("Ann Smith") == element_name("Ann") == element_name(7) == "with this name"
    assert fault("unknown-link-id", "x", "Ann Smith, 40").link_id is None


def test_all_faults_of_a_response_are_found() -> None:
    items = [
        {"linkId": "side", "answer": [{"valueString": "Secret"}]},
        {"linkId": "secret name", "answer": [{"valueString": "Secret"}]},
        {"linkId": "lasted", "answer": [{"valueCoding": {"code": "Secret"}}]},
    ]
    with pytest.raises(IntakeError) as caught:
        check_response({"resourceType": "QuestionnaireResponse", "status": "stopped", "item": items}, QUESTIONNAIRE)
    codes = {found.code for found in caught.value.faults}
    assert codes == {"not-final", "no-questionnaire", "wrong-answer-type", "unknown-link-id", "option-not-offered"}
    assert "ecret" not in str(caught.value)
