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


def _complete_name(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    from optimizer.files.bundle import list_bundled

    return [name for name in list_bundled() if name.startswith(begun)]


@instances_command.command("new")
@click.argument("name", shell_complete=_complete_name)
@click.option("--to", type=options.PATH, help="Folder to create, or workbook; by default NAME, here.")
@click.option("--xlsx", is_flag=True, help="Write a workbook to fill in, with notes and drop-downs.")
def new_command(*, name: str, to: Path | None, xlsx: bool) -> None:
    """Copy the bundled instance NAME to a new folder, to be changed and solved.

    With --xlsx it is a workbook, NAME.xlsx. Any other NAME gives one with an example row to write over.
    """
    from optimizer.files.bundle import copy
    from optimizer.template import write_template

    if not xlsx:
        target = to or Path(name)
        copy(name, target)
        click.echo(f"{name} copied to {target}; solve it with: lodeplan solve {target} -o plan")
        return
    target = to or Path(f"{name}.xlsx")
    if write_template(name, target):
        click.echo(f"{name} copied to {target}; solve it with: lodeplan solve {target} -o plan")
    else:
        click.echo(f"{target} is a new instance with example rows, as no bundled one is called {name}.")
        click.echo(f"Write your own over them, and check it with: lodeplan validate {target}")
