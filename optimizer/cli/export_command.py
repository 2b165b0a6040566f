"""``lodeplan export``: a plan folder in, one workbook out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options

if TYPE_CHECKING:
    from pathlib import Path


@click.command("export")
@click.argument("plan", type=options.PATH)
@click.argument("target", type=options.PATH)
@click.option(
    "--compare",
    "others",
    metavar="OTHER",
    type=options.PATH,
    multiple=True,
    help="Plan to compare with, or a folder of several, as of a grid; may be given several times.",
)
@options.force("Replace a workbook of a plan that is there already.")
@options.quiet("Say nothing unless something is wrong.")
def export_command(*, plan: Path, target: Path, others: tuple[Path, ...], force: bool, quiet: bool) -> None:
    """Write PLAN (a folder of solve, whatif, sweep or alternatives) to TARGET, a workbook (.xlsx) for spreadsheets.

    The answer and what it leaves unsaid with charts, purchases, landed cost by route, shares beside their
    caps, limits, costs, and what the plan rests on; typed figures with their units, set up for printing.
    With --compare, a sheet on which any two of the plans are picked, and what is different stands beneath.
    Of plans that were found together, a table of all of them as well, and all can be picked.
    """
    from optimizer.book.folder import build_folder_book
    from optimizer.book.write import check_place_of_book, write_book

    check_place_of_book(target, force=force)
    write_book(build_folder_book(plan, others), target)
    if not quiet:
        click.echo(f"{plan} written to {target}")
