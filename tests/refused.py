"""What is told of an instance that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from optimizer.errors import InputError
from optimizer.load import load

if TYPE_CHECKING:
    from pathlib import Path


def lines_of(place: Path) -> list[str]:
    """Return the lines with which an instance is refused; a command prints them and ends with the code 2."""
    with pytest.raises(InputError) as caught:
        load(place)
    assert caught.value.exit_code == 2
    assert str(caught.value).splitlines() == list(caught.value.problems)
    return list(caught.value.problems)
