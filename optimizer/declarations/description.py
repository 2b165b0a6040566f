"""What declarations say together, and what is missing, to be shown to people and programs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from models.records.countries import UNDISCLOSED
from models.records.wording import format_count, list_some
from optimizer.declarations.drafting import name_offers
from optimizer.report.layout import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.declarations.matching import MatchedDeclarations, Smelter


def describe_match(found: MatchedDeclarations) -> str:
    """Return what was found, for people."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: MatchedDeclarations) -> Iterator[str]:
    for one in found.declarations:
        rows = (
            f"{format_count(len(one.smelters), 'rows')} of smelters and {format_count(len(one.mines), 'rows')} of mines"
        )
        yield wrap(f"{one.file}: {one.template.name} {one.template.version} of {one.supplier}, {rows}.", later=2)
    yield ""
    metals = Counter(one.metal for one in found.smelters)
    counted = ", ".join(f"{count} of {metal}" for metal, count in metals.items())
    yield wrap(f"{format_count(len(found.smelters), 'smelters')}{f': {counted}' if counted else ''}.")
    for name, smelter in zip(name_offers(found.smelters), found.smelters, strict=True):
        yield from _tell_smelter(name, smelter)
    if found.told:
        yield ""
        yield "Told on the way:"
        yield from (wrap(line, first=2, later=4) for line in found.told)
    if found.near:
        yield ""
        yield wrap("Nearly one name, and kept apart; where both are one company, the second is kept with:")
        yield from (wrap(f"--same {_shell(f'{one}={other}')}", first=2, later=4) for one, other in found.near)
    yield ""
    yield from (wrap(line) for line in _missing(found))


def _tell_smelter(name: str, one: Smelter) -> Iterator[str]:
    where = "place undisclosed" if one.country == UNDISCLOSED else one.country
    suppliers = list(dict.fromkeys(declared.supplier for declared in one.declared))
    yield wrap(f"{name}: {one.metal}, {where}; declared by {list_some(suppliers)}", first=2, later=4)
    ore = [
        f"{'no country stated' if code == UNDISCLOSED else code}{f' ({list_some(mines)})' if mines else ''}"
        for code, mines in one.mines.items()
    ]
    recycled = ["recycled or scrap"] if one.recycled else []
    yield wrap(f"ore: {'; '.join([*ore, *recycled]) or 'no origin stated'}", first=4, later=6)


def _missing(found: MatchedDeclarations) -> Iterator[str]:
    """Yield what declarations leave open, counted."""
    nobody = sum(not one.company for one in found.smelters)
    if nobody:
        yield f"Not yet identified: {format_count(nobody, 'smelters')}, kept as offers of undisclosed place."
    nowhere = sum(bool(one.company) and one.country == UNDISCLOSED for one in found.smelters)
    if nowhere:
        yield f"Without a country: {format_count(nowhere, 'smelters')}, kept as undisclosed (ZZ)."
    bare = sum(not any(code != UNDISCLOSED for code in one.mines) for one in found.smelters)
    if bare:
        yield f"Without a country of mining: {format_count(bare, 'smelters')}; the ore counts as undisclosed."
    origins = sum(code != UNDISCLOSED for one in found.smelters for code in one.mines)
    if origins:
        yield f"Without a share: {format_count(origins, 'origins')}; declarations state none, and none is invented."
    yield "Without tonnes, price and owner: every smelter; declarations state none. Demand and its place are yours."


def _shell(text: str) -> str:
    """Return an argument as a shell reads it."""
    import shlex

    return shlex.quote(text)


def match_data(found: MatchedDeclarations) -> dict[str, Any]:
    """Return the same for programs."""
    return {
        "declarations": [
            {
                "file": one.file,
                "template": one.template.name,
                "version": one.template.version,
                "supplier": one.supplier,
                "smelter_rows": len(one.smelters),
                "mine_rows": len(one.mines),
            }
            for one in found.declarations
        ],
        "smelters": [
            {
                "offer": name,
                "company": one.company or None,
                "number": one.number,
                "material": one.metal,
                "country": one.country,
                "recycled": one.recycled,
                "declared": [declared._asdict() for declared in one.declared],
                "origins": one.mines,
            }
            for name, one in zip(name_offers(found.smelters), found.smelters, strict=True)
        ],
        "told": found.told,
        "near": [list(pair) for pair in found.near],
        "problems": found.faults,
    }
