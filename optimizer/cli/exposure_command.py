"""``lodeplan exposure``: what hangs on whom as bought today, without a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.notes import print_notes
from optimizer.cli.option_groups import AnswerForm, with_groups

if TYPE_CHECKING:
    from pathlib import Path


@click.command("exposure")
@options.instance
@options.as_json_or_csv(csv="Print the table as CSV instead of text.")
@options.quiet("Print the answer only, and no table.")
@with_groups(form=AnswerForm)
def exposure_command(*, instance: Path, form: AnswerForm) -> None:
    """Say what hangs on whom in INSTANCE as bought today: by material and stage, by place, control and company.

    Bought today is what the table earlier says; where there is none the table commitments; where there is none
    incumbent_quantity of the offers. Nothing is solved. What nobody declared is told, and the caps of INSTANCE that
    this buying breaks.
    """
    from models.enforcement import enforce
    from optimizer.load import load
    from optimizer.notes import list_notes
    from optimizer.report.current_sourcing import (
        answer_exposure,
        exposure_as_csv,
        exposure_as_data,
        format_exposure,
    )
    from optimizer.results.current_sourcing import CurrentSourcing

    facts = enforce(load(instance))
    notes = print_notes(list_notes(facts), quiet=form.quiet)
    form.show(
        CurrentSourcing(facts),
        brief=answer_exposure,
        text=format_exposure,
        data=exposure_as_data,
        csv=exposure_as_csv,
        notes=notes,
    )
