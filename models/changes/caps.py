"""``cap`` and ``ban``: how much may be attributed to somebody, at some stages of some materials.

A cap moves the limits that are there. It sets the level of every share cap that speaks of the same
country, bloc, company or offer, for the cells (material, stage) inside its scope; a limit that lies
partly outside is split, so that nothing outside changes. Cells of which none speaks get new limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from models.changes.amounts import Amount, move_share, read_level
from models.changes.change import Edit, split_at_last
from models.changes.pieces import add_scope, confine, list_cells, rename
from models.changes.selection import Subject, read_scope, read_subject, split_scope
from models.limits.ban import Ban
from models.limits.share_cap import ShareCap
from models.records.wording import suggest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from models.changes.selection import Cell
    from models.instance import Instance
    from models.limits import AnyLimit
    from models.market import Market

Basis = Literal["place", "control"]
_BASES: tuple[Basis, ...] = ("place", "control")
_OWNED_FROM = 0.5
"""Share from which rules on sanctions count what is owned as banned too."""


@dataclass(frozen=True, kw_only=True)
class _OnSubject(Edit):
    """A change of what may be attributed to somebody."""

    scope: str | None
    who: str
    basis: Basis | None

    @classmethod
    def _target(cls, said: str) -> tuple[str | None, str, Basis | None]:
        """Split ``[SCOPE:]WHO[@place|@control]``."""
        scope, rest = split_scope(said)
        who, basis = split_at_last(rest, "@")
        if basis is not None and basis not in _BASES:
            msg = f"'@{basis}' is neither @place nor @control{suggest(basis, _BASES)}"
            raise ValueError(msg)
        if not who or scope == "":
            msg = f"names nobody; write {cls.VERB} {cls.FORM}, such as {cls.EXAMPLE}"
            raise ValueError(msg)
        return scope, who, next((one for one in _BASES if one == basis), None)

    def _bases(self, who: Subject) -> tuple[Basis | None, ...]:
        """Return the bases that are asked for: one, both, or none where there is only one question."""
        if who.has_basis:
            return _BASES if self.basis is None else (self.basis,)
        if self.basis is not None:
            msg = f"{who.name} is no country or bloc, so it has no {self.basis} of its own; leave out @{self.basis}"
            raise ValueError(msg)
        return (None,)

    def _name(self, who: Subject, basis: str | None) -> str:
        return add_scope(" ".join(filter(None, [self.VERB, who.spelling, basis])), self.scope)


@dataclass(frozen=True, kw_only=True)
class CapChange(_OnSubject):
    """At most a share may be attributed to somebody."""

    VERB: ClassVar[str] = "cap"
    FORM: ClassVar[str] = "[SCOPE:]WHO[@place|@control]=LEVEL"
    EXAMPLE: ClassVar[str] = "cap refined/graphite:CN=40%"

    level: Amount

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``[SCOPE:]WHO[@place|@control]=LEVEL``."""
        target, value = cls.target_and_value(said)
        scope, who, basis = cls._target(target)
        return cls(scope=scope, who=who, basis=basis, level=read_level(value), text=text, origin=origin)

    def apply(self, instance: Instance) -> Instance:
        """Move the share caps that speak of WHO, and add what is missing."""
        market = instance.market
        who = read_subject(self.who, market)
        bases = self._bases(who)
        inside = set(read_scope(market, self.scope))
        speaking = [
            limit
            for limit in instance.limits
            if isinstance(limit, ShareCap)
            and not limit.watch
            and getattr(limit, who.field) == who.name
            and limit.basis in bases
        ]
        limits: list[AnyLimit] = []
        for limit in instance.limits:
            if isinstance(limit, ShareCap) and limit in speaking:
                taken = {one.name for one in instance.limits if one is not limit} | {one.name for one in limits}
                limits += rename(self._move(limit, inside, market), taken)
            else:
                limits.append(limit)
        if not self.level.relative:
            rest = inside - {cell for cell in inside if _is_covered(cell, speaking, market)}
            new = [one for basis in bases for one in self._new(who, basis, rest, market)]
            limits += rename(new, [limit.name for limit in limits])
        elif not any(inside & set(list_cells(limit, market)) for limit in speaking):
            raise ValueError(_describe_missing_level(self, instance))
        return instance.model_copy(update={"limits": tuple(limits)})

    def _move(self, limit: ShareCap, inside: Collection[Cell], market: Market) -> Iterator[ShareCap]:
        """Yield the limit outside of the scope as it is, and inside with its new level."""
        here = set(list_cells(limit, market))
        within = here & set(inside)
        level = move_share(limit.max_share, self.level) if within else limit.max_share
        if level == limit.max_share:
            yield limit
        elif within == here:
            yield limit.model_copy(update={"max_share": level})
        else:
            first, *others = confine(limit, here - within, market)
            yield first
            for part in others:
                yield part.model_copy(update={"name": f"{limit.name} (outside {self.scope})"})
            for part in confine(limit, within, market):
                yield part.model_copy(update={"name": add_scope(limit.name, self.scope), "max_share": level})

    def _new(self, who: Subject, basis: Basis | None, rest: Collection[Cell], market: Market) -> Iterator[ShareCap]:
        level = self.level.of(0.0)
        cap = ShareCap.model_validate(
            who.fields | {"name": self._name(who, basis), "basis": basis, "max_share": level, "hard": True}
        )
        yield from confine(cap, rest, market)


