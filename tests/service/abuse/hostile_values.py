"""Values that stand where others are expected: every type of JSON, at the ends of what it can hold."""

from __future__ import annotations

from typing import Any, Final


def nested(levels: int, inner: Any = 1) -> Any:
    """Objects and lists in turn, one in the other."""
    for level in range(levels):
        inner = [inner] if level % 2 else {"a": inner}
    return inner


TEXTS: Final = (
    "",
    " ",
    "\t\r\n",
    "x" * 5_000,
    "a\x00b",
    "\x1b[31m\x7f\x9b",
    "\u202egnol\u202c \u2066x\u2069 \u200f",
    "e" + "\u0301" * 60,
    "\ufeff\u200b\u00ad\ufffe\uffff",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0010ffff",
    "\ud800",
    "\udfff\ud800",
    "İıſK",
    "１２３",
    "../../etc/passwd",
    "p1/../p2",
    "a/b",
    "%2e%2e%2f",
    "{{context.patientId}}",
    "{0} %s ${x} {x!r}",
    "<script>alert(1)</script>",
    "'; drop table cds_feedback; --",
    "true",
    "null",
    "completed",
    "entered-in-error",
    "Bundle",
)
NUMBERS: Final = (0, -1, 1, 0.5, -0.0, 1e308, 5e-324, 2**31, 2**53 + 1, -(2**63), 2**64, 10**40, -(10**40), 1e16)
OTHERS: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"a": []},
    [[], {}],
    {"extension": []},
)
BROKEN: Final = (float("nan"), float("inf"), -float("inf"))
"""What Python writes for these is not JSON."""

DATES: Final = (
    "2026",
    "2026-11",
    "2026-11-20",
    "2026-11-20T10:00:00Z",
    "2026-11-20T10:00:00.123456789+14:00",
    "2026-11-20T24:00:00Z",
    "2026-11-20T10:00:60Z",
    "2026-11-20T10:00:00",
    "2026-11-20T10:00:00-99:99",
    "2026-02-29",
    "2024-02-29",
    "2026-13-01",
    "0000-00-00",
    "0001-01-01",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "9999-12-31",
    "99999-01-01",
    "-2026-01-01",
    "20261120",
    "2026-W47-5",
    "2026-11-20t10:00:00z",
    "2026-11-20 10:00:00Z",
    "２０２６-11-20",
    "1900-01-01",
    "2050-01-01",
    "yesterday",
    "1763632800",
)
REFERENCES: Final = (
    "Patient/another",
    "Patient/",
    "Patient",
    "/",
    "#",
    "#contained",
    "Patient/p1/_history/1",
    "https://ehr.example.org/fhir/Patient/another",
    "https://ehr.example.org/fhir/Patient/another/_history/2",
    "urn:uuid:3c6f1f5a-9d0e-4d43-9a53-52a1f0f7d7aa",
    "urn:oid:1.2.3",
    "Patient?identifier=x|y",
    "Patient/a/b",
    "Patient/..",
    "Patient/a b",
    "Medication/m1",
    "Medication/..",
    "Medication/.",
    "x/Medication/../_history/..",
    "http://127.0.0.1/Medication/m1?x=y#z",
    "Group/g1",
    "Condition/" + "c" * 64,
    "Condition/" + "c" * 65,
)
ALL: Final = (*TEXTS, *NUMBERS, *OTHERS, *DATES[:6], *REFERENCES[:6], nested(12), nested(60), ["x"] * 300)
"""What replaces anything."""
