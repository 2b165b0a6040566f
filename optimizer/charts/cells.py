"""What a cell of the matrix says of a stage on one basis: report and live page draw the same words and marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from models.records.countries import UNDISCLOSED, country_name
from models.records.tolerances import RECOUNTED
from optimizer.charts.bars import Tick
from optimizer.charts.markup import level, number, percent
from optimizer.charts.stages import WHOLE

if TYPE_CHECKING:
    from optimizer.charts.stages import Basis, Share, StageShares

_OTHER: dict[Basis, Basis] = {"place": "control", "control": "place"}
_WHOLE = 0.01
"""Undisclosed shares from here on are told without decimals."""
_TOLD = 0.0005
"""Undisclosed shares below this are not told in words."""


class Note(NamedTuple):
    """How the largest country stands to its cap, or who else is at one."""

    words: str
    weight: Literal["plain", "bold", "alarm"] = "plain"
    country: str = ""
    """The code of the country that the words are about, where it is not the one of the cell."""

    @property
    def name(self) -> str:
        """The name of that country, which stands before the words."""
        return country_name(self.country) if self.country else ""


class Cell(NamedTuple):
    """The largest named country of the worst period, its share, and what there is to know; nothing where none is."""

    country: str
    """Its code; nothing where nobody is named."""
    name: str
    own: float
    """Its share, from 0 to 1."""
    hidden: float
    """What nobody declared, from 0 to 1; it follows its share, as a cap counts it against everybody."""
    effective: str
    unknown: str
    tick: Tick | None
    note: Note

    @property
    def share(self) -> str:
        """The share that stands beside the name."""
        return percent(self.own if self.country else self.hidden) if self.name else ""


_NOTHING = Cell("", "", 0.0, 0.0, "", "", None, Note("nothing is bought"))


def cell_of(stage: StageShares, basis: Basis) -> Cell:
    """Return what a cell says of a stage on one basis."""
    period = stage.worst(basis)
    country = stage.largest(basis, period)
    own, hidden = stage.share(basis, period, country), stage.undisclosed(basis, period)
    if not country and not hidden:
        return _NOTHING
    return Cell(
        country,
        country_name(country or UNDISCLOSED),
        own.share,
        hidden,
        number(stage.effective(basis), 1),
        f", {percent(hidden, 0 if hidden >= _WHOLE else 1)} unknown" if country and hidden > _TOLD else "",
        _tick(stage, basis, country),
        _note(stage, basis, country),
    )


def _caps(stage: StageShares, basis: Basis, country: str) -> Share:
    """Return the share of a country with its cap in the worst period, or over the whole horizon if that binds."""
    own, over_all = stage.share(basis, stage.worst(basis), country), stage.share(basis, WHOLE, country)
    return own if own.at_cap or (own.cap is not None and not over_all.at_cap) else over_all


def _when(stage: StageShares, basis: Basis, one: Share) -> str:
    """Say of a cap over the whole horizon that it is one: the share beside it is that of a period."""
    over_all = one not in stage.shares(basis, stage.worst(basis)).values()
    return " over all periods" if over_all and stage.worst(basis) != WHOLE else ""


def _counts(own: Share) -> str:
    """Say what counts where that is less than the share: a cap on what is needed, of which a part is unmet."""
    if own.counted is None or own.counted > own.share - _WHOLE / 2:
        return ""
    return f"counts {percent(own.counted, 0)}, "


def _reached(share: Share) -> str:
    """Say that a country is at a cap: beside its share, or at which cap where that counts other than the share."""
    if share.cap is None or abs(share.share - share.cap) < _WHOLE / 2:
        return f" {percent(share.share, 0)}, at cap"
    return f" at its cap, {level(share.cap)}"


def _tick(stage: StageShares, basis: Basis, country: str) -> Tick | None:
    own, other = _caps(stage, basis, country), _caps(stage, _OTHER[basis], country)
    if own.cap is not None:
        return Tick(own.cap, "reached" if own.at_cap else "room")
    return Tick(other.cap, "other") if other.cap is not None else None


def _note(stage: StageShares, basis: Basis, country: str) -> Note:
    """Say how the largest country stands to its cap, or who else is at a cap."""
    own, other = _caps(stage, basis, country), _caps(stage, _OTHER[basis], country)
    if own.at_cap and own.cap is not None:
        return Note(f"{_counts(own)}at its cap, {level(own.cap)}{_when(stage, basis, own)}", "bold")
    others = sorted(
        {who for by, period in stage.by if by == basis for who in stage.shares(basis, period) if who != country}
    )
    at_cap = [(who, share) for who in others if (share := _at_cap(stage, basis, who)) is not None and share.share > 0]
    if at_cap:
        who, share = max(at_cap, key=lambda one: one[1].share)
        more = f" +{len(at_cap) - 1}" if len(at_cap) > 1 else ""
        return Note(f"{_reached(share)}{more}", "bold", who)
    if own.cap is not None:
        return Note(f"{_counts(own)}cap {level(own.cap)}{_when(stage, basis, own)}")
    if other.cap is None:
        return Note("no cap")
    cap = level(other.cap)
    least = stage.share(basis, stage.worst(basis), country).share
    if least + stage.undisclosed(basis, stage.worst(basis)) > other.cap + RECOUNTED and least <= other.cap + RECOUNTED:
        return Note(f"could be over {cap} ({_OTHER[basis]})", "alarm")
    return Note(f"{cap} cap is by {_OTHER[basis]}")


def _at_cap(stage: StageShares, basis: Basis, country: str) -> Share | None:
    """Return the largest share that a country has where it is at its cap."""
    found = [one for (by, _), shares in stage.by.items() if by == basis and (one := shares.get(country)) and one.at_cap]
    return max(found, key=lambda one: one.share, default=None)
