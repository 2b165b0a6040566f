"""What is known of a plan beside its tables, as `lodeplan solve --json` prints it: a record for each part of it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """What knows all its keys."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, strict=True)


class Unfinished(Part):
    """A part of a plan that was stopped, of which it is not proven that it costs the least."""

    part: str
    """Its materials, as in ``lithium + cobalt``."""
    cost: float
    """What its plan costs [currency]."""
    bound: float | None
    """No plan of the part costs less [currency]; null where that is not known."""
    quick: bool
    """Whether it has no more than a plan that took little effort, as the time was over."""


class Interval(Part):
    """Where the least cost lies [currency]; null where an end is not known."""

    cost: float | None
    """No more than this."""
    bound: float | None
    """No less than this."""


class Ends(Part):
    """Where a figure lies [currency]; null where an end is not known."""

    least: float | None
    """No less than this."""
    most: float | None
    """No more than this."""


class Unmet(Part):
    """Demand for a material that the plan leaves unmet, over the horizon."""

    material: str
    """Of which material."""
    quantity: float
    """How much is unmet [mass_unit]."""
    demand: float
    """How much is needed in all [mass_unit]."""
    share: float
    """Part of the demand, from 0 to 1."""
    cost: float
    """What that costs [currency]."""
    periods: dict[str, float]
    """How much is unmet by period [mass_unit]."""


class AssumedCost(Part):
    """What is paid under one name of cost, and how much of it at assumed figures."""

    amount: float
    """What is paid; what is earned counts like it [currency]."""
    assumed: float
    """How much of that at an assumed price, freight or rate [currency]."""


class Assumed(Part):
    """How much of what the plan uses is assumed: rows, in all or in some columns, and what is paid at their figures."""

    rows: int
    """Assumed rows."""
    used: int
    """All rows that it uses."""
    tables: dict[str, int]
    """Assumed rows by table."""
    partly: int
    """Assumed rows of which some columns only are assumed."""
    known: dict[str, int]
    """The other rows by how well they are known: seen, reported, derived, not said."""
    share: float | None
    """Part of the cost that is paid at assumed prices, freights and rates, from 0 to 1; null where nothing is paid."""
    costs: dict[str, AssumedCost]
    """The same by name of cost."""


class Survival(Part):
    """The worst that the plan does when one country stops, with what it controls, for half a year from any period."""

    not_tested: str
    """Why nothing is known, and what finds it; empty where it is."""
    country: str
    """Code of the country whose loss is the worst; empty where no loss leaves less covered."""
    material: str
    """The material of which least stays covered then."""
    covered: float
    """Share of its demand, from the beginning of the loss to its end plus the longest lead time, from 0 to 1."""
    begins: str
    """The period in which the worst loss begins."""
    lasts: int
    """Periods that it lasts: the fewest that make half a year."""
    years: float
    """Years that they last."""
    largest: str
    """Code of the country that controls most of the material at its last stage; empty where that is the same."""
    largest_covered: float
    """What stays covered without it, at the worst, from 0 to 1."""
    at_short_notice: bool
    """Whether the instance says what suppliers give at short notice; else stock and what was planned count alone."""
    undisclosed: float
    """Share of the material, at the stage where that is most, that nobody is known to control: none loses it."""


class ScenarioMaterial(Part):
    """What a scenario does to a material."""

    material: str
    """Which material."""
    unmet: dict[str, float]
    """How much is unmet by period, from the beginning of the scenario on [mass_unit]."""
    covered: float
    """Share of the demand from then on that is met, from 0 to 1."""
    written_off: float
    """How much arrives and cannot be used [mass_unit]."""
    missing: float
    """How much of the closing stock is missing [mass_unit]."""


class ScenarioOutcome(Part):
    """A scenario with the best response of the plan to it."""

    scenario: str
    """Its name."""
    probability: float
    """That it happens, from 0 to 1."""
    begins: str
    """The period in which it begins."""
    cost: float
    """What it costs in all [currency]."""
    extra_cost: float
    """What it costs more than the plan does if nothing happens [currency]."""
    covered: float
    """Share of the demand for the worst-off material that is met, from 0 to 1."""
    materials: list[ScenarioMaterial]
    """Those that it hits."""


