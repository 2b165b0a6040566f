"""A measure in words: how it stands on a day, who last looked at it, what it becomes, and what is pending."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from models.limits.ban import Ban
from models.records.wording import format_percent
from optimizer.report.asks import format_level

if TYPE_CHECKING:
    from models.market import Market
    from models.policies import Measure, Pending, Policy, Standing

EVIDENCE = {
    "seen": "the text itself or an official page was seen",
    "reported": "reports of it were seen, not the text itself",
    "derived": "worked out from what was seen or reported",
    "assumed": "from memory or assumed, not verified",
}


def describe_standing(measure: Measure, day: datetime.date, *, looks: bool = True) -> str:
    """Say how a measure stands on a day and since or until when, and unless told otherwise that nobody looked since.

    What lapsed while nobody looked is told as that in any case.
    """
    lapsed = measure.lapsed(day)
    if lapsed is not None:
        what = "expired on" if measure.status(day) == "expired" else "suspension lapsed"
        return f"{what} {lapsed}, {_last_look(measure)}"
    told = [_describe_status(measure, day)]
    speaks = measure.status(day) not in {"expired", "not yet known"}
    if looks and speaks and (since := describe_unseen(measure.last_look, day)):
        told.append(since)
    return ", ".join(told)


def describe_in_horizon(one: Standing, market: Market) -> str:
    """Say how a measure stands in the days of a horizon, and how on the day whose knowledge counts where that differs.

    Where the horizon has no days, or none of them, it is only said how it stands on that day.
    """
    standing = describe_standing(one.measure, market.as_of)
    if market.start is None or not one.holds or one.status == "in force":
        return standing
    held, planned = sum(period.days for period in one.periods), sum(period.of for period in one.periods)
    part = "all days" if held == planned else f"{held} of the {planned} days"
    return f"holds on {part} that are planned; on {market.as_of} {standing}"


def describe_unseen(look: datetime.date | None, day: datetime.date) -> str:
    """Say that nobody looked since a day before another, or nothing where somebody did."""
    if look is None:
        return "not known when it was last looked at"
    return f"nobody looked since {look}" if look < day else ""


def _describe_status(measure: Measure, day: datetime.date) -> str:
    starts = [start for start in (measure.valid_from, min(measure.levels or {}, default=None)) if start]
    match measure.status(day):
        case "not yet in force":
            return f"not yet in force (from {max(starts)})"
        case "not yet known":
            return f"not yet known (from {measure.known_from})"
        case "expired":
            return f"expired on {measure.valid_to}"
        case "suspended":
            pause = next(one for one in measure.as_known_on(day).suspended if one.covers(day))
            known = f", {pause.evidence}" if pause.evidence not in {None, "seen", measure.evidence} else ""
            return f"suspended until {pause.to_day or 'further notice'}{known}"
        case "in force":
            ended = measure.resumed_after(day)
            if ended is not None:
                return f"in force again since {ended + datetime.timedelta(days=1)}"
            since = f" since {max(starts)}" if starts else ""
            return f"in force{since}{f' until {measure.valid_to}' if measure.valid_to else ''}"


def _last_look(measure: Measure) -> str:
    look = measure.last_look
    return f"last looked at {look}" if look else "not known when it was last looked at"


def list_looks(measure: Measure, day: datetime.date) -> dict[str, Any]:
    """Return as plain data when somebody last looked at a measure, whether on a day or since, and what lapsed."""
    look, lapsed = measure.last_look, measure.lapsed(day)
    return {
        "last_looked_at": None if look is None else look.isoformat(),
        "looked_since": measure.looked_since(day),
        "lapsed": None if lapsed is None else lapsed.isoformat(),
    }


def describe_suspensions(measure: Measure, day: datetime.date) -> str:
    """Return the suspensions that are known on a day, each with its days and what ordered it."""
    known = measure.as_known_on(day).suspended
    return "; ".join(
        f"{one.from_day} to {one.to_day or 'further notice'} by {one.by}{f' ({one.evidence})' if one.evidence else ''}"
        for one in known
    )


def list_pending(of: Measure | Policy, day: datetime.date) -> list[dict[str, Any]]:
    """Return as plain data what is contested or pending of a measure or a policy, as far as it was known on a day."""
    return [one.model_dump(mode="json", by_alias=True) for one in of.pending if one.is_known(day)]


def describe_pending(pending: Pending) -> str:
    """Say what is contested or pending, from when it would hold, and how well and when it was seen."""
    since = f" It would hold from {pending.from_day}." if pending.from_day else ""
    looked = f"last looked at {pending.looked_at}" if pending.looked_at else "not known when it was last looked at"
    return f"{pending.words}{since} ({pending.source}; {pending.evidence}, {looked})"


def describe_effect(measure: Measure, day: datetime.date, policy: Policy) -> str:
    """Say what a measure becomes in the program when it is in force."""
    limit = measure.limit_on(day) if measure.status(day) in {"in force", "suspended", "expired"} else measure.limit
    if limit is not None:
        about = f", {limit.about}" if limit.about else ""
        firm = ", only watched" if limit.watch else ", in responses too" if limit.in_responses else ""
        level = format_level(limit, policy.mass_unit or "units", "of the currency")
        asks = "nothing" if isinstance(limit, Ban) and not limit.level else f"{limit.SENSE} {level}"
        return f"{limit.kind}{about}: {asks}{firm}"
    if measure.duty is not None:
        origin = measure.duty.from_country or "any other country"
        return f"duty of {format_percent(measure.duty.rate)} from {origin} to {measure.duty.to_country}"
    if measure.control is not None:
        target = measure.control.to_country or "any other country"
        return f"{measure.control.effect} from {measure.control.from_country} to {target}"
    return "nothing in the program"


def list_materials(measure: Measure, most: int | None = None, meant: str | None = None) -> str:
    """Return the materials that a measure names, or the first of them and how many more there are; `meant` goes first.

    Part of a name will do.
    """
    names = measure.materials or ("every material",)
    if meant is not None:
        names = tuple(sorted(names, key=lambda name: meant.casefold() not in name.casefold()))
    rest = len(names) - most if most is not None else 0
    return f"{', '.join(names[:most])} and {rest} more" if rest > 0 else ", ".join(names)
