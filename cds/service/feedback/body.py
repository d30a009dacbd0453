"""The body of a CDS Hooks feedback request as items to keep (CDS Hooks 2.0.1, section Feedback)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cds.service.feedback.fault import FeedbackError, FeedbackFault
from cds.service.feedback.timestamp import utc
from cds.service.store.feedback_item import FeedbackItem, OverrideReason

MAX_ITEMS: Final = 1000
"""Items in one request; CDS Hooks sets no bound. A client with more sends several requests."""

MAX_SUGGESTIONS: Final = 100
MAX_NAME: Final = 500
"""Characters of an identifier, a code or a system: longer than any of them, short enough to keep."""

MAX_COMMENT: Final = 4000
"""Characters of a comment that are kept; the rest is cut off, because half a comment is better than none."""

_EARLY: Final = timedelta(days=1)
"""How far clocks and time zones may be wrong. Feedback from the future would count for ever as the latest."""

_MAX_FAULTS: Final = 20
# Controls but tab and line ends, and halves of surrogate pairs: PostgreSQL cannot keep them all, terminals obey some.
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


def read_feedback(body: Any, now: datetime | None = None) -> tuple[FeedbackItem, ...]:
    """The items of a parsed request body, read at ``now`` (aware; left out: by the clock).

    The shape is checked against its JSON Schema beforehand; this checks what a schema cannot say, and relies on
    nothing. Members that CDS Hooks does not name are passed over. Raises :class:`FeedbackError` with every fault (at
    most twenty); then nothing of the request may be kept, because the client will send all of it again.
    """
    entries = body.get("feedback") if isinstance(body, dict) else None
    if not isinstance(entries, list) or not entries:
        raise FeedbackError(FeedbackFault("feedback", "send a list with at least one item"))
    if len(entries) > MAX_ITEMS:
        raise FeedbackError(
            FeedbackFault("feedback", f"{len(entries)} items are too many for one request: send at most {MAX_ITEMS}")
        )
    latest = _a_day_after(datetime.now(UTC) if now is None else now)
    items: list[FeedbackItem] = []
    faults: list[FeedbackFault] = []
    for index, entry in enumerate(entries):
        try:
            items.append(_item(entry, f"feedback[{index}]", latest))
        except FeedbackError as error:
            faults += error.faults
            if len(faults) >= _MAX_FAULTS:
                break
    if faults:
        raise FeedbackError(*faults)
    return tuple(items)


def _item(entry: Any, path: str, latest: datetime) -> FeedbackItem:
    if not isinstance(entry, dict):
        raise FeedbackError(FeedbackFault(path, "an item is a JSON object"))
    outcome = entry.get("outcome")
    if outcome not in ("accepted", "overridden"):
        raise FeedbackError(FeedbackFault(f"{path}.outcome", "write accepted or overridden"))
    card = _name(entry.get("card"), f"{path}.card")
    try:
        at = utc(_name(entry.get("outcomeTimestamp"), f"{path}.outcomeTimestamp"))
    except FeedbackError:
        raise
    except ValueError as error:
        raise FeedbackError(FeedbackFault(f"{path}.outcomeTimestamp", str(error))) from None
    if at > latest:
        raise FeedbackError(
            FeedbackFault(f"{path}.outcomeTimestamp", "this is in the future: send when it happened, check the clock")
        )
    suggestions = _suggestions(entry.get("acceptedSuggestions"), f"{path}.acceptedSuggestions")
    if outcome == "accepted" and not suggestions:
        raise FeedbackError(FeedbackFault(f"{path}.acceptedSuggestions", "say which suggestions were accepted"))
    return FeedbackItem(
        card=_as_uuid(card),
        outcome=outcome,
        at=at,
        suggestions=suggestions,
        reason=_reason(entry.get("overrideReason"), f"{path}.overrideReason"),
    )


def _a_day_after(now: datetime) -> datetime:
    try:
        return now.astimezone(UTC) + _EARLY
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _suggestions(entries: Any, path: str) -> tuple[str, ...]:
    if entries is None:
        return ()
    if not isinstance(entries, list) or len(entries) > MAX_SUGGESTIONS:
        raise FeedbackError(FeedbackFault(path, f"send a list of at most {MAX_SUGGESTIONS} suggestions"))
    return tuple(
        _as_uuid(_name(entry.get("id") if isinstance(entry, dict) else None, f"{path}[{index}].id"))
        for index, entry in enumerate(entries)
    )


def _reason(entry: Any, path: str) -> OverrideReason | None:
    if entry is None:
        return None
    if not isinstance(entry, dict):
        raise FeedbackError(FeedbackFault(path, "an override reason is a JSON object"))
    coding, comment = entry.get("reason"), entry.get("userComment")
    if coding is None and comment in (None, ""):
        raise FeedbackError(FeedbackFault(path, "give a reason, a userComment, or both"))
    code = system = None
    if coding is not None:
        if not isinstance(coding, dict):
            raise FeedbackError(FeedbackFault(f"{path}.reason", "a reason is a Coding, a JSON object"))
        code = _name(coding.get("code"), f"{path}.reason.code")
        if coding.get("system") is not None:
            system = _name(coding["system"], f"{path}.reason.system")
    if comment is not None:
        if not isinstance(comment, str):
            raise FeedbackError(FeedbackFault(f"{path}.userComment", "a comment is a text"))
        comment = _writable(comment[:MAX_COMMENT]) or None
    return OverrideReason(code, system, comment)


def _name(value: Any, path: str) -> str:
    """A text that names something."""
    if not isinstance(value, str) or not value:
        raise FeedbackError(FeedbackFault(path, "a text is missing here"))
    if len(value) > MAX_NAME:
        raise FeedbackError(FeedbackFault(path, f"this is too long: at most {MAX_NAME} characters"))
    return _writable(value)


def _as_uuid(text: str) -> str:
    """A UUID in the one spelling in which cards are recorded; anything else as it stands, to be counted too."""
    try:
        return str(UUID(text)) if len(text) == len("00000000-0000-0000-0000-000000000000") else text
    except ValueError:
        return text


def _writable(text: str) -> str:
    return _UNWRITABLE.sub(_REPLACEMENT, text)
