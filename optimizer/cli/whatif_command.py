"""``lodeplan whatif``: what changes when the instance does."""

from __future__ import annotations

import math
import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.change_options import with_grid
from optimizer.cli.escape import escape
from optimizer.cli.notes import print_notes, print_notes_on
from optimizer.cli.option_groups import AnswerForm, SolveOptions, with_groups
from optimizer.cli.report_option import (
    TakesReport,
    describe_unpriced,
    place_of_folder_report,
    place_of_report,
    with_report,
    write_folder_report,
    write_report,
)
from optimizer.cli.workers_option import finish, requested_runner
from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from optimizer.requests import Requests
    from optimizer.results.interval import Interval
    from optimizer.results.solution import Solution
    from optimizer.session import Session
    from optimizer.whatif import Outcome
    from optimizer.work.runner import TaskRunner


@click.command("whatif", cls=TakesReport)
@options.instance
@with_grid
@options.output("Folder or workbook (.xlsx) to write the changed plan to, or all plans of a grid.")
@with_report
@options.force("Replace what is in the folder already, or a report.")
@options.excel
@options.workers("For a grid. [default: this process, one case after another]")
@options.journal
@options.gap()
@options.time_limit("Seconds for each solve.")
@options.calm
@options.draws
@options.as_json_or_csv(
    json="Print what changed as JSON instead of text.", csv="Print what changed as one table of CSV instead of text."
)
@options.quiet("Print the first sentence only, and no progress.")
@with_groups(solving=SolveOptions, form=AnswerForm)
def whatif_command(  # noqa: PLR0913 (one argument an option)
    *,
    instance: Path,
    changes: Requests,
    output: Path | None,
    report: str | None,
    force: bool,
    excel: bool,
    workers: int | str | None,
    journal: Path | None,
    solving: SolveOptions,
    form: AnswerForm,
) -> None:
    """Solve INSTANCE as it is and with changes, and say only what is different.

    Cost and its parts, suppliers in, out and shifted, shares before and after, limits that begin or
    cease to bind. With --grid, one line for each combination of cases.

    Ctrl-C takes the best plan that the solve at hand has found; of a grid the rest is not solved.
    """
    from optimizer.book.solved import check_excel, write_solved
    from optimizer.cli.progress import show_progress
    from optimizer.load import load
    from optimizer.session import Session
    from optimizer.whatif import check_grid

    check_grid(workers, journal, grid=bool(changes.grid))
    check_excel(output, asked=excel, several=bool(changes.grid))
    page = _check_places(output, report, grid=bool(changes.grid), force=force)
    facts = load(instance, foreseeing=not solving.calm)
    changed = changes.combine(facts)
    notes = _print_notes_on(facts, changed, changes, quiet=form.quiet)
    with (
        requested_runner(workers, journal, output, quiet=form.quiet) as runner,
        show_progress(quiet=form.quiet) as watch,
    ):
        # How to solve may be changed too; of several cases each could ask for something else.
        session = Session(solving.settings(changed.get("", facts), watch))
        outcomes = _list_outcomes(facts, changed, session, runner, quiet=form.quiet)
        if not changes.grid:
            plan = _take_plan(outcomes[0], outcomes[1], as_data=form.is_data)
            plan = _add_costs(plan, session, written=output is not None or page is not None, drawn=page is not None)
    notes += print_notes(_list_licence_notes(outcomes[1:]))
    if changes.grid:
        _close_grid(outcomes, output, page, runner, notes, form)
        return
    print_notes(describe_unpriced(plan, page))
    if output is not None:
        write_solved(plan, output, force=force, excel=excel, before=outcomes[0].solution)
    _show_change(outcomes[0], plan, output, form)
    if not (form.is_data or form.quiet):
        _show_moves(facts, plan, apart=output is None and page is not None)
    if page is not None:
        write_report(plan, page, silent=form.is_data, before=outcomes[0].solution)


def _print_notes_on(
    facts: Instance, changed: Mapping[str, EnforcedInstance], changes: Requests, *, quiet: bool
) -> list[str]:
    """Return what is worth a note in an instance with one set of changes, or with each of several, told."""
    from optimizer.whatif import list_case_notes

    if changes.grid:
        return print_notes(list_case_notes(facts, changed, changes.idle(facts)), quiet=quiet)
    return print_notes_on(facts, changed[""], quiet=quiet)


def _list_outcomes(
    facts: Instance,
    changed: Mapping[str, EnforcedInstance],
    session: Session,
    runner: TaskRunner | None,
    *,
    quiet: bool,
) -> list[Outcome]:
    """Return what comes of an instance as it is and of each changed one, by a runner if there is one."""
    from optimizer.whatif import whatif, whatif_parallel

    if runner is not None:
        return list(whatif_parallel(runner, facts, changed, session.settings))
    return list(whatif(facts, changed, session, _tell(facts.currency, session.settings.gap, quiet=quiet)))


def _check_places(output: Path | None, report: str | None, *, grid: bool, force: bool) -> Path | None:
    """Return where the report is to be written, if one is asked for; asked before the solves.

    Raises:
        InputError: it cannot be written there, or the plans cannot be written to `output`.
    """
    from optimizer.book.solved import check_place_of_several, check_place_of_solved
    from optimizer.folders.cases import TABLE_OF_CASES

    if output is not None and grid:
        check_place_of_several(output, TABLE_OF_CASES, force=force)
    elif output is not None:
        check_place_of_solved(output, force=force)
    return (place_of_folder_report if grid else place_of_report)(report, output, force=force)