class Calm(Part):
    """That no scenario happens."""

    probability: float
    """From 0 to 1."""
    cost: float
    """What the plan costs then [currency]."""


class RiskProfile(Part):
    """What the plan costs and leaves unmet in every scenario that it is planned for."""

    measure: Literal["expected", "cvar", "worst", "regret"]
    """By what it is planned."""
    level: float | None
    """Of cvar: the share of the probability that its dearest cases leave out."""
    weight: float
    """Of the measure, beside the expected cost."""
    expected: float
    """The expected cost [currency]."""
    worst: float
    """The cost of the dearest case that may happen [currency]."""
    tail: float | None
    """Of cvar: the mean cost of the dearest cases [currency]."""
    drawn: bool | None = None
    """Whether hazards were drawn."""
    redrawn: float | None
    """Where they were: the expected cost on a second set of draws [currency]; null where there is none, as the plan
    leaves demand unmet in one of them that has no shortage cost."""
    calm: Calm
    """If nothing happens."""
    scenarios: list[ScenarioOutcome]
    """By their beginning."""


class PlanningValue(Part):
    """What it is worth to plan for scenarios, and to know beforehand which of them comes."""

    perfect_information: Ends
    """EVPI: what a plan that knew would cost less, on average."""
    stochastic_solution: Ends | None
    """VSS: what the plan that is best if nothing happens costs more, on average; null where that has no cost."""
    expected_cost_of_calm_plan: float | None
    """The expected cost of that plan [currency]; null where it lacks anything."""
    calm_plan_lacks_in: list[str] | None = None
    """Scenarios in which that plan leaves demand unmet that has no shortage cost."""
    expected_cost_of_mean_plan: float | None = None
    """That of the plan that is best for the mean of what may happen [currency]; null where there is none."""
    mean_plan_lacks_in: list[str] | None = None
    """Scenarios in which that plan leaves demand unmet that has no shortage cost."""
    no_mean_plan: str | None = None
    """Why there is none."""
    expected_cost_of_caps_plan: float | None = None
    """That of the plan of the caps alone [currency]; null where it lacks anything."""
    caps_plan_lacks_in: list[str] | None = None
    """Scenarios in which that plan leaves demand unmet that has no shortage cost."""
    left_out_of_caps_plan: list[str] | None = None
    """The limits that it leaves out; where there are none, it is the plan that is best if nothing happens."""


class AssumedRow(Part):
    """A row of the instance that is assumed, and that the plan uses."""

    table: str
    """In which table it stands."""
    row: str
    """What its key columns say."""
    source: str
    """What it says of its source."""
    assumed: str
    """Columns that are assumed, with semicolons between them; empty where all of the row is."""


class Undisclosed(Part):
    """A stage at which a limit lets nothing be bought, because too much of every offer is undisclosed."""

    limit: str
    """Name of the limit."""
    material: str
    """Of which material."""
    stage: str
    """At which stage."""
    who: list[str]
    """Of whom the limit speaks there."""
    share: float
    """The least of what is undisclosed of any offer, from 0 to 1."""
    owners_of: list[str]
    """Companies and offers whose owners are not declared in full."""
    origins_of: list[str]
    """Offers whose origins at the stage are not declared in full."""


class UndisclosedShare(Part):
    """What nobody declared of a stage of a material, on the basis on which that is worse, in its worst period."""

    material: str
    """Of which material."""
    stage: str
    """At which stage."""
    basis: Literal["place", "control"]
    """Whether places or owners are not declared."""
    share: float
    """From 0 to 1."""


class Landed(Part):
    """What a material costs at the sites, through the whole chain."""

    material: str
    """Which material."""
    arrives: float
    """How much arrives [mass_unit]."""
    cost: float
    """What that costs up to there [currency]."""
    unit_cost: float
    """What a unit costs [currency per mass_unit]."""


