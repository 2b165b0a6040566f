"""What a question is answered by, on its way from the worker's thread to a page that may read slowly or be gone."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Mailbox:
    """Messages that wait to be sent: of each kind the newest, as an older one says nothing any more."""

    def __init__(self) -> None:
        """Start empty; made within the loop that sends."""
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[str, str] = {}
        self._some = asyncio.Event()
        self._closed = False

    def put(self, kind: str, data: dict[str, Any]) -> None:
        """Send a message, from any thread."""
        text = f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False, allow_nan=False)}\n\n"
        self._call(self._put, kind, text)

    def close(self) -> None:
        """Say that nothing follows, from any thread."""
        self._call(self._close)

    def _call(self, function: Any, *given: str) -> None:
        with suppress(RuntimeError):  # the loop is closed, and nobody is there to be sent anything
            self._loop.call_soon_threadsafe(function, *given)

    def _put(self, kind: str, text: str) -> None:
        self._waiting.pop(kind, None)
        self._waiting[kind] = text
        self._some.set()

    def _close(self) -> None:
        self._closed = True
        self._some.set()

    async def stream(self, seconds: float) -> AsyncIterator[str]:
        """Yield messages as server-sent events until nothing follows, or for so long; then a last one says so."""
        ends = self._loop.time() + seconds
        while self._waiting or not self._closed:  # something may have come while the last was sent, and then the end
            try:
                async with asyncio.timeout_at(ends):
                    await self._some.wait()
            except TimeoutError:
                yield "event: later\ndata: {}\n\n"
                return
            self._some.clear()
            waiting, self._waiting = self._waiting, {}
            if waiting:
                yield "".join(waiting.values())
