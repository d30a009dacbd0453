"""A FHIR server of a few lines that misbehaves as it is told, byte by byte."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Reply = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Fake:
    """What to reply, by target below ``base``, and what was asked.

    Of several replies the next one is given each time, and the last one for ever. All other targets are 404.
    """

    base: str = ""
    replies: dict[str, Reply | Sequence[Reply]] = field(default_factory=dict)
    targets: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: int = 0


def answer(body: Any, status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer; what is not bytes is written as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", "content-type: application/fhir+json", f"content-length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def chunked(*heads: str) -> bytes:
    """The head of an answer whose end is not announced."""
    return "\r\n".join(["HTTP/1.1 200 OK", "transfer-encoding: chunked", *heads, "", ""]).encode()


def bundle(*resources: Mapping[str, Any], next_url: str | None = None, **elements: Any) -> dict[str, Any]:
    """A page of a search."""
    found: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", **elements}
    if resources:
        found["entry"] = [{"resource": resource, "search": {"mode": "match"}} for resource in resources]
    if next_url is not None:
        found["link"] = [{"relation": "next", "url": next_url}]
    return found


@contextlib.asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> AsyncIterator[Fake]:
    """Serve ``/fhir`` on a free port."""
    fake = Fake()
    counts: dict[str, int] = {}
    tasks: set[asyncio.Task[Any]] = set()

    def reply_to(target: str) -> Reply:
        found = fake.replies.get(target.removeprefix("/fhir").removeprefix("/"))
        if found is None:
            return answer({"resourceType": "OperationOutcome"}, "404 Not Found")
        if isinstance(found, Sequence) and not isinstance(found, bytes):
            number = counts[target] = counts.get(target, -1) + 1
            found = found[min(number, len(found) - 1)]
        return found

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fake.connections += 1
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                fake.targets.append(head[0].split(" ")[1])
                fake.headers.append({k.lower(): v for k, v in (line.split(": ", 1) for line in head[1:] if line)})
                reply = reply_to(fake.targets[-1])
                if not isinstance(reply, bytes):
                    await reply(writer)
                    break
                writer.write(reply)
                await writer.drain()
        writer.transport.abort()
        tasks.discard(task)

    server = await asyncio.start_server(talk, host, 0, ssl=tls)
    fake.base = f"{'https' if tls else 'http'}://{host}:{server.sockets[0].getsockname()[1]}/fhir"
    try:
        yield fake
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
