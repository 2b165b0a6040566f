"""A stress test as text for people, as JSON and as tidy tables."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from models.records.tolerances import RECOUNTED
from models.records.wording import format_amount, format_count, format_whole, list_some
from models.records.wording import format_share as format_percent
from optimizer.report.answer import format_money
from optimizer.report.layout import fit, format_table
from optimizer.report.risk import NOT_COUNTED, describe_covered, rank
from optimizer.report.survival import describe_length, format_share
from optimizer.tables import units_of
from optimizer.tables.frames import build_frame, csv_text
from optimizer.tables.losses import LOSSES, UNMET

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from optimizer.results.losses import Stress, TestedLoss
    from optimizer.results.risk_profile import RiskProfile

_ROWS = 20
"""Subjects that the table shows."""
_MILLION = 1e6
_PERIODS = 4
"""Periods of unmet demand that are told one by one."""
_TOLD = 0.0005
_HIDDEN = {"control": "owners", "place": "places"}
_READING = (
    "Each loss is answered at its best: demand that would stay unmet is covered first, at least cost. Covered: part of "
    "demand that is met, from the beginning of the loss to its end plus the longest lead time. Survives and recovers: "
    "periods from its beginning in which all is met that the plan meets, and until it is met again."
)
_COST = (
    "Extra cost: what is paid beyond the plan for purchases, calls, what is owed though not taken, freight, duties, "
    "storage, closing stock that is missing, and shortage at its stated cost; below zero where less is bought."
)
_SCENARIOS = (
    "A scenario is answered at its best from the period on in which it begins: demand is covered first, and what stays "
    f"unmet costs its shortage cost where one is stated. {NOT_COUNTED}"
)


def as_text(stress: Stress) -> str:
    """Return the whole of a stress test: the answer, a row a subject at its worst, and what it does not say."""
    parts = [answer(stress), _table(stress), *_describe_worst(stress)]
    if stress.scenarios is not None:
        parts.append(_scenario_table(stress.scenarios, stress.instance.currency))
    hits = any(one.hits for one in stress.tested)
    parts.append("\n".join([*([_READING, _COST] if hits else []), *list_unsaid(stress)]))
    return fit("\n\n".join(part for part in parts if part) + "\n")


def answer(stress: Stress) -> str:
    """Return the sentences: how many losses and scenarios were tested, and which of them is the worst."""
    said = [describe_losses(stress)] if stress.tested or stress.scenarios is None else []
    if stress.scenarios is not None:
        word = "Tested" if said else "tested"
        said.append(f"{word} against {_answer_to_scenarios(stress.scenarios)}")
    return f"{stress.instance.title}: {' '.join(said)}"


def describe_losses(stress: Stress) -> str:
    """Return the sentence about the losses: how many were tested and hit the plan, and what the worst leaves."""
    tried, hit = len(stress.tested), sum(one.hits for one in stress.tested)
    said = f"tested against {format_count(tried, 'losses') if tried != 1 else '1 loss'}"
    if not hit:
        return f"{said}, and nothing of the plan is hit."
    worst = _worst(stress)
    if worst is None:
        return f"{said}, and no response is found to those that hit the plan."
    lost = worst.worst
    return (
        f"{said}, of which {hit} hit the plan. The worst, {worst.loss.subject.text}, {_when(stress, worst)}, leaves "
        f"{format_share(lost.covered)} of {lost.material} covered."
    )


def _answer_to_scenarios(risk: RiskProfile) -> str:
    tried, first = len(risk.outcomes), rank(risk)[0]
    said = format_count(tried, "scenarios") if tried != 1 else "1 scenario"
    if first.worst is None or first.covered > 1 - RECOUNTED:
        return f"{said}, and all demand is covered in {'each' if tried != 1 else 'it'}."
    left = f"leaves {format_share(first.covered)} of {first.worst.material} covered"
    return f"{said}. The worst, {first.scenario}, from {first.begins}, {left}."


def answer_with_caveats(stress: Stress) -> str:
    """Return the sentences with what their figures leave out, for who reads nothing else."""
    said, worst = [answer(stress).removesuffix(".")], _worst(stress)
    if not stress.at_short_notice and (worst is not None or stress.scenarios is not None):
        said.append("counted are stock and what was planned only")
    if worst is not None:
        material = worst.worst.material
        hidden = [one for one in stress.undisclosed if one.material == material and one.share >= _TOLD]
        if hidden:
            most = max(hidden, key=attrgetter("share"))
            whose = f"{_HIDDEN[most.basis]} of {format_share(most.share)} of {most.stage} {material}"
            said.append(f"{whose} are not disclosed, and lost with nobody")
    if unsure := sum(not one.sure for one in stress.tested):
        said.append(f"no answer is found to {format_count(unsure, 'losses')}")
    return f"{'; '.join(said)}."


def _worst(stress: Stress) -> TestedLoss | None:
    return next((one for one in stress.tested if one.hits and one.sure), None)


def _when(stress: Stress, tested: TestedLoss) -> str:
    loss, lengths = tested.loss, list(stress.account.market.years.values())
    spell = describe_length(loss.lasts, sum(lengths[loss.begins : loss.begins + loss.lasts]))
    return f"for {spell} from {list(stress.account.market.years)[loss.begins]}"


def _table(stress: Stress) -> str:
    """Return a row for each subject that hits the plan, at its worst beginning."""
    periods, worst = list(stress.account.market.years), _worst_of_each(stress)
    if not worst:
        return ""
    millions = max(abs(one.extra_cost) for one in worst) >= _MILLION
    rows = []
    for one in worst[:_ROWS]:
        lost = one.worst
        where = [one.loss.subject.text, periods[one.loss.begins]]
        if not one.sure:
            rows.append([*where, "", "not found", "", "", ""])
            continue
        survives = "all" if lost.survives is None else str(lost.survives)
        recovers = "later" if lost.recovers is None else str(lost.recovers)
        cost = format_whole(one.extra_cost / _MILLION, 1) if millions else format_whole(one.extra_cost)
        rows.append([*where, lost.material, format_share(lost.covered), survives, recovers, cost])
    bases = {one.loss.subject.basis for one in worst}
    alike = bases.pop() if len(bases) == 1 and not any(one.loss.subject.scope for one in worst) else None
    if alike:  # all of them count alike, which the heading says once
        rows = [[row[0].removesuffix(f" by {alike}"), *row[1:]] for row in rows]
    heading = [f"loss by {alike}" if alike else "loss", "from", "material", "covered", "survives", "recovers"]
    heading.append(f"extra cost [{'million ' if millions else ''}{stress.instance.currency}]")
    left = f"\n\n{len(worst) - _ROWS} more hit the plan less; --json holds them all." if len(worst) > _ROWS else ""
    return format_table(heading, rows, left=1) + left


def _scenario_table(risk: RiskProfile, currency: str) -> str:
    """Return a row for each scenario, the worst first."""
    ranked = rank(risk)
    rows = [
        [one.scenario, one.begins, format_percent(one.probability), describe_covered(one), format_whole(one.extra_cost)]
        for one in ranked[:_ROWS]
    ]
    left = f"\n\n{len(ranked) - _ROWS} more are less bad; --json holds them all." if len(ranked) > _ROWS else ""
    return format_table(["scenario", "from", "chance", "covered", f"extra cost [{currency}]"], rows, left=2) + left


def _worst_of_each(stress: Stress) -> list[TestedLoss]:
    """Return the worst loss of each subject that hits the plan, the worst first."""
    found: dict[str, TestedLoss] = {}
    for one in stress.tested:
        if one.hits:
            found.setdefault(one.loss.subject.spelling, one)
    return list(found.values())


def _describe_worst(stress: Stress) -> Iterator[str]:
    """Yield what is unmet in the worst loss, material by material."""
    worst = _worst(stress)
    lines = []
    for lost in worst.materials if worst else ():
        if lost.unmet:
            unmet = sorted(lost.unmet, key=lambda one: -one[1])
            few = [one for one in lost.unmet if one in unmet[:_PERIODS]]
            mass = stress.instance.mass_unit
            told = ", ".join(f"{format_amount(units)} {mass} in {period}" for period, units in few)
            more = len(unmet) - len(few)
            lines.append(
                f"- {lost.material}: {told}" + (f" and in {format_count(more, 'more periods')}" if more else "")
            )
    if worst and lines:
        yield "\n".join([f"Left unmet by the worst, {worst.loss.subject.text}, {_when(stress, worst)}:", *lines])


def list_unsaid(stress: Stress) -> list[str]:
    """Return a line for everything that the figures leave out."""
    lines = []
    if not stress.at_short_notice:
        market = stress.instance.market
        stated = market.response is not None or any(offer.surge is not None for offer in market.offers)
        why = "suppliers give nothing at short notice, as the instance states"
        why = why if stated else "no [response] of the instance says what suppliers give at short notice"
        counted = "Counted are stock, goods under way and what was planned, and nothing else"
        lines.append(f"{counted}: {why}.")
    if stress.free_of_charge:
        lines.append(
            "Calls cost no more than what was planned, and nothing is owed for what is not taken: a response may cost "
            "less than the plan. State a surge_premium or take_or_pay."
        )
    if stress.scenarios is not None:
        lines.append(_SCENARIOS)
    calm = sum(not one.hits for one in stress.tested)
    if calm:
        lines.append(f"{format_count(calm, 'losses') if calm != 1 else '1 loss'} of {len(stress.tested)} hit nothing.")
    hidden = [one for one in stress.undisclosed if one.share >= _TOLD]
    for basis, what in _HIDDEN.items():
        told = [f"{format_share(one.share)} of {one.stage} {one.material}" for one in hidden if one.basis == basis]
        if told:
            lines.append(f"Undisclosed {what} are lost with nobody: {list_some(told)}.")
    if stress.horizon_ends:
        names = list_some(stress.horizon_ends)
        lines.append(f"Of {names}, goods ordered after the last losses arrive after the horizon, with which it ends.")
    if stress.unit_replacement_costs and any(lost.missing for one in stress.tested for lost in one.materials):
        mass, currency = stress.instance.mass_unit, stress.instance.currency
        told = [f"{format_money(c, currency)} a {mass} of {m}" for m, c in stress.unit_replacement_costs.items()]
        lines.append(f"Closing stock that is missing costs 1.25 times what arrives in the plan: {list_some(told)}.")
    unsure = sum(not one.sure for one in stress.tested)
    if unsure:
        lines.append(f"To {format_count(unsure, 'losses')} the solver found no answer; nothing is known of them.")
    return lines


def as_json(stress: Stress) -> dict[str, Any]:
    """Return a stress test as plain data: one record a loss and material, the worst first."""
    instance = stress.instance
    return {
        **instance.identity,
        "at_short_notice": stress.at_short_notice,
        "undisclosed": [one._asdict() for one in stress.undisclosed],
        "horizon_ends": list(stress.horizon_ends),
        "unit_replacement_costs": stress.unit_replacement_costs,
        "unsaid": list_unsaid(stress),
        "losses": [_keyed(row) for row in LOSSES.cells(stress, units_of(instance))],
        "unmet": [_keyed(row) for row in UNMET.cells(stress, units_of(instance))],
        "scenarios": [] if stress.scenarios is None else stress.scenarios.as_data()["scenarios"],
    }


def _keyed(row: dict[str, str | float | None]) -> dict[str, str | float | None]:
    return {name.replace(" ", "_"): cell for name, cell in row.items()}


def stress_tables(stress: Stress) -> dict[str, pd.DataFrame]:
    """Return the tables of a stress test by name: what its files hold."""
    return {table.name: build_frame(table, stress, units_of(stress.instance)) for table in (LOSSES, UNMET)}


def as_csv(stress: Stress, table: str = "losses") -> str:
    """Return a table of a stress test as CSV."""
    return csv_text(stress_tables(stress)[table])
