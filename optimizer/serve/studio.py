"""One instance that pages ask about: what it is, and the session that answers."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from models.enforcement import enforce, prepare
from optimizer.charts.palette import assign
from optimizer.errors import InputError, LodeplanError, NoPlan, SolverFailure
from optimizer.explain.conflict import find_infeasible_parts
from optimizer.folders.shown_stress import show_stress
from optimizer.limits_cost import add_limits_cost
from optimizer.load import load
from optimizer.notes import list_licence_notes, list_notes
from optimizer.price import add_prices
from optimizer.results.account import Account
from optimizer.results.solution import settings_of
from optimizer.serve.answer import describe, list_rows, show
from optimizer.serve.controls import HAPPENING, list_controls
from optimizer.serve.effects import Effects
from optimizer.serve.losses import describe_stress, list_choices, stress_plan
from optimizer.serve.moves import Moves
from optimizer.serve.nearest import find_nearest
from optimizer.serve.pricing import price
from optimizer.session import Session
from optimizer.solver.deadline import Deadline

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator
    from pathlib import Path

    from models.enforcement import EnforcedInstance
    from optimizer.charts.shown import Row
    from optimizer.charts.shown_stress import ShownStress
    from optimizer.memory import PartSolution
    from optimizer.results.interval import Interval
    from optimizer.results.losses import Stress
    from optimizer.results.solution import Solution
    from optimizer.serve.controls import Control, Value
    from optimizer.serve.losses import LossesAsked

Key = TypeVar("Key")
Kept = TypeVar("Kept")
Tell = Callable[[str, dict[str, Any]], None]
"""Sends a page a message of some kind."""
_AT_ONCE = 0.08
"""Seconds within which an answer needs no interval before it, which would only flicker."""
_TO_TRY = 60.0
"""Seconds for which ends of sliders are tried unasked."""
_KEPT = 10
"""Plans that are kept to be tested, and stress tests of the base plan; those asked for longest ago are forgotten."""
_TO_EXPLAIN = 5.0
"""Seconds that it may take to find which limits cannot hold together."""


class Studio:
    """An instance with its controls, its base plan and its prices; one thread at a time asks it."""

    def __init__(self, path: Path, *, calm: bool = False) -> None:
        """Read an instance; all that is `calm` is planned as if nothing could happen, and has no switches for it.

        Raises:
            InputError: with one line for everything that is wrong.
        """
        self.path = path
        self.calm = calm
        self.instance = load(path, foreseeing=not calm)
        self.enforced = enforce(self.instance)
        controls = list_controls(self.instance, self.enforced)
        self.controls = {one.name: one for one in controls if not (calm and one.group in HAPPENING)}
        self.base: dict[str, Any] | None = None
        """The answer for the instance as it is, once it is there."""
        self.prices: dict[str, dict[str, Any]] = {}
        """What limits cost, by name, as far as they are priced."""
        self._effects = Effects(self.controls.values())
        self.unfelt = self._effects.tell(Moves())
        """The sliders that are known to change nothing of the base plan."""
        self.colours: dict[str, str] = {}
        self._shares: WeakKeyDictionary[PartSolution, list[Row]] = WeakKeyDictionary()
        """Rows of shares of countries, by what was found of a part."""
        self._session = Session(settings_of(self.instance, calm=calm))
        self._solution: Solution | None = None
        self._unpriced = [limit for limit in self.enforced.limits if not limit.watch]
        self._apart: Session | None = None
        """Tries the ends of sliders, so that the session of those who ask keeps what it knows."""
        self._tried = 0.0
        """Seconds for which it did."""
        self._found: OrderedDict[frozenset[tuple[Control, Value]], Solution] = OrderedDict()
        """The plans that were found last, by what is moved."""
        self._tested: OrderedDict[LossesAsked, ShownStress] = OrderedDict()
        """The base plan as it was tested last."""

    def describe(self) -> dict[str, Any]:
        """Return the instance as plain data: what it is called and counts in, and what can be moved."""
        instance = self.instance
        offers = {
            offer.offer: {"company": offer.company, "country": offer.country, "material": offer.material,
                          "stage": offer.stage}
            for offer in self.enforced.market.offers
        }  # fmt: skip
        return {
            "name": instance.name,
            "title": instance.title,
            "digest": instance.digest,
            "currency": instance.currency,
            "mass_unit": instance.mass_unit,
            "periods": [period.name for period in instance.market.periods],
            "controls": [control.as_data() for control in self.controls.values()],
            "losses": list_choices(self.enforced.market),
            "offers": offers,
        }

    def answer(self, moves: Moves, last: str, tell: Tell, stop: threading.Event) -> None:
        """Answer what is moved: an interval while it is not known, then the plan, or why there is none.

        Raises:
            Stopped: the stop was set.
        """
        with self._solving(stop):
            try:
                solution = self._solve(moves, tell)
            except InputError as error:
                tell("fault", {"message": str(error)})
            except NoPlan as none:
                tell("noplan", {"message": str(none), "proven": none.proven})
                if none.proven:
                    self._effects.note(moves, None)
                    self._explain(moves, last, tell, stop)
            except LodeplanError as error:
                tell("fault", {"message": str(error)})
            else:
                self._effects.note(moves, solution)
                _keep(self._found, frozenset(moves.moved), solution)
                tell("answer", self._describe(solution, stop) | {"unfelt": self._effects.tell(moves)})

    def solve_base(self, stop: threading.Event) -> None:
        """Find the base plan; raises Stopped when the stop was set."""
        with self._solving(stop):
            try:
                self._solution = self._session.solve(self.enforced)
            except LodeplanError as error:
                self.base = {"message": str(error), "notes": list_notes(self.enforced)}
                self._unpriced = []
                return
        base = self._describe(self._solution, stop)
        self.colours = assign(show(self._solution, self._shares_of(self._solution, stop)))
        self._effects.note(Moves(), self._solution)
        _keep(self._found, frozenset(), self._solution)
        notes = [*list_notes(self.enforced), *list_licence_notes(self._solution)]
        self.base = base | {"notes": notes}

    def test(self, moves: Moves, asked: LossesAsked, tell: Tell, stop: threading.Event) -> None:
        """Tell what the plan of what is moved still covers when something stops, beside the base plan.

        Raises:
            Stopped: the stop was set.
        """

        def count(found: int, every: int) -> None:
            tell("testing", {"found": found, "every": every})

        try:
            stress = stress_plan(self._find(moves, stop), asked, stop, count)
            if moves.moved and self._solution is not None and asked not in self._tested:
                _keep(self._tested, asked, show_stress(stress_plan(self._solution, asked, stop, count)))
        except LodeplanError as error:
            tell("untested", {"message": str(error)})
            return
        if not moves.moved:
            _keep(self._tested, asked, show_stress(stress))
        base = self._tested.get(asked) if moves.moved else None
        tell("tested", describe_stress(stress, base, self.colours) | {"command": asked.command(str(self.path))})

    def _find(self, moves: Moves, stop: threading.Event) -> Solution:
        """Return the plan of what is moved, which is most often the one that was found last; raises as a solve."""
        key = frozenset(moves.moved)
        if key not in self._found:
            with self._solving(stop):
                _keep(self._found, key, self._session.solve(moves.apply_to(self.instance)))
        return self._found[key]

    @property
    def priced(self) -> bool:
        """Whether it is known of every limit what it costs."""
        return self.base is not None and not self._unpriced

    @property
    def prepared(self) -> bool:
        """Whether nothing is left to be found out unasked."""
        return self.priced and self._effects.next_untried() is None

    def prepare_next(self, stop: threading.Event) -> None:
        """Price one more limit of the base plan, or else try one more end of a slider; raises Stopped when told to."""
        if self.priced:
            self._try_next(stop)
        else:
            self._price_next(stop)

    def give_up(self, message: str) -> None:
        """Find nothing more out unasked; of a base plan that is not known the message is told."""
        if self.base is None:
            self.base = {"message": message}
        self._unpriced.clear()
        self._effects.stop_trying()

    def _price_next(self, stop: threading.Event) -> None:
        if not self._unpriced or self._solution is None:
            return
        limit = self._unpriced[0]
        with self._solving(stop):
            try:
                self.prices[limit.name] = price(limit, self._solution, self._session)
            except LodeplanError:  # it stays unpriced; the plan itself stands
                self.prices[limit.name] = {}
        self._unpriced.pop(0)

    def _try_next(self, stop: threading.Event) -> None:
        """Find out whether a slider changes anything of the base plan at one of its ends."""
        end = self._effects.next_untried()
        if end is None:
            return
        self._apart = self._apart or self._session.branch()
        self._apart.settings = replace(self._session.settings, stop=stop)
        start = time.perf_counter()
        try:
            self._effects.note(end, self._apart.solve(end.apply_to(self.instance)))
        except LodeplanError:
            self._effects.note(end, None)
        finally:
            self._tried += time.perf_counter() - start
            if self._tried > _TO_TRY:
                self._effects.stop_trying()
        self.unfelt = self._effects.tell(Moves())

    def solve_for_keeping(self, moves: Moves, stop: threading.Event) -> Solution:
        """Return the plan of what is moved, with what its limits cost, to be written; raises as `Session.solve`."""
        with self._solving(stop):
            solution = self._session.solve(moves.apply_to(self.instance))
            return add_prices(add_limits_cost(solution, self._session), self._session)

    def test_for_keeping(self, solution: Solution, asked: LossesAsked, stop: threading.Event) -> Stress:
        """Return the test of a plan that is to be written; raises as `stress_plan`."""
        return stress_plan(solution, asked, stop, lambda _found, _every: None)

    def _describe(self, solution: Solution, stop: threading.Event) -> dict[str, Any]:
        """Return the plan found last as the page draws it; raises Stopped when the stop was set."""
        return describe(solution, self._shares_of(solution, stop), Deadline(stop=stop).look)

    def _shares_of(self, solution: Solution, stop: threading.Event) -> list[Row]:
        """Return the shares of countries in the plan found last; a part that did not change is not recounted."""
        rows: list[Row] = []
        for answer in self._session.answers:
            Deadline(stop=stop).look()
            if answer not in self._shares:
                account = self._session.accounts.get(answer)
                if account is None:
                    account = Account(prepare(answer.part), answer.part.limits, answer.plan)
                self._shares[answer] = list_rows(account)
            rows += self._shares[answer]
        order = {material: number for number, material in enumerate(solution.instance.market.material)}
        return sorted(rows, key=lambda row: order[str(row["material"])])

    def _solve(self, moves: Moves, tell: Tell) -> Solution:
        start = time.perf_counter()

        def tell_interval(interval: Interval) -> None:
            if time.perf_counter() - start > _AT_ONCE:
                tell("interval", interval.as_data())

        return self._session.solve(moves.apply_to(self.instance), tell_interval)

    def _explain(self, moves: Moves, last: str, tell: Tell, stop: threading.Event) -> None:
        """Tell the nearest place that has a plan, and where none is near which limits cannot hold together."""
        nearest = find_nearest(self.instance, moves, last, self._session)
        if nearest is not None:
            tell("nearest", nearest.as_data())
            return
        with Deadline(_TO_EXPLAIN, stop) as deadline:
            try:
                found = find_infeasible_parts(self._enforced(moves), deadline)
            except SolverFailure:
                return
        tell("conflict", {"parts": [part.as_data() for part in found]})

    def _enforced(self, moves: Moves) -> EnforcedInstance:
        return moves.apply_to(self.instance)

    @contextmanager
    def _solving(self, stop: threading.Event) -> Iterator[None]:
        """Let a stop end what is solved inside."""
        settings = self._session.settings
        self._session.settings = replace(settings, stop=stop)
        try:
            yield
        finally:
            self._session.settings = settings


def _keep(kept: OrderedDict[Key, Kept], key: Key, one: Kept) -> None:
    kept[key] = one
    kept.move_to_end(key)
    while len(kept) > _KEPT:
        kept.popitem(last=False)
