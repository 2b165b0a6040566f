"""Which names are one company: by number, by spelling, or as the user says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.records.wording import suggest
from models.references.spellings import canonical, nearly_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from optimizer.declarations.reading import SmelterRow


@dataclass
class Companies:
    """The name of a company by number and by spelling."""

    by_number: dict[str, str] = field(default_factory=dict)
    by_spelling: dict[str, str] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)
    """By spelling, the name that the user gives instead."""
    told: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def name(self, row: SmelterRow) -> str:
        """Return the name of the company that a row means; empty where it is not identified."""
        return self._final(self._first(row.number, row.name))

    def near(self, names: Iterable[str], rows: Iterable[SmelterRow]) -> list[tuple[str, str]]:
        """Return pairs of companies that may be one, for a decision; also by another name that a row gives one."""
        company = {name: name for name in names if name}
        for row in rows:
            if row.name:
                company.setdefault(row.name, self.name(row))
        pairs = ((company[one], company[other]) for one, other in nearly_one(tuple(company), legal_forms=True))
        return list(dict.fromkeys(pair for pair in pairs if canonical(pair[0]) != canonical(pair[1])))

    def _first(self, number: str | None, name: str) -> str:
        name = self.by_number.get(number, name) if number else name
        return self.by_spelling.get(canonical(name), name)

    def _final(self, name: str) -> str:
        seen = set()
        while (key := canonical(name)) in self.same and key not in seen:
            seen.add(key)
            name = self.same[key]
        return name


def find_companies(rows: Sequence[SmelterRow], same: Iterable[tuple[str, str]]) -> Companies:
    """Return the companies of all rows; `same` are pairs of names or numbers, of which the second is kept."""
    companies = Companies()
    first: dict[str, SmelterRow] = {}
    seen = set()
    for row in rows:
        if row.number and row.name and (row.number, canonical(row.name)) not in seen:
            seen.add((row.number, canonical(row.name)))
            before = first.setdefault(row.number, row)
            if before is not row:
                companies.told.append(
                    f"{row.place}: {row.number} is {row.name!r} here and {before.name!r} in {before.place}; "
                    f"taken as one, under the second name"
                )
    for row in rows:
        if row.number and row.name:
            companies.by_number.setdefault(row.number, row.name)
    for row in sorted(rows, key=lambda row: row.number is None):  # what a number says goes first
        if row.name:
            companies.by_spelling.setdefault(canonical(row.name), companies.by_number.get(row.number or "", row.name))
    for pair in same:
        _take_decision(companies, pair)
    return companies


def _take_decision(companies: Companies, pair: tuple[str, str]) -> None:
    names = []
    for said in pair:
        plain = said.replace(" ", "").replace("-", "").upper()
        name = companies.by_number.get(plain) or companies.by_spelling.get(canonical(said))
        if name is None:
            cure = suggest(said, [*companies.by_spelling.values(), *companies.by_number])
            companies.faults.append(f"--same: {said!r} is neither a name nor a number in these files{cure}")
        else:
            names.append(companies.by_spelling.get(canonical(name), name))
    if len(names) == len(pair) and canonical(names[0]) != canonical(names[1]):
        companies.same[canonical(names[0])] = names[1]
