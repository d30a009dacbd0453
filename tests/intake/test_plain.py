"""What is read in one pass is what the full check and the models give, whatever is done to a response."""

from __future__ import annotations

import copy
import os
import random
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from cds import default_pack, load_pack
from cds.intake import CheckedResponse, IntakeError, PlainReader, ResponseChecker, validate_models
from cds.intake.models import validate_whole
from cds.intake.plain_values import is_plain_text
from cds.pack.questionnaire import Questionnaire
from tests.intake.example import QUESTIONNAIRE, about, answer, coded, response

MUTATIONS = int(os.environ.get("CDS_PLAIN_MUTATIONS", "2000"))
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "responses"
SHIPPED = load_pack(default_pack()).questionnaire
RESPONSES = [orjson.loads(file.read_bytes()) for file in sorted(FIXTURES.glob("*.json"))]

WORDS: list[Any] = [
    *("", " ", "\t", "\n", "a\nb", "\u00a0", "\u2028", "\x00", "\x1c", "\u200b", "\ud800", "a\x07", " x", "x ", "x  y"),
    *("Y", "N", "ASKU", "none", "completed", "amended", "in-progress", "en", "es-MX", "e n", "no", "0"),
    *("2026-11-22", "2026-02-30T00:00:00Z", "2026-11-22T12:00:00.123456Z", "2026-11-22T23:59:60Z", "0000-01-01"),
    *("2026-11-22T12:00:00+14:00", "2026-11-22T12:00:00", "2026-11-22T24:00:00Z", "0001-01-01T00:00:00+13:59"),
    *("Patient/1", "x" * 20_001, "http://terminology.hl7.org/CodeSystem/v2-0136", SHIPPED.url, f"{SHIPPED.url}|9"),
]
VALUES: list[Any] = [
    *WORDS,
    *(None, True, False, 0, 1, -1, 34, 2**31, -(2**31), 2**70, 37.5, 1e-9, 1e300, -0.0, float("nan"), float("inf")),
    *([], {}, [None], [[]], {"linkId": "age"}, {"reference": "Patient/1"}, {"valueInteger": 5}, {"valueString": "x"}),
    *([{"valueInteger": 200}], [{"valueBoolean": True}], [{"valueInteger": 30}, {"valueInteger": 31}]),
]
NAMES = [
    *("id", "text", "linkId", "answer", "item", "display", "system", "code", "version", "userSelected", "_text"),
    *(
        "extension",
        "meta",
        "language",
        "subject",
        "identifier",
        "type",
        "reference",
        "status",
        "author",
        "x",
        "resource",
    ),
    *("valueCoding", "valueInteger", "valueBoolean", "valueDecimal", "valueString", "valueQuantity", "fhir_comments"),
]


def _holders(value: Any) -> list[Any]:
    found = [value] if isinstance(value, dict | list) and value else []
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        found += _holders(child)
    return found


def _mutated(draw: random.Random, resource: Any, others: list[Any]) -> Any:
    """Up to two places replaced, removed, added, doubled, moved, or taken from another response."""
    changed = copy.deepcopy(resource)
    for _ in range(draw.randint(0, 2)):
        holders = _holders(changed)
        if not holders:
            break
        holder = draw.choice(holders)
        key = draw.choice(list(holder)) if isinstance(holder, dict) else draw.randrange(len(holder))
        match draw.randrange(7):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[draw.choice(NAMES)] = copy.deepcopy(draw.choice(VALUES))
            case 2 if isinstance(holder, list):
                holder.append(copy.deepcopy(draw.choice(holder)))
            case 3:
                foreign = [one for one in _holders(draw.choice(others)) if type(one) is type(holder)]
                source = draw.choice(foreign) if foreign else holder
                taken = draw.choice(list(source)) if isinstance(source, dict) else draw.randrange(len(source))
                holder[taken if isinstance(holder, dict) else key] = copy.deepcopy(source[taken])
            case 4 if isinstance(holder, list):
                draw.shuffle(holder)
            case 5 if isinstance(holder[key], str):
                holder[key] = draw.choice(WORDS)
            case _:
                holder[key] = copy.deepcopy(draw.choice(VALUES))
    return changed


