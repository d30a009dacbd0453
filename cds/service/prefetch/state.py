"""The four states of a prefetch key, which must never be taken for one another.

A key that is left out has not been looked up; ``null`` has been, and there is nothing; a failed look-up says
neither. What cannot be read is a failure too, so that broken data never looks like no data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias, get_args

Resource: TypeAlias = dict[str, Any]

Reason: TypeAlias = Literal[
    # what was sent
    "operation-outcome",
    "not-fhir",
    "other-resource",
    "too-large",
    # what the server answered
    "not-authorised",
    "redirect",
    "throttled",
    "status-4xx",
    "status-5xx",
    "status-other",
    # what went wrong on the way
    "next-elsewhere",
    "timeout",
    "transport",
]
"""Why there is no data. A closed set without any data in it, fit for metric labels and logs."""

REASONS: Final[frozenset[str]] = frozenset(get_args(Reason))
"""All that :class:`Failed` may say."""


@dataclass(frozen=True, slots=True)
class Absent:
    """The client has not sent the key: nobody has looked."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Somebody has looked, and there is no such data."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Somebody has looked in vain: whether there is data is not known."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, possibly no resource at all.

    ``resources`` are FHIR R4 JSON objects, each with its ``resourceType`` and none a Bundle or an
    OperationOutcome. ``next`` is the address of the next page as it was sent, not yet checked. ``partial`` says
    that there may be more than ``resources`` and ``next`` lead to; then no conclusion may rest on what is missing.
    ``lost`` says that there certainly is more, and where is not known: then it is partial too.
    """

    resources: tuple[Resource, ...] = field(repr=False)  # patient data stays out of logs
    next: str | None = field(default=None, repr=False)
    partial: bool = False
    lost: bool = False


State: TypeAlias = Absent | Nothing | Failed | Found
