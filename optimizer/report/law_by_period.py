"""The law of an instance period by period: what each measure, duty and control is on which days, and becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from models.enforcement import enforce, list_counted_once
from models.limits.quota import Quota
from models.market import Control
from models.policies import PeriodStanding, days_of, standings
from models.records.validity import ALWAYS, Span, count_days, is_known, spans_of
from models.records.wording import format_percent, list_some
from optimizer.notes.border import kind_of, name_of, own_facts
from optimizer.report.asks import format_levels
from optimizer.report.standing import describe_effect, describe_in_horizon, list_looks, list_pending

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from models.limits import AnyLimit
    from models.market import Market
    from models.policies import Measure, Policy, Standing
    from optimizer.notes.border import AtBorder


@dataclass(frozen=True)
class Law:
    """A measure of a policy, or a duty or a control of an instance's own, in the periods of the instance."""

    kind: str
    """``measure``, ``duty`` or ``control``."""
    name: str
    """Of a measure behind that of its policy."""
    goods: tuple[tuple[str, str], ...]
    """(stage, material) on which it falls in the instance."""
    spans: tuple[Span, ...]
    """The days on which it holds, as they are known."""
    periods: tuple[PeriodStanding, ...]
    levels: tuple[str, ...]
    """By period, its level or rate in words; empty where it has none."""
    becomes: tuple[str, ...]
    """What it becomes in the program, or that it becomes nothing and why."""
    known_from: datetime.date | None
    is_rounded: bool = False
    """Whether it is asked of all of a period on half of whose days it holds, and of nothing of any other."""
    said: dict[str, Any] = field(default_factory=dict)
    """Of a measure: how it stands, who last looked, evidence, what is pending, whom it binds only in part."""

    @property
    def holds(self) -> bool:
        """Whether it holds on any day that is planned."""
        return any(period.days for period in self.periods)


def list_law(instance: Instance, policy: str | None = None) -> list[Law]:
    """Return the law of an instance, measures first; `policy` is the name of that whose measures alone are meant."""
    enforced = enforce(instance)
    found = [
        _of_measure(one, instance, left)
        for looked_up in enforced.policies
        if policy is None or looked_up.name == policy
        for left in [_list_left(enforced, looked_up)]
        for one in standings(looked_up, enforced.market, looked_up.looked_up)
    ]
    return found if policy is not None else [*found, *_list_own(enforced)]


def _list_left(enforced: EnforcedInstance, policy: Policy) -> dict[str, dict[str, list[str]]]:
    """Return by measure the goods on which another duty states the same law, by the name of that."""
    left: dict[str, dict[str, list[str]]] = {}
    for other, (duty, instead) in list_counted_once(enforced):
        if other is policy:
            left.setdefault(duty.duty, {}).setdefault(instead.duty, []).append(f"{duty.stage} {duty.material}")
    return left


def _of_measure(one: Standing, instance: Instance, left: dict[str, dict[str, list[str]]]) -> Law:
    market, measure = instance.market, one.measure
    once = [f"charged once with {name} on {list_some(goods)}" for name, goods in left.get(measure.name, {}).items()]
    return Law(
        kind="measure",
        name=f"{one.policy.name}:{measure.name}",
        goods=tuple((stage, material) for material, stage in one.cells),
        spans=days_of(measure, market.as_of),
        periods=one.periods,
        levels=tuple(_list_levels(measure, one.periods, instance)),
        becomes=(*_list_becoming(one, market), *once),
        known_from=measure.known_from,
        is_rounded=measure.limit is not None and not isinstance(measure.limit, Quota),
        said={
            "standing": describe_in_horizon(one, market),
            **list_looks(measure, market.as_of),
            "evidence": measure.evidence,
            "words": measure.words,
            "source": measure.source,
            "partly": measure.partly,
            "pending": list_pending(measure, market.as_of),
        },
    )


