"""Mutants that change nothing that anyone could notice, each with the reason."""

from __future__ import annotations

EQUIVALENT: dict[str, str] = {
    "least_sources: LeastSources.rows: for who in sources if who != UNDISCLOSED -> for who in sources": (
        "declares a binary that stands in no row"
    ),
    "least_sources: LeastSources.recount: sum((amount * weight for weight, amount in terms)) >= enough -> "
    "sum((amount * weight for weight, amount in terms)) > enough": "`enough` already lies below the share by a rounding",
    "sources: most_held: weight * amount.ub -> amount.ub": "a looser M; weights are at most 1",
    "most_sources: MostSources.recount: amount * weight -> amount / weight": (
        "a source that supplies anything does so whatever its weight"
    ),
    "most_sources: MostSources.recount: amount * weight -> amount": (
        "a source that supplies anything does so whatever its weight"
    ),
    "most_sources: MostSources.recount: NEGLIGIBLE * max(demand, sum(supplied.values())) -> NEGLIGIBLE": (
        "another rounding; tests/limits/test_limits.py tries it in units from 1e-3 to 1e9"
    ),
    "most_sources: MostSources.recount: max(demand, sum(supplied.values())) -> min(demand, sum(supplied.values()))": (
        "another rounding"
    ),
    "budget_cap: BudgetCap.rows: for (name, terms) in m.costs.items() if self._counts(name) -> for (name, terms) in "
    "list(m.costs.items())[:-1] if self._counts(name)": "the last of the costs is the penalty, which never counts",
    "value_ratio_floor: ValueRatioFloor.rows: price > 0 -> price >= 0": "adds a term of 0",
    "value_ratio_floor: ValueRatioFloor.rows: price > 0 -> price >= 0 (2)": "adds a term of 0",
    "value_ratio_floor: ValueRatioFloor.rows: if self.counts_in(row.key.period): yield row -> if True: yield row": (
        "holds the program to price lists that it has to keep anyway"
    ),
    "price_lists: kept_price_lists: for (name, ladder) in schedules(m.market).items() if name in offers -> for (name, "
    "ladder) in schedules(m.market).items()": "holds the program to price lists that it has to keep anyway",
    "price_lists: kept_price_lists: Row(at._replace(who=f'{offer} after {k}'), m.tier[above], m.tier[above].ub * full, "
    "firm=Tr... -> Row(at._replace(who=f'{offer} after {k}'), 0.5 * m.tier[above], m.tier[above].ub * full, f...": (
        "a looser M"
    ),
    "price_lists: kept_price_lists: Row(at._replace(who=f'{offer} after {k}'), m.tier[above], m.tier[above].ub * full, "
    "firm=Tr... -> Row(at._replace(who=f'{offer} after {k}'), m.tier[above], 2.0 * (m.tier[above].ub * full),...": (
        "a looser M"
    ),
    "price_lists: kept_price_lists: ladder.prices[k] > ladder.prices[k + 1] -> ladder.prices[k] >= "
    "ladder.prices[k + 1]": "at equal prices it does not matter which tier holds at the step",
    "price_lists: kept_price_lists: (1 - _SHORT) * step * m.tier_chosen[below] -> (1 - _SHORT) * step": (
        "nothing is bought in a tier that is not chosen"
    ),
    "price_lists: _steps: len(ladders[offer].steps) - 1 -> len(ladders[offer].steps) + 1": (
        "steps beyond the last are no tiers"
    ),
    "price_lists: _fills_by_itself: ladder.kind == 'incremental' and (not ladder.needs_binaries) -> ladder.kind == "
    "'incremental' or not ladder.needs_binaries": "says again of a falling list what its own rows say",
    "value_ratio_floor: ValueRatioFloor.recount: outside / whole if whole > 0 else 1.0 -> outside / whole if whole > 0 "
    "else 0.5": "where nothing is paid the share is a word, and met",
    "quota: Quota.recount: zip(periods, flows, strict=True) -> zip(periods, flows, strict=False)": (
        "both are made of the same periods"
    ),
}
"""Why, by the name of the mutant."""
