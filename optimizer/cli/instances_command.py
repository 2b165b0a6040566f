"""``lodeplan instances``: what is there to start from."""

from __future__ import annotations

from pathlib import Path

import click

from optimizer.cli import options


@click.group("instances")
def instances_command() -> None:
    """List the bundled instances, or copy one to start from."""


@instances_command.command("list")
def list_command() -> None:
    """List the bundled instances with their titles."""
    from optimizer.files.bundle import list_bundled
    from optimizer.report.layout import wrap

    known = list_bundled()
    width = max(map(len, known))
    for name, title in known.items():
        click.echo(wrap(f"{name.ljust(width)}  {title}", later=width + 2))


@instances_command.command("new")
@click.argument("name")
@click.option("--to", type=options.PATH, help="Folder to create; by default NAME, here.")
def new_command(*, name: str, to: Path | None) -> None:
    """Copy the bundled instance NAME to a new folder, to be changed and solved."""
    from optimizer.files.bundle import copy

    target = to or Path(name)
    copy(name, target)
    click.echo(f"{name} copied to {target}; solve it with: lodeplan solve {target} -o plan")
