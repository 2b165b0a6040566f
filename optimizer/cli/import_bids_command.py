"""``lodeplan import bids``: offers from a bid sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.errors import InputError
from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.bids.mapping import Mapping
    from optimizer.bids.read import Bids


@click.command("bids")
@click.argument("file", type=options.PATH)
@click.option("-o", "--output", type=options.PATH, help="Folder to create: a draft of an instance around the bids.")
@click.option("--into", type=options.PATH, help="Folder of an instance to whose tables the rows are added.")
@click.option("--replace", is_flag=True, help="With --into: replace offers of the same name, and owners of a company.")
@click.option("--dry-run", is_flag=True, help="Say what would be taken and left, and write nothing.")
@click.option("--map", "columns", multiple=True, metavar="FIELD=HEADING", help="Take a column; #E is the column E.")
@click.option("--set", "sets", multiple=True, metavar="FIELD=VALUE", help="Say the same of every row.")
@click.option("--unit", "units", multiple=True, metavar="FIELD=UNIT", help="Unit of a column: price=EUR/kg.")
@click.option("--substance", "substances", multiple=True, metavar="MATERIAL=WORDS", help="What a bare kg is of: LCE.")
@click.option("--value", "values", multiple=True, metavar="FIELD:TEXT=WORD", help="Another word for what cells say.")
@click.option(
    "--tiers", type=click.Choice(["incremental", "all-units"]), help="What prices from a quantity on are for."
)
@click.option("--decimal", type=click.Choice([",", "."]), help="Decimal sign of figures that are text.")
@click.option("--sheet", help="Sheet of the workbook.")
@click.option("--header-row", type=click.IntRange(min=1), help="Row that names the columns.")
@click.option("--leave", type=int, multiple=True, metavar="ROW", help="Leave a row out; may be repeated.")
@click.option("--mapping", "mapping_file", type=options.PATH, help="Saved mapping; then nothing is guessed.")
@click.option("--save-map", type=options.PATH, help="File to which the mapping that was used is written.")
@options.as_json("Print JSON for programs: what is taken and left, and the rows.")
def import_bids_command(  # noqa: PLR0913 (options of a command)
    *,
    file: Path,
    output: Path | None,
    into: Path | None,
    replace: bool,
    dry_run: bool,
    columns: tuple[str, ...],
    sets: tuple[str, ...],
    units: tuple[str, ...],
    substances: tuple[str, ...],
    values: tuple[str, ...],
    tiers: str | None,
    decimal: str | None,
    sheet: str | None,
    header_row: int | None,
    leave: tuple[int, ...],
    mapping_file: Path | None,
    save_map: Path | None,
    as_json: bool,
) -> None:
    """Take offers from the bid sheet FILE: a CSV file, an .xlsx or .xlsm.

    Columns are known by usual names, in several languages, and by what is mapped; units and currencies are read from
    headings (Price [EUR/kg], Menge [t/Jahr]). A FIELD is a column of offers, price@500 t (a price that holds from a
    quantity on), owner or owner_share. Totals, notes and rows without a price are left, and told.
    """
    from optimizer.bids.description import bids_data, describe_bids
    from optimizer.bids.into import add_bids, open_target
    from optimizer.bids.mapping import mapping_of_flags, read_mapping
    from optimizer.bids.read import read_bids

    _check(output, into, replace=replace, dry_run=dry_run)
    further = {"tiers": tiers, "decimal": decimal, "sheet": sheet, "header_row": header_row}
    said = mapping_of_flags(columns, sets, units, values, substances).joined_with(further)
    mapping = said if mapping_file is None else read_mapping(mapping_file).joined(said)
    target = open_target(into) if into is not None else None
    bids = read_bids(file, mapping, leave, target.substances if target else None)
    click.echo(json_text(bids_data(bids)) if as_json else describe_bids(bids), nl=False)
    if bids.faults:
        raise InputError(bids.faults)
    if save_map is not None:
        _save(bids, save_map, as_json=as_json)
    if dry_run:
        click.echo("Nothing is written (--dry-run).", err=as_json)
    elif target is not None:
        for line in add_bids(bids, target, replace=replace):
            click.echo(line, err=as_json)
    elif output is not None:
        _write_draft(bids, output, as_json=as_json)


def _check(output: Path | None, into: Path | None, *, replace: bool, dry_run: bool) -> None:
    if output is not None and into is not None:
        raise InputError(["--into: a draft is written as well (-o); keep one of the two"])
    if output is None and into is None and not dry_run:
        raise InputError(
            ["say where the offers go: -o FOLDER for a draft, --into INSTANCE, or --dry-run to look first"]
        )
    if replace and into is None:
        raise InputError(["--replace: nothing is there to be replaced; add --into INSTANCE"])


def _save(bids: Bids, path: Path, *, as_json: bool) -> None:
    from optimizer.bids.saved import mapping_used
    from optimizer.files.atomic import write_whole

    mapping: Mapping = mapping_used(bids)
    with write_whole(path) as draft:
        draft.write_text(mapping.as_toml(), encoding="utf-8")
    click.echo(f"The mapping is saved in {path}; use it by --mapping {path}.", err=as_json)


def _write_draft(bids: Bids, path: Path, *, as_json: bool) -> None:
    from optimizer.bids.draft import currency_of, write_draft

    write_draft(bids.offers, path, bids.sheet.file)
    click.echo(
        f"A draft is written to {path}; its currency is {currency_of(bids.offers)}, that of most bids.", err=as_json
    )
    click.echo(f"See what is missing in it by: lodeplan validate {path}", err=as_json)
