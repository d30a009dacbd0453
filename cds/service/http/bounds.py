"""Bounds of what stands inside a body: the limit of the body as a whole is that of its largest part, the chart."""

from __future__ import annotations

from typing import Any

import orjson

from cds.intake.strict_json import DEFAULT_LIMITS
from cds.service.http.outcome import HttpFault, Issue


def check_response_size(resource: Any, place: str) -> None:
    """Raise :class:`HttpFault` 422 if a parsed response, which is at ``place``, has more bytes than one may have.

    The limit is that of a response that comes alone (1 MiB), counted without spaces.
    """
    if len(orjson.dumps(resource)) > DEFAULT_LIMITS.size:
        text = f"the response has more than {DEFAULT_LIMITS.size} bytes: send the answers without attachments"
        raise HttpFault(422, Issue(text, place))