def _is_covered(cell: Cell, speaking: Collection[ShareCap], market: Market) -> bool:
    """Whether limits on all sites together hold for a cell in every period."""
    counted = {
        period
        for limit in speaking
        if limit.sites is None and cell in list_cells(limit, market)
        for period in market.years
        if limit.counts_in(period)
    }
    return counted == set(market.years)


def _describe_missing_level(cap: CapChange, instance: Instance) -> str:
    """Say that there is no level to change, and which there are."""
    where = f" at {cap.scope}" if cap.scope else ""
    by = f" by {cap.basis}" if cap.basis else ""
    caps = [limit for limit in instance.limits if isinstance(limit, ShareCap)]
    there = ", ".join(f"{limit.name} on {_speaks_of(limit)}" for limit in caps) or "none"
    return f"no share cap speaks of {cap.who}{by}{where}; write a level such as 40% (caps that are there: {there})"


def _speaks_of(limit: ShareCap) -> str:
    who = f"each {limit.each}" if limit.each else limit.country or limit.bloc or limit.company or limit.offer
    return f"{who} by {limit.basis}" if limit.basis else f"{who}"


@dataclass(frozen=True, kw_only=True)
class BanChange(_OnSubject):
    """Nothing may be bought that is attributed to somebody."""

    VERB: ClassVar[str] = "ban"
    FORM: ClassVar[str] = "[SCOPE:]WHO[@place|@control]"
    EXAMPLE: ClassVar[str] = "ban RU"

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``[SCOPE:]WHO[@place|@control]``."""
        scope, who, basis = cls._target(said)
        return cls(scope=scope, who=who, basis=basis, text=text, origin=origin)

    def apply(self, instance: Instance) -> Instance:
        """Add the bans, unless they are there."""
        market = instance.market
        who = read_subject(self.who, market)
        if who.field == "each":
            msg = f"{self.who} would leave nobody to buy from; name a country, a bloc, a company or an offer"
            raise ValueError(msg)
        inside = read_scope(market, self.scope)
        limits = list(instance.limits)
        for basis in self._bases(who):
            new = [one for one in confine(self._ban(who, basis), inside, market) if one not in limits]
            limits += rename(new, [limit.name for limit in limits])
        return instance.model_copy(update={"limits": tuple(limits)})

    def _ban(self, who: Subject, basis: Basis | None) -> Ban:
        share = {"from_share": _OWNED_FROM} if basis == "control" else {}
        apart = {"undisclosed": "apart"} if who.has_basis else {}
        name = self._name(who, basis)
        return Ban.model_validate(who.fields | share | apart | {"name": name, "basis": basis, "hard": True})
