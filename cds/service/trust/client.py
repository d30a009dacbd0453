"""Who is trusted: what the trust file says, checked and ready for use."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Client:
    """One CDS client, such as the EHR of one organisation.

    ``name`` is for logs and metrics, ``iss`` is the issuer of its tokens. ``jku`` are the addresses that may be named
    as the place of its keys; keys in ``jwks_file`` are used instead of fetching. Without ``tenants`` every tenant is
    trusted. ``fhir_servers`` are the base addresses that the service may call on its behalf.
    """

    name: str
    iss: str
    jku: tuple[str, ...] = ()
    jwks_file: Path | None = None
    tenants: frozenset[str] = frozenset()
    algorithms: tuple[str, ...] = ()
    fhir_servers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trust:
    """The trusted ``clients``, the web origins that may call from a browser, and the bounds of tokens in seconds."""

    clients: tuple[Client, ...]
    cors_origins: tuple[str, ...]
    leeway_seconds: int
    max_token_lifetime_seconds: int
    _by_issuer: dict[str, Client] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_issuer", {client.iss: client for client in self.clients})

    def client(self, issuer: str) -> Client | None:
        """The client whose ``iss`` is exactly this, or ``None``."""
        return self._by_issuer.get(issuer)
