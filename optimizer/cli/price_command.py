"""``lodeplan price``: what every limit costs."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.change_options import with_changes
from optimizer.cli.notes import print_notes_on
from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from models.instance import Instance
    from models.limits import Limit
    from optimizer.price import Prices
    from optimizer.requests import Requests


@click.command("price")
@options.instance
@click.option("--limit", "names", multiple=True, help="Price only this limit; may be repeated, and take wildcards.")
@options.output("Folder to write prices.csv to.")
@options.force("Replace prices that are in the folder already.")
@options.gap(
    "Relative gap to which each cost is proven; what it leaves open of a saving is told. Default: the instance's."
)
@options.time_limit("Seconds for each solve; there are two a limit.")
@options.as_json_or_csv(csv="Print one table of CSV instead of text.")
@options.quiet("Show no progress.")
@with_changes
def price_command(  # noqa: PLR0913 (one argument an option)
    *,
    instance: Path,
    names: tuple[str, ...],
    output: Path | None,
    force: bool,
    gap: float | None,
    time_limit: float | None,
    as_json: bool,
    as_csv: bool,
    quiet: bool,
    changes: Requests,
) -> None:
    """Say what the plan of INSTANCE would save without each limit, and with its level one notch looser.

    Found by solving again, with one limit changed at a time. A notch is a percentage point of a share,
    one source, or 1 % of a quantity or of money. Ctrl-C gives what was priced so far.
    """
    from optimizer.cli.no_plan import SEE_EXPLAIN, name_the_instance
    from optimizer.cli.progress import show_progress
    from optimizer.folders.place import Kind, check_place
    from optimizer.load import load
    from optimizer.price import priced
    from optimizer.report.prices import PRICES
    from optimizer.solution import settings_of

    if output is not None:
        check_place(output, Kind("table of prices", PRICES, ("limit", "kind")), force=force)
    stated = load(instance)
    facts = changes.apply_to(stated)
    notes = print_notes_on(stated, facts, quiet=quiet)
    limits = _select_limits(facts, names)
    with show_progress(quiet=quiet) as watch:
        settings = settings_of(facts, gap=gap, time_limit=time_limit, watch=watch)
        with name_the_instance(facts, pointer=SEE_EXPLAIN):
            prices = priced(facts, limits, settings)
    click.echo(_format(prices, notes, as_json=as_json, as_csv=as_csv), nl=False)
    if output is not None:
        _write(prices, output)
        if not (as_json or as_csv):
            click.echo(f"\nPrices written to {output / PRICES}")


def _select_limits(facts: Instance, names: Sequence[str]) -> list[Limit]:
    """Return the limits that match the names asked for, in the order of the instance; without names all that hold."""
    from models.records.messages import suggest_or_list
    from optimizer.errors import InputError

    known = [limit.name for limit in facts.limits]
    problems = [
        f"--limit {name}: no limit of the instance has that name{suggest_or_list(name, known)}"
        for name in names
        if not any(fnmatchcase(other, name) for other in known)
    ]
    problems += [
        f"--limit {limit.name}: is only watched, so it costs nothing; name a limit that holds"
        for limit in facts.limits
        if limit.watch and limit.name in names
    ]
    if problems:
        raise InputError(problems)
    held = [limit for limit in facts.limits if not limit.watch]
    return [limit for limit in held if not names or any(fnmatchcase(limit.name, name) for name in names)]


def _format(prices: Prices, notes: list[str], *, as_json: bool, as_csv: bool) -> str:
    from optimizer.report import prices as report

    if as_json:
        return json_text(report.as_json(prices) | {"notes": notes})
    return report.as_csv(prices) if as_csv else report.as_text(prices)


def _write(prices: Prices, folder: Path) -> None:
    """Write the table into a folder, whole or not at all."""
    from optimizer.files.atomic import write_whole
    from optimizer.report.prices import PRICES, as_csv

    with write_whole(folder, {PRICES}) as draft:
        draft.mkdir()
        (draft / PRICES).write_text(as_csv(prices), "utf-8", newline="\n")
