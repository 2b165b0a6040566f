"""``lodeplan whatif``: what changes when the instance does."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli.changing import gridded

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.instance import Instance
    from optimizer.bounds import Interval
    from optimizer.whatif import Outcome
    from optimizer.wishes import Wishes


@click.command("whatif")
@click.argument("instance", type=click.Path(path_type=Path))
@gridded
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to write the changed plan to.")
@click.option("--force", is_flag=True, help="Replace a plan that is in the folder already.")
@click.option("--gap", type=click.FloatRange(min=0), help="Relative gap that counts as proven; 0 proves the optimum.")
@click.option("--time-limit", type=click.FloatRange(min=0, min_open=True), help="Seconds for each of the solves.")
@click.option("--json", "as_json", is_flag=True, help="Print what changed as JSON instead of text.")
@click.option("--csv", "as_csv", is_flag=True, help="Print what changed as one table of CSV instead of text.")
@click.option("-q", "--quiet", is_flag=True, help="Print the first sentence only, and no progress.")
def whatif_command(  # noqa: PLR0913 (one argument an option)
    *,
    instance: Path,
    changes: Wishes,
    output: Path | None,
    force: bool,
    gap: float | None,
    time_limit: float | None,
    as_json: bool,
    as_csv: bool,
    quiet: bool,
) -> None:
    """Solve INSTANCE as it is and with changes, and say only what is different.

    Cost and its parts, suppliers in, out and shifted, shares before and after, limits that begin or
    cease to bind. With --grid, one line for each combination of cases; -o then writes a folder of plans.
    """
    from optimizer.cli.progress import shown_progress
    from optimizer.errors import InputError
    from optimizer.load import load
    from optimizer.solution import settings_of
    from optimizer.whatif import whatif
    from optimizer.write import check_place, write_plan
    from optimizer.write_cases import check_place_of_cases, write_cases

    if as_json and as_csv:
        msg = "--json and --csv exclude each other; give one of them"
        raise InputError([msg])
    facts = load(instance)
    changed = changes.combined(facts)
    if output is not None:
        (check_place_of_cases if changes.grid else check_place)(output, force=force)
    with shown_progress(quiet=quiet) as watch:
        settings = settings_of(facts, gap=gap, time_limit=time_limit, watch=watch)
        outcomes = list(whatif(facts, changed, settings, None if quiet else _tell(facts)))
    if changes.grid:
        if output is not None:
            write_cases(outcomes, output)
        click.echo(_cases(outcomes, as_json=as_json, as_csv=as_csv), nl=False)
        return
    before, after = outcomes
    if output is not None and after.solution is not None:
        write_plan(after.solution, output, force=force)
    _show(before, after, output, as_json=as_json, as_csv=as_csv, quiet=quiet)


def _cases(outcomes: list[Outcome], *, as_json: bool, as_csv: bool) -> str:
    """Return the outcomes of a grid as text for people, as JSON or as CSV."""
    from optimizer.report.cases import cases, cases_as_csv, cases_as_text

    if as_json:
        rows = cases(outcomes).astype(object).where(lambda cells: cells.notna(), None).to_dict("records")
        return json.dumps({"currency": outcomes[0].instance.currency, "cases": rows}, indent=2) + "\n"
    return cases_as_csv(outcomes) if as_csv else cases_as_text(outcomes)


def _tell(facts: Instance) -> Callable[[str, Interval], None]:
    """Return what says between which costs the answer lies, before it is known exactly."""
    from optimizer.report.terminal import money

    def tell(name: str, interval: Interval) -> None:
        known = math.isfinite(interval.bound)
        if not known or interval.cost - interval.bound <= _WORTH_TELLING * abs(interval.cost):
            return
        least = money(interval.bound, facts.currency)
        most = f"between {least} and {money(interval.cost, facts.currency)}"
        said = most if math.isfinite(interval.cost) else f"at least {least}"
        click.echo(f"{name}: {said}" if name else f"The cost with the changes is {said}; solving exactly.", err=True)

    return tell


_WORTH_TELLING = 1e-3
"""Width of an interval, as a share of the cost, from which it is told."""


def _show(  # noqa: PLR0913 (three ways to print)
    before: Outcome, after: Outcome, output: Path | None, *, as_json: bool, as_csv: bool, quiet: bool
) -> None:
    """Show what one set of changes does."""
    from optimizer.cli.solve_command import explained
    from optimizer.report.terminal import answer, in_short, report

    if after.solution is None:
        assert after.why_not is not None  # noqa: S101 (where there is no plan it is said why)
        raise explained(after.why_not, after.instance)
    if before.solution is None and not (as_json or as_csv):
        click.echo(f"Before the changes: {before.why_not}.", err=True)
        click.echo(answer(after.solution) if quiet else report(after.solution))
    else:
        click.echo(_difference(before, after, as_json=as_json, as_csv=as_csv, quiet=quiet), nl=False)
    if output is not None and not (as_json or as_csv):
        click.echo(f"\nPlan written to {output}: {in_short(after.solution)}")


def _difference(before: Outcome, after: Outcome, *, as_json: bool, as_csv: bool, quiet: bool) -> str:
    """Return what is different with the changes."""
    from optimizer.cli.compare_command import spelt
    from optimizer.errors import InputError
    from optimizer.report.difference import difference
    from optimizer.report.difference_text import answer
    from optimizer.report.side import side_of

    if before.solution is None:
        msg = f"before the changes: {before.why_not}, so there is nothing to compare with; use lodeplan solve"
        raise InputError([msg])
    assert after.solution is not None  # noqa: S101 (the caller has looked)
    changed = difference(replace(side_of(before.solution), title=after.instance.title), side_of(after.solution))
    return f"{answer(changed)}\n" if quiet else spelt(changed, as_json=as_json, as_csv=as_csv)
