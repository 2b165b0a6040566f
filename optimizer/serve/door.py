"""Who is let in: pages of this server in a browser on this machine, and nobody else.

A page of somebody else may send requests to 127.0.0.1 from the user's own browser, and a name of somebody else may be
made to mean 127.0.0.1. So the Host that is asked for and the Origin that asks must both be ours, bodies are small and
come soon, and what is sent may load nothing from elsewhere.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LARGEST = 65_536
"""Bytes of a body."""
_PATIENCE = 10.0
"""Seconds within which a body must be there."""
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


class Door:
    """Middleware that looks at every request before the application does."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        """Guard an application that listens on a port."""
        self._app = app
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = _headers_of(scope)
        refusal = self._refuse(scope["method"], headers)
        body = b""
        if refusal is None and scope["method"] == "POST":
            body, refusal = await _read_body(headers, receive)
        guarded = _with_headers(send)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        await self._app(scope, _replay(body, receive) if scope["method"] == "POST" else receive, guarded)

    def _refuse(self, method: str, headers: dict[str, list[str]]) -> PlainTextResponse | None:
        """Return why a request is not let in."""
        hosts, origins = headers.get("host", []), headers.get("origin", [])
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return PlainTextResponse("this server answers to 127.0.0.1 only\n", 421)
        if len(origins) > 1 or any(origin.lower() not in self._origins for origin in origins):
            return PlainTextResponse("this server answers its own pages only\n", 403)
        if any(site not in {"same-origin", "none"} for site in headers.get("sec-fetch-site", [])):
            return PlainTextResponse("this server answers its own pages only\n", 403)
        if method not in {"GET", "HEAD", "POST"}:
            return PlainTextResponse("only GET and POST\n", 405)
        if method == "POST" and headers.get("content-type", [""])[0].split(";")[0].strip() != "application/json":
            return PlainTextResponse("a body must be application/json\n", 415)
        return None


def _headers_of(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found


async def _read_body(headers: dict[str, list[str]], receive: Receive) -> tuple[bytes, PlainTextResponse | None]:
    """Return a body, or why it is not taken."""
    too_large = PlainTextResponse(f"a body of more than {_LARGEST} bytes is not read\n", 413)
    stated = headers.get("content-length", ["0"])[0]
    if not stated.isdecimal() or int(stated) > _LARGEST:
        return b"", too_large
    body = b""
    try:
        async with asyncio.timeout(_PATIENCE):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return b"", PlainTextResponse("gone\n", 400)
                body += message.get("body", b"")
                if len(body) > _LARGEST:
                    return b"", too_large
                if not message.get("more_body", False):
                    return body, None
    except TimeoutError:
        return b"", PlainTextResponse("the body took too long\n", 408)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read already, and then whatever comes."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _with_headers(send: Send) -> Send:
    """Return what sends the headers of ours with every answer."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            mine: list[Any] = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
            message["headers"] = [*message.get("headers", []), *mine]
        await send(message)

    return guarded
