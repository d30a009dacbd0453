"""The shipped pack is compiled once for all commands that run inside the test process."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from cds.decision_support import DecisionSupport


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    compiled = cache(DecisionSupport.load)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DecisionSupport, "load", compiled)
        yield
