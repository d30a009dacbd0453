"""The server: one process, or several that a parent watches over and replaces when they die."""

from __future__ import annotations

import os
import tempfile
from typing import NamedTuple

import uvicorn

from cds.service.http.protocol import BoundedHttpProtocol
from cds.service.observe.log import configure
from cds.service.settings import Settings
from cds.service.store import Store, StoreError
from cds.service.trust import TrustFileError, load_trust

_APPLICATION = "cds.service.app:from_environment"
_SHARED_METRICS = "PROMETHEUS_MULTIPROC_DIR"


class ServiceError(Exception):
    """The service cannot start; the message says why and what to do."""


class Listen(NamedTuple):
    """Where a service listens, with how many processes, and with which certificate."""

    host: str
    port: int
    workers: int = 1
    tls_certificate: str | None = None
    tls_key: str | None = None


def run(settings: Settings, listen: Listen) -> None:
    """Serve until a signal ends it; requests that were taken are finished.

    Raises :class:`ServiceError`, and :class:`PackError` for a pack: before there is a listening socket.
    """
    _check(settings)
    settings.to_environment()
    with tempfile.TemporaryDirectory(prefix="cds-metrics-") as folder:
        _share_metrics(folder if listen.workers > 1 else None)
        configure(settings.log_level)
        uvicorn.run(
            _APPLICATION,
            factory=True,
            host=listen.host,
            port=listen.port,
            workers=listen.workers,
            loop="uvloop",
            http=BoundedHttpProtocol,
            ws="none",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=settings.stop_seconds,
            timeout_keep_alive=75,
            ssl_certfile=listen.tls_certificate,
            ssl_keyfile=listen.tls_key,
        )


def _share_metrics(folder: str | None) -> None:
    """Have the workers count together in ``folder``; ``None``: the one worker counts by itself.

    A folder that was set outside is never used: files of other programs, or of runs before, would be counted too. The
    library of the metrics looks when it is imported, so this module must not import it.
    """
    for name in (_SHARED_METRICS, _SHARED_METRICS.lower()):
        os.environ.pop(name, None)
    if folder is not None:
        os.environ[_SHARED_METRICS] = folder


def _check(settings: Settings) -> None:
    """What would keep a worker from starting is said once, here, and not by every worker again and again."""
    try:
        if settings.trust is not None:
            load_trust(settings.trust)
        Store.open(settings.database).close_now()
    except (TrustFileError, StoreError) as error:
        raise ServiceError(str(error)) from None
