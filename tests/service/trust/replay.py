"""A replay store in memory."""

from __future__ import annotations


class RememberedUses:
    """Remembers each use for ever, and until when it was asked to."""

    def __init__(self) -> None:
        self.until: dict[tuple[str, str], float] = {}

    async def first_use(self, issuer: str, jti: str, expires: float) -> bool:
        """As :class:`cds.service.trust.ReplayStore`."""
        if (issuer, jti) in self.until:
            return False
        self.until[issuer, jti] = expires
        return True
