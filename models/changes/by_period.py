"""Figures that may differ by period: changed where they stand, or in rows of the periods in which they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from models.changes.amounts import Amount
    from models.market import Record

R = TypeVar("R", bound="Record")
D = TypeVar("D", bound="Record")
Subject = tuple[str, ...]
"""The key of a row without its period: an offer, a lane, a corridor."""


def subject_of(row: Record) -> Subject:
    """Return what a row speaks of, whatever the period."""
    values = (getattr(row, column) for column in row.KEY if column != "period")
    return tuple(value for value in values if value is not None)


def change_everywhere(rows: Sequence[R], meant: Collection[Subject], column: str, amount: Amount) -> tuple[R, ...]:
    """Return rows with a figure changed in those that are meant.

    Raises:
        ValueError: there is no figure that could be changed by as much.
    """
    return tuple(
        row.model_copy(update={column: becomes(row, getattr(row, column), column, amount)})
        if subject_of(row) in meant
        else row
        for row in rows
    )


def change_differing(rows: Sequence[D], meant: Collection[Subject], column: str, amount: Amount) -> tuple[D, ...]:
    """Return rows of what differs with a figure changed alike; where it is one by itself, nothing differs in it."""
    if not rows:
        return tuple(rows)
    changed: list[D] = []
    for row in rows:
        stated = getattr(row, column)
        if subject_of(row) not in meant or stated is None:
            changed.append(row)
        elif amount.relative:
            changed.append(row.model_copy(update={column: amount.of(stated)}))
        else:
            changed += _without(row, column)
    return tuple(changed)


def change_in_periods(
    kind: type[D],
    rows: Sequence[D],
    meant: Sequence[tuple[Record, str]],
    column: str,
    amount: Amount,
) -> tuple[D, ...]:
    """Return rows of what differs with a figure changed for some (record, period); new ones stand behind the others.

    Raises:
        ValueError: there is no figure that could be changed by as much.
    """
    stated = {(*subject_of(row), row.period): row for row in rows}  # type: ignore[attr-defined]
    found: dict[Subject, D] = dict(stated)
    for record, period in meant:
        key = (*subject_of(record), period)
        row, own = found.pop(key, None), getattr(record, column)
        now = None if row is None else getattr(row, column)
        after = becomes(record, own if now is None else now, column, amount)
        if after != own:
            found[key] = _with(kind, row, record, period, {column: after})
        elif row is not None:
            found |= {(*subject_of(left), period): left for left in _without(row, column)}
    if found == stated:
        return tuple(rows)
    new = [key for record, period in meant if (key := (*subject_of(record), period)) in found and key not in stated]
    return tuple(found[key] for key in (*(key for key in stated if key in found), *new))


def becomes(record: Record, present: float | None, column: str, amount: Amount) -> float:
    """Return what a figure of a record becomes."""
    if present is None and amount.relative:
        who = " to ".join(subject_of(record))
        msg = f"{who} states no {column} that {amount.text} could change; write an amount such as 1200"
        raise ValueError(msg)
    return amount.of(present or 0.0)


def _with(kind: type[D], row: D | None, record: Record, period: str, figure: Mapping[str, float]) -> D:
    """Return a row with a figure; a new one is known as well as what it changes."""
    if row is not None:
        return row.model_copy(update=figure)
    (column,) = figure
    quality = "assumed" if record.assumes(column) else record.quality
    key = dict(zip(record.KEY, record.key, strict=True))
    return kind.model_validate(key | {"period": period, "quality": quality}).model_copy(update=figure)


def _without(row: D, column: str) -> Iterator[D]:
    """Yield a row without one of its figures, unless nothing is left of it."""
    assumed = tuple(name for name in row.assumed if name != column)
    left = row.model_copy(update={column: None, "assumed": assumed})
    if any(getattr(left, name) is not None for name in left.DIFFERS):  # type: ignore[attr-defined]
        yield left
