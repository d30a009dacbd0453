"""Which of a patient's responses counts: the newest completed one to this questionnaire, if it is not too old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from cds.intake.instant import Moment
from cds.intake.response import FINAL
from cds.service.prefetch.authored import authored, is_future, is_older, may_be_older
from cds.service.prefetch.patient import Patient, Whose
from cds.service.prefetch.state import Found, Resource

_OWN: Final = frozenset({"id", "meta", "text"})
"""What may differ between two copies of the same response."""
_NOT_FINAL: Final = frozenset({"in-progress", "entered-in-error", "stopped"})
"""The other statuses of FHIR R4: not finished, taken back, given up."""
_UNSORTED: Final = "there are more responses, and those given are not sorted by '-authored': send all, or sort them"


@dataclass(frozen=True, slots=True)
class NoResponse:
    """There is no response that counts. ``text`` says why and what to do, without anything of the patient."""

    text: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """There are responses, and it cannot be told which one counts. ``text`` says why and what to do."""

    text: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for.

    A response of ``patient`` to a questionnaire (its URL without a version), at most ``days``
    old at the time ``now`` (aware).
    """

    patient: Patient
    questionnaire: str
    days: int
    now: datetime


def newest(found: Found, wanted: Wanted) -> Resource | NoResponse | Unclear:
    """The response that counts.

    Something doubtful that may be newer than it (unreadable, perhaps another patient's, without a time) makes it
    unclear which one counts; so do several of the same time, and a page that is not here. Then none is picked: the
    other might be the one with the danger sign.
    """
    if (found.lost or found.next is not None) and not newest_first(found):
        return Unclear(_UNSORTED)
    responses = [one for one in found.resources if one.get("resourceType") == "QuestionnaireResponse"]
    named = [wanted.patient.whose(one) for one in responses]
    own: list[tuple[Resource, Moment]] = []
    doubtful: list[tuple[Moment | None, str]] = []
    for one, whose in zip(responses, named, strict=True):
        if whose is Whose.OTHER:
            continue
        doubt = _doubt(one, whose, others=Whose.OTHER in named)
        at = authored(one)
        if doubt is None and not _counts(one, wanted.questionnaire):
            continue
        if doubt is not None or at is None:
            doubtful.append((at, doubt or "a response has no readable 'authored': add it"))
        else:
            own.append((one, at))
    chosen = _latest(own, wanted)
    if isinstance(chosen, Unclear):
        return chosen
    for at, doubt in doubtful:
        if chosen is None or at is None or at.last >= chosen[1].first:
            return Unclear(f"it is unclear which response is the newest: {doubt}")
    if chosen is not None and _is_reopened(chosen[0], responses):
        return Unclear("the newest response stands there a second time and is not completed: send its last version")
    if chosen is None and Whose.OTHER in named:
        return Unclear("all responses are of another patient than context.patientId: send those of this one")
    return _if_recent(chosen, len(found.resources), wanted)


def newest_first(found: Found) -> bool:
    """Whether the responses prove by their times that they are sorted, the newest first; one alone proves nothing."""
    times = [authored(one) for one in found.resources if one.get("resourceType") == "QuestionnaireResponse"]
    pairs = [(later, earlier) for later, earlier in pairwise(times) if later is not None and earlier is not None]
    falls = any(later.first > earlier.last for later, earlier in pairs)
    return falls and None not in times and all(later.last >= earlier.first for later, earlier in pairs)


def too_old_or_new(resource: Resource, wanted: Wanted) -> NoResponse | Unclear | None:
    """What is wrong with the time of a response that comes by itself; one without a time has none that is wrong."""
    at = authored(resource)
    found = None if at is None else _latest([(resource, at)], wanted)
    if at is None or isinstance(found, Unclear):
        return found if isinstance(found, Unclear) else None
    recent = _if_recent(found, 1, wanted)
    return recent if isinstance(recent, NoResponse | Unclear) else None


def _doubt(response: Resource, whose: Whose, *, others: bool) -> str | None:
    """Why it cannot be told whether a response counts, if so."""
    if whose is Whose.UNCLEAR or (others and whose is Whose.SILENT):
        return "a response does not say by a reference Patient/ID whose it is: add 'subject'"
    status = response.get("status")
    if type(status) is not str or not (status in FINAL or status in _NOT_FINAL):
        return "a response has an unreadable 'status': correct it"
    if status in FINAL and not _canonical(response):
        return "a response does not say which questionnaire it answers: add 'questionnaire'"
    meta = response.get("meta")
    tags = meta.get("tag") if type(meta) is dict else None
    if type(tags) is list and any(type(tag) is dict and tag.get("code") == "SUBSETTED" for tag in tags):
        return "a response is tagged SUBSETTED, so answers are missing: send it whole"
    return None


def _canonical(response: Resource) -> str:
    """The URL of the questionnaire, without version and fragment; empty if it cannot be read."""
    given = response.get("questionnaire")
    return given.partition("|")[0].partition("#")[0] if type(given) is str else ""


def _is_reopened(chosen: Resource, responses: list[Resource]) -> bool:
    """Whether another version of the same response is not final: the patient may be changing the answers."""
    key = chosen.get("id")
    return key is not None and any(one.get("id") == key and one.get("status") in _NOT_FINAL for one in responses)


def _counts(response: Resource, questionnaire: str) -> bool:
    return response["status"] in FINAL and _canonical(response) == questionnaire


def _latest(own: list[tuple[Resource, Moment]], wanted: Wanted) -> tuple[Resource, Moment] | Unclear | None:
    if not own:
        return None
    if any(is_future(at, wanted.now) for _, at in own):
        return Unclear("a response was authored in the future, so it is unclear which is the newest: correct it")
    last = max(at.first for _, at in own)
    candidates = [(one, at) for one, at in own if at.last >= last]
    if any(_content(one) != _content(candidates[0][0]) for one, _ in candidates):
        return Unclear("several responses may be the newest: give 'authored' to the second, with its zone")
    return candidates[0]


def _if_recent(chosen: tuple[Resource, Moment] | None, seen: int, wanted: Wanted) -> Resource | NoResponse | Unclear:
    if chosen is None:
        return NoResponse(
            f"none of {seen} resources is a completed response to this questionnaire: "
            "ask the patient to fill in the questionnaire"
        )
    response, at = chosen
    if is_older(at, wanted.now, wanted.days):
        return NoResponse(
            f"the newest response is more than {wanted.days} days old, and danger signs change faster: "
            "ask the patient to fill in the questionnaire again"
        )
    if may_be_older(at, wanted.now, wanted.days):
        return Unclear(f"the newest response may be more than {wanted.days} days old: give 'authored' to the second")
    return response


def _content(resource: Resource) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if name not in _OWN}
