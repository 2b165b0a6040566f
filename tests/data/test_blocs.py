"""Blocs of the reference data, and what they stand for in an instance."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from models.data import members_of
from optimizer.errors import InputError
from optimizer.load import load
from tests.cli.command import edit

if TYPE_CHECKING:
    from pathlib import Path

OLD = 'covered = ["China", "RU"]'


@pytest.mark.parametrize(
    ("day", "many", "has_britain"),
    [
        ("1957-12-31", 0, False),
        ("1972-12-31", 6, False),
        ("1973-01-01", 9, True),
        ("2013-07-01", 28, True),
        ("2020-01-31", 28, True),
        ("2020-02-01", 27, False),
    ],
)
def test_members_are_those_of_the_day(day: str, many: int, *, has_britain: bool) -> None:
    members = members_of("EU", datetime.date.fromisoformat(day))
    assert members is not None
    assert (len(members), "GB" in members) == (many, has_britain)
    assert members_of("Hanse", datetime.date.fromisoformat(day)) is None


def test_a_bloc_of_an_instance_may_name_one(small: Path) -> None:
    edit(small / "instance.toml", OLD, 'covered = ["China", "RU"]\nours = ["Japan", "eu", "DE"]\nrich = ["G7"]')
    blocs = load(small).market.blocs
    assert blocs["covered"] == ("CN", "RU")
    assert blocs["ours"] == ("JP", *(members_of("EU", datetime.date(2026, 1, 1)) or ()))
    assert len(blocs["rich"]) == 7


def test_what_is_wrong_beside_one_is_told_where_it_stands(small: Path) -> None:
    edit(small / "instance.toml", OLD, 'covered = ["EU", "Rusia"]')
    with pytest.raises(InputError) as error:
        load(small)
    assert "instance.toml: blocs.covered.2: 'Rusia' is not a country (did you mean Russia?)" in error.value.problems
