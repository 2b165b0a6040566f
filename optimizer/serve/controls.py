"""What can be moved on the live page: controls made from the instance, each of which writes one change.

A control knows how its value is said in the language of changes (`models.changes`), so what is moved is also a command
line and a case. A new kind of limit has its slider untold: it declares its level, and that is all that is asked here.
"""

from __future__ import annotations

import datetime
import math
import re
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from glob import escape
from typing import TYPE_CHECKING, Any, Literal

from models.enforcement import prepare
from models.market.network import Network
from models.policies import choose_measures
from models.records.countries import UNDISCLOSED, country_name
from models.records.wording import format_percent
from optimizer.levels import list_levels
from optimizer.results.interval import finite_or_none
from optimizer.serve.law_days import list_law_days
from optimizer.serve.unbuyable import list_unbuyable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from models.market import Market, Offer
    from optimizer.levels import Level

Value = float | str | bool
Shape = Literal["slider", "switch", "choice", "date"]
_BARE = re.compile(r"[\w-]+")
_LOWEST = -0.5
"""By how much of itself a demand or a price can be lowered at the most."""
_MOST = 1.0
"""By how much of itself a demand, price or capacity can be raised at the most."""
_DUTY = 1.0
"""The highest duty that can be laid on top."""
_LIKELY = 0.5
"""The highest chance a year at which a hazard can be put that never strikes as it stands."""
_NOTCH = 0.005
"""Step of a probability."""
_STEPS = 200
"""Steps of a slider whose range follows from its level."""


@dataclass(frozen=True, slots=True)
class Control:
    """Something that can be moved."""

    name: str
    """What it is called in addresses and messages, such as ``limit china-cobalt``."""
    group: str
    label: str
    about: str
    shape: Shape
    base: Value
    """The value of the instance as it is."""
    measure: str = ""
    """How a slider's value reads: share, percent (of a change), points (on top), or a number in `unit`."""
    unit: str = ""
    least: float = 0.0
    greatest: float = 1.0
    step: float = 0.01
    looser: int = 0
    """1 where a higher level is looser, -1 where a lower one is, 0 where neither can be said."""
    choices: tuple[str, ...] = ()
    """What a choice can be; of a date, days that are proposed."""
    form: str = ""
    """The change that it asks for, with the value in braces."""
    limit: str = ""
    """The limit whose level it is."""
    country: str = ""
    """The country that it leaves out, which can be clicked on the map."""
    idle: str = ""
    """Why it changes no plan as the instance stands, where that is known: nothing that it moves can be bought."""

    def as_data(self) -> dict[str, Any]:
        """Return this as plain data."""
        return asdict(self)

    def change(self, value: Value) -> str:
        """Return the change that sets the control to a value."""
        match self.shape:
            case "slider":
                assert isinstance(value, float)  # noqa: S101 (`check` has seen to it)
                return self.form.format(self._spell(value))
            case "switch":
                return self.form
            case _:
                return self.form.format(value)

    def check(self, value: object) -> Value | None:
        """Return a value as the control takes it, None for anything else."""
        match self.shape:
            case "slider":
                good = isinstance(value, (int, float)) and not isinstance(value, bool)
                return float(value) if good and self.least <= float(value) <= self.greatest else None  # type: ignore[arg-type]
            case "switch":
                return value if isinstance(value, bool) else None
            case "choice":
                return value if isinstance(value, str) and value in self.choices else None
            case "date":
                return value if isinstance(value, str) and _is_day(value) else None

    def _spell(self, value: float) -> str:
        match self.measure:
            case "percent":
                return f"x{1.0 + value:.6g}"
            case "points":
                return f"+{100 * value:.6g}%"
            case "share":
                return f"{100 * value:.8g}%"
            case _:
                return f"{value:.10g}"


def list_controls(instance: Instance, enforced: EnforcedInstance) -> list[Control]:
    """Return the controls of an instance, group by group; `enforced` is the same with its policies looked up."""
    unbuyable = list_unbuyable(enforced)
    return [
        *(_level(level) for level in list_levels(enforced) if level.strictness != "watched"),
        *_demands(enforced),
        *_amounts("Prices", "price", enforced, unbuyable),
        *_amounts("Capacities", "capacity", enforced, unbuyable),
        *_duties(enforced, unbuyable),
        *_law(instance),
        *_scenarios(enforced.market),
        *_bans(enforced),
        *(
            Control(f"case {name}", "Cases", name, "", "switch", base=False, form=f"case {quoted(name)}")
            for name in instance.cases
        ),
    ]


