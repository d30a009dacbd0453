"""Who calls: the token is checked before anything else of a request is looked at."""

from __future__ import annotations

from starlette.types import Scope

from cds.service.http.outcome import HttpFault
from cds.service.store import StoreUnavailable
from cds.service.trust import Client, NotTrusted
from cds.service.worker import Worker

_SCHEME = {"WWW-Authenticate": "Bearer"}


async def authenticate(scope: Scope, worker: Worker, audience: str) -> Client | None:
    """The client whose token was made out to ``audience``; ``None`` when nobody is asked.

    Raises :class:`HttpFault`: 401 without a reason, or 503 when it cannot be known whether the token was used before.
    """
    if worker.verifier is None:
        return None
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    try:
        if len(given) > 1:
            raise NotTrusted("scheme")
        client = await worker.verifier.verify(given[0].decode("latin-1") if given else None, audience)
    except NotTrusted as error:
        worker.metrics.refused_token(error.reason)
        scope["cds.note"]["reason"] = error.reason
        raise HttpFault(401, headers=_SCHEME) from None
    except StoreUnavailable:
        raise HttpFault(503, "the service cannot check tokens now: try again", headers={"Retry-After": "2"}) from None
    scope["cds.note"]["client"] = client.name
    return client
