"""``lodeplan explain``: why there is no plan and what would repair it, or why an offer is in or out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.change_options import with_changes
from optimizer.cli.option_groups import AnswerForm, SolveOptions, with_groups
from optimizer.cli.reading import read_changed

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.explain.no_plan import Relaxed
    from optimizer.requests import Requests


@click.command("explain")
@options.instance
@click.argument("offer", required=False)
@click.option(
    "--relax",
    "relaxed",
    type=click.Choice(["demand", "capacity"]),
    multiple=True,
    help="Look for a plan with less demand, or with more of one offer, as well; may be repeated.",
)
@options.gap("Relative gap to which costs are proven. Default: the instance's; 0 to explain an offer.")
@options.time_limit("Seconds after which what is known is told.")
@options.calm
@options.draws
@options.as_json()
@options.quiet("Print the answer only, and no progress.")
@with_changes
@with_groups(solving=SolveOptions, form=AnswerForm)
def explain_command(  # noqa: PLR0913 (one argument an option)
    *,
    instance: Path,
    offer: str | None,
    relaxed: tuple[Relaxed, ...],
    solving: SolveOptions,
    form: AnswerForm,
    changes: Requests,
) -> None:
    """Say why INSTANCE has no plan and what would repair it; or why OFFER is in its plan or out of it.

    Without a plan: plain reasons, a smallest set of limits that no plan holds together, and the least
    move of each that gives a plan, with its cost. With a plan and an OFFER: what it saves, the limits
    that keep it in or out, and the price at which it comes in or leaves.
    """
    from optimizer.cli.progress import show_progress
    from optimizer.explain.answer import explain
    from optimizer.no_plan import name_the_instance
    from optimizer.report.explanation_data import as_json
    from optimizer.report.explanation_text import explanation_as_text, format_answer

    facts, notes = read_changed(instance, changes, quiet=form.quiet, foreseeing=not solving.calm)
    with show_progress(quiet=form.quiet) as watch, name_the_instance(facts):
        settings = solving.settings(facts, watch, gap=None if offer is None else 0.0)
        explained = explain(facts, settings, offer, relaxed)
    form.show(explained, brief=format_answer, text=explanation_as_text, data=as_json, notes=notes)
