"""A journal gives back, bit by bit, what was written, and passes over what is not whole."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.errors import InputError
from optimizer.work.journal import Journal
from optimizer.work.plain import from_plain, to_plain

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Thing:
    """A record."""

    name: str
    inside: Any


_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
_PLAIN = st.recursive(
    _SCALARS,
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.tuples(inside, inside)
        | st.dictionaries(st.text() | st.tuples(st.text(), st.integers()) | st.binary(), inside, max_size=3)
        | st.builds(Thing, st.text(), inside)
    ),
    max_leaves=8,
)


@given(_PLAIN)
def test_what_is_written_is_read(value: Any) -> None:
    again = from_plain(to_plain(value), {"Thing": Thing})
    assert again == value
    assert repr(again) == repr(value)


def test_arrays_keep_every_bit(tmp_path: Path) -> None:
    numbers = np.array([[0.1, -0.0, math.inf], [1e-300, math.nan, 3.0]])
    for value in (numbers, numbers.T, np.arange(3), np.array([True, False]), np.zeros((0, 4))):
        journal = Journal(tmp_path / "journal", ())
        journal.keep("a", value)
        journal.close()
        journal = Journal(tmp_path / "journal", ())
        again = journal.recall("a")
        journal.close()
        assert (again.dtype, again.shape, again.tobytes()) == (value.dtype, value.shape, value.tobytes())


def test_only_records_that_are_named_are_made() -> None:
    for hostile in (
        {"Popen": {"args": "x"}},
        {"array": ["object", [1], "AAAA"]},
        {"Thing": {"other": 1}},
        {"a": 1, "b": 2},
    ):
        with pytest.raises((ValueError, KeyError, TypeError)):
            from_plain(hostile, {"Thing": Thing})


@pytest.mark.parametrize("cut", [2, 3, 40])
def test_a_line_that_a_crash_left_half_is_passed_over_and_the_next_is_whole(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path, ())
    for key in ("a", "b"):
        journal.keep(key, [key, 1.5])
    journal.close()
    path.write_bytes(path.read_bytes()[:-cut])
    journal = Journal(path, ())
    assert (journal.recall("a"), journal.recall("b")) == (["a", 1.5], None)
    journal.keep("c", [3])
    journal.close()
    journal = Journal(path, ())
    assert (journal.recall("a"), journal.recall("b"), journal.recall("c")) == (["a", 1.5], None, [3])
    journal.close()


def test_a_line_that_was_changed_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path, ())
    journal.keep("a", [12345.5])
    journal.close()
    path.write_text(path.read_text("utf-8").replace("12345.5", "12346.5"), "utf-8")
    with_garbage = path.read_bytes() + b"\xff\xfe\n[1]\n{}\n"
    path.write_bytes(with_garbage)
    journal = Journal(path, ())
    assert len(journal) == 0
    journal.close()


def test_a_journal_of_one_run_at_a_time_that_is_no_file_of_somebody_else(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("mine\n", "utf-8")
    with pytest.raises(InputError, match="is a file of something else and no journal, so nothing is added to it"):
        Journal(notes, ())
    assert notes.read_text("utf-8") == "mine\n"
    journal = Journal(tmp_path / "journal", ())
    with pytest.raises(InputError, match="another run is at work with this journal; wait for it"):
        Journal(tmp_path / "journal", ())
    journal.close()
    with pytest.raises(InputError, match="the journal cannot be written: is a directory; name another file"):
        Journal(tmp_path, ())
