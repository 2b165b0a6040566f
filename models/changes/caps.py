"""``cap`` and ``ban``: how much may be attributed to somebody, at some stages of some materials.

A cap moves the limits that are there. It sets the level of every share cap that speaks of the same
country, bloc, company or offer, for the cells (material, stage) inside its scope; a limit that lies
partly outside is split, so that nothing outside changes. Cells of which none speaks get new limits.
With periods behind an ``@`` all that is meant are these, and a limit is split by them as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from models.changes.amounts import Amount, move_share, read_level
from models.changes.change import Edit
from models.changes.pieces import add_scope, confine, confine_to_periods, list_cells, rename
from models.changes.places import BASES, OWNED_FROM, read_places, split_places
from models.changes.selection import Subject, list_first, read_scope, read_subject, split_scope
from models.limits.ban import Ban
from models.limits.share_cap import ShareCap

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from models.changes.places import Basis, Scope
    from models.changes.selection import Cell
    from models.instance import Instance
    from models.limits import AnyLimit
    from models.market import Market


@dataclass(frozen=True, kw_only=True)
class _OnSubject(Edit):
    """A change of what may be attributed to somebody."""

    scope: str | None
    who: str
    places: tuple[str, ...]
    """What stands behind each ``@``."""

    @classmethod
    def _target(cls, said: str) -> tuple[str | None, str, tuple[str, ...]]:
        """Split ``[SCOPE:]WHO[@place|@control][@PERIODS]``."""
        scope, rest = split_scope(said)
        who, places = split_places(rest)
        if not who or scope == "":
            msg = f"names nobody; write {cls.VERB} {cls.FORM}, such as {cls.EXAMPLE}"
            raise ValueError(msg)
        return scope, who, places

    @staticmethod
    def _bases(who: Subject, basis: Basis | None) -> tuple[Basis | None, ...]:
        """Return the bases that are asked for: one, both, or none where there is only one question."""
        if who.has_basis:
            return BASES if basis is None else (basis,)
        if basis is not None:
            msg = f"{who.name} is no country or bloc, so it has no {basis} of its own; leave out @{basis}"
            raise ValueError(msg)
        return (None,)

    def _cells(self, market: Market, there: Scope) -> list[Cell]:
        """Return the cells in scope, at the stages that are named."""
        inside = read_scope(market, self.scope)
        cells = [cell for cell in inside if there.stages is None or cell[1] in there.stages]
        if not cells:
            msg = f"{self.scope} has no stage {' or '.join(there.stages or ())}; leave one of the two out"
            raise ValueError(msg)
        return cells

    def _within(self, there: Scope) -> str | None:
        """Return what names of limits say of the scope, the stages and the periods; None where there is none."""
        said = [place for place in self.places if place not in BASES]
        return ", ".join([*([] if self.scope is None else [self.scope]), *said]) or None if any(there) else self.scope

    def _name(self, who: Subject, basis: str | None, within: str | None) -> str:
        return add_scope(" ".join(filter(None, [self.VERB, who.spelling, basis])), within)


@dataclass(frozen=True, kw_only=True)
class CapChange(_OnSubject):
    """At most a share may be attributed to somebody."""

    VERB: ClassVar[str] = "cap"
    FORM: ClassVar[str] = "[SCOPE:]WHO[@place|@control][@PERIODS]=LEVEL"
    EXAMPLE: ClassVar[str] = "cap refined/graphite:CN=40%"

    level: Amount

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``[SCOPE:]WHO[@place|@control][@PERIODS]=LEVEL``."""
        target, value = cls.target_and_value(said)
        scope, who, places = cls._target(target)
        return cls(scope=scope, who=who, places=places, level=read_level(value), text=text, origin=origin)

    def apply(self, instance: Instance) -> Instance:
        """Move the share caps that speak of WHO, and add what is missing."""
        market = instance.market
        who, there = read_subject(self.who, market), read_places(self.places, market)
        bases = self._bases(who, there.basis)
        inside = set(self._cells(market, there))
        speaking = [
            limit
            for limit in instance.limits
            if isinstance(limit, ShareCap)
            and not limit.watch
            and getattr(limit, who.field) == who.name
            and limit.basis in bases
            and _speaks_in(limit, there.periods, market)
        ]
        limits: list[AnyLimit] = []
        for limit in instance.limits:
            if isinstance(limit, ShareCap) and limit in speaking:
                taken = {one.name for one in instance.limits if one is not limit} | {one.name for one in limits}
                limits += rename(self._move(limit, inside, there, market), taken)
            else:
                limits.append(limit)
        if not self.level.relative:
            asked = there.periods or tuple(market.years)
            rest = inside - {cell for cell in inside if _is_covered(cell, speaking, asked, market)}
            new = [one for basis in bases for one in self._new(who, basis, rest, there, market)]
            limits += rename(new, [limit.name for limit in limits])
        elif not any(inside & set(list_cells(limit, market)) for limit in speaking):
            raise ValueError(_describe_missing_level(self, there, instance))
        return instance.model_copy(update={"limits": tuple(limits)})

    def _move(self, limit: ShareCap, inside: Collection[Cell], there: Scope, market: Market) -> Iterator[ShareCap]:
        """Yield the limit outside of the scope as it is, and inside with its new level."""
        here = set(list_cells(limit, market))
        within = here & set(inside)
        level = move_share(limit.max_share, self.level) if within else limit.max_share
        mine, other = confine_to_periods(limit, there.periods, market)
        if level == limit.max_share:
            yield limit
        elif within == here and other is None:
            yield limit.model_copy(update={"max_share": level})
        else:
            said = self._within(there)
            outside = [*(confine(limit, here - within, market) if within != here else ())]
            outside += confine(other, within, market) if other is not None else ()
            yield outside[0]
            for part in outside[1:]:
                yield part.model_copy(update={"name": f"{limit.name} (outside {said})"})
            for part in confine(mine, within, market):
                yield part.model_copy(update={"name": add_scope(limit.name, said), "max_share": level})

    def _new(
        self, who: Subject, basis: Basis | None, rest: Collection[Cell], there: Scope, market: Market
    ) -> Iterator[ShareCap]:
        name = self._name(who, basis, self._within(there))
        level = {"max_share": self.level.of(0.0), "hard": True}
        cap = ShareCap.model_validate(who.fields | level | {"name": name, "basis": basis, "periods": there.periods})
        yield from confine(cap, rest, market)


