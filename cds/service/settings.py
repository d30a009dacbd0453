"""How a service is set up: everything it needs to know before it starts, the same for each of its workers."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

_VARIABLE: Final = "CDS_SERVICE_SETTINGS"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a service.

    ``packs``: the folders of the packs, one CDS service each. ``base_url``: the address by which clients know the
    service, without a slash at the end; tokens must be made out to it. ``database``: an SQLAlchemy URL. ``trust``: the
    trust file; without one nobody is asked who they are. ``fhir_seconds``: the time that all calls to a FHIR server may
    take for one request. ``longest_wait``: seconds that a request may be expected to wait for its turn before it is
    sent away with a 503. ``stop_seconds``: how long a stopping worker waits for the requests it has taken.

    Only without a trust file: ``fhir_servers``, the FHIR servers that may be called; ``cors_origins``, the web origins
    that may call from a browser, ``None`` for the :attr:`origins` that fit; ``hosts``, the names under which the
    service may be called besides that of ``base_url`` and those of this machine, ``*`` for any.
    """

    packs: tuple[Path, ...]
    base_url: str
    database: str
    trust: Path | None = None
    fhir_servers: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] | None = None
    hosts: tuple[str, ...] = ()
    fhir_seconds: float = 3.0
    longest_wait: float = 0.25
    stop_seconds: int = 10
    log_level: str = "info"

    @property
    def prefix(self) -> str:
        """The path under which the service stands, without a slash at the end; empty for the root."""
        return urlsplit(self.base_url).path.rstrip("/")

    @property
    def origins(self) -> tuple[str, ...]:
        """The web origins that may call from a browser when there is no trust file.

        All, unless told otherwise; none if a FHIR server may be called: any page could then read from it through us.
        """
        if self.cors_origins is not None:
            return self.cors_origins
        return () if self.fhir_servers else ("*",)

    def to_environment(self) -> None:
        """Leave the settings in the environment, where the workers find them."""
        plain = asdict(self) | {"packs": [str(pack.resolve()) for pack in self.packs]}
        plain["trust"] = None if self.trust is None else str(self.trust.resolve())
        os.environ[_VARIABLE] = json.dumps(plain)

    @classmethod
    def from_environment(cls) -> Settings:
        """The settings that :meth:`to_environment` left. Raises ``KeyError`` if there are none."""
        settings = cls(**json.loads(os.environ[_VARIABLE]))
        return replace(
            settings,
            packs=tuple(Path(pack) for pack in settings.packs),
            trust=None if settings.trust is None else Path(settings.trust),
            fhir_servers=tuple(settings.fhir_servers),
            cors_origins=None if settings.cors_origins is None else tuple(settings.cors_origins),
            hosts=tuple(settings.hosts),
        )
