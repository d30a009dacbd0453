"""What is wrong with a feedback request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeedbackFault:
    """One fault: ``path`` says where (``feedback[2].outcomeTimestamp``), ``message`` what is wrong and what to do.

    Neither repeats a value of the request.
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class FeedbackError(ValueError):
    """A feedback request of which nothing is kept, with all its faults."""

    def __init__(self, *faults: FeedbackFault) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults
