"""The server: on this machine only, and gone within a second of Ctrl-C whatever is being solved."""

from __future__ import annotations

import asyncio
import socket
import sys
from typing import TYPE_CHECKING

import uvicorn

from optimizer.collector import put_off_full_collections
from optimizer.errors import InputError
from optimizer.serve.app import make_app
from optimizer.serve.studio import Studio
from optimizer.serve.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_HOST = "127.0.0.1"
_SWITCH = 0.0005
"""Seconds after which the thread that solves lets the one that sends have its turn."""
_CONNECTIONS = 200
_LOOK = 0.05
"""Seconds after which it is seen that a signal came."""
_GLANCE = 0.005
"""Seconds after which it is seen that the server has begun."""
_TO_END = 0.7
"""Seconds that a solve may take to see that it is stopped."""


def serve(instance: Path, folder: Path, port: int, tell: Callable[[str], None], *, calm: bool = False) -> None:
    """Serve the live page of an instance until Ctrl-C; plans are kept in `folder`, `tell` is given the address.

    With `calm` all is planned as if nothing could happen.

    Raises:
        InputError: the instance cannot be used, or the port cannot be had.
        KeyboardInterrupt: at Ctrl-C, once everything has ended.
    """
    studio = Studio(instance, calm=calm)
    with _listen(port) as listening:
        port = listening.getsockname()[1]
        sys.setswitchinterval(_SWITCH)
        put_off_full_collections()
        worker = Worker(studio, folder)
        config = uvicorn.Config(
            make_app(worker, port),
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=_CONNECTIONS,
            timeout_graceful_shutdown=1,
            ws="none",
        )
        try:
            server = uvicorn.Server(config)
            asyncio.run(_run(server, worker, listening, lambda: tell(f"http://{_HOST}:{port}/")))
        finally:
            worker.join(_TO_END)


async def _run(server: uvicorn.Server, worker: Worker, listening: socket.socket, tell: Callable[[], None]) -> None:
    """Run until a signal comes, then stop the worker, which ends the streams and so the connections.

    The address is told once the server takes the signals: whoever reads it may press Ctrl-C at once.
    """
    ending = asyncio.create_task(_close_with(server, worker))
    telling = asyncio.create_task(_tell_once_up(server, tell))
    await server.serve(sockets=[listening])
    await ending
    await telling


async def _tell_once_up(server: uvicorn.Server, tell: Callable[[], None]) -> None:
    while not server.started and not server.should_exit:  # noqa: ASYNC110 (nor for having begun)
        await asyncio.sleep(_GLANCE)
    if server.started:
        await asyncio.to_thread(tell)  # a browser that is opened may take its time


async def _close_with(server: uvicorn.Server, worker: Worker) -> None:
    while not server.should_exit:  # noqa: ASYNC110 (uvicorn takes the signals, and has no event for them)
        await asyncio.sleep(_LOOK)
    worker.close()


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_HOST, port))
        listening.listen()
    except OSError as error:
        listening.close()
        msg = f"--port {port}: cannot be had ({(error.strerror or str(error)).lower()}); name another, or 0 for any"
        raise InputError([msg]) from None
    return listening