def _fully(questionnaire: Questionnaire, resource: Any) -> CheckedResponse | None:
    try:
        checked = ResponseChecker(questionnaire).check(resource)
        validate_whole(resource)
    except IntakeError:
        return None
    return checked


@pytest.mark.parametrize("seed", range(2))
def test_what_is_plain_is_without_fault_and_read_the_same(seed: int) -> None:
    draw, reader, checker = random.Random(seed), PlainReader(SHIPPED), ResponseChecker(SHIPPED)
    read = 0
    for _ in range(MUTATIONS // 2):
        resource = _mutated(draw, draw.choice(RESPONSES), RESPONSES)
        plain = reader.read(resource)
        if plain is None:
            continue
        read += 1
        assert plain == checker.check(resource)
        assert list(plain.answers) == list(checker.check(resource).answers)
        validate_whole(resource)
    assert read > MUTATIONS // 20  # otherwise nothing was tested


def test_all_responses_of_the_fixtures_are_plain() -> None:
    reader, checker = PlainReader(SHIPPED), ResponseChecker(SHIPPED)
    for resource in RESPONSES:
        assert reader.read(resource) == checker.check(resource)


EXAMPLES: list[tuple[dict[str, Any], bool]] = [
    (response(about(answer("age", valueInteger=40))), True),
    (response(about(answer("age", valueInteger=40)), meta={"versionId": "1"}), True),
    (response(about(answer("age", valueInteger=40)), meta={"versionId": 1}), False),
    (response(about(answer("age", valueInteger=40)), status="in-progress"), False),
    (response(about(answer("age", valueInteger=-4))), False),
    (response(about(answer("age", valueInteger=40)), answer("both", valueBoolean=False)), True),
    (response(about(answer("age", valueInteger=40)), coded("side", "nowhere")), False),
]


@pytest.mark.parametrize(("resource", "plain"), EXAMPLES)
def test_examples(resource: dict[str, Any], plain: bool) -> None:
    found = PlainReader(QUESTIONNAIRE).read(resource)
    assert found == _fully(QUESTIONNAIRE, resource)
    assert (found is not None) == plain


def test_plain_text_is_a_string_of_the_models() -> None:
    """Each character alone, for all that there are."""
    plain = [character for character in map(chr, range(sys.maxunicode + 1)) if is_plain_text(character)]
    assert {" ", "\n", "ñ"} <= set(plain)
    for start in range(0, len(plain), 2000):
        items = [{"linkId": "x", "text": character} for character in plain[start : start + 2000]]
        validate_whole({"resourceType": "QuestionnaireResponse", "status": "completed", "item": items})


def test_what_is_not_plain_is_still_read() -> None:
    resource = copy.deepcopy(RESPONSES[0])
    resource["item"][0]["id"] = "first"
    assert PlainReader(SHIPPED).read(resource) is None
    validate_models(resource)
    assert ResponseChecker(SHIPPED).check(resource).answers


def test_lists_of_header_and_items_count_together() -> None:
    """A header may have fewer entries than the full way allows a whole response, and never more."""
    plain, checker = PlainReader(SHIPPED), ResponseChecker(SHIPPED)
    accepted = []
    for entries in (10, 4_000, 4_900, 4_960, 4_999, 5_000, 5_001):
        resource = copy.deepcopy(RESPONSES[0])
        references = min(entries, 3_800)
        lists = {
            "basedOn": [{"reference": "CarePlan/1"}] * (references // 2),
            "partOf": [{"reference": "CarePlan/1"}] * (references - references // 2),
            "extension": [{"url": "urn:x", "valueString": "a"}] * (entries - references),
        }
        resource |= {name: value for name, value in lists.items() if value}
        found = plain.read(resource)
        accepted.append(found is not None)
        if found is not None:
            assert found == checker.check(resource)
            validate_whole(resource)
    assert accepted[0] and not any(accepted[3:])
