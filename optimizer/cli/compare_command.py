"""``lodeplan compare``: what changed between two plans that stand in folders."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.notes import print_notes

if TYPE_CHECKING:
    from pathlib import Path


@click.command("compare")
@click.argument("before", metavar="PLAN_A", type=options.PATH)
@click.argument("after", metavar="PLAN_B", type=options.PATH)
@options.output("Folder to write the changes to, as CSV.")
@options.force("Replace a difference that is in the folder already.")
@options.as_json_or_csv(csv="Print every change as one table of CSV instead of text.")
def compare_command(  # noqa: PLR0913 (one argument an option)
    *, before: Path, after: Path, output: Path | None, force: bool, as_json: bool, as_csv: bool
) -> None:
    """Say what changed from PLAN_A to PLAN_B, folders that solve wrote.

    Cost and its parts, suppliers in, out and shifted, shares before and after, limits that began or
    ceased to bind or were changed, stock and unmet demand. Read are the tables and the summary as
    they stand; whether an edited plan holds, audit tells. Where nothing of this changed and the files
    differ all the same, that is noted.
    """
    from optimizer.cli.difference import format_difference
    from optimizer.folders.differing import describe_difference
    from optimizer.folders.place import Kind, check_place
    from optimizer.folders.read_side import read_side
    from optimizer.report.difference import compare_sides
    from optimizer.report.difference_data import DIFFERENCE, write_csv

    if output is not None:
        check_place(output, Kind("difference", DIFFERENCE, ("before", "after", "change")), force=force)
    changed = compare_sides(read_side(before), read_side(after))
    if changed.is_none:
        changed = replace(changed, notes=tuple(print_notes(describe_difference(before, after))))
    click.echo(format_difference(changed, as_json=as_json, as_csv=as_csv), nl=False)
    if output is not None:
        write_csv(changed, output)
        if not (as_json or as_csv):
            click.echo(f"\nDifference written to {output}")
