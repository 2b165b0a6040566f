"""The law of an instance period by period, as text for people."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from models.records.validity import ALWAYS, is_known
from models.records.wording import format_percent, list_some
from optimizer.report.law_by_period import list_law, list_policies_pending
from optimizer.report.layout import wrap
from optimizer.report.policies import READ_IT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.instance import Instance
    from models.market import Market
    from models.policies import PeriodStanding
    from models.records.validity import Span
    from optimizer.report.law_by_period import Law

_FIELD = 9
"""Width of the names of facts."""


def format_law(instance: Instance, policy: str | None = None) -> str:
    """Return the law of an instance, law by law with its periods; then what holds on no day, and what is not known."""
    market = instance.market
    laws = list_law(instance, policy)
    known = [law for law in laws if is_known(law.known_from, market.as_of)]
    here = [law for law in known if law.goods]
    parts = ["\n".join(_format_heading(instance, policy))]
    parts += ["\n".join(_format_one(law, market)) for law in here if law.holds]
    later = [law for law in laws if not is_known(law.known_from, market.as_of)]
    parts += _format_rest(
        {
            f"Pending on all of {name}": [_describe_pending(entry) for entry in entries]
            for name, entries in list_policies_pending(instance, policy).items()
        }
        | {
            "Holds on no day that is planned": [_describe_idle(law) for law in here if not law.holds],
            "Concerns nothing in the instance": list(_list_by_policy([law.name for law in known if not law.goods])),
            f"Not known on {market.as_of}": [f"{law.name} (known from {law.known_from})" for law in later],
        }
    )
    parts.append(f"This is no legal advice: {READ_IT}.")
    return "\n\n".join(parts) + "\n"


def _format_heading(instance: Instance, policy: str | None) -> Iterator[str]:
    """Yield whose law it is, and the days of the periods."""
    market = instance.market
    yield wrap(f"The law of {instance.title}{f', of policy {policy}' if policy else ''}, as known on {market.as_of}")
    yield ""
    if market.start is None:
        periods = list_some(list(market.years))
        yield wrap(f"No start says when the periods begin: the law of {market.as_of} stands for {periods}.")
        return
    width = max(len(period) for period in market.law_days)
    for period, days in market.law_days.items():
        yield f"{period.ljust(width)}  {days.first} to {days.last}, {days.days} days"


def _format_one(law: Law, market: Market) -> Iterator[str]:
    """Yield the lines of a law that holds on some day: its days, its periods, what it falls on and becomes."""
    yield f"{law.kind} {law.name}" if law.kind != "measure" else law.name
    facts = [("days", _describe_spans(law.spans))]
    if "standing" in law.said:
        facts.append(("stands", f"{law.said['standing']}; {law.said['evidence']}"))
    facts += [(periods, text) for periods, text in _list_periods(law, market)]
    if law.kind == "measure":
        facts.append(("on", list_some([f"{stage} {material}" for stage, material in law.goods])))
    facts += [("becomes", text) for text in law.becomes]
    if law.said.get("partly"):
        facts.append(("binds", f"only {law.said['partly']}; here it is asked of all"))
    facts += [("pending", _describe_pending(entry)) for entry in law.said.get("pending", ())]
    width = max(_FIELD, *(len(name) for name, _ in facts))
    yield from (wrap(f"{name.ljust(width)}  {text}", 2, width + 4) for name, text in facts)


def _describe_pending(entry: dict[str, Any]) -> str:
    since = f" It would hold from {entry['from']}." if entry["from"] else ""
    return f"{entry['words']}{since} ({entry['source']}; {entry['evidence']})"


def _describe_spans(spans: Sequence[Span]) -> str:
    """Return the days on which a law holds, as they are known: ``from 2024-12-03 to 2025-11-08, from 2026-11-28``."""
    return ", ".join(_describe_span(span) for span in spans)


def _describe_span(span: Span) -> str:
    ends = [f"from {span.first}"] * (span.first > ALWAYS.first) + [f"to {span.last}"] * (span.last < ALWAYS.last)
    return " ".join(ends) or "no first or last day is stated"


def _list_periods(law: Law, market: Market) -> Iterator[tuple[str, str]]:
    """Yield periods, those that follow each other and are alike together, with the days and the level in them."""
    texts = [
        (standing.period, _describe_period(law, standing, level, dated=market.start is not None))
        for standing, level in zip(law.periods, law.levels, strict=True)
    ]
    for text, run in groupby(texts, key=lambda one: one[1]):
        names = [period for period, _ in run]
        yield names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}", text


def _describe_period(law: Law, standing: PeriodStanding, level: str, *, dated: bool) -> str:
    if not standing.days:
        return "on no day"
    asks = f": {level}" if level and standing.asked else ""
    if standing.days == standing.of:
        return f"{'on all days' if dated else 'holds'}{asks}"
    said = f"on {standing.days} of {standing.of} days ({format_percent(round(standing.share, 4))}){asks}"
    if not law.is_rounded:
        return said
    return f"{said}, asked of all of it" if standing.asked else f"{said}: not asked, less than half"


def _list_by_policy(names: Sequence[str]) -> Iterator[str]:
    """Yield the first measures of each policy and how many more there are."""
    for policy, found in groupby((name.partition(":") for name in names), key=lambda parts: parts[0]):
        yield f"{policy}: {list_some([measure for _, _, measure in found])}"


def _describe_idle(law: Law) -> str:
    standing = law.said.get("standing")
    return f"{law.name} ({standing or _describe_spans(law.spans) or 'switched off'})"


def _format_rest(lists: dict[str, list[str]]) -> Iterator[str]:
    """Yield a paragraph for each list that holds anything."""
    for title, names in lists.items():
        if any(names):
            yield "\n".join([f"{title}:", *(wrap(name, 2, 6) for name in dict.fromkeys(names))])
