"""What the server answers: the page and its files, the instance, moves, and the answer to each of them."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import asynccontextmanager, suppress
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from optimizer.charts.palette import declare_colours
from optimizer.charts.world import outlines
from optimizer.errors import InputError
from optimizer.serve.door import Door
from optimizer.serve.losses import read_asked
from optimizer.serve.mailbox import Mailbox
from optimizer.serve.moves import read_moves
from optimizer.serve.worker import Job

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from optimizer.serve.worker import Worker

_SCRIPTS = ("page", "controls", "dom", "drawing", "losses", "matrix", "numbers", "state", "world")
_FILES = {
    "/": ("index.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
    **{f"/{name}.js": (f"{name}.js", "text/javascript") for name in _SCRIPTS},
}
"""The files of the page by the address that they are asked for at; nothing else is ever read from disk."""
_LONGEST_NAME = 64
_HOLD = 1.0
"""Seconds for which one request waits for an answer."""
_SWEEP = 2.0
_UNREADABLE = (ValueError, TypeError, KeyError, RecursionError)


def make_app(worker: Worker, port: int) -> ASGIApp:
    """Return the application that a server on a port runs."""
    pages = [Route(path, _give(*what)) for path, what in _FILES.items()]
    asked = _Asked(worker)
    routes = [
        *pages,
        Route("/colours.css", _give_text(declare_colours(), "text/css")),
        Route("/outlines", _give_text(json.dumps(outlines()), "application/json")),
        Route("/instance", asked.instance),
        Route("/news", asked.news),
        Route("/move", asked.move, methods=["POST"]),
        Route("/more", asked.more, methods=["POST"]),
        Route("/losses", asked.losses, methods=["POST"]),
        Route("/keep", asked.keep, methods=["POST"]),
        Route("/reload", asked.reload, methods=["POST"]),
    ]

    @asynccontextmanager
    async def live(_: Starlette) -> AsyncIterator[None]:
        sweeping = asyncio.create_task(_sweep(worker))
        yield
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping

    return Door(Starlette(routes=routes, lifespan=live), port)


async def _sweep(worker: Worker) -> None:
    """Forget from time to time what closed pages asked for."""
    while True:
        await asyncio.sleep(_SWEEP)
        worker.leave_unseen()


def _give(name: str, kind: str) -> Any:
    return _give_text((files("optimizer.serve") / "page" / name).read_text("utf-8"), kind)


def _give_text(text: str, kind: str) -> Any:
    async def give(_: Request) -> Response:
        return Response(text, media_type=kind)

    return give


class _Asked:
    """What pages ask for."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def instance(self, _: Request) -> Response:
        """Give what the instance is, and what can be moved."""
        read, studio = self._worker.read
        return JSONResponse(studio.describe() | {"path": str(studio.path), "read": read})

    async def news(self, request: Request) -> Response:
        """Give what is known by now: the base plan, prices, and whether the instance has changed on disk."""
        said = request.query_params.get("read", "")
        return JSONResponse(await asyncio.to_thread(self._worker.news, int(said) if said.isdecimal() else 0))

    async def move(self, request: Request) -> Response:
        """Take what is moved; say at once what that is as a command line and as a case, and then answer it."""
        return await self._ask(request)

    async def keep(self, request: Request) -> Response:
        """Take the name under which the plan of what is moved is to be kept, and what it is tested against."""
        return await self._ask(request, keeps=True)

    async def losses(self, request: Request) -> Response:
        """Take what the plan of what is moved is to be tested against."""
        return await self._ask(request, tests=True)

    async def more(self, request: Request) -> Response:
        """Go on with an answer that took longer than one request waits."""
        try:
            said = json.loads(await request.body())
            page, number = _page_of(said), int(said["number"])
        except _UNREADABLE:
            return _refuse("what is asked cannot be read; load the page again")
        job = self._worker.find(page, number)
        if job is None:
            return _refuse("nobody waits for that answer any more; move something", 410)
        return self._stream(page, job)

    async def reload(self, _: Request) -> Response:
        """Read the instance again."""
        self._worker.reload()
        return JSONResponse({}, 202)

    async def _ask(self, request: Request, *, keeps: bool = False, tests: bool = False) -> Response:
        studio, mailbox = self._worker.studio, Mailbox()
        try:
            said = json.loads(await request.body())
            page, moved = _page_of(said), said["moves"]
            name = str(said["name"]) if keeps else None
            tests = tests or (keeps and "who" in said)
            losses = read_asked(said["who"], said["lasts"], studio.enforced.market) if tests else None
            job = Job(int(said["number"]), moved, mailbox, str(said.get("last", "")), name, losses)
            moves = read_moves(moved, studio.controls)
        except InputError as error:
            return _refuse(str(error))
        except _UNREADABLE:
            return _refuse("what is asked cannot be read; load the page again")
        texts = (
            {"command": moves.command(str(studio.path), calm=studio.calm), "case": moves.case()} if moves.moved else {}
        )
        job.tell("texts", texts)
        self._worker.ask(page, job)
        return self._stream(page, job)

    def _stream(self, page: str, job: Job) -> Response:
        """Send what is told of an answer for a while.

        A browser opens six connections to a server and no more, for all of its tabs together, so none is held long.
        """
        mailbox = job.listener
        assert isinstance(mailbox, Mailbox)  # noqa: S101 (every question that comes here has one)
        job.seen = time.monotonic() + _HOLD

        async def stream() -> AsyncIterator[str]:
            try:
                async for text in mailbox.stream(_HOLD):
                    yield text
            except asyncio.CancelledError:
                self._worker.leave(page, job)
                raise

        return StreamingResponse(stream(), media_type="text/event-stream")


def _page_of(said: Any) -> str:
    page = said["page"]
    if not (isinstance(page, str) and 0 < len(page) <= _LONGEST_NAME):
        raise ValueError(page)
    return page


def _refuse(message: str, code: int = 400) -> Response:
    return JSONResponse({"message": message}, code)
