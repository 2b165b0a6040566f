"""``law``: a measure, a duty or a control that never holds, always holds, or is suspended to a day.

| said                  | in force                                                                                  |
|-----------------------|-------------------------------------------------------------------------------------------|
| ``off``               | on no day                                                                                 |
| ``on``                | on all days, known or not; what changes does, and as it first was it is on earlier days   |
| ``suspended to DATE`` | not from `as_of` to that day; a suspension that runs on `as_of` lasts to that day instead |
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeVar

from pydantic import TypeAdapter

from models.changes.change import Edit, read_as, unquote
from models.changes.selection import list_first, match_names
from models.market import Control, Duty
from models.policies import Suspension, choose_measures, list_shipped
from models.records.fields import Day
from models.records.wording import quote, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.instance import Instance
    from models.policies import Measure, Policy

R = TypeVar("R", Duty, Control)

_DAY: TypeAdapter[datetime.date] = TypeAdapter(Day)
_ONE = datetime.timedelta(days=1)
_EVER = datetime.date.min
_PAUSE = re.compile(r"suspended\s+to\s+(\S.*)")


@dataclass(frozen=True, kw_only=True)
class LawChange(Edit):
    """Law that is asked to be other than it is known."""

    FIRST = 2
    VERB: ClassVar[str] = "law"
    FORM: ClassVar[str] = "MEASURE=off|on|suspended to DATE"
    EXAMPLE: ClassVar[str] = "law us-section-301:*=off"

    law: str
    """A measure, a duty or a control by name or wildcard, or ``policy:measure``."""
    state: Literal["off", "on"] | datetime.date
    """A day is the last of a suspension."""

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``MEASURE=off``, ``=on`` or ``=suspended to DATE``."""
        law, value = cls.target_and_value(said)
        return cls(law=unquote(law), state=_read_state(value), text=text, origin=origin)

    def apply(self, instance: Instance) -> Instance:
        """Change the days of what is meant."""
        if any(policy.looked_up is not None for policy in instance.policies):
            msg = "policies were looked up already; say which law holds before that"
            raise ValueError(msg)
        market = instance.market
        if isinstance(self.state, datetime.date) and self.state < market.as_of:
            msg = f"{self.state} lies before {market.as_of} (as_of); write a later day, or on"
            raise ValueError(msg)
        meant = self._find(instance)
        rows = {
            "duties": self._change(market.duties, [row for row in market.duties if row.duty in meant], market.as_of),
            "controls": self._change(
                market.controls, [row for row in market.controls if row.control in meant], market.as_of
            ),
        }
        update = {
            "market": market.model_copy(update=rows),
            "policies": tuple(self._change_policy(policy, meant, market.as_of) for policy in instance.policies),
        }
        return instance.model_copy(update=update)

    def _find(self, instance: Instance) -> set[str]:
        """Return the names that are meant: of measures, also behind that of their policy, of duties and of controls."""
        names = [name for policy in instance.policies for m in choose_measures(policy) for name in _names(policy, m)]
        names += [row.duty for row in instance.market.duties]
        names += [row.control for row in instance.market.controls]
        found = set(match_names(self.law, names))
        if not found:
            msg = f"{self.law!r} is no measure, duty or control{self._cure(instance, list(dict.fromkeys(names)))}"
            raise ValueError(msg)
        return found

    def _cure(self, instance: Instance, names: list[str]) -> str:
        """Return what to write instead of a name that nothing has."""
        policy, _, measure = self.law.partition(":")
        there = [policy.name for policy in instance.policies]
        if policy in list_shipped() and policy not in there:
            return f"; the instance has no policy {policy}: add it with policy {policy}"
        if policy in there and not measure:
            return f"; write {policy}:* for all measures of that policy"
        return suggest(self.law, names) or (f"; there are {list_first(names)}" if names else "; there is none")

    def _change_policy(self, policy: Policy, meant: set[str], as_of: datetime.date) -> Policy:
        chosen = [measure.name for measure in choose_measures(policy) if meant & set(_names(policy, measure))]
        if not chosen:
            return policy
        measures = [self._change_measure(one, as_of) if one.name in chosen else one for one in policy.measures]
        return policy.model_copy(update={"measures": tuple(measures)})

    def _change_measure(self, measure: Measure, as_of: datetime.date) -> Measure:
        match self.state:
            case "off":
                update: dict[str, Any] = {"suspended": (Suspension(**{"from": _EVER}, by=self.text),)}
            case "on":
                update = dict.fromkeys(("valid_from", "valid_to", "known_from")) | {"suspended": ()}
                if measure.levels:
                    (_, level), *later = sorted(measure.levels.items())
                    update["levels"] = {_EVER: level, **dict(later)}
            case last:
                known = [one for one in measure.suspended if one.is_known(as_of) and one.covers(as_of)]
                first = min([as_of, *(one.from_day for one in known)])
                pause = Suspension(**{"from": first, "to": last}, by=self.text)
                update = {"suspended": (*(one for one in measure.suspended if one not in known), pause)}
        return measure.model_copy(update=update | {"looked_at": measure.last_look})

    def _change(self, rows: tuple[R, ...], meant: list[R], as_of: datetime.date) -> tuple[R, ...]:
        """Return the rows of a table with those that are meant changed, in the order in which they stood."""
        match self.state:
            case "off":
                never = {"suspended_from": _EVER, "suspended_to": None}
                new = {row.key: [row.model_copy(update=never)] for row in meant}
            case "on":
                new = {old.key: [row] for old, row in _hold_always(meant)}
            case last:
                new = {row.key: list(_suspend(row, as_of, last)) for row in meant}
        return tuple(changed for row in rows for changed in new.get(row.key, [row]))


