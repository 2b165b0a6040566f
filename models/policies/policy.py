"""Policies: named, dated and sourced sets of measures, each of which becomes a limit, a duty or a control.

A measure says in words what it asks, who is bound by it, where that is written and how well it was
seen. It is looked up on a day: in force, suspended, expired or not yet in force. Nothing here is legal
advice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ModelWrapValidatorHandler, model_validator

from models.limits import AnyLimit
from models.records.fields import Country, Day, Finite, Name, Names, Quality, Rate, Share, Text, Yes
from models.records.frozen import Frozen
from models.records.renamed import OldWord, Remembering, Renamed, renew

if TYPE_CHECKING:
    import datetime

    from models.market import Material

Status = Literal["in force", "suspended", "expired", "not yet in force", "not yet known"]


class Suspension(Frozen):
    """Days on which a measure is set aside; it is not repealed."""

    from_day: Day = Field(alias="from")
    to_day: Day | None = Field(default=None, alias="to")
    """The last day; empty = until further notice."""
    by: Text
    """What suspended it."""
    evidence: Quality | None = None
    """How well that was seen; absent = as the measure."""
    known_from: Day | None = None
    """The first day on which it was known; absent = always."""
    looked_at: Day | None = None
    """The day on which somebody last looked whether it was prolonged, where that is later than that of the measure."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.to_day is not None and self.to_day < self.from_day:
            msg = f"to: {self.to_day} lies before from {self.from_day}; exchange them"
            raise ValueError(msg)
        return self

    def covers(self, day: datetime.date) -> bool:
        """Whether the measure is set aside on `day`."""
        return self.from_day <= day and (self.to_day is None or day <= self.to_day)

    def is_known(self, day: datetime.date) -> bool:
        """Whether it was known on `day`."""
        return self.known_from is None or self.known_from <= day


class Pending(Frozen):
    """What is contested, or asked for and not yet law, such as a bill, a proposal, a challenge in court.

    It changes nothing in the program, and is told beside what is in force.
    """

    words: Text
    """What it would change, in one sentence."""
    source: Text
    evidence: Quality
    """How well it was seen."""
    looked_at: Day | None = None
    """The day on which somebody last looked at it; in a file absent = that of the measure or the file."""
    known_from: Day | None = None
    """The first day on which it was known; absent = always."""
    from_day: Day | None = Field(default=None, alias="from")
    """The day from which it would hold, where it names one."""

    def is_known(self, day: datetime.date) -> bool:
        """Whether it was known on `day`."""
        return self.known_from is None or self.known_from <= day


class DutyRule(Frozen):
    """A duty on the materials of a measure, at its stages."""

    from_country: Country | None = None
    """Empty = from any other country."""
    to_country: Country
    rate: Rate
    """Share of the customs value, on top of other duties."""


class ControlRule(Frozen):
    """An export control on the materials of a measure, at its stages."""

    from_country: Country
    to_country: Country | None = None
    """Empty = to any other country."""
    effect: Literal["closed", "licence"]


