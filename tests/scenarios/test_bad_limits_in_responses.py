"""What is told of limits that cannot hold in responses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from optimizer.errors import InputError
from optimizer.load import load

if TYPE_CHECKING:
    from pathlib import Path

CAP = 'kind = "quantity_cap"\ncompany = "Ganfeng"\nmax_quantity = 10\n'


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        (
            'kind = "quantity_floor"\ncompany = "Ganfeng"\nmin_quantity = 10\nhard = true',
            (
                "goes with average_cap, average_floor, ban, content_cap, dependence_cap, quantity_cap, share_cap, "
                "share_floor, total_cap only, not with quantity_floor"
            ),
        ),
        (
            f'{CAP}hard = true\nper = "horizon"',
            'holds in every period by itself, and per = "horizon" counts all of them',
        ),
        (f"{CAP}watch = true", "says nothing of a limit that is only watched"),
        (
            'kind = "share_floor"\nof = "demand"\ncountry = "US"\nbasis = "place"\nmin_share = 0.1\nhard = true',
            'goes with of = "supply" only here, as no demand need be met in an emergency',
        ),
    ],
)
def test_where_it_cannot_stand_that_is_told(small: Path, keys: str, fault: str) -> None:
    header = small / "instance.toml"
    header.write_text(f"{header.read_text('utf-8')}\n[limits.asked]\n{keys}\nin_responses = true\n", "utf-8")
    with pytest.raises(InputError) as caught:
        load(small)
    assert caught.value.problems == (f"instance.toml: limits.asked: in_responses {fault}; remove it",)


def test_a_limit_that_adds_materials_up_is_hard_in_responses(small: Path) -> None:
    header = small / "instance.toml"
    keys = 'kind = "total_cap"\nmaterials = ["lithium"]\nattribute = "co2"\ngroup = "total"\nmax_total = 5'
    header.write_text(
        f"{header.read_text('utf-8')}\n[limits.asked]\n{keys}\npenalty = 3\nin_responses = true\n", "utf-8"
    )
    with pytest.raises(InputError) as caught:
        load(small)
    assert caught.value.problems == (
        (
            "instance.toml: limits.asked.in_responses: a limit that adds materials up holds in responses with "
            "hard = true only; remove it"
        ),
    )
