"""``lodeplan solve``: instance in, audited plan out."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli.changing import changing
from optimizer.cli.numbers import GAP, SECONDS
from optimizer.cli.told import noted, told
from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.errors import NoPlan
    from optimizer.requests import Requests
    from optimizer.solve import Solution

_SECONDS_TO_EXPLAIN = 20.0


@click.command("solve")
@click.argument("instance", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to write the plan to.")
@click.option("--force", is_flag=True, help="Replace a plan that is in the folder already.")
@click.option("--gap", type=GAP, help="Relative gap that counts as proven; 0 proves the optimum.")
@click.option("--time-limit", type=SECONDS, help="Seconds after which the best plan is taken.")
@click.option("--solver", default="highs", show_default=True, help="highs, or a solver that Pyomo can drive.")
@click.option("--limits-cost", is_flag=True, help="Prove what the limits cost, however much effort that takes.")
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
    limits_cost: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    changes: Requests,
) -> None:
    """Find the cheapest plan of INSTANCE (a folder, .xlsx or .json) that holds every limit.

    The instance may be changed for this solve alone: cases first, then single changes in the order in
    which they are listed here.

    The answer says what the limits cost, as far as little effort shows it: exactly, or between two figures.

    Ctrl-C or the time limit gives the best plan found so far, said to be so; a second Ctrl-C gives up.
    """
    from optimizer.cli.progress import shown_progress
    from optimizer.errors import InputError, NoPlan
    from optimizer.folders.place import check_place
    from optimizer.folders.plans import write_plan
    from optimizer.limits_cost import compared
    from optimizer.load import load
    from optimizer.notes import licence_notes
    from optimizer.session import Session
    from optimizer.solve import settings_of, solve

    if quiet and verbose:
        msg = "--quiet and --verbose exclude each other; give one of them"
        raise InputError([msg])
    if output is not None:
        check_place(output, force=force)
    start = time.perf_counter()
    stated = load(instance)
    facts = changes.applied_to(stated)
    if verbose:
        click.echo(f"read in {time.perf_counter() - start:.2f} s: {facts.market.counted}", err=True)
    notes = noted(stated, facts, quiet=quiet)
    with shown_progress(quiet=quiet) as watch:
        settings = settings_of(facts, gap=gap, time_limit=time_limit, solver=solver, watch=watch)
        session = Session(settings)
        try:
            solution = solve(facts, session=session)
        except NoPlan as none:
            raise explained(none, facts) from None
        solution = compared(solution, session, prove=limits_cost)
    notes += told(licence_notes(solution))
    if output is not None:
        write_plan(solution, output, force=force)
    _show(solution, output, notes, as_json=as_json, quiet=quiet, verbose=verbose)


def _show(  # noqa: PLR0913 (four ways to print)
    solution: Solution, output: Path | None, notes: list[str], *, as_json: bool, quiet: bool, verbose: bool
) -> None:
    from models.records.wording import counted
    from optimizer.folders.plans import whole_plan
    from optimizer.report.terminal import answer, in_short, report

    if as_json:
        click.echo(json_text(whole_plan(solution) | {"notes": notes}), nl=False)
    elif quiet:
        click.echo(answer(solution))
    else:
        click.echo(report(solution))
    if verbose:
        sizes = ", ".join(counted(count, name) for name, count in solution.sizes.items())
        versions = ", ".join(f"{name} {version}" for name, version in solution.versions.items())
        click.echo(f"solved in {solution.seconds:.2f} s: {sizes} ({versions})", err=True)
    if output is not None and not as_json:
        click.echo(f"Plan written to {output}: {in_short(solution)}")
    elif output is None and not (as_json or quiet):
        click.echo("The plan was not written; add -o FOLDER to keep it.", err=True)


def explained(none: NoPlan, facts: Instance) -> NoPlan:
    """Return the message with the plain reasons, and with limits that cannot hold together."""
    from optimizer.errors import LodeplanError, NoPlan
    from optimizer.explain.conflict import infeasible
    from optimizer.reasons import reasons
    from optimizer.report.explanation import conflict_in_short
    from optimizer.solver.deadline import Deadline

    lines = [f"{facts.title}: {none}"]
    if none.proven:
        lines += [f"- {reason}" for reason in reasons(facts, no_plan=True)]
        with Deadline(_SECONDS_TO_EXPLAIN) as deadline, suppress(LodeplanError):
            found = [sentence for part in infeasible(facts, deadline) for sentence in conflict_in_short(part)]
            lines += [*found, "lodeplan explain says what would repair it."] if found else []
    return NoPlan("\n".join(lines), proven=none.proven)