class PendingLaw(Part):
    """What is contested, or asked for and not yet law; it changes nothing in the plan."""

    words: str
    """What it would change."""
    source: str
    """Where that is written."""
    evidence: Literal["seen", "reported", "derived", "assumed"]
    """How well it was seen."""
    looked_at: str | None
    """The day on which somebody last looked at it; null where that is not known."""
    known_from: str | None
    """The first day on which it was known; null = always."""
    from_day: str | None = Field(alias="from")
    """The day from which it would hold; null where it names none."""


class PeriodOfMeasure(Part):
    """How a measure stands in a period."""

    period: str
    """Name of the period."""
    days: int
    """Days of the period on which it holds."""
    of: int
    """Days of the period; 1 where one day stands for all of it."""
    level: float | None
    """The level of its limit there; null where it becomes none."""
    asked: bool
    """Whether it counts there: a limit on at least half of the days, a quota, a duty or a control on any."""


class PolicyMeasure(Part):
    """How a measure of a policy stood on the day on which it was looked up."""

    policy: str
    """Name of the policy."""
    measure: str
    """Name of the measure."""
    day: str
    """The day, as 2027-01-31."""
    status: str
    """How it stands."""
    standing: str
    """The same with its dates, and that nobody looked since where nobody did."""
    last_looked_at: str | None
    """The last day on which somebody looked at its source; null where that is not known."""
    looked_since: bool
    """Whether somebody looked on the day of the lookup or later."""
    lapsed: str | None
    """The day on which its suspension, or the measure, ended with nobody looking since; null where that is not so."""
    evidence: Literal["seen", "reported", "derived", "assumed"]
    """How well it was seen."""
    becomes: str
    """What it becomes in the program."""
    periods: list[PeriodOfMeasure]
    """How it stands in each period."""
    partly: str | None
    """The part of whom or what it binds that the program cannot see, and so asks of all; null = it binds all."""
    pending: list[PendingLaw]
    """What is contested, or asked for and not yet law, of the measure or its policy."""


class Summary(Part):
    """What is known of a plan: answer, proof, what is left out, costs, sizes, versions."""

    instance: str
    """Name of the instance."""
    title: str
    """Title of the instance, with what was changed."""
    digest: str = Field(pattern="^[0-9a-f]{64}$")
    """SHA-256 of all records of the instance."""
    currency: str
    """The currency of every cost."""
    mass_unit: str
    """The mass unit of every quantity, in the basis of its material."""
    status: Literal["proven", "stopped"]
    """Whether the gap that was asked for is proven, or the solve was stopped before."""
    cost: float
    """What the plan costs, penalties included [currency]."""
    proven: bool
    """Whether the gap that was asked for is proven."""
    bound: float | None
    """No plan costs less [currency]; null where that is not known."""
    gap: float | None
    """Relative distance of cost and bound; null where that is not known."""
    unfinished: list[Unfinished]
    """Parts that are not proven."""
    without_limits: Interval | None
    """What the cheapest plan without any limit costs; null where that is not known."""
    limits_cost: Ends | None
    """What all limits together cost; null where that is not known."""
    unmet: list[Unmet]
    """Demand that is left unmet, the largest share first."""
    assumed: Assumed
    """How much the plan rests on what is only assumed."""
    undisclosed: list[Undisclosed]
    """Stages that limits shut for what is undisclosed."""
    undisclosed_shares: list[UndisclosedShare]
    """Stages of which something is not declared, the largest share first."""
    risk: RiskProfile | None
    """What scenarios do to it; null where it is planned for none."""
    value: PlanningValue | None
    """What planning for them is worth; null where that was not asked for."""
    survival: Survival | None
    """What stays covered without what any one country controls; null where that was not asked for."""
    assumed_rows: list[AssumedRow]
    """Every assumed row that the plan uses."""
    costs: dict[str, float]
    """Costs by name [currency]."""
    landed: list[Landed]
    """What each material costs at the sites."""
    sites: dict[str, str]
    """The country of each site."""
    policies: list[PolicyMeasure]
    """How each measure stood."""
    notes: list[str]
    """What in the instance has less effect than it seems to, and what licences are needed."""
    solver: str
    """Which solver."""
    seconds: float
    """How long it took [s]."""
    sizes: dict[str, int]
    """Rows, columns and so on of the program."""
    versions: dict[str, str]
    """Versions of Lodeplan and of what it solves with."""
