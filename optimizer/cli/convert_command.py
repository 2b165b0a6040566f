"""``lodeplan convert``: one form of an instance into another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options

if TYPE_CHECKING:
    from pathlib import Path


@click.command("convert")
@click.argument("source", type=options.PATH)
@click.argument("target", type=options.PATH)
@options.force("Replace an instance that is there already.")
@options.quiet("Say nothing unless something is wrong.")
def convert_command(*, source: Path, target: Path, force: bool, quiet: bool) -> None:
    """Write the instance SOURCE to TARGET: a folder, or an .xlsx or .json by its suffix.

    Every record is kept; comments and files beside the tables are not.
    """
    from optimizer.dump import dump
    from optimizer.load import load

    dump(load(source), target, force=force)
    if not quiet:
        click.echo(f"{source} written to {target}")
