"""HTTP/1.1 with an end to the head of a request: uvicorn's parser has none of its own."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_LIMIT: Final = 64 * 1024
"""The most bytes of a request line and headers; the largest token is 8 KiB."""
HEAD_SECONDS: Final = 10.0
"""How long they may take to come."""
_BESIDE: Final = 4
"""Bytes of a header beside its name and value: a colon, a space and the end of the line."""
_TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class _HeadTooLarge(Exception):
    """Ends the parsing of a request."""


class BoundedHttpProtocol(HttpToolsProtocol):
    """Closes a connection whose request head is too long, or does not come to an end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head = 0
        self._in_head = False
        self._deaf = False
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; more of a head than there may be is the end of the connection."""
        if self._deaf or self.transport.is_closing():
            return
        if self._in_head:
            self._head += len(data)
        super().data_received(data)
        # What ended a head may bring much of a body with it, so only a head that is still open is too long.
        if self._in_head and self._head > HEAD_LIMIT:
            self._refuse()
        elif not self._in_head and not self._is_answering and self._deadline is None:
            # The time for the next request ended with the first byte, even if that is only a line end in front of it.
            self._expect_head()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._in_head, self._head = True, 0
        self._expect_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its head is complete."""
        self._in_head = False
        self._stop_waiting()
        if len(self.url) + sum(len(name) + len(value) + _BESIDE for name, value in self.headers) > HEAD_LIMIT:
            self._refuse()
            raise _HeadTooLarge
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Say that this is not HTTP, unless the connection ends anyway; never in the middle of an answer."""
        is_of_this = self.cycle is not None and self.cycle.more_body and not self.pipeline
        if self._is_answering and (not is_of_this or self.cycle.response_started):
            self._end_after_the_answer()
        elif not self.transport.is_closing():
            super().send_400_response(msg)

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _end_after_the_answer(self) -> None:
        """Hear nothing more, and close when what is being answered, and what waits behind it, is answered."""
        self._deaf = True
        self.cycle.keep_alive = False

    def _expect_head(self) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        if self._is_answering:
            # Half of the next request came early: the answer to this one is not cut off for that.
            self._expect_head()
        elif not self.transport.is_closing():
            self.transport.close()

    def _refuse(self) -> None:
        if self._is_answering:
            self._end_after_the_answer()
        elif not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()