class Measure(Frozen):
    """One thing that a policy asks, with its dates and sources."""

    name: Name
    """Also the name of the limit, duty or control that it becomes."""
    words: Text
    """What it asks, in one sentence."""
    bound: Text
    """Who is bound by it."""
    source: Text
    """Where it is written."""
    evidence: Quality
    """How well it was seen: the text itself or an official page, reports of it, worked out from these, or assumed."""
    looked_at: Day | None = None
    """The day on which somebody last looked at the source; absent = not known."""
    note: Text | None = None
    known_as: Names | None = Field(default=None, min_length=1)
    """What else its law is called, such as ``Section 301``. Duties that share a name are one law, charged once."""
    partly: Text | None = None
    """The part of whom or what it binds that a program cannot see, behind "binds only"; absent = all that it names."""
    pending: tuple[Pending, ...] = ()
    """What is contested, or asked for and not yet law, of this measure."""
    materials: Names | None = Field(default=None, min_length=1)
    """What it speaks of, by any name that an instance may use (see `known_as`); absent = every material."""
    stages: Names | None = Field(default=None, min_length=1)
    """Stages that it speaks of; absent = every stage."""
    valid_from: Day | None = None
    valid_to: Day | None = None
    """The last day on which it holds."""
    known_from: Day | None = None
    """The first day on which it was known; absent = always."""
    suspended: tuple[Suspension, ...] = ()
    levels: dict[Day, Finite | Share] | None = Field(default=None, min_length=1)
    """Levels of the limit that change: each from its day on; before the first, the measure is not in force."""
    limit: AnyLimit | None = None
    """A limit; it gets the measure's name, materials and stages."""
    duty: DutyRule | None = None
    """A duty on its materials at its stages."""
    control: ControlRule | None = None
    """An export control on its materials at its stages."""
    no_limit: Text | None = None
    """Why it becomes nothing in the program."""

    @model_validator(mode="before")
    @classmethod
    def _named_limit(cls, given: Any) -> Any:
        """Give the limit the name of the measure."""
        if isinstance(given, dict) and isinstance(given.get("limit"), dict):
            return given | {"limit": given["limit"] | {"name": given.get("name")}}
        return given

    @model_validator(mode="after")
    def _becomes_one_thing(self) -> Self:
        kinds = ("limit", "duty", "control", "no_limit")
        said = [kind for kind in kinds if getattr(self, kind) is not None]
        if len(said) != 1:
            msg = f"becomes {' and '.join(said) or 'nothing'}; write exactly one of {', '.join(kinds)}"
            raise ValueError(msg)
        if self.limit is None:
            if self.levels is not None:
                msg = "has levels and no limit; remove them"
                raise ValueError(msg)
            return self
        if getattr(self.limit, "share_of_days", None) is not None:
            msg = "its limit says share_of_days, which follows from the days of the measure; remove it"
            raise ValueError(msg)
        for field in ("materials", "stages"):
            if getattr(self.limit, field, None) is not None:
                msg = f"its limit names {field}; write them in the measure itself"
                raise ValueError(msg)
            if getattr(self, field) is not None and field not in type(self.limit).model_fields:
                msg = f"names {field}, and a limit of kind {self.limit.kind} has none; remove them"
                raise ValueError(msg)
        for level in (self.levels or {}).values():
            type(self.limit).model_validate(self.limit.model_dump() | {self.limit.LEVEL: level})
        return self

    @model_validator(mode="after")
    def _holds_on_some_day(self) -> Self:
        if self.valid_to is not None:
            if self.valid_from is not None and self.valid_to < self.valid_from:
                msg = f"valid_to: {self.valid_to} lies before valid_from {self.valid_from}; exchange them"
                raise ValueError(msg)
            late = [day for day in self.levels or () if self.valid_to < day]
            if late:
                msg = f"levels: {min(late)} lies after valid_to {self.valid_to}; remove it, or write a later valid_to"
                raise ValueError(msg)
        return self

    def as_known_on(self, day: datetime.date) -> Self:
        """Return the measure without the suspensions of which nobody knew on a day."""
        known = tuple(one for one in self.suspended if one.is_known(day))
        return self if known == self.suspended else self.model_copy(update={"suspended": known})

    def status(self, day: datetime.date, as_of: datetime.date | None = None) -> Status:
        """Return how the measure stands on a day as known on `as_of`, by default on that day itself."""
        as_of = day if as_of is None else as_of
        if self.known_from is not None and as_of < self.known_from:
            return "not yet known"
        first = min(self.levels) if self.levels else None
        if any(start is not None and day < start for start in (self.valid_from, first)):
            return "not yet in force"
        if self.valid_to is not None and self.valid_to < day:
            return "expired"
        return "suspended" if any(one.covers(day) and one.is_known(as_of) for one in self.suspended) else "in force"

    def resumed_after(self, day: datetime.date) -> datetime.date | None:
        """Return the last day of the suspension after which the measure holds again on a day; None without one."""
        ends = [one.to_day for one in self.as_known_on(day).suspended if one.to_day is not None and one.to_day < day]
        return max(ends, default=None) if self.status(day) == "in force" else None

    @property
    def last_look(self) -> datetime.date | None:
        """The last day on which somebody looked at it or at a suspension of it; None = not known."""
        looks = (self.looked_at, *(one.looked_at for one in self.suspended))
        return max((day for day in looks if day is not None), default=None)

    def lapsed(self, day: datetime.date) -> datetime.date | None:
        """Return the last day of a suspension, or of the measure, that ended before a day with nobody looking since.

        It ended as was expected, and may have been prolonged. None = no such day.
        """
        ended = self.valid_to if self.status(day) == "expired" else self.resumed_after(day)
        return ended if ended is not None and (self.last_look is None or self.last_look <= ended) else None

    def looked_since(self, day: datetime.date) -> bool:
        """Whether somebody is known to have looked at it on a day or later."""
        return self.last_look is not None and self.last_look >= day

    def limit_on(self, day: datetime.date) -> AnyLimit | None:
        """Return the limit with the level of a day on which the measure is in force."""
        if self.limit is None or not self.levels:
            return self.limit
        level = self.levels[max(start for start in self.levels if start <= day)]
        return type(self.limit).model_validate(self.limit.model_dump() | {self.limit.LEVEL: level})

    def concerns(self, material: Material) -> list[str]:
        """Return the stages of a material that the measure speaks of, none when it does not speak of the material."""
        called = {name.casefold() for name in (material.material, *(material.known_as or ()))}
        if self.materials is not None and called.isdisjoint(name.casefold() for name in self.materials):
            return []
        return [stage for stage in material.stages if self.stages is None or stage in self.stages]


