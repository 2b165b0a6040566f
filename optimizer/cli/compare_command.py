"""``lodeplan compare``: what changed between two plans that stand in folders."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli.told import told
from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from optimizer.report.difference import Difference


@click.command("compare")
@click.argument("before", metavar="PLAN_A", type=click.Path(path_type=Path))
@click.argument("after", metavar="PLAN_B", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to write the changes to, as CSV.")
@click.option("--force", is_flag=True, help="Replace a difference that is in the folder already.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON instead of text.")
@click.option("--csv", "as_csv", is_flag=True, help="Print every change as one table of CSV instead of text.")
def compare_command(  # noqa: PLR0913 (one argument an option)
    *, before: Path, after: Path, output: Path | None, force: bool, as_json: bool, as_csv: bool
) -> None:
    """Say what changed from PLAN_A to PLAN_B, folders that solve wrote.

    Cost and its parts, suppliers in, out and shifted, shares before and after, limits that began or
    ceased to bind or were changed, stock and unmet demand. Read are the tables and the summary as
    they stand; whether an edited plan holds, audit tells. Where nothing of this changed and the files
    differ all the same, that is noted.
    """
    from optimizer.errors import InputError
    from optimizer.folders.differing import unlike
    from optimizer.folders.place import Kind, check_place
    from optimizer.folders.read_side import read_side
    from optimizer.report.difference import difference
    from optimizer.report.difference_data import DIFFERENCE, write_csv

    if as_json and as_csv:
        msg = "--json and --csv exclude each other; give one of them"
        raise InputError([msg])
    if output is not None:
        check_place(output, Kind("difference", DIFFERENCE, ("before", "after", "change")), force=force)
    changed = difference(read_side(before), read_side(after))
    if changed.is_none:
        changed = replace(changed, notes=tuple(told(unlike(before, after))))
    click.echo(spelt(changed, as_json=as_json, as_csv=as_csv), nl=False)
    if output is not None:
        write_csv(changed, output)
        if not (as_json or as_csv):
            click.echo(f"\nDifference written to {output}")


def spelt(changed: Difference, *, as_json: bool, as_csv: bool) -> str:
    """Return a difference as text for people, as JSON or as CSV."""
    from optimizer.report import difference_data
    from optimizer.report.difference_text import as_text

    if as_json:
        return json_text(difference_data.as_json(changed))
    return difference_data.as_csv(changed) if as_csv else as_text(changed)
