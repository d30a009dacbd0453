"""Findings from answers and chart: what is known, what stays open, and where sources disagree."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.intake.chart import NO_CHART, ChartReadings
from cds.intake.faults import IntakeError
from cds.intake.findings import FindingReader, read_findings
from cds.intake.merge import merge
from cds.intake.reading import PatientFindings, Reading
from cds.intake.response import check_response
from cds.pack.finding import Finding
from cds.pack.value import Findings, FindingValue, Interval, Selection
from tests.intake.example import QUESTIONNAIRE, UCUM, about, answer, coded, fall, finding, response
from tests.intake.sources import FINDINGS

READER = FindingReader(FINDINGS, QUESTIONNAIRE)


def read(*items: dict[str, Any], as_of: str | None = None, chart: ChartReadings = NO_CHART) -> PatientFindings:
    return READER.read(check_response(response(*items), QUESTIONNAIRE), chart, as_of)


def values(*items: dict[str, Any], **parts: Any) -> Findings:
    return read(*items, **parts).values


def state(found: PatientFindings, name: str) -> list[str]:
    return [reading.state for reading in found.provenance[name]]


def test_an_empty_questionnaire_knows_nothing_but_what_is_hidden() -> None:
    found = read(about())
    assert found.values == {
        "fall": False,
        "bruise": False,
        "deep_bruise": False,
        "blackout": False,
    }
    assert state(found, "bruise") == ["hidden"]
    assert state(found, "landed") == ["hidden"]  # hidden, and not_applicable says nothing
    assert state(found, "left") == ["unanswered"]
    assert state(found, "foot") == ["gate-open"]
    assert "worrying" not in found.provenance


@pytest.mark.parametrize(
    ("item", "name", "value"),
    [
        (coded("side", "left"), "left", True),
        (coded("side", "both"), "left", True),
        (coded("side", "right"), "left", False),
        (coded("side", "ASKU"), "left", None),
        (coded("side", "both"), "side", "two"),
        (coded("side", "right"), "side", "right"),
        (coded("side", "ASKU"), "side", None),
        (coded("numb", "saddle", "leg"), "saddle", True),
        (coded("numb", "saddle", "ASKU"), "saddle", True),
        (coded("numb", "leg"), "saddle", False),
        (coded("numb", "none"), "saddle", False),
        (coded("numb", "leg", "ASKU"), "saddle", None),
        (coded("numb", "ASKU"), "saddle", None),
        (coded("sport", "running"), "ran", True),
        (answer("sport", valueString="jogging"), "ran", None),
        (answer("floors", valueInteger=2), "floors", Interval(2, 2)),
        (coded("lasted", "three-days"), "hours", Interval(25, 72)),
        (coded("lasted", "ASKU"), "hours", None),
    ],
)
def test_options(item: dict[str, Any], name: str, value: FindingValue | None) -> None:
    found = read(about(), item)
    assert found.values.get(name) == value
    if value is None:
        assert "not-sure" in state(found, name)


@pytest.mark.parametrize(
    ("item", "name", "value"),
    [
        (answer("age", valueInteger=40), "age", Interval(40, 40)),
        (answer("temperature", valueDecimal=37.8), "temperature", Interval(378, 378)),
        (answer("temperature", valueDecimal=37.85), "temperature", Interval(378, 379)),
        (answer("temperature", valueDecimal=38), "temperature", Interval(380, 380)),
        (answer("wait", valueQuantity={"value": 1.5, "system": UCUM, "code": "h"}), "waited", Interval(90, 90)),
        (answer("wait", valueQuantity={"value": 100, "system": UCUM, "code": "min"}), "waited", Interval(100, 100)),
        (answer("onset", valueDate="2026-11-20"), "hours", Interval(34, 58)),
        (answer("onset", valueDate="2026-11-23"), "hours", Interval(0, 0)),
        (answer("onset", valueDate="2024"), "hours", Interval(16570, 20000)),
        (answer("began", valueDateTime="2026-11-22T08:00:00Z"), "hours", Interval(1, 1)),
    ],
)
def test_numbers(item: dict[str, Any], name: str, value: FindingValue) -> None:
    assert values(about(item))[name] == value


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (answer("temperature", valueDecimal=43.001), "value-out-of-range"),
        (answer("wait", valueQuantity={"value": 601, "system": UCUM, "code": "min"}), "value-out-of-range"),
        (answer("wait", valueQuantity={"value": 1, "system": UCUM, "code": "kg"}), "wrong-unit"),
        (answer("wait", valueQuantity={"value": 1, "unit": "h"}), "wrong-unit"),
        (answer("wait", valueQuantity={"value": 1, "system": "https://example.org", "code": "h"}), "wrong-unit"),
        (answer("onset", valueDate="2026-11-24"), "date-in-future"),
        (answer("onset", valueDate="2020"), "value-out-of-range"),
    ],
)
def test_numbers_that_cannot_be_are_refused(item: dict[str, Any], code: str) -> None:
    with pytest.raises(IntakeError) as caught:
        read(about(item))
    assert [(found.code, found.link_id) for found in caught.value.faults] == [(code, item["linkId"])]


def test_without_a_time_what_needs_one_is_unknown() -> None:
    resource = response(about(answer("onset", valueDate="2026-11-20"), answer("age", valueInteger=40)))
    del resource["authored"]
    found = read_findings(FINDINGS, QUESTIONNAIRE, check_response(resource, QUESTIONNAIRE))
    assert "hours" not in found.values
    assert found.values["age"] == Interval(40, 40)


def test_as_of_goes_before_authored() -> None:
    item = about(answer("onset", valueDate="2026-11-20"))
    assert values(item, as_of="2026-11-23T12:00:00+01:00")["hours"] == Interval(60, 84)
    with pytest.raises(IntakeError, match="authored"):
        read(item, as_of="2026-11-20T12:00:00+01:00")
    with pytest.raises(IntakeError, match="as_of"):
        read(item, as_of="yesterday")


def test_gates_that_are_open_hide_nothing() -> None:
    unsure = read(about(fell=True), fall(coded("landed", "ASKU")))
    assert state(unsure, "bruise") == state(unsure, "deep_bruise") == ["gate-open"]
    assert "bruise" not in unsure.values
    known = read(about(fell=True), fall(coded("landed", "N")))
    assert known.values["bruise"] is known.values["deep_bruise"] is False
    assert state(read(about(), coded("numb", "ASKU")), "foot") == ["gate-open"]
    assert values(about(), coded("numb", "saddle"))["foot"] is False


def test_codes_of_two_questions() -> None:
    first = Selection(frozenset({"leg"}), frozenset({"foot"}))
    # the second question was shown and skipped: what only it decides stays open
    assert values(about(), coded("numb", "leg"))["numb_in"] == first
    assert values(about(), coded("numb", "leg"), coded("more-numb", "none"))["numb_in"] == Selection(frozenset({"leg"}))
    both = values(about(), coded("numb", "leg"), coded("more-numb", "foot"))["numb_in"]
    assert both == Selection(frozenset({"leg", "foot"}))
    partial = values(about(), coded("numb", "saddle", "ASKU"))["numb_in"]
    assert partial == Selection(frozenset({"saddle"}), frozenset({"leg", "back", "foot"}))
    assert "numb_in" not in values(about(), coded("numb", "ASKU"))


def test_ranges_of_two_questions() -> None:
    agreed = read(about(answer("onset", valueDate="2026-11-20")), coded("lasted", "three-days"))
    assert agreed.values["hours"] == Interval(34, 58)
    assert agreed.contradictions == ()
    differ = read(about(answer("onset", valueDate="2026-11-20")), coded("lasted", "one-day"))
    assert differ.values["hours"] == Interval(0, 58)
    (contradiction,) = differ.contradictions
    assert contradiction.finding == "hours"
    assert contradiction.value == Interval(0, 58)


def test_provenance_names_question_and_codes() -> None:
    found = read(about(), coded("numb", "saddle", "leg"))
    (reading,) = found.provenance["saddle"]
    assert reading == Reading("answer", "answered", True, "numb", ("saddle", "leg"))


def reading(value: FindingValue | None, how: str = "answered") -> Reading:
    source = "chart" if how == "recorded" else "answer"
    return Reading(source, how, value)  # type: ignore[arg-type]


YES_NO = finding("x", "boolean")
NUMBER = finding("x", "integer", range=[0, 100])
WORD = finding("x", "code", codes=["a", "b"])


@pytest.mark.parametrize(
    ("one", "readings", "expected"),
    [
        (YES_NO, [], (None, False)),
        (YES_NO, [reading(None), reading(None, "hidden")], (None, False)),
        (YES_NO, [reading(None), reading(False)], (False, False)),
        (YES_NO, [reading(False), reading(True, "recorded")], (True, True)),
        (finding("x", "boolean", safer=False), [reading(False), reading(True, "recorded")], (False, True)),
        (YES_NO, [reading(True), reading(True, "recorded")], (True, False)),
        # a record that may say yes, and cannot be read, leaves open what depends on it
        (YES_NO, [reading(False), reading(None, "recorded")], (None, False)),
        (YES_NO, [reading(True), reading(None, "recorded")], (True, False)),
        (YES_NO, [reading(None), reading(None, "recorded")], (None, False)),
        (YES_NO, [reading(False, "hidden"), reading(None, "recorded")], (None, False)),
        (YES_NO, [reading(None, "recorded"), reading(True, "recorded")], (True, False)),
        (YES_NO, [reading(False), reading(True, "recorded"), reading(None, "recorded")], (True, True)),
        (finding("x", "boolean", safer=False), [reading(False), reading(None, "recorded")], (False, False)),
        # not applicable is the weakest: it gives way to the chart, and to a question that was skipped
        (YES_NO, [reading(False, "hidden"), reading(True, "recorded")], (True, False)),
        (YES_NO, [reading(False, "hidden"), reading(None, "unanswered")], (None, False)),
        (YES_NO, [reading(False, "hidden"), reading(False, "hidden")], (False, False)),
        (NUMBER, [reading(Interval(1, 5)), reading(Interval(4, 9))], (Interval(4, 5), False)),
        (NUMBER, [reading(Interval(1, 3)), reading(Interval(5, 9))], (Interval(1, 9), True)),
        (
            finding("x", "integer", range=[0, 100], safer="high"),
            [reading(Interval(1, 3)), reading(Interval(5, 9))],
            (Interval(5, 9), True),
        ),
        (
            finding("x", "integer", range=[0, 100], safer="low"),
            [reading(Interval(5, 9)), reading(Interval(1, 3))],
            (Interval(1, 3), True),
        ),
        (WORD, [reading("a"), reading("a", "recorded")], ("a", False)),
        (WORD, [reading("a"), reading("b", "recorded")], (None, True)),
    ],
)
def test_merging(one: Finding, readings: list[Reading], expected: tuple[FindingValue | None, bool]) -> None:
    assert merge(one, readings, [one.code_ids] * len(readings)) == expected


BOUND = st.integers(0, 100)
RANGE = st.tuples(BOUND, BOUND).map(lambda pair: Interval(min(pair), max(pair)))


@given(st.lists(RANGE, min_size=1, max_size=4), st.sampled_from([None, "high", "low"]))
def test_merged_ranges_lie_within_their_hull(ranges: list[Interval], safer: str | None) -> None:
    one = finding("x", "integer", range=[0, 100], safer=safer)
    value, differ = merge(one, [reading(each) for each in ranges], [frozenset()] * len(ranges))
    assert isinstance(value, Interval)
    assert min(each.low for each in ranges) <= value.low <= value.high <= max(each.high for each in ranges)
    shared = [number for number in range(101) if all(each.low <= number <= each.high for each in ranges)]
    assert differ == (not shared)
    if shared:
        assert value == Interval(shared[0], shared[-1])


ITEMS: list[tuple[dict[str, Any], str]] = [
    (coded("side", "right"), "side"),
    (coded("side", "ASKU"), "side"),
    (coded("numb", "saddle"), "numb"),
    (coded("numb", "back", "ASKU"), "numb"),
    (coded("numb", "none"), "numb"),
    (coded("lasted", "longer"), "lasted"),
    (coded("sport", "rowing"), "sport"),
]


@given(st.lists(st.sampled_from(ITEMS), unique_by=lambda pair: pair[1]), st.data())
def test_leaving_answers_out_never_adds_knowledge(
    chosen: list[tuple[dict[str, Any], str]], data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.sampled_from(chosen), unique_by=lambda pair: pair[1]) if chosen else st.just([]))
    more, less = values(about(), *(item for item, _ in chosen)), values(about(), *(item for item, _ in kept))
    for name, value in less.items():
        if isinstance(value, Selection):
            found = more[name]
            assert isinstance(found, Selection)
            assert value.chosen <= found.chosen <= value.chosen | value.open
        else:
            assert more[name] == value


@pytest.mark.parametrize(
    "source",
    [
        finding("x", "integer", unit="kg", range=[0, 9], answers=[{"link_id": "onset", "elapsed": "d"}]),
        finding("x", "integer", unit="kg", range=[0, 9], answers=[{"link_id": "age", "unit": "h"}]),
        finding("x", "integer", range=[0, 9], answers=[{"link_id": "lasted", "values": {"longer": 10}}]),
        finding("x", "code", codes=["saddle"], answers=[{"link_id": "numb"}]),
        finding("x", "integer", unit="h", range=[0, 9], answers=[{"link_id": "onset"}]),
        finding("x", "integer", unit="h", range=[0, 9], answers=[{"link_id": "age", "elapsed": "h"}]),
        finding("x", "boolean", answers=[{"link_id": "word"}]),
        finding("x", "codes", codes=["dull"], answers=[{"link_id": "comment"}]),
    ],
)
def test_sources_that_do_not_fit_are_refused_at_once(source: Finding) -> None:
    with pytest.raises(ValueError, match="'x'"):
        FindingReader({"x": source}, QUESTIONNAIRE)
