"""Cross-references of a market: every name that one row uses must be what another row states.

A record checks its own values; what only several rows together can break is checked here, each
problem named by table, row and column so that the reader of a file can point at the cell.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.wording import show, suggest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from models.market import Lane, Market, Material, Offer, Period, Tier

_ROUNDING = 1e-9
_MOST_SUGGESTIONS = 20
"""Looking for a near name among thousands takes a fifth of a second."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (table, index of the row, column) and a sentence."""

    table: str
    row: int | None
    column: str | None
    message: str


@dataclass(frozen=True)
class Tables:
    """The rows that could be read, and the names of those that could not."""

    rows: Mapping[str, Sequence[Any]]
    """Records by table; a row that could not be read is None."""
    periods: tuple[Period, ...]
    attributes: tuple[str, ...] = ()
    broken: Mapping[str, Collection[str]] | None = None
    """Names that rows with other problems would state, by table: not to be called unknown."""
    unread: Collection[str] = ()
    """Tables of which not even the names could be read: nothing is called unknown to them."""
    scores: tuple[str, ...] = ()

    def table(self, name: str) -> Iterator[tuple[int, Any]]:
        """Yield (index, record) of every row of a table that could be read."""
        return ((i, record) for i, record in enumerate(self.rows.get(name, ())) if record is not None)

    def names(self, table: str, column: str) -> set[str]:
        """Return every name that a column of a table states."""
        stated = {getattr(record, column) for _, record in self.table(table)}
        return stated | set((self.broken or {}).get(table, ()))


def problems(tables: Tables) -> Iterator[Problem]:
    """Yield every problem between the rows of a market, in the order of its tables."""
    yield from _attributes(tables)
    yield from _duplicate_keys(tables)
    yield from _unknown_names(tables)
    yield from _materials(tables)
    yield from _offers(tables)
    yield from _borders(tables)
    yield from _tiers(tables)
    yield from _commitments(tables)
    yield from _shares(tables)
    yield from _origins(tables)
    yield from _lanes(tables)
    yield from _stock(tables)


def problems_of(market: Market) -> Iterator[Problem]:
    """Yield every problem between the rows of a market that was not read from a file."""
    from models.market import TABLES  # noqa: PLC0415 (market calls this module to validate itself)

    rows = {name: getattr(market, name) for name in TABLES}
    return problems(Tables(rows, market.periods, market.attributes, scores=market.scores))


_REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("conversions", "material", "materials"),
    ("demand", "site", "sites"),
    ("demand", "material", "materials"),
    ("demand", "period", "periods"),
    ("offers", "material", "materials"),
    ("offers", "from_period", "periods"),
    ("offers", "to_period", "periods"),
    ("tiers", "offer", "offers"),
    ("commitments", "offer", "offers"),
    ("commitments", "period", "periods"),
    ("owners", "offer", "offers"),
    ("owners", "company", "companies"),
    ("origins", "offer", "offers"),
    ("lanes", "origin", "offers"),
    ("lanes", "destination", "offers and sites"),
    ("lanes", "corridor", "corridors"),
    ("duties", "material", "materials"),
    ("controls", "material", "materials"),
    ("stock", "site", "sites"),
    ("stock", "material", "materials"),
    ("earlier", "offer", "offers"),
    ("earlier", "period", "periods"),
)


