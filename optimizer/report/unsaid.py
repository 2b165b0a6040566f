"""Five short fields that stand below an answer, always the same five, also when there is nothing to say.

Every face that shows a plan takes them from here: page, workbook, live page and notebook say the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from models.records.countries import UNDISCLOSED
from models.records.wording import format_count, format_percent
from optimizer.charts.stages import BASES, stages_of
from optimizer.report.answer import answer_in, describe_proof
from optimizer.report.caveats import format_unmet, list_shut_lines
from optimizer.results.caveats import caveats_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from optimizer.charts.shown import ShownPlan
    from optimizer.results.caveats import Assumed, Caveats

_FEW = 2
"""Stages and measures that are named before the others are only counted."""
_TOLD = 0.0005
"""Undisclosed shares below this are not told."""
_MUCH = 0.5
"""Shares from here on are an alarm."""
_SHORTER = -1
"""Digits fewer than usual in a share."""
_ENDED = {"expired", "suspended"}
"""How a measure stands that says nothing on the day of the plan."""


class Words(NamedTuple):
    """A piece of what a field says."""

    text: str
    weight: Literal["", "main", "alarm", "name"] = ""
    """What is read first, what nobody may read past, a name that a user gave, or nothing of the kind."""


@dataclass(frozen=True, slots=True)
class Field:
    """What an answer leaves unsaid of one kind."""

    term: str
    words: tuple[Words, ...]
    because: tuple[str, ...] = ()
    """Whole sentences that say why, for where there is room; none of most fields."""

    @property
    def said(self) -> str:
        """The words in one line, without a capital or a full stop."""
        return "".join(piece.text for piece in self.words)


def list_unsaid(plan: ShownPlan) -> list[Field]:
    """Return what the answer leaves unsaid: unmet, undisclosed, assumed, lapsed, proof."""
    caveats = caveats_in(plan.summary)
    return [
        _unmet(caveats, plan.mass_unit),
        Field("Undisclosed", tuple(_undisclosed(plan))),
        Field("Assumed", tuple(_assumed(caveats.assumed))),
        Field("Lapsed law", tuple(_lapsed(plan.summary.get("policies", [])))),
        _proof(plan.summary),
    ]


def _unmet(caveats: Caveats, mass: str) -> Field:
    unmet = format_unmet(caveats.unmet, mass, word="")
    words = (Words(unmet, "alarm"),) if unmet else (Words("none", "main"), Words(" in any period"))
    return Field("Unmet demand", words, tuple(list_shut_lines(caveats)))


def _undisclosed(plan: ShownPlan) -> Iterator[Words]:
    """Say of which stages most is owned by nobody knows whom, or stands nobody knows where."""
    told = _hidden(plan)
    if not told:
        yield from (Words("none", "main"), Words(" of owners or places"))
        return
    for number, (share, basis, stage) in enumerate(told[:_FEW]):
        what = "owners" if basis == "control" else "places"
        yield Words(", " if number else "")
        yield Words(format_percent(share, _SHORTER), "alarm" if share >= _MUCH else "main")
        yield from (Words(" of "), Words(stage, "name"), Words(f" ({what})"))
    yield from _more(told)


def _hidden(plan: ShownPlan) -> list[tuple[float, str, str]]:
    """Return the undisclosed share of each stage on its worse basis in its worst period, the largest first."""
    found = []
    for stage in stages_of(plan):
        most = {
            basis: max((stage.share(basis, period, UNDISCLOSED).share for period in stage.periods(basis)), default=0.0)
            for basis in BASES
        }
        basis = max(BASES, key=most.__getitem__)
        if most[basis] > _TOLD:
            found.append((most[basis], basis, f"{stage.stage} {stage.material}"))
    return sorted(found, key=lambda one: (-one[0], one[2]))


def _assumed(assumed: Assumed) -> Iterator[Words]:
    if not assumed.rows:
        yield from (Words("none", "main"), Words(f" of {format_count(assumed.used, 'rows')} used"))
        return
    much = assumed.rows >= _MUCH * assumed.used
    yield Words(f"{assumed.rows} of {assumed.used}", "alarm" if much else "main")
    of = "" if assumed.share is None else f", {format_percent(assumed.share, _SHORTER)} of the cost"
    yield Words(f" {'row' if assumed.used == 1 else 'rows'} used{of}")


def _lapsed(policies: Sequence[Mapping[str, object]]) -> Iterator[Words]:
    """Say which measures ended, are suspended, or hold again only as nobody looked whether that was prolonged."""
    lapsed = [str(one.get("measure")) for one in policies if one.get("status") in _ENDED or one.get("lapsed")]
    if not lapsed:
        none_of = f" of {format_count(len(policies), 'measures')}" if policies else "; the instance names no policy"
        yield from (Words("none", "main"), Words(none_of))
        return
    yield Words(str(len(lapsed)), "alarm")
    yield Words(f" of {format_count(len(policies), 'measures')}: ")
    for number, measure in enumerate(lapsed[:_FEW]):
        yield from (Words(", " if number else ""), Words(measure, "name"))
    yield from _more(lapsed)


def _more(told: Sequence[object]) -> Iterator[Words]:
    """Say how many there are that are not named."""
    if len(told) > _FEW:
        yield Words(f" and {len(told) - _FEW} more")


def _proof(summary: Mapping[str, object]) -> Field:
    answer = answer_in(summary)
    return Field("Proof", (Words(describe_proof(answer), "main" if answer.proven else "alarm"),))
