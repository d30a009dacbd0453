"""Values that are valid by any reader: stricter than our own check, and than the models of fhir.resources."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Final

from cds.intake.json_types import LONGEST

WORD: Final = re.compile(r"[!-~]+")
"""A URI or code of visible ASCII."""
_LINE_BREAKS: Final = str.maketrans("", "", "\t\r\n")
_DATE: Final = re.compile(r"(?!0000)\d{4}-\d\d-\d\d", re.ASCII)
_TIME: Final = re.compile(r"(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-](0\d|1[0-3]):[0-5]\d)", re.ASCII)


def is_plain_text(value: Any) -> bool:
    """Whether a value is a string of visible characters, blanks and line breaks, and neither empty nor too long.

    So it holds no lone surrogate and no control character.
    """
    if type(value) is not str or not 0 < len(value) <= LONGEST:
        return False
    return value.isprintable() or value.translate(_LINE_BREAKS).isprintable()


def is_plain_date(value: Any) -> bool:
    """Whether a value is a day that exists."""
    if type(value) is not str or not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_plain_time(value: Any) -> bool:
    """Whether a value is a moment that exists, to the second, with its zone; a leap second is not plain."""
    if type(value) is not str or not _TIME.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
