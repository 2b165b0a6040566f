"""``lodeplan audit``: recompute a plan that stands in a folder."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("audit")
@click.argument("plan", type=click.Path(path_type=Path))
@click.argument("instance", type=click.Path(path_type=Path))
def audit_command(*, plan: Path, instance: Path) -> None:
    """Recompute PLAN (a folder that solve wrote, perhaps edited since) from its numbers and INSTANCE.

    Says everything that does not hold, one line each, and exits with 1 if anything does not.
    """
    from optimizer.account import Account
    from optimizer.audit import audit, audit_costs
    from optimizer.load import load
    from optimizer.read_plan import read_plan
    from optimizer.report.terminal import money

    facts = load(instance)
    read = read_plan(plan, facts)
    account = Account(facts.market.prepared(), facts.limits, read.plan)
    findings = audit(account) or audit_costs(account, read.claimed)
    if not read.same_instance:
        click.echo(
            "the instance is not the one that the plan was made for; it is audited against the instance as it is",
            err=True,
        )
    for finding in findings:
        click.echo(finding)
    if findings:
        raise click.exceptions.Exit(1)
    click.echo(f"{plan}: holds, at a cost of {money(account.total, facts.currency)}")
