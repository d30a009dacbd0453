"""Why a caller is not trusted, in words that may stand in a metric or a log."""

from __future__ import annotations

from typing import Final, Literal, get_args

Reason = Literal[
    "no-token",  # there is no Authorization header
    "scheme",  # it is not one token of the scheme Bearer
    "too-large",
    "malformed",  # not a compact JWS of two JSON objects
    "header",  # typ or kid missing or wrong, or a member that must not be there
    "algorithm",  # none, symmetric, unknown, or not on the client's list
    "claims",  # a claim is missing or of the wrong type
    "issuer",
    "audience",
    "expired",
    "not-yet",  # issued or valid only in the future
    "lifetime",
    "tenant",
    "jku",
    "keys-unavailable",  # the key server does not answer, or not with keys
    "unknown-key",  # no usable key of this client has this kid and fits the algorithm
    "signature",
    "replay",
]

REASONS: Final[frozenset[str]] = frozenset(get_args(Reason))
"""Every reason there is: a closed set, so that it may label a metric."""


class NotTrusted(Exception):
    """The caller is not trusted; ``reason`` is for metrics and logs and is never sent to the caller.

    It holds nothing of the token, and is raised without a cause, because a cause may hold some of it.
    """

    def __init__(self, reason: Reason) -> None:
        self.reason: Reason = reason
        super().__init__(reason)