def _unknown_names(tables: Tables) -> Iterator[Problem]:
    companies = {offer.company for _, offer in tables.table("offers")}
    known = {
        "materials": tables.names("materials", "material"),
        "sites": tables.names("sites", "site"),
        "offers": tables.names("offers", "offer"),
        "companies": companies | set((tables.broken or {}).get("companies", ())),
        "corridors": tables.names("corridors", "corridor"),
        "periods": {period.name for period in tables.periods},
    }
    known["offers and sites"] = known["offers"] | known["sites"]
    unread = set(tables.unread)
    unread |= {"companies"} if "offers" in unread else set()
    unread |= {"offers and sites"} if unread & {"offers", "sites"} else set()
    offers: dict[str, Offer] = {o.offer: o for _, o in tables.table("offers")}
    cures: dict[tuple[str, str, str], str] = {}
    for table, column, target in _REFERENCES:
        if target in unread:
            continue
        for row, record in tables.table(table):
            name = getattr(record, column)
            if name is None or name in known[target]:
                continue
            sold = offers.get(record.origin) if column == "destination" else None
            key = (name, target, sold.material if sold else "")
            if key not in cures:
                first = _ends(sold, offers.values()) | known["sites"] if sold else ()
                cures[key] = _cure(name, target, known, first, guess=len(cures) < _MOST_SUGGESTIONS)
            yield Problem(table, row, column, f"{name!r} is not among the {target}{cures[key]}")


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
    if target != "offers and sites":
        return f"; add it there or use one of them: {_some(there)}"
    sites, offers = sorted(known["sites"]), sorted(set(first or there) - known["sites"])
    shown = [*sites[:3], *offers[: 6 - len(sites[:3])]]
    more = ", ..." if len(there) > len(shown) else ""
    return f"; add it there or use one of them: {', '.join(shown)}{more}"


def _attributes(tables: Tables) -> Iterator[Problem]:
    from models.market import Offer  # noqa: PLC0415 (as above)

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


def _duplicate_keys(tables: Tables) -> Iterator[Problem]:
    names = [period.name for period in tables.periods]
    for index, period in enumerate(names):
        if period in names[:index]:
            yield Problem("periods", index, "name", f"{period!r} stands there twice; give each period its own name")
    for table in tables.rows:
        first: dict[tuple[object, ...], int] = {}
        for row, record in tables.table(table):
            if record.key in first:
                shown = ", ".join(str(part) for part in record.key if part is not None)
                message = f"{shown} stands there twice; keep one of the two rows"
                yield Problem(table, row, " + ".join(record.KEY), message)
            first.setdefault(record.key, row)
    offers = tables.names("offers", "offer")
    for row, site in tables.table("sites"):
        if site.site in offers:
            yield Problem("sites", row, "site", f"{site.site!r} is also an offer; give the site another name")


def one_stage(stages: object) -> str | None:
    """Say what is wrong when the only stage of a material holds a comma, or return None.

    >>> one_stage("mined, refined")
    "'mined, refined' reads as one stage; separate the stages with semicolons: mined; refined"
    """
    alone = stages[0] if isinstance(stages, (list, tuple)) and len(stages) == 1 else stages
    if not isinstance(alone, str) or "," not in alone or ";" in alone:
        return None
    parts = [part.strip() for part in alone.split(",") if part.strip()]
    if isinstance(stages, str):
        return f"{show(alone)} reads as one stage; separate the stages with semicolons: {'; '.join(parts)}"
    return f"{show(alone)} reads as one stage; write each stage by itself: {', '.join(map(repr, parts))}"


def _materials(tables: Tables) -> Iterator[Problem]:
    for row, material in tables.table("materials"):
        fault = one_stage(material.stages)
        if fault is not None:
            yield Problem("materials", row, "stages", fault)
        for stage in sorted({s for s in material.stages if material.stages.count(s) > 1}):
            message = f"stage {stage!r} comes twice, so the chain would run in a circle; name each stage once"
            yield Problem("materials", row, "stages", message)
        names = (material.material, *material.known_as)
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem("materials", row, "known_as", f"{name!r} names it already; write each name once")


def _offers(tables: Tables) -> Iterator[Problem]:
    materials: dict[str, Material] = {m.material: m for _, m in tables.table("materials")}
    bases = _known_bases(tables)
    for row, offer in tables.table("offers"):
        material = materials.get(offer.material)
        if material:
            yield from _stage_of(row, "offers", offer.stage, material)
            if offer.yield_ is not None and offer.stage == material.stages[0]:
                message = f"the first stage of {material.material} has no feed; leave the yield empty"
                yield Problem("offers", row, "yield", message)
        yield from _basis_of(row, "offers", offer, offer.material, bases)
        yield from _terms_of(row, offer, tables)
    for row, need in tables.table("demand"):
        yield from _basis_of(row, "demand", need, need.material, bases)