def list_policies_pending(instance: Instance, policy: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """Return what is contested or pending of all of a policy, by the name of each of which anything is."""
    meant = [one for one in instance.policies if policy in {None, one.name}]
    return {one.name: entries for one in meant if (entries := list_pending(one, instance.market.as_of))}


def _list_levels(measure: Measure, periods: Sequence[PeriodStanding], instance: Instance) -> Iterator[str]:
    """Yield the level or rate of a measure in each period."""
    limit = measure.limit
    for period in periods:
        if limit is not None and period.level is not None:
            yield f"{limit.SENSE} {format_levels(limit, [period.level], instance.mass_unit, instance.currency)[0]}"
        else:
            yield format_percent(measure.duty.rate) if measure.duty is not None else ""


def _list_becoming(one: Standing, market: Market) -> Iterator[str]:
    """Yield what a measure becomes: limits by name and period, a duty, a control, or nothing and why."""
    measure = one.measure
    if not one.cells:
        yield "nothing: it speaks of no material of the instance at a stage that this has"
    elif measure.no_limit is not None:
        yield f"nothing: {measure.no_limit}"
    elif not one.holds:
        yield "nothing: it holds on no day that is planned"
    elif measure.limit is None:
        yield describe_effect(measure, market.as_of, one.policy)
    elif not one.limits:
        yield "nothing: it holds on less than half of the days"
    else:
        yield from (_describe_limit(limit, measure.name) for limit in one.limits)


def _describe_limit(limit: AnyLimit, measure: str) -> str:
    """Say what kind of limit it is, and in which periods unless its own name says that."""
    about = f", {limit.about}" if limit.about else ""
    periods = getattr(limit, "periods", None) if limit.name == measure else None
    where = f", in {list_some(periods)}" if periods else ""
    firm = ", only watched" if limit.watch else ", in responses too" if limit.in_responses else ""
    return f"limit {limit.name}: {limit.kind}{about}{where}{firm}"


def _list_own(instance: EnforcedInstance) -> Iterator[Law]:
    """Yield the duties and controls that an instance states itself: those of one name and the same days together."""
    market = instance.market
    alike: dict[tuple[str, str, tuple[Span, ...]], list[AtBorder]] = {}
    for fact in own_facts(instance):
        alike.setdefault((kind_of(fact), name_of(fact), spans_of(fact, market.as_of)), []).append(fact)
    for (kind, name, spans), facts in alike.items():
        days = {period: count_days(spans, within) for period, within in market.law_days.items()}
        rates = {_describe_effect(fact) for fact in facts}
        yield Law(
            kind=kind,
            name=name,
            goods=tuple(dict.fromkeys((fact.stage, fact.material) for fact in facts)),
            spans=spans,
            periods=tuple(
                PeriodStanding(period, held, market.law_days[period].days, None, held > 0)
                for period, held in days.items()
            ),
            levels=(next(iter(rates)) if len(rates) == 1 else "",) * len(days),
            becomes=tuple(_list_borders(facts)),
            known_from=facts[0].known_from,
        )


def _describe_effect(fact: AtBorder) -> str:
    return fact.effect if isinstance(fact, Control) else f"duty of {format_percent(fact.rate)}"


def _list_borders(facts: Sequence[AtBorder]) -> Iterator[str]:
    """Yield what duties or controls do, where, on which goods: of countries that are treated alike at once."""
    goods: dict[tuple[str, str, str], list[str]] = {}
    for fact in facts:
        ends = [end or "any other country" for end in (fact.from_country, fact.to_country)]
        goods.setdefault((_describe_effect(fact), ends[0], ends[1]), []).append(f"{fact.stage} {fact.material}")
    countries: dict[tuple[str, str, str], list[str]] = {}
    for (effect, origin, target), names in goods.items():
        countries.setdefault((effect, target, list_some(names)), []).append(origin)
    for (effect, target, on), origins in countries.items():
        yield f"{effect} from {list_some(origins)} to {target} on {on}"


def list_law_records(instance: Instance, policy: str | None = None) -> dict[str, Any]:
    """Return the law of an instance as plain data: its periods with their days, and each law in them."""
    market = instance.market
    return {
        "instance": instance.name,
        "as_of": market.as_of.isoformat(),
        "start": None if market.start is None else market.start.isoformat(),
        "periods": [
            {"period": period, "first": days.first.isoformat(), "last": days.last.isoformat(), "days": days.days}
            for period, days in market.law_days.items()
        ],
        "pending": list_policies_pending(instance, policy),
        "law": [_as_record(law, market) for law in list_law(instance, policy)],
    }


def _as_record(law: Law, market: Market) -> dict[str, Any]:
    levels = dict(zip(market.years, law.levels, strict=True))
    return {
        "kind": law.kind,
        "name": law.name,
        "known": is_known(law.known_from, market.as_of),
        "known_from": None if law.known_from is None else law.known_from.isoformat(),
        "holds": law.holds,
        "goods": [{"material": material, "stage": stage} for stage, material in law.goods],
        "days": [{"from": _date(span.first), "to": _date(span.last)} for span in law.spans],
        "periods": [
            {**period._asdict(), "share": period.share, "asks": levels[period.period] or None} for period in law.periods
        ],
        "becomes": list(law.becomes),
        **law.said,
    }


def _date(day: datetime.date) -> str | None:
    """Return a day, or nothing for the ends of the calendar."""
    return None if day in {ALWAYS.first, ALWAYS.last} else day.isoformat()
