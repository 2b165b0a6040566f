"""``lodeplan validate``: say everything that is wrong with an instance."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("validate")
@click.argument("instance", type=click.Path(path_type=Path))
def validate_command(*, instance: Path) -> None:
    """Read INSTANCE, and say everything that is wrong with it, one line each; exit 2 if anything is."""
    from models.policies import in_force
    from models.wording import counted
    from optimizer.load import load
    from optimizer.notes import notes
    from optimizer.reasons import reasons

    facts = in_force(load(instance))
    click.echo(f"{facts.title}: valid; {facts.market.counted}, {counted(len(facts.limits), 'limits')}")
    for note in notes(facts):
        click.echo(f"note: {note}")
    for reason in reasons(facts):
        click.echo(f"but it can have no plan: {reason}")
