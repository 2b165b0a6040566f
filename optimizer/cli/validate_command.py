"""``lodeplan validate``: say everything that is wrong with an instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options

if TYPE_CHECKING:
    from pathlib import Path


@click.command("validate")
@options.instance
def validate_command(*, instance: Path) -> None:
    """Read INSTANCE, and say everything that is wrong with it, one line each; exit 2 if anything is."""
    from models.enforcement import enforce, prepare
    from models.records.wording import format_count
    from optimizer.collector import pause_collector
    from optimizer.load import load
    from optimizer.notes import list_notes
    from optimizer.reasons import Most, list_reasons

    with pause_collector(for_good=True):
        facts = enforce(load(instance))
        most = Most(prepare(facts), facts.mass_unit)
        told, found = list_notes(facts, most), list_reasons(facts, most)
    click.echo(f"{facts.title}: valid; {facts.market.counted}, {format_count(len(facts.limits), 'limits')}")
    for note in told:
        click.echo(f"note: {note}")
    for reason in found:
        click.echo(f"but it can have no plan: {reason}")
