"""``lodeplan price``: what every limit costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.change_options import with_changes
from optimizer.cli.option_groups import AnswerForm, SolveOptions, with_groups
from optimizer.cli.reading import read_changed
from optimizer.cli.workers_option import finish, requested_runner

if TYPE_CHECKING:
    from pathlib import Path

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
@with_groups(solving=SolveOptions, form=AnswerForm)
def price_command(  # noqa: PLR0913 (one argument an option)
    *,
    instance: Path,
    names: tuple[str, ...],
    output: Path | None,
    force: bool,
    workers: int | str | None,
    journal: Path | None,
    solving: SolveOptions,
    form: AnswerForm,
    changes: Requests,
) -> None:
    """Say what the plan of INSTANCE would save without each limit, and with its level one notch looser.

    Found by solving again, with one limit changed at a time. A notch is a percentage point of a share,
    one source, or 1 % of a quantity or of money. Ctrl-C gives what was priced so far.
    """
    from optimizer.cli.progress import show_progress
    from optimizer.folders.prices import PRICES, check_place_of_prices, write_prices
    from optimizer.no_plan import SEE_EXPLAIN, name_the_instance
    from optimizer.price import find_limits, price_limits
    from optimizer.price_parallel import price_limits_parallel
    from optimizer.report.prices import answer, as_csv, as_json, as_text

    if output is not None:
        check_place_of_prices(output, force=force)
    facts, notes = read_changed(instance, changes, quiet=form.quiet, foreseeing=not solving.calm)
    limits = find_limits(facts, names)
    with (
        requested_runner(workers, journal, output, quiet=form.quiet) as runner,
        show_progress(quiet=form.quiet) as watch,
        name_the_instance(facts, pointer=SEE_EXPLAIN),
    ):
        settings = solving.settings(facts, watch)
        if runner is None:
            prices = price_limits(facts, limits, settings)
        else:
            prices = price_limits_parallel(runner, facts, limits, settings)
    form.show(prices, brief=answer, text=as_text, data=as_json, csv=as_csv, notes=notes)
    if output is not None:
        write_prices(prices, output)
        form.tell_place(f"Prices written to {output / PRICES}")
    finish(runner, whole=prices.complete)