def _borders(tables: Tables) -> Iterator[Problem]:
    """Yield what is wrong with duties and controls: their stage, their dates, their countries."""
    materials: dict[str, Material] = {m.material: m for _, m in tables.table("materials")}
    for table in ("duties", "controls"):
        for row, fact in tables.table(table):
            if fact.material in materials:
                yield from _stage_of(row, table, fact.stage, materials[fact.material])
            for first, last in (("valid_from", "valid_to"), ("suspended_from", "suspended_to")):
                start, end = getattr(fact, first), getattr(fact, last)
                if start and end and end < start:
                    yield Problem(table, row, last, f"{end} lies before {first} {start}; exchange them")
            if table == "controls" and fact.from_country == fact.to_country:
                message = f"{fact.to_country} is the country itself, in which lanes stay open; write another or none"
                yield Problem(table, row, "to_country", message)


def _terms_of(row: int, offer: Offer, tables: Tables) -> Iterator[Problem]:
    if offer.price < 0 and not offer.resale:
        message = f"{offer.price:g} is below zero; write 0 or more, or resale = yes when the buyer is paid"
        yield Problem("offers", row, "price", message)
    if offer.minimum_take > offer.capacity:
        message = f"{offer.minimum_take:g} is above the capacity of {offer.capacity:g}; lower it"
        yield Problem("offers", row, "minimum_take", message)
    if offer.switching_cost and offer.incumbent_quantity and not offer.minimum_take:
        message = "an incumbent with a switching cost would be kept for nothing; state the minimum_take that keeps it"
        yield Problem("offers", row, "minimum_take", message)
    if offer.incumbent_quantity:
        for column in ("opening_cost", "qualification"):
            if getattr(offer, column):
                message = "an offer that is bought today is open and qualified; leave it empty, or incumbent_quantity"
                yield Problem("offers", row, column, message)
    for attribute in offer.attributes:
        if attribute not in tables.attributes:
            hint = suggest(attribute, tables.attributes)
            message = f"{attribute!r} is not declared; add it to `attributes` in the header{hint}"
            yield Problem("offers", row, attribute, message)
    yield from _window_of(row, offer, [period.name for period in tables.periods])


def _window_of(row: int, offer: Offer, periods: Sequence[str]) -> Iterator[Problem]:
    """Yield why there is no period in which an offer can be bought."""
    if not periods or {offer.from_period, offer.to_period} - {None, *periods}:
        return
    first, last = periods.index(offer.from_period or periods[0]), periods.index(offer.to_period or periods[-1])
    if last < first:
        message = f"{offer.to_period} comes before from_period {offer.from_period}; exchange them"
        yield Problem("offers", row, "to_period", message)
    elif first + offer.qualification > last:
        message = (
            f"{offer.qualification} from {periods[first]} on leaves no period until {periods[last]} in which it can "
            f"be sold; write {last - first} or less, or remove the offer"
        )
        yield Problem("offers", row, "qualification", message)


def _stage_of(row: int, table: str, stage: str, material: Material) -> Iterator[Problem]:
    if stage not in material.stages:
        cure = suggest(stage, material.stages) or f"; use one of {_some(material.stages)}"
        yield Problem(table, row, "stage", f"{stage!r} is not a stage of {material.material}{cure}")


def _known_bases(tables: Tables) -> dict[str, set[str]]:
    bases: dict[str, set[str]] = defaultdict(set)
    for _, material in tables.table("materials"):
        bases[material.material].add(material.basis)
    for _, conversion in tables.table("conversions"):
        bases[conversion.material].add(conversion.basis)
    return bases


