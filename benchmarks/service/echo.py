"""A bare Starlette application that reads a body and sends it back: the ceiling of what Python can serve here."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def echo(request: Request) -> Response:
    """The body of the request."""
    return Response(await request.body(), media_type="application/json")


app = Starlette(routes=[Route("/cds-services/exercise-low-back-pain", echo, methods=["POST"])])
