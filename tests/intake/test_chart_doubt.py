"""Nothing of the chart that may raise the urgency is lost: unreadable, undated, earlier and future results."""

from __future__ import annotations

from typing import Any

import pytest

from cds.intake.chart import ChartReader
from cds.intake.merge import merge
from cds.pack.value import FindingValue, Interval
from tests.intake.example import AUTHORED, LOINC, NULL, VALUE_SETS, finding
from tests.intake.sources import FINDINGS
from tests.intake.test_chart import RXNORM, concept, heat, kidneys, observation

LATER = "2026-11-22T09:00:00+01:00"
READER = ChartReader(FINDINGS, VALUE_SETS)
_HEAT = {"unit": "Cel", "scale": 10, "range": [300, 430]}
_SOURCE = {"resource": "Observation", "value_set": "heat", "within_days": 2}


def _values(
    name: str, *chart: dict[str, Any], as_of: str | None = AUTHORED, until: str | None = None
) -> list[FindingValue | None]:
    return [one.value for one in READER.read(list(chart), as_of, until).readings.get(name, ())]


def _merged(
    *chart: dict[str, Any],
    safer: str | None = "high",
    within: int | None = 2,
    as_of: str | None = AUTHORED,
    until: str | None = None,
) -> FindingValue | None:
    one = finding("temperature", "integer", **_HEAT, safer=safer, chart=[_SOURCE | {"within_days": within}])
    readings = ChartReader({"temperature": one}, VALUE_SETS).read(list(chart), as_of, until).readings
    found = readings.get("temperature", ())
    return merge(one, found, [frozenset()] * len(found))[0]


