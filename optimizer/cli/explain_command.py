"""``lodeplan explain``: why there is no plan and what would repair it, or why an offer is in or out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.change_options import with_changes
from optimizer.cli.notes import print_notes_on
from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from pathlib import Path

    from models.scenarios import Draws
    from optimizer.explain.answer import Explained
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
def explain_command(  # noqa: PLR0913 (one argument an option)
    *,
    instance: Path,
    offer: str | None,
    relaxed: tuple[Relaxed, ...],
    gap: float | None,
    time_limit: float | None,
    calm: bool,
    draws: Draws | None,
    as_json: bool,
    quiet: bool,
    changes: Requests,
) -> None:
    """Say why INSTANCE has no plan and what would repair it; or why OFFER is in its plan or out of it.

    Without a plan: plain reasons, a smallest set of limits that no plan holds together, and the least
    move of each that gives a plan, with its cost. With a plan and an OFFER: what it saves, the limits
    that keep it in or out, and the price at which it comes in or leaves.
    """
    from optimizer.cli.progress import show_progress
    from optimizer.explain.answer import explain
    from optimizer.load import load
    from optimizer.no_plan import name_the_instance
    from optimizer.results.solution import settings_of

    stated = load(instance)
    facts = changes.apply_to(stated)
    notes = print_notes_on(stated, facts, quiet=quiet)
    exact = 0.0 if offer is not None and gap is None else gap
    with show_progress(quiet=quiet) as watch:
        settings = settings_of(facts, gap=exact, time_limit=time_limit, watch=watch, calm=calm, draws=draws)
        with name_the_instance(facts):
            explained = explain(facts, settings, offer, relaxed)
    click.echo(_format(explained, notes, as_json=as_json, quiet=quiet), nl=False)


def _format(explained: Explained, notes: list[str], *, as_json: bool, quiet: bool) -> str:
    from optimizer.report import explanation_data
    from optimizer.report.explanation_text import explanation_as_text, format_answer

    if as_json:
        return json_text(explanation_data.as_json(explained) | {"notes": notes})
    return f"{format_answer(explained)}\n" if quiet else explanation_as_text(explained)
