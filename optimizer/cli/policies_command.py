"""``lodeplan policies``: which real policies there are, and how they stand on a day."""

from __future__ import annotations

from pathlib import Path

import click

from optimizer.cli import options
from optimizer.cli.notes import print_notes
from optimizer.errors import InputError
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
    from optimizer.report.policies import day_of, format_measures, list_records, must_speak_of

    day = day_of(as_of)
    policies = [read_shipped(name) for name in list_shipped()]
    if material is not None:
        must_speak_of(policies, material)
    if as_json:
        click.echo(json_text(list_records(policies, day, material)), nl=False)
    else:
        click.echo(format_measures(policies, day, material), nl=False)


def _complete_policy(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    from models.policies import list_shipped

    return [name for name in list_shipped() if name.startswith(begun)]


@policies_command.command("show")
@click.argument("name", required=False, shell_complete=_complete_policy)
@click.option("--instance", type=click.Path(path_type=Path), help="Show the law of this instance period by period.")
@click.option("--as-of", metavar="DATE", help="The day; by default today, and that of the instance where one is given.")
@_JSON
def show_command(*, name: str | None, instance: Path | None, as_of: str | None, as_json: bool) -> None:
    """Show the policy NAME (eu-crma, us-pfe:45x-*, or a file of your own) as it stands on a day.

    With --instance: what each measure of the instance's policies, or of NAME, is in the days of each period and becomes
    there, and without NAME its own duties and controls as well.
    """
    from optimizer.files.policies import find_policy
    from optimizer.notes.renamed import list_old_words
    from optimizer.report.policies import day_of, format_policy, list_records

    if instance is not None:
        _show_law(instance, name, as_of, as_json=as_json)
        return
    if name is None:
        msg = "name a policy, such as eu-crma, or an instance with --instance"
        raise InputError([msg])
    policy, day = find_policy(name, Path()), day_of(as_of)
    print_notes(list_old_words(policy))
    if as_json:
        click.echo(json_text(list_records([policy], day)), nl=False)
    else:
        click.echo(format_policy(policy, day), nl=False)


def _show_law(path: Path, policy: str | None, as_of: str | None, *, as_json: bool) -> None:
    """Print the law of an instance period by period, of a policy alone where one is named."""
    from optimizer.law import ask_law
    from optimizer.load import load
    from optimizer.notes.renamed import list_old_words
    from optimizer.report.law_by_period import list_law_records
    from optimizer.report.law_text import format_law

    asked, name = ask_law(load(path), policy, as_of)
    print_notes(list_old_words(asked, *asked.policies))
    if as_json:
        click.echo(json_text(list_law_records(asked, name)), nl=False)
    else:
        click.echo(format_law(asked, name), nl=False)