def _renewed(measure: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, Renamed]]]:
    """Return the keys of a measure in new words, and what was renamed, each with its place."""
    keys, own = renew("measures", measure)
    found = [(f"{measure.get('name')}.{word.field}", word) for word in own]
    for key, table in (("limit", "limits"), ("control", "controls")):
        if isinstance(measure.get(key), dict):
            keys[key], words = renew(table, measure[key])
            found += [(f"{measure.get('name')}.{key}.{word.field}", word) for word in words]
    return keys, found


def _plain(name: str) -> str:
    if not name.replace("-", "").isalnum() or not name.isascii() or name != name.lower():
        msg = f"{name!r} is no name of a policy; write small letters, digits and hyphens"
        raise ValueError(msg)
    return name


PolicyName = Annotated[Name, AfterValidator(_plain)]


class Policy(Remembering):
    """A named set of measures."""

    name: PolicyName
    """As an instance names it."""
    title: Text
    note: Text
    """What a reader must know: what is left out, and that it is no legal advice."""
    mass_unit: Name | None = None
    """The mass unit of its quantities; needed when a limit of it is one of quantity."""
    choose: Yes | None = None
    """Its measures stand for different cases: whoever uses it names those meant, as ``name:measure``."""
    blocs: dict[Name, Annotated[tuple[Country, ...], Field(min_length=1)]] = {}  # noqa: RUF012 (pydantic copies defaults)
    """Named sets of countries that its limits speak of."""
    pending: tuple[Pending, ...] = ()
    """What is contested, or asked for and not yet law, of all of it."""
    measures: tuple[Measure, ...] = Field(min_length=1)
    """In a file: one table for each, ``[measures.NAME]``."""
    chosen: Names | None = None
    """Names or wildcards of the measures meant; absent = all."""
    looked_up: Day | None = None
    """The day on which its measures were made limits, duties and controls; absent = not yet."""

    @model_validator(mode="wrap")
    @classmethod
    def _in_new_words(cls, given: Any, read: ModelWrapValidatorHandler[Self]) -> Self:
        """Read old words as new ones, and remember them."""
        if not isinstance(given, dict) or not isinstance(given.get("measures"), (list, tuple)):
            return read(given)
        measures, words = [], list[OldWord]()
        for measure in given["measures"]:
            keys, old = _renewed(measure) if isinstance(measure, dict) else (measure, [])
            measures.append(keys)
            words += [OldWord(f"policy {given.get('name')}: measures.{place}", word) for place, word in old]
        return read(given | {"measures": measures}).with_old_words(words)

    @model_validator(mode="after")
    def _measures_are_distinct(self) -> Self:
        names = [measure.name for measure in self.measures]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            msg = f"measures: two are called {twice!r}; give each its own name"
            raise ValueError(msg)
        weighed = [
            m.name for m in self.measures if m.limit is not None and m.limit.UNIT == "quantity" and m.limit.level
        ]
        if weighed and self.mass_unit is None:
            msg = f"{weighed[0]} speaks of a quantity; write the mass_unit of the policy, such as t"
            raise ValueError(msg)
        return self
