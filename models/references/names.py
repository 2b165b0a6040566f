"""Names: every one that a row uses is stated by another row, and no key stands twice."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from models.market import TABLES, Offer
from models.records.wording import suggest
from models.references.tables import STATED, Problem, Tables, some

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_LANES = {("lanes", "destination"), ("lane_terms", "destination")}
_MOST_SUGGESTIONS = 20
"""Looking for a near name among thousands takes a fifth of a second."""


def name_problems(tables: Tables) -> Iterator[Problem]:
    """Yield every name that no row states."""
    known = _known(tables)
    offers: dict[str, Offer] = {o.offer: o for _, o in tables.table("offers")}
    cures: dict[tuple[str, str, str], str] = {}
    references = [(table, *refers) for table, record in TABLES.items() for refers in record.REFERS.items()]
    for table, column, target in references:
        if target not in known or known[target].issuperset(filter(None, tables.list_values(table, column))):
            continue
        for row, record in tables.table(table):
            name = getattr(record, column)
            if name is None or name in known[target]:
                continue
            sold = offers.get(record.origin) if (table, column) in _LANES else None
            key = (name, target, sold.material if sold else "")
            if key not in cures:
                first = _ends(sold, offers.values()) | known["sites"] if sold else ()
                cures[key] = _cure(name, target, known, first, guess=len(cures) < _MOST_SUGGESTIONS)
            yield Problem(table, row, column, f"{name!r} is not among the {target}{cures[key]}")


def _known(tables: Tables) -> dict[str, set[str]]:
    """Return the names that rows may use, by what they are called together; of tables that were read."""
    known = {"periods": {period.name for period in tables.periods}}
    for table, columns in STATED.items():
        if table not in tables.unread:
            broken = tables.broken or {}
            known |= {
                kind: {*tables.list_values(table, column), *broken.get(kind, ())} for column, kind in columns.items()
            }
    known = {kind: names for kind, names in known.items() if kind not in tables.unread}
    known["currencies"] = known.get("currencies", set()) | {tables.currency}
    if not tables.currency:
        del known["currencies"]
    for several in {kind for record in TABLES.values() for kind in record.REFERS.values() if " and " in kind}:
        kinds = several.split(" and ")
        if known.keys() >= set(kinds):
            known[several] = set().union(*(known[kind] for kind in kinds))
    return known


def _ends(sold: Offer, offers: Iterable[Offer]) -> set[str]:
    """Return the offers of a material that take a feed, to which a lane from one that is sold may lead."""
    return {o.offer for o in offers if o.material == sold.material and o.yield_ is not None and o is not sold}


def _cure(name: str, target: str, known: Mapping[str, set[str]], first: Collection[str], *, guess: bool) -> str:
    """Say what to write for an unknown name; what comes `first` is suggested and listed before the rest."""
    there = known[target]
    if not there:
        return f"; none is declared; add it to {target}"
    near = (suggest(name, first) or suggest(name, there)) if guess else ""
    if near:
        return near
    if target == "currencies":
        return f"; add what one is worth to rates, or use one of them: {some(there)}"
    if target != "offers and sites":
        return f"; add it there or use one of them: {some(there)}"
    sites, offers = sorted(known["sites"]), sorted(set(first or there) - known["sites"])
    shown = [*sites[:3], *offers[: 6 - len(sites[:3])]]
    more = ", ..." if len(there) > len(shown) else ""
    return f"; add it there or use one of them: {', '.join(shown)}{more}"


def attribute_problems(tables: Tables) -> Iterator[Problem]:
    """Yield every attribute that is a column already, stands there twice, or is a score and no attribute."""
    columns = {field.alias or name for name, field in Offer.model_fields.items()}
    for index, name in enumerate(tables.attributes):
        if name in columns:
            yield Problem("attributes", index, None, f"{name!r} is a column of offers already; give it another name")
        if name in tables.attributes[:index]:
            yield Problem("attributes", index, None, f"{name!r} stands there twice; remove one")
    for index, name in enumerate(tables.scores):
        if name not in tables.attributes:
            cure = suggest(name, tables.attributes)
            yield Problem("scores", index, None, f"{name!r} is not declared; add it to `attributes` as well{cure}")


def _are_apart(tables: Tables, table: str) -> bool:
    """Whether no two rows of a table have the same key."""
    records = list(tables.records(table))
    return len({*map(attrgetter(*records[0].KEY), records)}) == len(records) if records else True


def key_problems(tables: Tables) -> Iterator[Problem]:
    """Yield every key that stands twice, and every site that is called as an offer."""
    names = [period.name for period in tables.periods]
    for index, period in enumerate(names):
        if period in names[:index]:
            yield Problem("periods", index, "name", f"{period!r} stands there twice; give each period its own name")
    for table in tables.rows:
        if _are_apart(tables, table):
            continue
        first: dict[tuple[object, ...], int] = {}
        for row, record in tables.table(table):
            if record.key in first:
                shown = ", ".join(str(part) for part in record.key if part is not None)
                message = f"{shown} stands there twice; keep one of the two rows"
                yield Problem(table, row, " + ".join(record.KEY), message)
            first.setdefault(record.key, row)
    offers = tables.names("offers", "offer")
    both = [(row, site.site) for row, site in tables.table("sites") if site.site in offers]
    if both:
        row, name = both[0]
        more = f" (and {len(both) - 1} more)" if len(both) > 1 else ""
        where = [
            table for table in ("sites", "demand", "products", "stock") if table == "sites" or any(tables.table(table))
        ]
        message = (
            f"{name!r}{more} is an offer as well, and a lane could lead to either; rename the site everywhere, such as "
            f"{f'{name} site'!r} (in {some(where)}, lanes that lead to it, and limits)"
        )
        yield Problem("sites", row, "site", message)
