"""What stops a run: always with what to do, and never a loss of what is finished."""

from __future__ import annotations


class BatchError(RuntimeError):
    """A run cannot begin or go on. What was finished stays, and ``--resume`` goes on from there."""
