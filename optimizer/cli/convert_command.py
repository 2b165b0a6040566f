"""``lodeplan convert``: one form of an instance into another."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("convert")
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace an instance that is there already.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something is wrong.")
def convert_command(*, source: Path, target: Path, force: bool, quiet: bool) -> None:
    """Write the instance SOURCE to TARGET: a folder, or an .xlsx or .json by its suffix.

    Every record is kept; comments and files beside the tables are not.
    """
    from optimizer.dump import dump
    from optimizer.load import load

    dump(load(source), target, force=force)
    if not quiet:
        click.echo(f"{source} written to {target}")
