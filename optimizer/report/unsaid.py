"""Five short fields that stand below an answer, always the same five, also when there is nothing to say.

Every face that shows a plan takes them from here: page, workbook, live page and notebook say the same words; so does
the terminal, which says them only where there is something to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from models.records.countries import UNDISCLOSED
from models.records.wording import format_count, format_percent
from optimizer.charts.stages import BASES, read_stages, stages_of
from optimizer.report.answer import answer_in, describe_proof
from optimizer.report.caveats import format_unmet, list_shut_lines
from optimizer.results.caveats import caveats_in
from optimizer.tables import EXPOSURE, units_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from optimizer.charts.shown import ShownPlan
    from optimizer.charts.stages import Basis, StageShares
    from optimizer.results.caveats import Assumed, Caveats
    from optimizer.results.solution import Solution

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


class _Hidden(NamedTuple):
    """What nobody declared of a stage: on its worse basis, in its worst period."""

    material: str
    stage: str
    basis: Basis
    share: float
    """From 0 to 1."""


@dataclass(frozen=True, slots=True)
class Field:
    """What an answer leaves unsaid of one kind."""

    term: str
    words: tuple[Words, ...]
    because: tuple[str, ...] = ()
    """Whole sentences that say why, for where there is room; none of most fields."""
    tells: bool = True
    """Whether there is something to say."""

    @property
    def said(self) -> str:
        """The words in one line, without a capital or a full stop."""
        return "".join(piece.text for piece in self.words)


def list_unsaid(plan: ShownPlan) -> list[Field]:
    """Return what the answer leaves unsaid: unmet, undisclosed, assumed, lapsed, proof."""
    caveats = caveats_in(plan.summary)
    return [
        _unmet(caveats, plan.mass_unit),
        _undisclosed(stages_of(plan)),
        Field("Assumed", tuple(_assumed(caveats.assumed))),
        _lapsed(plan.summary.get("policies", [])),
        _proof(plan.summary),
    ]


def most_undisclosed(plan: ShownPlan) -> float:
    """Return the largest share of a stage that nobody declared, from 0 to 1."""
    return max((one.share for one in _hidden(stages_of(plan))), default=0.0)


def list_lapsed(plan: ShownPlan) -> list[str]:
    """Return the measures of law that lapsed: they ended, are suspended, or hold as nobody looked since."""
    return _lapsed_of(plan.summary.get("policies", []))


def list_unsaid_lines(solution: Solution, measures: Sequence[Mapping[str, object]]) -> list[str]:
    """Return what of a plan is undisclosed, and which law has lapsed, as lines; none where there is nothing to say.

    `measures` are how the law of its instance was found to stand (`optimizer.report.law.list_looked_up`).
    """
    fields = [_undisclosed(_stages_in(solution)), _lapsed(measures)]
    return [f"{field.term}: {field.said}." for field in fields if field.tells]


def list_undisclosed(solution: Solution) -> list[dict[str, Any]]:
    """Return as plain data what nobody declared of each stage, the largest share first; none where all is known."""
    return [one._asdict() for one in _hidden(_stages_in(solution))]


def _stages_in(solution: Solution) -> list[StageShares]:
    return read_stages(EXPOSURE.cells(solution, units_of(solution.instance)))


def _unmet(caveats: Caveats, mass: str) -> Field:
    unmet = format_unmet(caveats.unmet, mass, word="")
    words = (Words(unmet, "alarm"),) if unmet else (Words("none", "main"), Words(" in any period"))
    return Field("Unmet demand", words, tuple(list_shut_lines(caveats)), tells=bool(unmet))


def _undisclosed(stages: Sequence[StageShares]) -> Field:
    """Say of which stages most is owned by nobody knows whom, or stands nobody knows where."""
    told = _hidden(stages)
    if not told:
        return Field("Undisclosed", (Words("none", "main"), Words(" of owners or places")), tells=False)
    return Field("Undisclosed", tuple(_describe_hidden(told)))


def _describe_hidden(told: Sequence[_Hidden]) -> Iterator[Words]:
    for number, one in enumerate(told[:_FEW]):
        what = "owners" if one.basis == "control" else "places"
        yield Words(", " if number else "")
        yield Words(format_percent(one.share, _SHORTER), "alarm" if one.share >= _MUCH else "main")
        yield from (Words(" of "), Words(f"{one.stage} {one.material}", "name"), Words(f" ({what})"))
    yield from _more(told)


def _hidden(stages: Iterable[StageShares]) -> list[_Hidden]:
    """Return the undisclosed share of each stage on its worse basis in its worst period, the largest first."""
    found = []
    for stage in stages:
        most = {
            basis: max((stage.share(basis, period, UNDISCLOSED).share for period in stage.periods(basis)), default=0.0)
            for basis in BASES
        }
        basis = max(BASES, key=most.__getitem__)
        if most[basis] > _TOLD:
            found.append(_Hidden(stage.material, stage.stage, basis, most[basis]))
    return sorted(found, key=lambda one: (-one.share, one.stage, one.material))


def _assumed(assumed: Assumed) -> Iterator[Words]:
    if not assumed.rows:
        yield from (Words("none", "main"), Words(f" of {format_count(assumed.used, 'rows')} used"))
        return
    much = assumed.rows >= _MUCH * assumed.used
    yield Words(f"{assumed.rows} of {assumed.used}", "alarm" if much else "main")
    of = "" if assumed.share is None else f", {format_percent(assumed.share, _SHORTER)} of the cost"
    yield Words(f" {'row' if assumed.used == 1 else 'rows'} used{of}")


def _lapsed(policies: Sequence[Mapping[str, object]]) -> Field:
    """Say which measures ended, are suspended, or hold again only as nobody looked whether that was prolonged."""
    lapsed = _lapsed_of(policies)
    if not lapsed:
        none_of = f" of {format_count(len(policies), 'measures')}" if policies else "; the instance names no policy"
        return Field("Lapsed law", (Words("none", "main"), Words(none_of)), tells=False)
    of = (Words(str(len(lapsed)), "alarm"), Words(f" of {format_count(len(policies), 'measures')}: "))
    return Field("Lapsed law", (*of, *_name_some(lapsed)))


def _lapsed_of(policies: Sequence[Mapping[str, object]]) -> list[str]:
    return [str(one.get("measure")) for one in policies if one.get("status") in _ENDED or one.get("lapsed")]


def _name_some(measures: Sequence[str]) -> Iterator[Words]:
    for number, measure in enumerate(measures[:_FEW]):
        yield from (Words(", " if number else ""), Words(measure, "name"))
    yield from _more(measures)


def _more(told: Sequence[object]) -> Iterator[Words]:
    """Say how many there are that are not named."""
    if len(told) > _FEW:
        yield Words(f" and {len(told) - _FEW} more")


def _proof(summary: Mapping[str, object]) -> Field:
    answer = answer_in(summary)
    return Field("Proof", (Words(describe_proof(answer), "main" if answer.proven else "alarm"),))
