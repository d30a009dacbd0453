"""The limit of a response holds for one that comes inside a request."""

from __future__ import annotations

from typing import Any

import pytest

from cds.intake.strict_json import DEFAULT_LIMITS
from cds.service.http.bounds import check_response_size
from cds.service.http.outcome import HttpFault


def of_size(size: int) -> dict[str, Any]:
    return {"a": "x" * (size - len('{"a":""}'))}


def test_a_response_of_the_largest_size_passes() -> None:
    check_response_size(of_size(DEFAULT_LIMITS.size), "prefetch")


def test_one_byte_more_is_refused_with_its_place() -> None:
    with pytest.raises(HttpFault) as caught:
        check_response_size(of_size(DEFAULT_LIMITS.size + 1), "prefetch.questionnaireResponse")
    assert caught.value.status == 422
    assert caught.value.issues[0].place == "prefetch.questionnaireResponse"
