"""``lodeplan exposure``: what hangs on whom as bought today, without a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.notes import print_notes
from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from pathlib import Path


@click.command("exposure")
@options.instance
@options.as_json_or_csv(csv="Print the table as CSV instead of text.")
@options.quiet("Print the answer only, and no table.")
def exposure_command(*, instance: Path, as_json: bool, as_csv: bool, quiet: bool) -> None:
    """Say what hangs on whom in INSTANCE as bought today: by material and stage, by place, control and company.

    Bought today is what the table earlier says; where there is none the table commitments; where there is none
    incumbent_quantity of the offers. Nothing is solved. What nobody declared is told, and the caps of INSTANCE that
    this buying breaks.
    """
    from models.enforcement import enforce
    from optimizer.load import load
    from optimizer.notes import list_notes
    from optimizer.report import current_sourcing as report
    from optimizer.results.current_sourcing import CurrentSourcing

    facts = enforce(load(instance))
    sourcing = CurrentSourcing(facts)
    notes = print_notes(list_notes(facts), quiet=quiet)
    if as_json:
        text = json_text(report.exposure_as_data(sourcing) | {"notes": notes})
    elif as_csv:
        text = report.exposure_as_csv(sourcing)
    else:
        text = f"{report.answer_exposure(sourcing)}\n" if quiet else report.format_exposure(sourcing)
    click.echo(text, nl=False)
