"""What the commands that need z3 share: it is an extra, and slow to load."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from cds.cli.options import fail

NO_Z3: Final = (
    "this needs z3, which is not installed: pip install 'cds-rules[verify]' (cds check --no-proofs does without)"
)


@contextmanager
def needing_z3() -> Iterator[None]:
    """Around imports of what needs z3: without it, say what to install and exit with status 1.

    These imports stand inside the commands, so that other commands start without z3.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != "z3":
            raise
        fail(NO_Z3)
