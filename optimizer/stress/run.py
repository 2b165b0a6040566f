"""A plan tested: each loss, what it hits, the best response to it part by part, and the worst first."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from models.market.impacts import find_impact
from models.market.losses import Impact, Loss, Window
from models.records.countries import UNDISCLOSED
from models.records.tolerances import RECOUNTED
from optimizer.plan_key import key_of_plan
from optimizer.results.losses import MaterialLost, Stress, TestedLoss, Undisclosed
from optimizer.results.plan_figures import PlanFigures, longest_lead_times
from optimizer.stress.held_response import Answer
from optimizer.stress.planned_parts import replacement_costs, take_apart
from optimizer.stress.respond import HeldParts, Hit, list_tasks, respond_to
from optimizer.work.runner import TaskRunner
from optimizer.work.task import SharedState

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from models.enforcement import EnforcedInstance
    from models.market import Market
    from models.market.losses import Basis, Subject
    from optimizer.results.account import Account

HALF_A_YEAR = 0.5 - 1e-9
"""Years that a loss lasts at least where nobody says how long, but for rounding of the lengths of periods."""
_DIGITS = 9
"""Digits of a figure that are told: the solver's answers are the same to so many, from whatever they were found."""


def list_windows(market: Market, lasts: int | None = None, first: int = 0) -> list[Window]:
    """Return every beginning from a period on in which a loss fits into the horizon; a subject is lost in each.

    Where it is not said how long it `lasts`, that is the fewest periods that make half a year, or the whole horizon
    where that is shorter.
    """
    lengths = list(market.years.values())
    spells = []
    for begins in range(first, len(lengths)):
        fit = lasts if lasts is not None else _half_a_year(lengths[begins:])
        if fit is not None and begins + fit <= len(lengths):
            spells.append(Window(begins, fit))
    return spells or [Window(first, len(lengths) - first)]


def _half_a_year(lengths: Sequence[float]) -> int | None:
    passed = 0.0
    for number, years in enumerate(lengths, 1):
        passed += years
        if passed >= HALF_A_YEAR:
            return number
    return None


