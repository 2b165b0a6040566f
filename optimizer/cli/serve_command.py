"""``lodeplan serve``: an instance as a page whose sliders solve it again while they move."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from optimizer.cli import options

_PORT = 8765


@click.command("serve")
@options.instance
@options.output("Folder in which plans are kept from the page; without it the one you are in.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=_PORT,
    show_default=True,
    help="Port on this machine; 0 takes any that is free.",
)
@options.calm
@click.option("--open", "opens", is_flag=True, help="Open the page in your browser.")
def serve_command(*, instance: Path, output: Path | None, port: int, calm: bool, opens: bool) -> None:
    """Serve INSTANCE as a live page: move a limit, a price, a duty, and see the proven plan at once.

    The page is for this machine only (127.0.0.1). What is moved stands in its address, and is there to
    be copied as a command line or a case; the files of the instance stay as they are.

    Needs the extra serve: pip install 'lodeplan[serve]'. Ctrl-C ends it, with exit code 130.
    """
    try:
        from optimizer.serve.server import serve
    except ModuleNotFoundError as error:
        if error.name not in {"starlette", "uvicorn"}:
            raise
        from optimizer.errors import InputError

        msg = "serve: the live page needs starlette and uvicorn, which are not installed; pip install 'lodeplan[serve]'"
        raise InputError([msg]) from None

    def tell(address: str) -> None:
        click.echo(f"Live page of {instance}: {address} (Ctrl-C ends it)")
        if opens:
            import webbrowser

            webbrowser.open(address)

    with suppress(KeyboardInterrupt):
        serve(instance, Path() if output is None else output, port, tell, calm=calm)
    raise click.exceptions.Exit(130)
