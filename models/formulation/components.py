"""The parts of an instance: groups of materials that no limit and no corridor couples.

Each part is an instance of its own, and the sum of their cheapest plans is the cheapest plan of the
whole. They are solved apart, and a change to one leaves what is known of the others (decision 6).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from models.enforcement import EnforcedInstance, prepare
from models.formulation.blocks import BLOCKS
from models.instance import SolveSettings
from models.market import TABLES, PreparedMarket, Rate
from models.market.exchange import find_in_force
from models.records.validity import DATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from models.limits import AnyLimit, Limit
    from models.market import Market, Record
    from models.market.scenario import Scenario

L = TypeVar("L", bound="Limit")
Group = tuple[str, ...]
"""The materials of one part."""

_ALWAYS = datetime.date.min
"""The day whose knowledge counts in a part: it holds only what is known."""

_SEEN = ("known_from", "looked_at")


def parts(instance: EnforcedInstance) -> list[EnforcedInstance]:
    """Return the parts, in the order of their first materials.

    A part keeps the records that concern its materials (the same objects, so that comparing two parts
    is quick) and no others, and limits say of it what they say of it alone: two instances that differ in
    one material have all other parts equal. A scenario that hits nothing in a part is the calm there, by comparison of
    records. The parts are taken as valid and not validated again.
    """
    groups = _groups(instance)
    market = instance.market
    of_material = {material: group for group in groups for material in group}
    split = _split(market, of_material)
    pieces = [
        instance.model_copy(
            update={
                "name": " + ".join(group),
                "title": "",
                "market": market.model_copy(
                    update={"as_of": _ALWAYS, "start": _start_of(split, group, market)}
                    | {table: tuple(rows.get(group, ())) for table, rows in split.items()}
                    | {table: () for table, record in TABLES.items() if record.WHOLE}
                ),
                "limits": limits_of(group, instance),
                "policies": (),
                "cases": {},
                "solve": SolveSettings(),
                "risk": instance.risk if instance.foreseen and _is_risk_tied(instance) else None,
            }
        )
        for group in groups
    ]
    if not instance.foreseen:
        return pieces
    tying = tuple(limit for limit in instance.limits if limit.in_responses)
    if len(tying) == len(instance.limits) and not _is_risk_tied(instance):
        return _foreseeing(pieces, instance.foreseen, of_material)
    # Other limits and measures of risk hold for the plan, and tie no response: what nothing hits goes on as planned.
    apart = parts(EnforcedInstance(instance.model_copy(update={"limits": tying, "risk": None})))
    hits = {material: unit.foreseen for unit in apart for material in list(unit.market.material)[:1]}
    return [
        EnforcedInstance(piece.foreseeing(hit for material in piece.market.material for hit in hits.get(material, ())))
        for piece in pieces
    ]


def _foreseeing(
    pieces: Sequence[EnforcedInstance], scenarios: Sequence[Scenario], of_material: Mapping[str, Group]
) -> list[EnforcedInstance]:
    """Return the parts, each to be planned for those scenarios that may happen and hit anything in it."""
    hits: dict[str, list[Scenario]] = defaultdict(list)
    for scenario in scenarios:
        split = _split(scenario.market, of_material)
        for piece in pieces:
            calm, group = prepare(piece), tuple(piece.market.material)
            if not scenario.market.material.keys() & piece.market.material.keys():
                continue  # of a part that was split before: it says nothing of other materials
            other: dict[str, Any] = {}
            for table, record in TABLES.items():
                if record.WHOLE:
                    continue
                rows = tuple(split[table].get(group, ())) if table in split else getattr(scenario.market, table)
                other |= {table: rows} if rows != getattr(calm, table) else {}
            losses = {sale: share for sale, share in scenario.losses.items() if sale[0] in calm.offer}
            if scenario.probability > 0 and (other or losses):
                if other and calm.start is None:  # days may turn in the scenario alone
                    other["start"] = _start_of(split, group, scenario.market)
                market = PreparedMarket(calm.model_copy(update=other)) if other else calm
                hits[piece.name].append(scenario._replace(market=market, losses=losses))
    return [EnforcedInstance(piece.foreseeing(hits[piece.name])) for piece in pieces]


def limits_of(materials: tuple[str, ...], instance: EnforcedInstance) -> tuple[AnyLimit, ...]:
    """Return what the limits of an instance say of some of its materials alone."""
    return _within(instance.limits, materials, instance.market)


def limits_in_responses(limits: Iterable[L], market: Market) -> tuple[L, ...]:
    """Return what those of some limits that hold in responses say of the materials of a market."""
    return _within((limit for limit in limits if limit.in_responses), tuple(market.material), market)


def _within(limits: Iterable[L], materials: tuple[str, ...], market: Market) -> tuple[L, ...]:
    some = [limit for limit in limits if any(limit.speaks_of(material, market) for material in materials)]
    return tuple(one for limit in some if (one := limit.within(materials)) is not None)


def _groups(instance: EnforcedInstance) -> list[Group]:
    """Return the materials of each part."""
    head = {material: material for material in instance.market.material}

    def find(material: str) -> str:
        while head[material] != material:
            material = head[material]
        return material

    for group in _ties(instance):
        for one, other in pairwise(group):
            head[find(other)] = find(one)
    members: dict[str, list[str]] = defaultdict(list)
    for material in head:
        members[find(material)].append(material)
    return sorted(map(tuple, members.values()), key=lambda group: list(head).index(group[0]))


def _ties(instance: EnforcedInstance) -> Iterator[tuple[str, ...]]:
    """Yield groups of materials that have something in common."""
    market = instance.market
    for limit in instance.limits:
        if not limit.watch:
            yield from limit.couples(market)
    for block in BLOCKS:
        yield from block.couples(market)
    if instance.foreseen and _is_risk_tied(instance):
        yield tuple(market.material)


def _is_risk_tied(instance: EnforcedInstance) -> bool:
    """Whether what a scenario costs counts as a whole: an expected cost is the sum of those of the parts."""
    return instance.risk is not None and instance.risk.measure != "expected"


def _split(market: Market, group: Mapping[str, Group]) -> dict[str, dict[Group, list[Record]]]:
    """Return the rows by part of each table of which not all rows belong to all parts.

    A row belongs where what it names does: a material, an offer, the offers of a company. Tables whose rows are found
    by a name that they give come last: such a row belongs where others use it.
    """
    belongs: dict[str, dict[str | None, dict[Group, None]]] = defaultdict(dict)
    belongs["materials"] = {material: {part: None} for material, part in group.items()}
    by_name = {table for table, record in TABLES.items() if record.PART and record.NAMES.keys() >= {*record.PART}}
    found = {TABLES[table].NAMES[TABLES[table].PART[0]] for table in by_name} - {"materials"}
    split: dict[str, dict[Group, list[Record]]] = {}
    for table in sorted((table for table, record in TABLES.items() if record.PART), key=by_name.__contains__):
        record, rows = TABLES[table], _in_force(getattr(market, table), market)
        names = {**record.NAMES, **record.REFERS}
        parts: list[Mapping[Group, None] | None] = [None] * len(rows)
        for column in record.PART:
            known = belongs[names[column]]
            parts = [its or known.get(name) for its, name in zip(parts, map(attrgetter(column), rows), strict=True)]
        split[table] = defaultdict(list)
        for row, its in zip(rows, parts, strict=True):
            for part in its or ():
                split[table][part].append(row)
        for column, kind in names.items():
            if (table not in by_name and column in record.NAMES) or (kind in found and column not in record.PART):
                for name, its in zip(map(attrgetter(column), rows), parts, strict=True):
                    belongs[kind].setdefault(name, {}).update(its or {})
    return split


def _in_force(rows: Sequence[Any], market: Market) -> Sequence[Any]:
    """Return rows as they are, but of those with days of validity what holds on any day that is looked at.

    What holds on all of them loses its days. When the rest became known, and was looked at, says nothing any more.
    """
    if rows and isinstance(rows[0], Rate):
        return list(find_in_force(rows, market.horizon))
    if not rows or not _is_dated(type(rows[0])):
        return rows
    kept = []
    for row in rows:
        if market.shares_of(row):
            said = [name for name in ((*DATES, *_SEEN) if market.always_holds(row) else _SEEN) if getattr(row, name)]
            kept.append(row.model_copy(update=dict.fromkeys(said)) if said else row)
    return kept


def _start_of(split: Mapping[str, Mapping[Group, Sequence[Any]]], group: Group, market: Market) -> datetime.date | None:
    """Return the day on which a part starts; None where days say nothing, as no row turns."""
    rows = (row for table in split if _is_dated(TABLES[table]) for row in split[table].get(group, ()))
    turns = any(getattr(row, name) for row in rows for name in DATES)
    turns = turns or any(offer.minimum_take_per == "year" for offer in split["offers"].get(group, ()))
    turns = turns or any(tier.per == "year" for tier in split["tiers"].get(group, ()))
    turns = turns or any(lane.lead_time_days for lane in split["lanes"].get(group, ()))
    return market.start if turns or any(rate.from_date for rate in split["rates"].get(group, ())) else None


def _is_dated(record: type[Record]) -> bool:
    return "valid_from" in record.model_fields
