"""``lodeplan policies``: which real policies there are, and how they stand on a day."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from optimizer.cli import options
from optimizer.files.json_text import json_text


@click.group("policies")
def policies_command() -> None:
    """List real policies with their dates and sources, or show what one becomes on a day."""


_AS_OF = click.option("--as-of", metavar="DATE", help="The day; by default today.")
_JSON = options.as_json("Print JSON for programs.")


@policies_command.command("list")
@_AS_OF
@click.option("--material", metavar="NAME", help="Only measures that speak of this material, such as graphite.")
@_JSON
def list_command(*, as_of: str | None, material: str | None, as_json: bool) -> None:
    """List every measure, how it stands on a day, and what it becomes."""
    from models.policies import list_shipped, read_shipped
    from optimizer.errors import InputError
    from optimizer.report.policies import listed, records, speaks_of

    day = _read_day(as_of)
    policies = [read_shipped(name) for name in list_shipped()]
    measures = [measure for policy in policies for measure in policy.measures]
    if material is not None and not any(speaks_of(measure, material) for measure in measures if measure.materials):
        from models.records.wording import suggest

        known = {name for measure in measures for name in measure.materials or ()}
        cure = suggest(material, known) or f"; there are {', '.join(sorted(known))}"
        raise InputError([f"--material {material}: no measure names it{cure}"])
    if as_json:
        click.echo(json_text(records(policies, day, material)), nl=False)
    else:
        click.echo(listed(policies, day, material), nl=False)


@policies_command.command("show")
@click.argument("name")
@_AS_OF
@_JSON
def show_command(*, name: str, as_of: str | None, as_json: bool) -> None:
    """Show the policy NAME (eu-crma, us-pfe:45x-*, or a file of your own) as it stands on a day."""
    from optimizer.files.policies import find_policy
    from optimizer.report.policies import records, shown

    policy, day = find_policy(name, Path()), _read_day(as_of)
    if as_json:
        click.echo(json_text(records([policy], day)), nl=False)
    else:
        click.echo(shown(policy, day), nl=False)


def _read_day(as_of: str | None) -> datetime.date:
    from pydantic import TypeAdapter

    from models.changes.change import read_as
    from models.records.fields import Day
    from optimizer.errors import InputError

    if as_of is None:
        return datetime.datetime.now(tz=datetime.UTC).date()
    try:
        day: datetime.date = read_as(TypeAdapter(Day), as_of)
    except ValueError as error:
        raise InputError([f"--as-of: {error}"]) from None
    return day