def _panel(*components: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return observation("85353-1", component=list(components), **parts)


def _part(**value: Any) -> dict[str, Any]:
    return {"code": concept(LOINC, "8310-5"), **value}


CELSIUS: dict[str, Any] = {"valueQuantity": heat(39.5)["valueQuantity"]}


@pytest.mark.parametrize(
    "one",
    [
        observation("8310-5", valueString="39.5 C"),
        observation("8310-5", valueRange={"low": {"value": 39}}),
        observation("8310-5", valueCodeableConcept={"text": "hot"}),
        observation("8310-5", valueRatio={}, dataAbsentReason={"text": "?"}),
        observation("8310-5", component=[{"code": concept(LOINC, "8331-1"), "valueString": "hot"}]),
        _panel(_part(valueString="hot")),
        _panel(_part(valueQuantity={"value": 312, "code": "K"})),
    ],
)
def test_a_number_of_any_other_type_is_a_doubt_and_not_nothing(one: dict[str, Any]) -> None:
    assert _values("temperature", one) == [None]


@pytest.mark.parametrize(
    "one",
    [
        observation("8310-5", dataAbsentReason={"text": "refused"}),
        _panel(_part(dataAbsentReason={"text": "refused"})),
        _panel({"code": concept(LOINC, "8867-4"), "valueQuantity": {"value": 70}}),
        _panel(_part(**CELSIUS), status="entered-in-error"),
        _panel(_part(**CELSIUS)) | {"effectiveDateTime": "2026-11-01"},
    ],
)
def test_what_has_no_value_says_nothing(one: dict[str, Any]) -> None:
    assert _values("temperature", one) == []


def test_a_component_is_a_result_of_its_own() -> None:
    assert _values("temperature", _panel(_part(**CELSIUS))) == [Interval(395, 395)]
    assert _values("temperature", observation("8310-5", component=[_part(**CELSIUS)])) == [Interval(395, 395)]
    both = heat(37, None) | {"component": [_part(**CELSIUS)], "effectiveDateTime": LATER}
    assert set(_values("temperature", both)) == {Interval(370, 370), Interval(395, 395)}
    weak = {"code": concept(LOINC, "98979-8"), "valueQuantity": kidneys(30)["valueQuantity"]}
    assert _values("weak_kidneys", _panel(weak)) == [True]


@pytest.mark.parametrize("safer", ["high", "low", None])
@pytest.mark.parametrize("within", [2, None])
def test_an_unreadable_number_hides_no_readable_one(safer: str | None, within: int | None) -> None:
    chart = [heat(39.5), observation("8310-5", LATER, valueString="normal")]
    expected = {"high": Interval(395, 430), "low": Interval(300, 395), None: None}
    assert _merged(*chart, safer=safer, within=within) == expected[safer]
    assert {one.value for one in READER.read(chart, AUTHORED).readings["temperature"]} == {Interval(395, 395), None}


def test_a_readable_number_does_not_settle_an_unreadable_one() -> None:
    assert _merged(heat(36.8), observation("8310-5", LATER, valueString="40")) == Interval(368, 430)


@pytest.mark.parametrize("chart", [(heat(39.5), heat(36.8, LATER)), (heat(36.8), heat(39.5, LATER))])
def test_the_safer_of_all_recent_numbers_counts(chart: tuple[dict[str, Any], ...]) -> None:
    assert _merged(*chart) == Interval(395, 395)
    assert _merged(*chart, safer="low") == Interval(368, 368)
    assert _merged(*chart, safer=None) == _merged(chart[1], safer=None)
    assert _merged(*chart, within=None) == _merged(chart[1])
    assert _merged(heat(41, "2026-11-19"), *chart) == Interval(395, 395)


def test_numbers_of_several_times_are_not_narrowed_to_what_they_share() -> None:
    assert _merged(heat(37, comparator=">"), heat(37.2, LATER)) == Interval(372, 430)
    assert _merged(heat(38, comparator="<"), heat(37.2, LATER)) == Interval(372, 380)


@pytest.mark.parametrize("timing", [{}, {"effectiveTiming": {"event": ["2026-11-22T08:00:00+01:00"]}}])
def test_a_number_without_a_time_counts_and_settles_nothing(timing: dict[str, Any]) -> None:
    hot, cool = heat(39.5, None) | timing, heat(36.8, None) | timing
    assert _values("temperature", hot) == [Interval(395, 395), None]
    assert _merged(hot) == _merged(hot, heat(36.8)) == _merged(cool, heat(39.5)) == Interval(395, 430)
    assert _merged(cool) == Interval(368, 430)
    assert _merged(hot, safer=None) is None
    assert _merged(cool, within=None) == Interval(368, 368)


def test_a_truth_without_a_time_counts_and_settles_nothing() -> None:
    undated = {name: {k: v for k, v in one.items() if k != "effectiveDateTime"} for name, one in KIDNEYS.items()}
    assert _values("weak_kidneys", undated["weak"]) == [True]
    assert _values("weak_kidneys", undated["unreadable"]) == [None]
    assert _values("weak_kidneys", undated["strong"]) == []
    assert _values("weak_kidneys", undated["strong"], KIDNEYS["weak"]) == [True]
    assert _values("weak_kidneys", undated["weak"], KIDNEYS["strong"]) == [True]
    assert _values("pregnant", observation("2106-3", None, valueBoolean=True)) == [True]


KIDNEYS = {"weak": kidneys(30), "strong": kidneys(90), "unreadable": kidneys(90, unit="mL/min")}


def test_without_a_time_of_assessment_windows_end_with_the_time_of_reading() -> None:
    assert _merged(heat(39.5), as_of=None, until="2026-11-22T12:00:00Z") == Interval(395, 395)
    assert _merged(heat(39.5), as_of=None, until="2026-12-22T12:00:00Z") is None
    assert _merged(heat(39.5), as_of=None) == Interval(395, 430)
    assert _values("weak_kidneys", kidneys(30), as_of=None) == [True]


def test_an_assessment_in_the_future_pushes_no_fever_out_of_the_window() -> None:
    fever = heat(39.5, "2026-11-20T12:00:00Z")
    assert _merged(fever, as_of="2026-11-23T08:00:00Z", until="2026-11-22T08:00:00Z") == Interval(395, 395)
    assert _merged(fever, as_of="2026-11-23T08:00:00Z") is None


@pytest.mark.parametrize("until", [None, "2026-11-22T12:00:00Z"])
def test_a_result_of_the_future_hides_none_before_it(until: str | None) -> None:
    future = "2026-11-23T08:00:00+01:00"
    assert _values("temperature", heat(39.5), heat(36.8, future), until=until) == [
        Interval(395, 395),
        Interval(368, 368),
    ]
    assert _values("weak_kidneys", kidneys(30), kidneys(90) | {"effectiveDateTime": future}, until=until) == [True]
    assert _values("weak_kidneys", kidneys(90), kidneys(30) | {"effectiveDateTime": future}, until=until) == [True]


def _test(at: str, **value: Any) -> dict[str, Any]:
    return observation("2106-3", at, **value)


POSITIVE = _test("2026-11-22T08:00:00+01:00", valueCodeableConcept=concept("https://example.org", "POS"))
NEGATIVE = _test("2026-11-22T08:00:00+01:00", valueCodeableConcept=concept("https://example.org", "NEG"))


@pytest.mark.parametrize(
    "value",
    [
        {"valueCodeableConcept": {"text": "see notes"}},
        {"valueCodeableConcept": {"coding": [{"system": NULL, "code": "UNK"}]}},
        {"valueCodeableConcept": {"coding": [{"system": LOINC, "code": "LA4489-6"}]}},
        {"valueCodeableConcept": {"coding": [{"code": "NEG"}]}},
        {"valueCodeableConcept": {"coding": [{"system": "https://example.org"}]}},
        {"valueString": "negative"},
        {"valueInteger": 0},
    ],
)
def test_a_status_that_says_nothing_hides_no_earlier_one(value: dict[str, Any]) -> None:
    assert _values("pregnant", _test(LATER, **value)) == [None]
    assert set(_values("pregnant", POSITIVE, _test(LATER, **value))) == {True, None}
    assert _values("pregnant", NEGATIVE, _test(LATER, **value)) == [None]


def test_a_status_that_is_known_settles_an_earlier_one() -> None:
    assert _values("pregnant", POSITIVE, NEGATIVE | {"effectiveDateTime": LATER}) == []
    assert _values("pregnant", POSITIVE, _test(LATER, valueBoolean=False)) == []
    assert _values("pregnant", POSITIVE, _test(LATER, dataAbsentReason={"text": "refused"})) == [True]


def test_a_code_of_another_system_is_no_doubt() -> None:
    assert _values("pregnant", _test(LATER, valueCodeableConcept=concept(RXNORM, "1"))) == []