def _basis_of(row: int, table: str, record: Any, material: str, bases: Mapping[str, set[str]]) -> Iterator[Problem]:
    known = bases.get(material)
    if record.basis is not None and known and record.basis not in known:
        message = (
            f"{record.basis!r} is not the basis of {material} ({_some(known)}), and bases do not mix; "
            "state the figures in that basis or add the factor to conversions"
        )
        yield Problem(table, row, "basis", message)


def _tiers(tables: Tables) -> Iterator[Problem]:
    offers: dict[str, Offer] = {o.offer: o for _, o in tables.table("offers")}
    by_offer: dict[str, list[tuple[int, Tier]]] = defaultdict(list)
    for row, tier in tables.table("tiers"):
        by_offer[tier.offer].append((row, tier))
        offer = offers.get(tier.offer)
        if offer and tier.price < 0 and not offer.resale:
            message = f"{tier.price:g} is below zero; write 0 or more, or resale = yes for the offer"
            yield Problem("tiers", row, "price", message)
    for name, steps in by_offer.items():
        if len({tier.kind for _, tier in steps}) > 1:
            message = f"the tiers of {name} are of both kinds; make all incremental or all all-units"
            yield Problem("tiers", steps[-1][0], "kind", message)


def _commitments(tables: Tables) -> Iterator[Problem]:
    offers: dict[str, Offer] = {o.offer: o for _, o in tables.table("offers")}
    bases = _known_bases(tables)
    years = {period.name: period.years for period in tables.periods}
    for row, commitment in tables.table("commitments"):
        offer = offers.get(commitment.offer)
        if offer is None:
            continue
        wrong_basis = list(_basis_of(row, "commitments", commitment, offer.material, bases))
        yield from wrong_basis
        if commitment.period not in years or {offer.from_period, offer.to_period} - {None, *years}:
            continue
        shares = offer.shares(tuple(years))
        if commitment.period not in shares:
            when = f"; it can in {_some(shares)}" if shares else ""
            message = f"{offer.offer} cannot be bought in {commitment.period}{when}"
            yield Problem("commitments", row, "period", message)
        elif not wrong_basis:
            basis = commitment.basis or offer.basis
            in_basis = _factor(tables, offer.material, offer.basis) / _factor(tables, offer.material, basis)
            most = offer.capacity * shares[commitment.period] * years[commitment.period] * in_basis
            if commitment.quantity > most * (1 + _ROUNDING):
                said = f"{commitment.quantity:g}{f' {basis}' if basis else ''}"
                message = f"{said} is above the {most:g} that {offer.offer} has in {commitment.period}; lower it"
                yield Problem("commitments", row, "quantity", message)


def _factor(tables: Tables, material: str, basis: str | None) -> float:
    """Return how many units of a material's own basis one unit of another holds."""
    factors = (c.factor for _, c in tables.table("conversions") if (c.material, c.basis) == (material, basis))
    return next(factors, 1.0)


def _shares(tables: Tables) -> Iterator[Problem]:
    totals: dict[tuple[str, ...], float] = defaultdict(float)
    for row, owner in tables.table("owners"):
        if (owner.company is None) == (owner.offer is None):
            message = "a row speaks of a company or of one offer; fill in exactly one of the two columns"
            yield Problem("owners", row, "company", message)
            continue
        kind, whom = ("company", owner.company) if owner.company is not None else ("offer", owner.offer)
        yield from _too_much(totals, ("owners", kind, whom), owner.share, row, f"the owners of {whom}")
    for row, origin in tables.table("origins"):
        where = f"the {origin.stage} origins of {origin.offer}"
        yield from _too_much(totals, ("origins", origin.offer, origin.stage), origin.share, row, where)