def _speaks_in(limit: ShareCap, periods: Collection[str] | None, market: Market) -> bool:
    """Whether a limit says anything of some periods, None for all; one over the horizon says nothing of a part."""
    counted = set(filter(limit.counts_in, market.years))
    if periods is None:
        return True
    return counted <= set(periods) if limit.per == "horizon" else bool(counted & set(periods))


def _is_covered(cell: Cell, speaking: Collection[ShareCap], asked: Collection[str], market: Market) -> bool:
    """Whether limits on all sites together hold for a cell in every one of some periods."""
    counted = {
        period
        for limit in speaking
        if limit.sites is None and cell in list_cells(limit, market)
        for period in market.years
        if limit.counts_in(period)
    }
    return counted >= set(asked)


def _describe_missing_level(cap: CapChange, there: Scope, instance: Instance) -> str:
    """Say that there is no level to change, and which there are."""
    where = f" at {cap.scope}" if cap.scope else ""
    by = f" by {there.basis}" if there.basis else ""
    by += f" in {list_first(there.periods)}" if there.periods else ""
    caps = [limit for limit in instance.limits if isinstance(limit, ShareCap)]
    known = ", ".join(f"{limit.name} on {_speaks_of(limit)}" for limit in caps) or "none"
    return f"no share cap speaks of {cap.who}{by}{where}; write a level such as 40% (caps that are there: {known})"


def _speaks_of(limit: ShareCap) -> str:
    who = f"each {limit.each}" if limit.each else limit.country or limit.bloc or limit.company or limit.offer
    return f"{who} by {limit.basis}" if limit.basis else f"{who}"


@dataclass(frozen=True, kw_only=True)
class BanChange(_OnSubject):
    """Nothing may be bought that is attributed to somebody."""

    VERB: ClassVar[str] = "ban"
    FORM: ClassVar[str] = "[SCOPE:]WHO[@place|@control][@PERIODS]"
    EXAMPLE: ClassVar[str] = "ban RU"

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``[SCOPE:]WHO[@place|@control][@PERIODS]``."""
        scope, who, places = cls._target(said)
        return cls(scope=scope, who=who, places=places, text=text, origin=origin)

    def apply(self, instance: Instance) -> Instance:
        """Add the bans, unless they are there."""
        market = instance.market
        who = read_subject(self.who, market)
        if who.field == "each":
            msg = f"{self.who} would leave nobody to buy from; name a country, a bloc, a company or an offer"
            raise ValueError(msg)
        there = read_places(self.places, market)
        inside = self._cells(market, there)
        limits = list(instance.limits)
        for basis in self._bases(who, there.basis):
            new = [one for one in confine(self._ban(who, basis, there), inside, market) if one not in limits]
            limits += rename(new, [limit.name for limit in limits])
        return instance.model_copy(update={"limits": tuple(limits)})

    def _ban(self, who: Subject, basis: Basis | None, there: Scope) -> Ban:
        share = {"from_share": OWNED_FROM} if basis == "control" else {}
        apart = {"undisclosed": "apart"} if who.has_basis else {}
        named = {"name": self._name(who, basis, self._within(there)), "basis": basis, "periods": there.periods}
        return Ban.model_validate(who.fields | share | apart | named | {"hard": True})
