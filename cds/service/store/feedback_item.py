"""One thing that a user did with a card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class OverrideReason:
    """Why a card was overridden: a code with its system, a comment, or both.

    ``comment`` is free text of a clinician and may name a patient: it is never logged, and left out of ``repr``.
    """

    code: str | None = None
    system: str | None = None
    comment: str | None = None

    def __repr__(self) -> str:
        comment = None if self.comment is None else "..."
        return f"OverrideReason(code={self.code!r}, system={self.system!r}, comment={comment})"


@dataclass(frozen=True, slots=True)
class FeedbackItem:
    """What a user did with a card: ``outcome`` is ``accepted`` or ``overridden``, ``at`` the time of it (aware).

    ``suggestions`` are the ids of the accepted ones, ``reason`` is why it was overridden, where that was said.
    """

    card: str
    outcome: str
    at: datetime
    suggestions: tuple[str, ...] = ()
    reason: OverrideReason | None = None

    def digest(self, issuer: str | None) -> str:
        """The sha-256 (hex) of all that makes an item the same item when it is sent again.

        The order of suggestions says nothing; everything else does. Parts are length-prefixed, so that no two
        different items read alike.
        """
        reason = self.reason or OverrideReason()
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        parts = [issuer, self.card, self.outcome, at, reason.code, reason.system, reason.comment]
        return digest_of(*parts, *sorted(set(self.suggestions)))


def digest_of(*parts: str | None) -> str:
    """The sha-256 (hex) of texts, each with its length before it; ``None`` is not the same as an empty text."""
    digest = sha256()
    for part in parts:
        data = b"" if part is None else part.encode("utf-8", "surrogatepass")
        digest.update(b"-" if part is None else f"{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()
