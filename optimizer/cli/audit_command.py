"""``lodeplan audit``: recompute a plan that stands in a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.change_options import with_changes

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.requests import Requests


@click.command("audit")
@click.argument("plan", type=options.PATH)
@options.instance
@with_changes
def audit_command(*, plan: Path, instance: Path, changes: Requests) -> None:
    """Recompute PLAN (a folder that solve wrote, perhaps edited since) from its numbers and INSTANCE.

    With changes it is audited against INSTANCE so changed: those that it was solved with, or others.

    Read are: offer, destination, period and quantity of purchases.csv; offer and signed of
    contracts.csv; site, material, period, unmet and closing of stock.csv. Everything else is worked
    out anew. Says what does not hold, one line each, and exits with 1 if anything does not; where
    costs.csv or any other file says something else than the plan makes, that is noted.
    """
    from optimizer.folders.audited import audit_folder
    from optimizer.load import load
    from optimizer.report.caveats import format_brief
    from optimizer.report.layout import fit
    from optimizer.report.risk import format_recounted
    from optimizer.results.caveats import caveats_of

    audited = audit_folder(plan, changes.apply_to(load(instance)))
    if not audited.same_instance:
        click.echo("note: the instance has changed since the plan was made; it is audited as it is now", err=True)
    for finding in audited.findings:
        click.echo(finding)
    if audited.findings:
        raise click.exceptions.Exit(1)
    for note in audited.stale:
        click.echo(f"note: {note}")
    facts, account = audited.instance, audited.account
    said = format_brief(caveats_of(facts.market, account), facts.mass_unit)
    cost = format_recounted(account, facts.currency)
    click.echo(fit(f"{plan}: holds, at a cost of {cost}{said and '; '}{said}"))
