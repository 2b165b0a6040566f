"""``lodeplan validate``: say everything that is wrong with an instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from pathlib import Path


@click.command("validate")
@options.instance
@click.option(
    "--sources", is_flag=True, help="List the rows of every table by quality, source and year, and what is assumed."
)
@options.as_json("Print what holds as JSON instead of text; with --sources every row.")
def validate_command(*, instance: Path, sources: bool, as_json: bool) -> None:
    """Read INSTANCE, and say everything that is wrong with it, one line each; exit 2 if anything is."""
    from models.enforcement import enforce, prepare
    from models.records.wording import format_count
    from optimizer.collector import pause_collector
    from optimizer.load import load
    from optimizer.notes import list_notes
    from optimizer.reasons import CapacityBounds, list_reasons
    from optimizer.report.layout import fit
    from optimizer.report.sources import format_sources, sources_as_data

    with pause_collector(for_good=True):
        stated = load(instance, foreseeing=True)
        facts = enforce(stated)
        most = CapacityBounds(prepare(facts), facts.mass_unit)
        told, found = list_notes(facts, most), list_reasons(facts, most)
    counted = f"{facts.market.counted}, {format_count(len(facts.limits), 'limits')}"
    if as_json:
        said = {"title": facts.title, "valid": True, "holds": counted, "notes": told, "no_plan": found}
        click.echo(json_text(said | (sources_as_data(stated) if sources else {})), nl=False)
        return
    if sources:
        click.echo(format_sources(stated), nl=False)
        return
    lines = [f"{facts.title}: valid; {counted}", *(f"but it can have no plan: {reason}" for reason in found)]
    click.echo(fit("\n".join([*lines, *(f"note: {note}" for note in told)])))
