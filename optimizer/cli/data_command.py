"""``lodeplan data``: the reference data that come with Lodeplan."""

from __future__ import annotations

import click

from optimizer.cli import options
from optimizer.files.json_text import json_text


@click.group("data")
def data_command() -> None:
    """Say who mines and refines what, at which price and risk, each figure with its source."""


_JSON = options.as_json("Print JSON for programs.")


@data_command.command("list")
@_JSON
def list_command(*, as_json: bool) -> None:
    """List what the reference data hold: materials by stage, tables, sources and licences."""
    from optimizer.report.data import list_data
    from optimizer.report.data_text import format_list

    click.echo(json_text(list_data()) if as_json else format_list(), nl=False)


@data_command.command("show")
@click.argument("name")
@_JSON
def show_command(*, name: str, as_json: bool) -> None:
    """Show what is known of NAME: a material (graphite), a country (CN, Viet Nam) or a bloc (EU).

    Of a material: who supplies it, stage by stage, by place and as far as known by control, how concentrated that is
    and was, prices, reserves, and the lists that it stands on.
    """
    from optimizer.report.data import describe_data
    from optimizer.report.data_text import format_data

    click.echo(json_text(describe_data(name)) if as_json else format_data(name), nl=False)


@data_command.command("table")
@click.argument("table")
@_JSON
def table_command(*, table: str, as_json: bool) -> None:
    """Print a TABLE (production, prices, governance, distances, ...) as CSV, for spreadsheets and programs."""
    from optimizer.report.data import format_csv, list_rows

    click.echo(json_text(list_rows(table)) if as_json else format_csv(table), nl=False)
