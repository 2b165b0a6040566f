"""``lodeplan import declarations``: a draft of an instance from declarations of suppliers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.errors import InputError
from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.declarations.reading import Declaration


@click.command("declarations")
@click.argument("files", type=options.PATH, nargs=-1, required=True)
@click.option("-o", "--output", type=options.PATH, help="Folder to create: a draft of an instance.")
@click.option("--dry-run", is_flag=True, help="Say what is found, and write nothing.")
@click.option(
    "--same", multiple=True, metavar="NAME=NAME", help="Two names, or numbers, of one company; the second stays."
)
@click.option(
    "--country", multiple=True, metavar="WHAT=COUNTRY", help="The country of a smelter's number, or of a spelling."
)
@options.as_json("Print JSON for programs: smelters, origins, who declared them, what was left.")
def import_declarations_command(  # noqa: PLR0913 (options of a command)
    *,
    files: tuple[Path, ...],
    output: Path | None,
    dry_run: bool,
    same: tuple[str, ...],
    country: tuple[str, ...],
    as_json: bool,
) -> None:
    """Draft an instance from declarations, FILES: workbooks on the templates EMRT, CMRT, AMRT and CRT, together.

    Smelters become offers, once each, and mines their origins. Declarations state no quantities, prices and owners: a
    question mark stands in the tables where one is to be filled in, and nothing is solved before.
    """
    from optimizer.declarations.description import describe_match, match_data
    from optimizer.declarations.drafting import write_draft
    from optimizer.declarations.matching import match
    from optimizer.draft_folder import check_free

    if output is None and not dry_run:
        raise InputError(["say where the draft goes: -o FOLDER, or --dry-run to look first"])
    faults: list[str] = []
    pairs = [_split(text, "--same", "NAME=NAME", faults) for text in same]
    decisions = _decisions(country, faults)
    declarations = _read_all(files, faults)
    found = match(declarations, [pair for pair in pairs if all(pair)], decisions)
    found.faults[:0] = faults
    if declarations:
        click.echo(json_text(match_data(found)) if as_json else describe_match(found), nl=False)
    if not found.faults and not found.smelters:
        found.faults.append("no smelter is declared in these files, so there is nothing to draft")
    if found.faults:
        raise InputError(found.faults)
    if dry_run or output is None:
        click.echo("Nothing is written (--dry-run).", err=as_json)
        return
    check_free(output)
    write_draft(found, output)
    click.echo(f"A draft is written to {output}; each ? in its tables is to be filled in.", err=as_json)
    click.echo(f"See what is missing by: lodeplan validate {output}", err=as_json)


def _read_all(files: tuple[Path, ...], faults: list[str]) -> list[Declaration]:
    """Return all declarations that can be read, each file once; what is wrong with others is noted."""
    from optimizer.declarations.reading import read_declaration

    names = [file.name for file in files]
    declarations = []
    for file in dict.fromkeys(files):
        try:
            called = file.name if names.count(file.name) == 1 else str(file)
            declarations.append(read_declaration(file, called))
        except InputError as error:
            faults.extend(error.problems)
    return declarations


def _split(text: str, option: str, shape: str, faults: list[str]) -> tuple[str, str]:
    one, _, other = (part.strip() for part in text.partition("="))
    if not (one and other):
        faults.append(f"{option}: {text!r} is not {shape}")
        return "", ""
    return one, other


def _decisions(country: tuple[str, ...], faults: list[str]) -> dict[str, str]:
    """Return the code of a country by the spelling or the number that it is decided for."""
    from models.records.countries import read_country

    decisions = {}
    for text in country:
        what, name = _split(text, "--country", "WHAT=COUNTRY", faults)
        try:
            if what:
                decisions[what] = read_country(name)
        except ValueError as error:
            faults.append(f"--country {what}: {error}")
    return decisions
