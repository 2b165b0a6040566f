"""``lodeplan solve``: instance in, audited plan out."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli.changing import changing

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.errors import NoPlan
    from optimizer.solve import Settings, Solution
    from optimizer.wishes import Wishes


@click.command("solve")
@click.argument("instance", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to write the plan to.")
@click.option("--force", is_flag=True, help="Replace a plan that is in the folder already.")
@click.option("--gap", type=click.FloatRange(min=0), help="Relative gap that counts as proven; 0 proves the optimum.")
@click.option(
    "--time-limit", type=click.FloatRange(min=0, min_open=True), help="Seconds after which the best plan is taken."
)
@click.option("--solver", default="highs", show_default=True, help="highs, or a solver that Pyomo can drive.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON instead of text.")
@click.option("-q", "--quiet", is_flag=True, help="Print the answer only, and no progress.")
@click.option("-v", "--verbose", is_flag=True, help="Say each step, with sizes and times.")
@changing
def solve_command(  # noqa: PLR0913 (one argument an option)
    *,
    instance: Path,
    output: Path | None,
    force: bool,
    gap: float | None,
    time_limit: float | None,
    solver: str,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    changes: Wishes,
) -> None:
    """Find the cheapest plan of INSTANCE (a folder, .xlsx or .json) that holds every limit.

    The instance may be changed for this solve alone: cases first, then single changes in the order in
    which they are listed here.

    Ctrl-C or the time limit gives the best plan found so far, said to be so; a second Ctrl-C gives up.
    """
    from optimizer.cli.progress import shown_progress
    from optimizer.errors import InputError, NoPlan
    from optimizer.load import load
    from optimizer.notes import notes
    from optimizer.solve import compared, settings_of, solve
    from optimizer.write import check_place, write_plan

    if quiet and verbose:
        msg = "--quiet and --verbose exclude each other; give one of them"
        raise InputError([msg])
    if output is not None:
        check_place(output, force=force)
    start = time.perf_counter()
    facts = changes.applied_to(load(instance))
    if verbose:
        click.echo(f"read in {time.perf_counter() - start:.2f} s: {facts.market.counted}", err=True)
        for note in notes(facts):
            click.echo(f"note: {note}", err=True)
    with shown_progress(quiet=quiet) as watch:
        settings = settings_of(facts, gap=gap, time_limit=time_limit, solver=solver, watch=watch)
        try:
            solution = solve(facts, settings)
        except NoPlan as none:
            raise _explained(none, facts, settings) from None
        solution = compared(solution, settings)
    if output is not None:
        write_plan(solution, output, force=force)
    _show(solution, output, as_json=as_json, quiet=quiet, verbose=verbose)


def _show(solution: Solution, output: Path | None, *, as_json: bool, quiet: bool, verbose: bool) -> None:
    from optimizer.report.terminal import answer, in_short, report
    from optimizer.write import summary

    if as_json:
        click.echo(json.dumps(summary(solution), indent=2, ensure_ascii=False))
    elif quiet:
        click.echo(answer(solution))
    else:
        click.echo(report(solution))
    if verbose:
        sizes = ", ".join(f"{count} {name}" for name, count in solution.sizes.items())
        versions = ", ".join(f"{name} {version}" for name, version in solution.versions.items())
        click.echo(f"solved in {solution.seconds:.2f} s: {sizes} ({versions})", err=True)
    if output is not None and not as_json:
        click.echo(f"Plan written to {output}: {in_short(solution)}")
    elif output is None and not (as_json or quiet):
        click.echo("The plan was not written; add -o FOLDER to keep it.", err=True)


def _explained(none: NoPlan, facts: Instance, settings: Settings) -> NoPlan:
    """Return the message with the plain reasons, and which limit alone stands in the way."""
    from optimizer.errors import NoPlan
    from optimizer.reasons import reasons

    lines = [f"{facts.title}: {none}"]
    if none.proven:
        lines += [f"- {reason}" for reason in reasons(facts)]
        lines += _blamed(facts, settings)
    return NoPlan("\n".join(lines), proven=none.proven)


def _blamed(facts: Instance, settings: Settings) -> list[str]:
    """Say whether the market alone would have a plan, and which single limit to look at."""
    from optimizer.blame import blame
    from optimizer.report.terminal import money

    if not facts.limits:
        return []
    found = blame(facts, settings)
    if found.without_any is None:
        return ["Without any limit no plan was found either: look at offers, lanes and demand."]
    lines = [f"Without any limit there is a plan, at {money(found.without_any, facts.currency)}."]
    for name, cost in sorted(found.culprits.items(), key=lambda item: item[1]):
        lines.append(f"Without limit {name} alone there is one, at {money(cost, facts.currency)}.")
    if found.complete and not found.culprits:
        lines.append("No single limit is to blame: dropping any one of them still leaves no plan.")
    return lines
