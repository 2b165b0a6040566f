"""What all results have in common: an answer in a sentence, tables, and a face in a notebook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from lodeplan._html import section

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


class Result(ABC):
    """What comes of a question."""

    @property
    @abstractmethod
    def answer(self) -> str:
        """The answer in a sentence or two, with what it leaves out: what is unmet, assumed, not proven."""

    @property
    @abstractmethod
    def text(self) -> str:
        """The whole answer as text, as the command of the same name prints it."""

    @property
    @abstractmethod
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Every table by name; units stand in the headings, shares are from 0 to 1."""

    @abstractmethod
    def as_dict(self) -> dict[str, Any]:
        """Return all of it as plain data: what the command of the same name prints with ``--json``."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth a look in what was asked: a sentence each."""
        return ()

    @property
    def _shown(self) -> Mapping[str, pd.DataFrame]:
        """The tables that a notebook shows, by name."""
        return self.tables

    @property
    def _drawn(self) -> str:
        """The drawings that a notebook shows, as HTML; nothing where there are none."""
        return ""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.answer}>"

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        """Return the answer, its drawings and its main tables as HTML, every name in it escaped."""
        return section(self.answer, self._shown, self.notes, self._drawn)
