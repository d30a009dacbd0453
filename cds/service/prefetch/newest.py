"""Which of a patient's responses counts: the newest completed one to this questionnaire, if it is not too old."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from cds.intake.instant import TOLERANCE, Moment, moment
from cds.intake.response import FINAL
from cds.service.prefetch.patient import of_patient
from cds.service.prefetch.state import Found, Resource

_ZERO: Final = datetime(1, 1, 1, tzinfo=UTC)
_DAY: Final = 86_400 * 1_000_000
_OWN: Final = frozenset({"id", "meta", "text"})
"""What may differ between two copies of the same response."""


_NOT_FINAL: Final = frozenset({"in-progress", "entered-in-error", "stopped"})
"""The other statuses of FHIR R4: not finished, taken back, given up."""


@dataclass(frozen=True, slots=True)
class NoResponse:
    """There is no response that counts. ``text`` says why and what to do, without anything of the patient."""

    text: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """There are responses, and it cannot be told which one counts. ``text`` says why and what to do."""

    text: str


def newest(found: Found, patient: str, questionnaire: str, days: int, now: datetime) -> Resource | NoResponse | Unclear:
    """The response that counts.

    ``patient``: the id; ``questionnaire``: its canonical URL without a version; ``days``: how long a response holds;
    ``now``: an aware time.
    A response without a readable ``authored`` may be the newest; so may several of the same day, or one on a page that
    is not here. Then it is unclear which one counts, and none is picked: the other might be the one with the danger
    sign.
    """
    # If only those of others were found, that is for the caller to see and to refuse.
    found = replace(found, resources=of_patient(found.resources, patient) or found.resources)
    seen = found.resources
    responses = [one for one in seen if one.get("resourceType") == "QuestionnaireResponse"]
    if any(not _is_readable(one) for one in responses):
        return Unclear("a response has an unreadable 'status' or 'questionnaire', and may be the newest: correct it")
    ours = [one for one in responses if one.get("questionnaire", "").partition("|")[0] == questionnaire]
    final = [one for one in ours if one["status"] in FINAL]
    if (found.partial or found.next is not None) and not newest_first(found):
        return Unclear("there are more responses, and those given are not sorted by '-authored': send all or sort them")
    if not final:
        return NoResponse(
            f"of {len(seen)} resources, {len(ours)} are responses to this questionnaire and none of them is completed: "
            "ask the patient to fill in the questionnaire"
        )
    dated = [(one, at) for one in final if (at := _time(one)) is not None]
    if len(dated) < len(final):
        if len(final) == 1:
            return final[0]
        return Unclear("a response has no readable 'authored', so it is unclear which is the newest: add it")
    return _latest(dated, days, _microseconds(now))


def newest_first(found: Found) -> bool:
    """Whether the responses stand in the order that was asked for, the newest first, as far as their times tell."""
    times = [_time(one) for one in found.resources if one.get("resourceType") == "QuestionnaireResponse"]
    return None not in times and all(
        later is not None and earlier is not None and later.last >= earlier.first for later, earlier in pairwise(times)
    )


def _latest(dated: list[tuple[Resource, Moment]], days: int, clock: int) -> Resource | NoResponse | Unclear:
    if any(at.first > clock + TOLERANCE for _, at in dated):
        return Unclear("a response was authored in the future, so it is unclear which is the newest: correct it")
    last = max(at.first for _, at in dated)
    candidates = [(one, at) for one, at in dated if at.last >= last]
    chosen, at = candidates[0]
    if any(_content(one) != _content(chosen) for one, _ in candidates):
        return Unclear("several responses may be the newest: give 'authored' to the second, with its zone")
    if at.last < clock - days * _DAY:
        return NoResponse(
            f"the newest response is more than {days} days old, and danger signs change faster: "
            "ask the patient to fill in the questionnaire again"
        )
    return chosen


def _is_readable(response: Resource) -> bool:
    """Whether it can be told what the response answers, and whether it is finished."""
    status = response.get("status")
    known = type(status) is str and (status in FINAL or status in _NOT_FINAL)
    questionnaire = response.get("questionnaire", "none")
    return known and type(questionnaire) is str and questionnaire != ""


def _time(resource: Resource) -> Moment | None:
    """When the response was given, in UTC; one without a zone may be of any."""
    text = resource.get("authored")
    try:
        at = moment(text) if type(text) is str else None
    except ValueError:
        return None
    if at is None:
        return None
    if at.zone is None:
        return Moment(at.first - 14 * _DAY // 24, at.last + 12 * _DAY // 24, 0)
    return Moment(at.first - at.zone, at.last - at.zone, 0)


def _microseconds(now: datetime) -> int:
    """The time on the clock of :mod:`cds.intake.instant`, in UTC."""
    return (now - _ZERO) // timedelta(microseconds=1) + _DAY


def _content(resource: Resource) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if name not in _OWN}