def _read_state(said: str) -> Literal["off", "on"] | datetime.date:
    match said.strip().casefold():
        case "off":
            return "off"
        case "on":
            return "on"
        case other:
            pause = _PAUSE.fullmatch(other)
            if pause is None:
                msg = f"{quote(said.strip())} says nothing of a law; write off, on or suspended to 2027-01-31"
                raise ValueError(msg)
            day: datetime.date = read_as(_DAY, pause[1])
            return day


def _names(policy: Policy, measure: Measure) -> tuple[str, ...]:
    return measure.name, f"{policy.name}:{measure.name}", *(measure.known_as or ())


def _hold_always(rows: Iterable[R]) -> Iterator[tuple[R, R]]:
    """Yield rows, each with what it becomes so that of those alike one holds on every day.

    Days on which none does are given to that which held before, and those before the first to the first.
    """
    alike: dict[tuple[object, ...], list[R]] = defaultdict(list)
    for row in rows:
        alike[tuple(getattr(row, column) for column in row.KEY if column != "valid_from")].append(row)
    for group in alike.values():
        order = sorted(group, key=lambda row: row.valid_from or _EVER)
        ends = [row.valid_to for row in order]
        longest = 0
        for number, row in enumerate(order):
            end = ends[longest]
            if number and end is not None and row.valid_from is not None and (row.valid_from - end).days > 1:
                ends[longest] = row.valid_from - _ONE
            if (ends[number] or datetime.date.max) >= (ends[longest] or datetime.date.max):
                longest = number
        ends[longest] = None
        for number, (row, end) in enumerate(zip(order, ends, strict=True)):
            dates = {"valid_from": row.valid_from if number else None, "valid_to": end}
            yield row, row.model_copy(update=dates | dict.fromkeys(("suspended_from", "suspended_to", "known_from")))


def _suspend(row: R, first: datetime.date, last: datetime.date) -> Iterator[R]:
    """Yield a row suspended from one day to another; in two where it is suspended on other days as well."""
    begins, ends = row.suspended_from, row.suspended_to
    pause = {"suspended_from": first, "suspended_to": last}
    if begins is None and ends is None:
        yield row.model_copy(update=pause)
    elif ends is not None and ends < first:
        yield from _within(row, None, first - _ONE)
        yield from _within(row.model_copy(update=pause), first, None)
    elif begins is not None and (begins - last).days > 1:
        yield from _within(row.model_copy(update=pause), None, begins - _ONE)
        yield from _within(row, begins, None)
    elif begins is not None and begins > first:
        joined = None if ends is None else max(ends, last)
        yield row.model_copy(update={"suspended_from": first, "suspended_to": joined})
    else:
        yield row.model_copy(update={"suspended_to": last})


def _within(row: R, first: datetime.date | None, last: datetime.date | None) -> Iterator[R]:
    """Yield a row as it holds from one day to another, unless it holds on none of them."""
    begins = max((day for day in (first, row.valid_from) if day is not None), default=None)
    ends = min((day for day in (last, row.valid_to) if day is not None), default=None)
    if begins is None or ends is None or begins <= ends:
        yield row.model_copy(update={"valid_from": begins, "valid_to": ends})