def _list_licence_notes(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the licences that each plan needs, after the name of its combination if it has one."""
    from optimizer.notes import list_licence_notes

    for outcome in outcomes:
        about = f"{outcome.name}: " if outcome.name else ""
        yield from (f"{about}{note}" for note in (list_licence_notes(outcome.solution) if outcome.solution else ()))


def _tell(currency: str, gap: float, *, quiet: bool) -> Callable[[str, Interval], None]:
    """Return what says between which costs the answer lies, before it is known exactly."""
    from optimizer.report.answer import format_money, format_moneys

    told: set[str] = set()

    def tell(name: str, interval: Interval) -> None:
        least, most = interval.bound, interval.cost
        if (
            quiet
            or name in told
            or math.isinf(least)
            or most - least <= max(gap, _WORTH_TELLING) * abs(most) < math.inf
        ):
            return
        told.add(name)
        between = f"lies between {' and '.join(format_moneys(currency, least, most))}"
        said = between if math.isfinite(most) else f"is {format_money(least, currency)} or more"
        about = name or "With the changes"
        # Not by click, which writes past the line that shows the progress.
        sys.stderr.write(escape(f"{about}: the least cost {said}; solving exactly.\n"))

    return tell


_WORTH_TELLING = 1e-3
"""Width of an interval, as a share of the cost, from which it is told."""


def _take_plan(before: Outcome, after: Outcome, *, as_data: bool) -> Solution:
    """Return the plan with the changes.

    Raises:
        NoPlan: there is none, or data is asked for and there is nothing to compare it with.
    """
    from optimizer.errors import NoPlan
    from optimizer.no_plan import explain_no_plan

    if after.solution is None:
        assert after.why_not is not None  # noqa: S101 (a single change is always solved)
        none = explain_no_plan(after.why_not, after.instance)
        msg = f"{_describe_before(before)}\n{none}"
        raise NoPlan(msg, proven=none.proven)
    if before.why_not is not None and as_data:
        msg = f"{_describe_before(before)} So there is nothing to compare with; lodeplan solve takes the same changes."
        raise NoPlan(msg, proven=before.why_not.proven)
    return after.solution


def _add_costs(plan: Solution, session: Session, *, written: bool, drawn: bool) -> Solution:
    """Return a plan with what its limits cost, if it is to be `written`; and each of them, if it is to be `drawn`."""
    from optimizer.limits_cost import add_limits_cost
    from optimizer.price import add_prices

    if written:
        plan = add_limits_cost(plan, session)
    return add_prices(plan, session) if drawn else plan


def _describe_before(before: Outcome) -> str:
    """Say what there was before the changes."""
    from optimizer.report.terminal import format_short

    return f"Before the changes: {before.why_not if before.solution is None else format_short(before.solution)}."


def _show_change(before: Outcome, after: Solution, output: Path | None, form: AnswerForm) -> None:
    """Show what one set of changes does."""
    from optimizer.report import terminal
    from optimizer.report.layout import fit

    if before.solution is None:
        click.echo(_describe_before(before), err=True)
        said = f"{terminal.format_answer(after)}\n" if form.quiet else terminal.format_report(after)
    else:
        said = _format_change(before.solution, after, form)
    click.echo(said, nl=False)
    if output is not None:
        form.tell_place(fit(f"Plan written to {output}: {terminal.format_short(after)}"))


def _format_change(before: Solution, after: Solution, form: AnswerForm) -> str:
    """Return what changed from a plan to another; as JSON with the latter."""
    from optimizer.cli.difference import format_difference
    from optimizer.folders.plans import plan_as_data
    from optimizer.report.difference import compare_sides
    from optimizer.report.difference_data import as_json
    from optimizer.report.difference_text import format_answer
    from optimizer.report.side import build_side

    changed = compare_sides(build_side(before), build_side(after))
    if form.as_json:
        return json_text(as_json(changed) | {"plan": plan_as_data(after)})
    if form.quiet and not form.as_csv:
        return f"{format_answer(changed)}\n"
    return format_difference(changed, as_json=False, as_csv=form.as_csv)


def _show_moves(facts: Instance, plan: Solution, *, apart: bool) -> None:
    """Show what changes of law were moved; `apart` from what follows, also where there is none."""
    from optimizer.report.law_moves import describe_moves

    if said := describe_moves(facts, plan.instance):
        click.echo(f"\n{said}")
    click.echo(nl=apart)


def _close_grid(  # noqa: PLR0913 (what was found, where it goes, and how it is told)
    outcomes: list[Outcome],
    output: Path | None,
    page: Path | None,
    runner: TaskRunner | None,
    notes: list[str],
    form: AnswerForm,
) -> None:
    """Write and show what comes of the cases of a grid; end with the code 3 when none has a plan."""
    from optimizer.book.solved import write_several
    from optimizer.book.write import is_workbook
    from optimizer.folders.cases import write_cases
    from optimizer.report.cases import cases_as_csv, cases_as_json, cases_as_text, format_answer

    if output is not None and is_workbook(output) and not any(outcome.solution for outcome in outcomes):
        click.echo(f"{output} was not written, as there is no plan to put into it", err=True)
        output = None
    if output is not None:
        write_several(partial(write_cases, outcomes), output)
    finish(runner, whole=all(outcome.status != "not solved" for outcome in outcomes))
    form.show(outcomes, brief=format_answer, text=cases_as_text, data=cases_as_json, csv=cases_as_csv, notes=notes)
    if output is not None:
        form.tell_place(f"Table and plans written to {output}")
    if output is not None and page is not None and any(outcome.solution for outcome in outcomes):
        write_folder_report(output, page, silent=form.is_data)
    if not any(outcome.solution for outcome in outcomes[1:]):
        raise click.exceptions.Exit(3)
