"""A draft of an instance from declarations: what they say is filled in, and a question mark stands for all the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.records.countries import UNDISCLOSED
from models.records.wording import format_count
from models.references.spellings import canonical
from optimizer.declarations.words import basis_of
from optimizer.draft_folder import check_free, write_draft_folder
from optimizer.files.cells import TO_FILL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from optimizer.declarations.matching import MatchedDeclarations, Smelter

MINED, REFINED = "mined", "refined"
_MOST_TEXT = 9_000
_COMMENT = f"""\
# A draft of declarations. They name no quantity, no price and no owner: write those in place of each {TO_FILL} in the
# tables; `lodeplan validate` lists what is still missing. DECLARED.md says who declared what. Currency, unit and period
# are only a beginning, too: change them to yours.
"""


def write_draft(found: MatchedDeclarations, path: Path) -> None:
    """Write the folder of a draft, whole or not at all.

    Raises:
        InputError: something stands there already, or it cannot be written.
    """
    check_free(path)
    metals = list(dict.fromkeys(one.metal for one in found.smelters))
    names = name_offers(found.smelters)
    offers = ["offer", "company", "material", "stage", "country", "capacity", "price", "note", "source"]
    tables: dict[str, Sequence[Sequence[object]]] = {
        "materials": [
            ["material", "stages", "basis"],
            *([metal, f"{MINED}; {REFINED}", basis_of(metal)] for metal in metals),
        ],
        "offers": [[*offers], *(_offer(name, one) for name, one in zip(names, found.smelters, strict=True))],
        "origins": [["offer", "stage", "country", "share", "note"], *_origins(names, found.smelters)],
        "owners": [["company", "country", "share"], *([c, TO_FILL, TO_FILL] for c in _identified(found.smelters))],
    }
    title = f"Draft of {format_count(len(found.declarations), 'declarations')}"
    pages = {"DECLARED.md": "\n".join(_declared(names, found)) + "\n"}
    write_draft_folder(path, title, _COMMENT, "USD", metals, tables, pages)


def company_of(one: Smelter) -> str:
    """Return the company of a smelter; one that is not identified stands for nobody but itself."""
    return one.company or one.name


def name_offers(smelters: list[Smelter]) -> list[str]:
    """Return the name of each offer: that of its smelter, with the metal where a smelter has several."""
    spelt = [canonical(one.name) for one in smelters]
    return [
        f"{one.name} {one.metal}" if spelt.count(key) > 1 else one.name
        for one, key in zip(smelters, spelt, strict=True)
    ]


def _identified(smelters: list[Smelter]) -> list[str]:
    return list({canonical(one.company): one.company for one in smelters if one.company}.values())


def _offer(name: str, one: Smelter) -> list[object]:
    notes = [
        "recycled or scrap" if one.recycled else "",
        "" if one.is_listed else "not on the template's list of smelters",
        f"mines without a country: {'; '.join(one.mines[UNDISCLOSED])}" if one.mines.get(UNDISCLOSED) else "",
    ]
    sources = dict.fromkeys(f"{declared.template} of {declared.supplier}" for declared in one.declared)
    note = ". ".join(filter(None, notes))[:_MOST_TEXT] or None
    return [name, company_of(one), one.metal, REFINED, one.country, TO_FILL, TO_FILL, note, _cut("; ".join(sources))]


def _origins(names: list[str], smelters: list[Smelter]) -> Iterator[list[object]]:
    for name, one in zip(names, smelters, strict=True):
        for code, mines in one.mines.items():
            if code != UNDISCLOSED:
                yield [name, MINED, code, None, _cut("; ".join(mines)) or None]


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]} ..."


def _declared(names: list[str], found: MatchedDeclarations) -> Iterator[str]:
    """Yield the lines of the page that says who declared what."""
    yield "# Who declared what"
    for name, one in zip(names, found.smelters, strict=True):
        yield f"\n## {_plain(name)} ({_plain(one.metal)}, {one.country})\n"
        for declared in one.declared:
            yield f"- declared by {_plain(declared.supplier)}, {declared.template}: {_plain(declared.place)}"
        for code, mines in one.mines.items():
            yield f"- ore of {code}{': ' if mines else ''}{_plain('; '.join(mines))}"
    if found.told:
        yield "\n## Told on the way\n"
        yield from (f"- {_plain(line)}" for line in found.told)


def _plain(text: str) -> str:
    """Return a text that no reader of Markdown takes for markup."""
    signs = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#|!"})
    return " ".join(text.split()).translate(signs)
