"""Logs as one JSON object a line, from a closed set of fields.

What a caller sends never gets into a line: not a path that is no route, not the text of an exception.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from types import TracebackType
from typing import Any, Final

import orjson

LOGGER: Final = logging.getLogger("cds.service")

FIELDS: Final = (
    "request_id",
    "method",
    "route",
    "service",
    "hook",
    "client",
    "status",
    "ms",
    "outcome",
    "level",
    "open_questions",
    "reason",
    "error",
    "at",
    "count",
    "pack",
    "version",
)
"""The only fields that a line can have besides time, severity and event; each holds a word of ours or a number."""


class JsonFormatter(logging.Formatter):
    """One line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. The message of a foreign logger is kept only without its arguments, which may hold anything.

        Our own are codes, counts, places of the database, and addresses of the trust file.
        """
        ours = record.name.startswith("cds.")
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "severity": record.levelname.lower(),
            "event": record.getMessage() if ours else _without_arguments(record),
        }
        if not ours:
            line["logger"] = record.name
        for name in FIELDS:
            value = getattr(record, name, None)
            if value is not None:
                line[name] = value
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = type(record.exc_info[1]).__name__
            line["at"] = places(record.exc_info[1].__traceback__)
        return orjson.dumps(line).decode()


def _without_arguments(record: logging.LogRecord) -> str:
    return record.msg if isinstance(record.msg, str) else type(record.msg).__name__


def places(trace: TracebackType | None) -> list[str]:
    """Where an exception came from, as ``file:line function``; what was in the variables stays there."""
    frames = traceback.extract_tb(trace)[-12:]
    return [f"{frame.filename.rpartition('/cds/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


def event(name: str, /, severity: int = logging.INFO, error: BaseException | None = None, **fields: object) -> None:
    """Write a line. ``name`` is a fixed text, ``fields`` are among :data:`FIELDS`."""
    if not LOGGER.isEnabledFor(severity):
        return
    exception = None if error is None else (type(error), error, error.__traceback__)
    # Made here, and not by LOGGER.log, which would walk the stack for a place in the code that no line shows.
    record = logging.LogRecord(LOGGER.name, severity, "", 0, name, (), exception)
    record.__dict__.update(fields)
    LOGGER.handle(record)


def configure(level: str) -> None:
    """Send all logs of this process to standard error as JSON, and silence what repeats addresses."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    LOGGER.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"
    logging.getLogger("uvicorn.error").setLevel(logging.INFO)