def quoted(name: str) -> str:
    """Return a name as a change says it, in double quotes where it holds signs of the language."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return name if _BARE.fullmatch(name) else f'"{escaped}"'


def _level(level: Level) -> Control:
    name, about = (
        f"limit {level.limit}",
        f"{level.about}, {'max' if level.sense == 'at most' else 'min'}".removeprefix(", "),
    )
    looser = 1 if level.sense == "at most" else -1
    if level.level == 0 and finite_or_none(level.greatest) is None:
        form = f"drop {quoted(level.limit)}"
        return Control(name, "Limits", level.limit, level.about, "switch", base=True, form=form, limit=level.limit)
    share = level.measure == "share"
    least, most, step = level.least, level.greatest, 0.01
    if level.whole:
        most, step = min(most, max(2 * level.level, level.level + 4)), 1.0
    elif not share or finite_or_none(most) is None:
        most = min(most, 2 * level.level)
        step = most / _STEPS
    elif abs(level.level / step - round(level.level / step)) > 1e-9:  # noqa: PLR2004 (rounding)
        step = 0.001
    unit = "" if share else level.unit
    form = f"set limits.{quoted(level.limit)}.{level.field}={{}}"
    measure = "share" if share else "number"
    return Control(
        name, "Limits", level.limit, about, "slider", level.level, measure, unit, least, most, step, looser, (), form,
        level.limit,
    )  # fmt: skip


def _demands(instance: EnforcedInstance) -> Iterator[Control]:
    needed = dict.fromkeys(row.material for row in instance.market.demand)
    for material in (["*"] if len(needed) > 1 else []) + list(needed):
        label = "all materials" if material == "*" else material
        form = f"demand {material if material == '*' else quoted(material)}={{}}"
        yield _relative(f"demand {material}", "Demand", label, form, -1, _LOWEST)


def _relative(name: str, group: str, label: str, form: str, looser: int, least: float) -> Control:  # noqa: PLR0913
    return Control(name, group, label, "", "slider", 0.0, "percent", "", least, _MOST, 0.01, looser, (), form)


def _amounts(group: str, verb: str, instance: EnforcedInstance, unbuyable: Mapping[str, str]) -> Iterator[Control]:
    """Yield the prices or capacities of what is sold at each stage of each material, and in each country."""
    stated = [offer for offer in instance.market.offers if verb == "price" or offer.capacity is not None]
    looser = 1 if verb == "capacity" else 0
    for material, stage in dict.fromkeys((offer.material, offer.stage) for offer in stated):
        form = f"{verb} {quoted(stage)}/{quoted(material)}={{}}"
        sold = [offer for offer in stated if (offer.material, offer.stage) == (material, stage)]
        least = _LOWEST if verb == "price" else _least_capacity(sold, instance.market)
        control = _relative(f"{verb} {stage}/{material}", group, f"{material}, {stage}", form, looser, least)
        yield replace(control, idle=_idle(sold, unbuyable))
    for country in _by_name({offer.country for offer in stated}):
        sold = [offer for offer in stated if offer.country == country]
        least = _LOWEST if verb == "price" else _least_capacity(sold, instance.market)
        form = f"{verb} *@{country}={{}}"
        control = _relative(f"{verb} @{country}", group, country_name(country), form, looser, least)
        yield replace(control, idle=_idle(sold, unbuyable))


def _idle(offers: Iterable[Offer], unbuyable: Mapping[str, str]) -> str:
    """Say why nothing of some offers can be bought; nothing where something can."""
    reasons = [unbuyable.get(offer.offer, "") for offer in offers]
    return f"nothing to buy: {'; '.join(dict.fromkeys(reasons))}" if all(reasons) else ""


def _least_capacity(offers: Iterable[Offer], market: Market) -> float:
    """Return by which part the capacities of offers can change at the least, so that minimum takes fit in."""
    names = {offer.offer: offer.capacity for offer in offers if offer.capacity}
    kept = max((market.offer[name].minimum_take / capacity for name, capacity in names.items()), default=0.0)
    for terms in market.terms:
        if terms.offer in names and terms.minimum_take:
            kept = max(kept, terms.minimum_take / market.capacity(terms.offer, terms.period))
    return math.ceil(100 * min(kept, 1.0)) / 100 - 1.0


def _duties(instance: EnforcedInstance, unbuyable: Mapping[str, str]) -> Iterator[Control]:
    """Yield a duty on top on what comes from each country that can cross a border."""
    market = instance.market
    at = {offer.offer: offer.country for offer in market.offers} | {site.site: site.country for site in market.sites}
    lanes = Network(prepare(instance)).lanes
    abroad: dict[str, dict[str, Offer]] = defaultdict(dict)
    for origin, destination in lanes:
        if at[origin] != at[destination]:
            abroad[at[origin]][origin] = market.offer[origin]
    for country in _by_name(abroad):
        idle = _idle(abroad[country].values(), unbuyable)
        yield Control(
            f"duty {country}", "Duties", country_name(country), "on top", "slider", 0.0, "points", "", 0.0, _DUTY, 0.01,
            0, (), f"duty {country}={{}}", idle=idle,
        )  # fmt: skip


def _law(instance: Instance) -> Iterator[Control]:
    """Yield the day whose knowledge counts, and each law that may be other than it is known."""
    day = str(instance.market.as_of)
    days = tuple(str(one) for one in list_law_days(instance))
    about = "law announced later does not count" if instance.market.start else "the law of that day"
    yield Control("as-of", "Law", "known on", about, "date", day, choices=days, form="as-of {}")
    laws = {
        f"{policy.name}:{measure.name}": (measure.name, policy.name)
        for policy in instance.policies
        for measure in choose_measures(policy)
    }
    laws |= {row.duty: (row.duty, "a duty") for row in instance.market.duties if row.duty}
    laws |= {row.control: (row.control, "an export control") for row in instance.market.controls if row.control}
    choices = ("as known", "off", "on")
    for name, (label, about) in laws.items():
        form = f"law {quoted(name)}={{}}"
        yield Control(f"law {name}", "Law", label, about, "choice", choices[0], choices=choices, form=form)


HAPPENING = frozenset({"Scenarios", "Hazards"})
"""Groups of what may happen."""


def _scenarios(market: Market) -> Iterator[Control]:
    """Yield a switch for each scenario and hazard that may happen, before them one for all where there are several.

    What never happens as it stands has a slider instead, which says how likely it is.
    """
    stated = {
        row.scenario: f"{format_percent(row.probability)} from {row.begins}"
        for row in market.scenarios
        if row.probability > 0
    }
    yield from _chances("scenario", "probability", stated, "{}")
    left = 1.0 - sum(row.probability for row in market.scenarios)
    never = {row.scenario: f"from {row.begins}" for row in market.scenarios if row.probability == 0}
    yield from _unlikely("scenario", "probability", never, "{}", math.floor(left / _NOTCH) * _NOTCH)
    ways: dict[str, list[float]] = defaultdict(list)
    for row in market.hazards:
        ways[row.hazard].append(row.chance)
    hazards = {
        hazard: f"{' and '.join(map(format_percent, chances))} a year"
        for hazard, chances in ways.items()
        if any(chances)
    }
    yield from _chances("hazard", "chance", hazards, "{}/*")
    never = {hazard: "a year" for hazard in ways if hazard not in hazards}
    yield from _unlikely("hazard", "chance", never, "{}/*", _LIKELY)


def _chances(what: str, column: str, about: Mapping[str, str], key: str) -> Iterator[Control]:
    """Yield what switches off all rows of a table, then each by its name; `about` is what is to be known of it."""
    group = f"{what.capitalize()}s"
    rows = {f"{what}s": (f"all {what}s", "", "*")} if len(about) > 1 else {}
    rows |= {f"{what} {name}": (name, told, quoted(key.format(escape(name)))) for name, told in about.items()}
    for name, (label, told, path) in rows.items():
        yield Control(name, group, label, told, "switch", base=True, form=f"set {what}s.{path}.{column}=0")


def _unlikely(what: str, column: str, about: Mapping[str, str], key: str, most: float) -> Iterator[Control]:
    """Yield how likely each of those is that never happen as they stand: from 0 to `most`."""
    for name, told in about.items() if most > 0 else ():
        form = f"set {what}s.{quoted(key.format(escape(name)))}.{column}={{}}"
        yield Control(
            f"{what} {name}", f"{what.capitalize()}s", name, told, "slider", 0.0, "share", "", 0.0, most, _NOTCH, 0, (),
            form,
        )  # fmt: skip


def _bans(instance: EnforcedInstance) -> Iterator[Control]:
    """Yield the countries and companies without which a plan can be asked for."""
    market = instance.market
    countries = {offer.country for offer in market.offers} | {owner.country for owner in market.owners}
    for country in _by_name(countries):
        form, label = f"ban country:{country}", country_name(country)
        yield Control(f"ban {country}", "Without", label, "", "switch", base=False, form=form, country=country)
    for company in sorted({offer.company for offer in market.offers if offer.company}):
        form = f"ban company:{quoted(company)}"
        yield Control(f"ban company {company}", "Without a company", company, "", "switch", base=False, form=form)


def _by_name(countries: Iterable[str]) -> list[str]:
    return sorted((one for one in countries if one and one != UNDISCLOSED), key=country_name)


def _is_day(said: str) -> bool:
    try:
        datetime.date.fromisoformat(said)
    except ValueError:
        return False
    return True