class StressTest:
    """Tests one plan against losses."""

    def __init__(self, instance: EnforcedInstance, account: Account, from_share: float = 1.0) -> None:
        """Cut the market down to what the plan uses, and take it apart.

        A country by control takes an offer wholly of which it owns `from_share` or more, and else its share of it.
        """
        self.instance, self.account, self.planned = instance, account, PlanFigures(account)
        self._from_share, self._periods = from_share, list(account.market.years)
        self._lead_times = longest_lead_times(account)
        bought = {key[0] for key in self.planned.quantity} | account.reserved.keys()
        self._terms = {
            o.offer: account.market.short_notice(o.offer) for o in account.market.offers if o.offer in bought
        }
        self._replacement_costs = replacement_costs(account)
        self._demand = {m: [account.market.demand_of(m, [p]) for p in self._periods] for m in account.market.material}
        self._unmet = {m: [0.0] * len(self._periods) for m in account.market.material}
        for (_, material, period), units in account.plan.unmet.items():
            self._unmet[material][self._periods.index(period)] += units
        self._parts = take_apart(instance, account, self._terms, self._replacement_costs)
        self._part_of = {offer.offer: name for name, part in self._parts.items() for offer in part.market.offers}
        self._taken: dict[Subject, Impact] = {}

    def test(
        self,
        losses: Iterable[Loss],
        runner: TaskRunner | None = None,
        watch: Callable[[int, int], None] | None = None,
        *,
        how_long: bool = True,
    ) -> Stress:
        """Return the plan tested against losses, the worst first, answered by a runner or in this process.

        How long all can be met is left out where nobody asks `how_long`. `watch` is told how many responses are found
        and how many are asked for: one a loss and part that it hits, and of losses that hit the same only one.

        Raises:
            KeyboardInterrupt: interrupted; the journal of the runner holds what was found by then.
            SolverFailure: a task ended its process again and again, or a cluster was lost; likewise.

        """
        asked = sorted(dict.fromkeys(losses), key=lambda loss: (loss.begins, loss.lasts, loss.subject.spelling))
        hits = {loss: self._list_hits(loss) for loss in asked}
        answers = self._respond(dict.fromkeys(chain.from_iterable(hits.values())), runner, watch, how_long=how_long)
        tested = [self._tell(loss, {hit.part: answers[hit] for hit in hits[loss]}) for loss in asked]
        tested.sort(key=lambda one: (one.sure, one.worst.covered, -one.extra_cost))
        bases: dict[Basis, None] = dict.fromkeys(loss.subject.basis for loss in asked if loss.subject.basis)
        terms = self._terms.values()
        return Stress(
            instance=self.instance,
            account=self.account,
            tested=tuple(tested),
            at_short_notice=any(one.surge for one in terms) or any(self.account.reserved.values()),
            undisclosed=tuple(_list_undisclosed(self.account, bases)),
            horizon_ends=tuple(self._cut_short(asked)),
            unit_replacement_costs=self._replacement_costs,
            free_of_charge=any(one.surge and not one.surge_premium and not one.take_or_pay for one in terms),
        )

    @property
    def unmet_price(self) -> float:
        """More than covering a unit of anything can cost [currency per unit]."""
        return max((part.response.unmet_price or 0.0 for part in self._parts.values()), default=0.0)

    def weigh(self, losses: Iterable[Loss]) -> tuple[int, int]:
        """Return how many responses have to be found to losses, and how many flows their programs have in all."""
        flows = Counter(self._part_of[key[0]] for key in self.planned.flow if key[0] in self._part_of)
        hits = {hit for loss in losses for hit in self._list_hits(loss)}
        return len(hits), sum(flows[hit.part] for hit in hits)

    def _respond(
        self,
        hits: Iterable[Hit],
        runner: TaskRunner | None,
        watch: Callable[[int, int], None] | None,
        *,
        how_long: bool,
    ) -> dict[Hit, Answer | None]:
        """Return the best response to each hit; those to the hits of a part that begin together are one task."""
        tasks = list_tasks(hits, key_of_plan(self.instance, self.account.plan), how_long=how_long)
        if not tasks:
            return {}
        runner, shared = runner or TaskRunner(), SharedState(HeldParts(self.planned, self._parts))
        found, count = dict[Hit, Answer | None](), sum(len(task.own.hits) for task in tasks)
        for task, answers in runner.answers(respond_to, shared, tasks):
            found |= zip(task.own.hits, answers, strict=True)
            if watch is not None:
                watch(len(found), count)
        return {hit: None if answer is None else Answer(*answer) for hit, answer in found.items()}

    def _tell(self, loss: Loss, answers: Mapping[str, Answer | None]) -> TestedLoss:
        """Return a loss with the best response to it, which is found part by part."""
        found: dict[str, tuple[int, Answer]] = {}
        for part, answer in answers.items():
            if answer is not None:
                materials = self._parts[part].market.materials
                found |= {record.material: (number, answer) for number, record in enumerate(materials)}
        told = [self._lost(loss, material, found.get(material)) for material in self.account.market.material]
        return TestedLoss(loss, bool(answers), tuple(told), sure=None not in answers.values())

    def _list_hits(self, loss: Loss) -> list[Hit]:
        """Return what a loss takes of what the plan does, by part."""
        taken = self._find_taken(loss.subject)
        hits = [Hit(part, loss.window, self._within(taken, part)) for part in self._parts]
        return [hit for hit in hits if self._is_hit(loss.window, hit.taken)]

    def _cut_short(self, losses: Collection[Loss]) -> Iterator[str]:
        """Yield the materials of which goods ordered after some loss arrive after the horizon."""
        last = max((loss.begins + loss.lasts for loss in losses), default=0)
        for material, lead_time in self._lead_times.items():
            if last + lead_time > len(self._periods):
                yield material

    def _find_taken(self, subject: Subject) -> Impact:
        if subject not in self._taken:
            account = self.account
            self._taken[subject] = find_impact(
                subject, account.exposure, account.network, self._part_of, self._from_share
            )
        return self._taken[subject]

    def _within(self, taken: Impact, part: str) -> Impact:
        """Return what a loss takes of a part."""
        offers = tuple((name, share) for name, share in taken.offers if self._part_of[name] == part)
        return Impact(offers, tuple(pair for pair in taken.lanes if self._part_of.get(pair[0]) == part))

    def _is_hit(self, window: Window, taken: Impact) -> bool:
        """Whether the plan does anything that a loss takes."""
        periods = self._periods[window.begins : window.begins + window.lasts]
        quantity, flow = self.planned.quantity, self.planned.flow
        return any(quantity.get((offer, p), 0.0) > 0 for offer, _ in taken.offers for p in periods) or any(
            flow.get((*pair, p), 0.0) > 0 for pair in taken.lanes for p in periods
        )

    def _lost(self, loss: Loss, material: str, found: tuple[int, Answer] | None) -> MaterialLost:
        """Return what a loss does to a material; the plan goes on where it does nothing."""
        begins, ends = loss.begins, loss.begins + loss.lasts + self._lead_times[material]
        demand, before = self._demand[material], self._unmet[material]
        need = sum(demand[begins:ends])
        planned = _covered(before[begins:ends], need)
        if found is None:
            kept = [(p, _rounded(u)) for p, u in zip(self._periods[begins:], before[begins:], strict=True) if u > 0]
            return MaterialLost(material, planned, planned, tuple(kept))
        number, answer = found
        unmet: list[float] = answer.unmet[number].tolist()
        told = [units if units > RECOUNTED * most else 0.0 for units, most in zip(unmet, demand, strict=True)]
        more = [p for p in range(begins, len(told)) if told[p] > before[p] + RECOUNTED * demand[p]]
        last = max(more, default=begins - 1) + 1
        return MaterialLost(
            material=material,
            covered=_covered(told[begins:ends], need),
            planned=planned,
            unmet=tuple(
                (period, _rounded(units))
                for period, units in zip(self._periods[begins:], told[begins:], strict=True)
                if units > 0
            ),
            survives=answer.survives[number],
            recovers=None if last == len(told) and more else last - begins,
            extra_cost=_rounded(answer.extra_cost[number]),
            shortage_cost=_rounded(answer.shortage_cost[number]),
            written_off=_rounded(answer.written_off[number]),
            missing=_rounded(answer.missing[number]),
        )


def _covered(unmet: Sequence[float], need: float) -> float:
    """Return the share of a demand that is met; all of one that is none."""
    return _rounded(max(0.0, 1.0 - sum(unmet) / need)) if need > 0 else 1.0


def _rounded(figure: float) -> float:
    """Return a figure to the digits that are the same from whatever it was found."""
    rounded = float(f"{figure:.{_DIGITS}g}")
    return rounded or 0.0  # and no minus zero


def _list_undisclosed(account: Account, bases: Collection[Basis]) -> Iterator[Undisclosed]:
    """Yield what passes each stage and is attributed to nobody, where that is anything."""
    periods = tuple(account.market.years)
    for basis in bases:
        for (material, stage), offers in account.exposure.passing.items():
            passed = {o.offer: sum(account.exposure.arrived(account, o, p) for p in periods) for o in offers}
            whole = sum(passed.values())
            hidden = sum(
                passed[offer.offer] * account.exposure.weights(offer, stage, basis).get(UNDISCLOSED, 0.0)
                for offer in offers
            )
            if whole > 0 and hidden > RECOUNTED * whole:
                yield Undisclosed(material, stage, basis, _rounded(hidden / whole))
