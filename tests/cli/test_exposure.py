"""What hangs on whom as bought today: where it is read, what it comes to, what of it is unknown, what it breaks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import lodeplan as api
from models.market import Commitment, Earlier, Origin, Owner
from optimizer.report.current_sourcing import answer_exposure, format_exposure
from optimizer.results.current_sourcing import CurrentSourcing
from tests.blocks.markets import instance, mined, offer
from tests.cli.command import lodeplan
from tests.limits.cases.market import limit

if TYPE_CHECKING:
    from pathlib import Path

    from models.enforcement import EnforcedInstance

OWNERS = [Owner(company="lot", country="CN", share=0.75)]
ORIGINS = [Origin(offer="lot", stage="mined", country=country) for country in ("CD", "ID")]
CAP = {"country": "CD", "basis": "place", "stages": ["mined"]}


def asked(**more: object) -> EnforcedInstance:
    """Return a market in which 60 t are bought today of a lot of ore from CD or ID, and 40 t of AU's."""
    offers = [
        offer("lot", 10, country="CN", incumbent_quantity=60),
        offer("own", 12, incumbent_quantity=40),
        offer("new", 9, country="ID"),
    ]
    limits = [
        limit("share_cap", name="counts", max_share=0.5, **CAP),
        limit("share_cap", name="apart", max_share=0.5, undisclosed="apart", **CAP),
        limit("quantity_cap", name="loose", max_quantity=100, **CAP),
    ]
    facts = {"owners": OWNERS, "origins": ORIGINS, **more}
    return instance(offers, {"1": 100, "2": 100}, *limits, **facts)


def shares(sourcing: CurrentSourcing, stage: str, basis: str) -> dict[str, Any]:
    rows = [one for one in sourcing.dependencies if (one.stage, one.basis) == (stage, basis)]
    return {one.who: (pytest.approx(one.share), pytest.approx(one.at_most)) for one in rows}


def test_each_stage_says_what_hangs_on_whom_and_how_much_it_can_be() -> None:
    sourcing = CurrentSourcing(asked())
    assert sourcing.source == "incumbent_quantity"
    assert shares(sourcing, "refined", "place") == {"CN": (0.6, 0.6), "AU": (0.4, 0.4)}
    assert shares(sourcing, "refined", "control") == {"CN": (0.45, 1.0), "ZZ": (0.55, 0.55)}
    assert shares(sourcing, "refined", "company") == {"lot": (0.6, 0.6), "own": (0.4, 0.4)}
    # no origin has a share: Congo may be all of the lot, and lists are seldom complete
    assert shares(sourcing, "mined", "place") == {"CD": (0.0, 1.0), "ID": (0.0, 1.0), "ZZ": (1.0, 1.0)}


def test_the_caps_that_it_breaks_are_told_with_what_is_undisclosed_of_them() -> None:
    sourcing = CurrentSourcing(asked())
    ((broken, reading),) = sourcing.broken
    assert (broken.name, reading.used, reading.undisclosed) == ("counts", 1.0, 1.0)
    assert answer_exposure(sourcing) == (
        "A small market: as bought today (incumbent_quantity of the offers), 60.0% of refined ore hangs on China by "
        "place. Undisclosed is as much as 100.0% (mined ore by place). It breaks 1 of 3 caps."
    )
    assert "  counts (ore / mined / CD / 1): 100.0%, 100.0% of it undisclosed, and" in format_exposure(sourcing)


def test_an_earlier_plan_comes_before_commitments_and_these_before_the_offers() -> None:
    committed = [Commitment(offer="own", period="1", quantity=5)]
    earlier = [Earlier(offer="new", period="2", quantity=7)]
    found = CurrentSourcing(asked(commitments=committed))
    assert (found.source, shares(found, "refined", "place")) == ("commitments", {"AU": (1.0, 1.0)})
    found = CurrentSourcing(asked(commitments=committed, earlier=earlier))
    assert (found.source, shares(found, "refined", "place")) == ("earlier", {"ID": (1.0, 1.0)})


def test_ore_counts_as_what_arrives_of_it_and_feed_that_nobody_states_is_told() -> None:
    offers = [
        mined("pit", 4, country="CL", incumbent_quantity=50),
        offer("works", 2, yield_=0.5, incumbent_quantity=100),
    ]
    sourcing = CurrentSourcing(instance(offers, {"1": 100}))
    (pit,) = [one for one in sourcing.dependencies if (one.stage, one.basis) == ("mined", "place")]
    assert (pit.quantity, pit.share) == (50, 1)
    assert sourcing.unfed == (("ore", "mined", 0.75),)
    assert "75.0% of what was mined for ore is not stated" in answer_exposure(sourcing)


def test_the_command_and_python_say_the_same_and_without_buying_one_line(tutorial: Path) -> None:
    line = (
        "nothing says what is bought today; state incumbent_quantity in offers (units per year), or a table "
        "commitments or earlier\n"
    )
    assert lodeplan("exposure", tutorial) == (2, "", line)
    (tutorial / "commitments.csv").write_text("offer,period,quantity\nkwinana,2027,100\n", "utf-8")
    found = api.exposure(tutorial)
    document = json.loads(lodeplan("exposure", tutorial, "--json").out)
    assert document == json.loads(json.dumps(found.as_dict()))
    assert lodeplan("exposure", tutorial).out == found.text
    assert lodeplan("exposure", tutorial, "-q").out == f"{found.answer}\n"
    rows = lodeplan("exposure", tutorial, "--csv").out.splitlines()
    assert rows[0] == "material,stage,basis,who,quantity [t],share,at_most"
    assert len(rows) == 1 + len(found.tables["exposure"]) == 1 + len(document["exposure"])