def _too_much(
    totals: dict[tuple[str, ...], float], key: tuple[str, ...], share: float, row: int, what: str
) -> Iterator[Problem]:
    totals[key] += share
    if totals[key] > 1 + _ROUNDING:
        yield Problem(key[0], row, "share", f"{what} add up to {totals[key]:.4g}; they may not exceed 1")


def _origins(tables: Tables) -> Iterator[Problem]:
    offers: dict[str, Offer] = {o.offer: o for _, o in tables.table("offers")}
    materials: dict[str, Material] = {m.material: m for _, m in tables.table("materials")}
    for row, origin in tables.table("origins"):
        offer = offers.get(origin.offer)
        material = materials.get(offer.material) if offer else None
        if not offer or not material or offer.stage not in material.stages:
            continue
        yield from _stage_of(row, "origins", origin.stage, material)
        before = material.stages[: material.stages.index(offer.stage)]
        if origin.stage in material.stages and origin.stage not in before:
            message = (
                f"{origin.stage!r} does not come before {offer.stage!r}, the stage of {offer.offer}; "
                "declare earlier stages only"
            )
            yield Problem("origins", row, "stage", message)
        elif offer.yield_ is not None:
            message = (
                f"{offer.offer} has a yield, so its feed is bought over lanes and cannot be declared as well; "
                "remove one"
            )
            yield Problem("origins", row, "offer", message)


def _lanes(tables: Tables) -> Iterator[Problem]:
    offers: dict[str, Offer] = {o.offer: o for _, o in tables.table("offers")}
    materials: dict[str, Material] = {m.material: m for _, m in tables.table("materials")}
    sites = tables.names("sites", "site")
    for row, lane in tables.table("lanes"):
        origin = offers.get(lane.origin)
        material = materials.get(origin.material) if origin else None
        if origin and material and origin.stage in material.stages:
            fault = _misled(lane, origin, offers.get(lane.destination), material, lane.destination in sites)
            if fault:
                yield Problem("lanes", row, "destination", fault)
        if lane.capacity is not None and lane.minimum > lane.capacity:
            message = f"{lane.minimum:g} is above the lane's capacity of {lane.capacity:g}; lower it"
            yield Problem("lanes", row, "minimum", message)
    for row, corridor in tables.table("corridors"):
        if corridor.capacity is not None and corridor.minimum > corridor.capacity:
            message = f"{corridor.minimum:g} is above the corridor's capacity of {corridor.capacity:g}; lower it"
            yield Problem("corridors", row, "minimum", message)


def _misled(lane: Lane, origin: Offer, target: Offer | None, material: Material, to_site: bool) -> str | None:  # noqa: FBT001
    position = material.stages.index(origin.stage)
    last = position == len(material.stages) - 1
    if to_site:
        if last:
            return None
        return (
            f"{lane.destination!r} is a site and {lane.origin} sells {origin.stage} {material.material}, so the lane "
            f"skips a stage; sites take {material.stages[-1]}"
        )
    if target is None:
        return None
    if target.material != origin.material:
        return f"{lane.destination!r} handles {target.material}, not {origin.material}; lanes stay within a material"
    following = None if last else material.stages[position + 1]
    if target.stage != following:
        cure = f"the next stage is {following}" if following else "the last stage goes to sites"
        return f"{lane.destination!r} is at {target.stage}, so the lane skips a stage or turns back; {cure}"
    if target.yield_ is None:
        return f"{lane.destination!r} has no yield, so it takes no feed; state its yield or remove the lane"
    return None


def _stock(tables: Tables) -> Iterator[Problem]:
    for row, stock in tables.table("stock"):
        for column in ("opening", "closing_minimum"):
            if getattr(stock, column) > stock.capacity:
                message = f"{getattr(stock, column):g} is above the capacity of {stock.capacity:g}; lower it"
                yield Problem("stock", row, column, message)


def _some(names: Collection[str]) -> str:
    shown = sorted(names)[:6]
    return ", ".join(shown) + (", ..." if len(names) > len(shown) else "") if shown else "(none)"
