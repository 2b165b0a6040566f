"""``lodeplan price``: what every limit costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.change_options import with_changes
from optimizer.cli.notes import print_notes_on
from optimizer.cli.workers_option import finish, requested_runner
from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from pathlib import Path

    from models.scenarios import Draws
    from optimizer.price import Prices
    from optimizer.requests import Requests


@click.command("price")
@options.instance
@click.option("--limit", "names", multiple=True, help="Price only this limit; may be repeated, and take wildcards.")
@options.output("Folder to write prices.csv to.")
@options.force("Replace prices that are in the folder already.")
@options.workers("[default: this process, one limit after another]")
@options.journal
@options.gap(
    "Relative gap to which each cost is proven; what it leaves open of a saving is told. Default: the instance's."
)
@options.time_limit("Seconds for each solve; there are two a limit.")
@options.calm
@options.draws
@options.as_json_or_csv(csv="Print one table of CSV instead of text.")
@options.quiet("Print the answer only, and no progress.")
@with_changes
def price_command(  # noqa: PLR0913 (one argument an option)
    *,
    instance: Path,
    names: tuple[str, ...],
    output: Path | None,
    force: bool,
    workers: int | str | None,
    journal: Path | None,
    gap: float | None,
    time_limit: float | None,
    calm: bool,
    draws: Draws | None,
    as_json: bool,
    as_csv: bool,
    quiet: bool,
    changes: Requests,
) -> None:
    """Say what the plan of INSTANCE would save without each limit, and with its level one notch looser.

    Found by solving again, with one limit changed at a time. A notch is a percentage point of a share,
    one source, or 1 % of a quantity or of money. Ctrl-C gives what was priced so far.
    """
    from optimizer.cli.progress import show_progress
    from optimizer.folders.prices import PRICES, check_place_of_prices, write_prices
    from optimizer.load import load
    from optimizer.no_plan import SEE_EXPLAIN, name_the_instance
    from optimizer.price import find_limits, price_limits
    from optimizer.price_parallel import price_limits_parallel
    from optimizer.results.solution import settings_of

    if output is not None:
        check_place_of_prices(output, force=force)
    stated = load(instance)
    facts = changes.apply_to(stated)
    notes = print_notes_on(stated, facts, quiet=quiet)
    limits = find_limits(facts, names)
    with (
        requested_runner(workers, journal, output, quiet=quiet) as runner,
        show_progress(quiet=quiet) as watch,
        name_the_instance(facts, pointer=SEE_EXPLAIN),
    ):
        settings = settings_of(facts, gap=gap, time_limit=time_limit, watch=watch, calm=calm, draws=draws)
        if runner is None:
            prices = price_limits(facts, limits, settings)
        else:
            prices = price_limits_parallel(runner, facts, limits, settings)
    click.echo(_format(prices, notes, as_json=as_json, as_csv=as_csv, quiet=quiet), nl=False)
    if output is not None:
        write_prices(prices, output)
        if not (as_json or as_csv):
            click.echo(f"Prices written to {output / PRICES}" if quiet else f"\nPrices written to {output / PRICES}")
    finish(runner, whole=prices.complete)


def _format(prices: Prices, notes: list[str], *, as_json: bool, as_csv: bool, quiet: bool) -> str:
    from optimizer.report import prices as report

    if as_json:
        return json_text(report.as_json(prices) | {"notes": notes})
    if as_csv:
        return report.as_csv(prices)
    return f"{report.answer(prices)}\n" if quiet else report.as_text(prices)
