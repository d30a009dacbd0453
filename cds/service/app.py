"""The application: routes and what stands around them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route

from cds.service.observe.log import configure, event
from cds.service.observe.metrics import forget_dead_workers
from cds.service.own_hosts import OwnHosts
from cds.service.routes.call import call
from cds.service.routes.discovery import discovery
from cds.service.routes.endpoint import Endpoint, Frame, refused
from cds.service.routes.feedback import feedback
from cds.service.routes.openapi_document import openapi_document
from cds.service.routes.operations import healthz, metrics, readyz
from cds.service.settings import Settings
from cds.service.trust import load_trust
from cds.service.worker import Clock, Worker, utc_now

_HOUR = 3600


def create_app(settings: Settings, now: Clock = utc_now) -> Starlette:
    """The service as an ASGI application. The worker behind it starts and stops with the application's lifespan.

    ``now`` gives the time, aware, that decides how old a response is.
    """
    prefix = settings.prefix
    routes = [
        Route(f"{prefix}/cds-services", Endpoint(discovery), methods=["GET"]),
        Route(f"{prefix}/cds-services/{{service}}", Endpoint(call), methods=["POST"]),
        Route(f"{prefix}/cds-services/{{service}}/feedback", Endpoint(feedback), methods=["POST"]),
        Route(f"{prefix}/openapi.json", Endpoint(openapi_document), methods=["GET"]),
        Route("/metrics", Endpoint(metrics), methods=["GET"]),
        Route("/healthz", Endpoint(healthz), methods=["GET"]),
        Route("/readyz", Endpoint(readyz), methods=["GET"]),
    ]
    origins = load_trust(settings.trust).cors_origins if settings.trust else settings.origins
    cors = Middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "OPTIONS"],
        allow_headers=["*"],  # clients send headers of their own, as @medplum/core does; cookies are never allowed
        expose_headers=["X-Request-ID", "Retry-After"],
        max_age=_HOUR,
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        worker = app.state.worker = Worker.start(settings, now)
        for service in worker.services.values():
            event("pack loaded", pack=service.id, version=service.support.pack.version)
        yield
        await worker.stop()

    app = Starlette(
        routes=routes,
        middleware=[cors, Middleware(Frame), Middleware(OwnHosts, settings)],
        exception_handlers={HTTPException: refused},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


def from_environment() -> Starlette:
    """The application of a worker process, set up by its parent through the environment."""
    settings = Settings.from_environment()
    configure(settings.log_level)
    forget_dead_workers()
    return create_app(settings)
