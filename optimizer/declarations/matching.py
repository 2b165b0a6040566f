"""Declarations of several suppliers, put together: each smelter once, with its mines and with who declares it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from models.records.countries import UNDISCLOSED
from models.references.spellings import canonical
from optimizer.declarations.companies import Companies, find_companies
from optimizer.declarations.places import Countries
from optimizer.declarations.words import says_recycled, says_yes, split_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from optimizer.declarations.reading import Declaration, MineRow, SmelterRow


class Declared(NamedTuple):
    """That a supplier names a smelter, and where."""

    supplier: str
    template: str
    place: str


@dataclass
class Smelter:
    """One smelter of one metal, as all files together say it."""

    metal: str
    company: str
    """Empty where it is not identified."""
    number: str | None
    country: str
    declared: list[Declared] = field(default_factory=list)
    named_mines: dict[str, dict[str, str]] = field(default_factory=dict)
    """Names of mines by how they are compared, by the country that is declared for them; a country may have none."""
    recycled: bool = False
    is_listed: bool = True

    @property
    def mines(self) -> dict[str, list[str]]:
        """The names of its mines by country, both in the order in which they are shown."""
        return {code: list(names.values()) for code, names in sorted(self.named_mines.items())}

    def add_mines(self, code: str, names: Iterable[str]) -> None:
        """Take a country of its ore, and names of mines there."""
        there = self.named_mines.setdefault(code, {})
        for name in names:
            there.setdefault(canonical(name), name)

    @property
    def name(self) -> str:
        """What it is called: its company, and its number or else its country."""
        if not self.company:
            return f"{self.metal} not yet identified ({self.declared[0].supplier})"
        return f"{self.company} {self.number or self.country}"


@dataclass
class MatchedDeclarations:
    """Who smelts what of whose ore, as declared; with what is to be told, decided and mended."""

    declarations: Sequence[Declaration]
    smelters: list[Smelter] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    near: list[tuple[str, str]] = field(default_factory=list)
    """Names of companies that may be one."""
    faults: list[str] = field(default_factory=list)


def match(
    declarations: Sequence[Declaration], same: Iterable[tuple[str, str]], decisions: dict[str, str]
) -> MatchedDeclarations:
    """Put declarations together.

    `same` are names or numbers of one company; `decisions` the code of a country by how it is written, or by the
    number of the smelter that stands there.
    """
    rows = [row for declaration in declarations for row in declaration.smelters]
    companies, countries = find_companies(rows, same), Countries(decisions)
    found = MatchedDeclarations(declarations, told=[line for one in declarations for line in one.told])
    codes = _codes_of(rows, countries, found)
    smelters = _Smelters(companies, codes)
    for declaration in declarations:
        for row in declaration.smelters:
            smelters.add(row, declaration)
    for declaration in declarations:
        for row in declaration.smelters:
            _take_origins(row, smelters.of_row[row], countries)
        own = {metal: _names_in(declaration, metal, smelters) for metal in {mine.metal for mine in declaration.mines}}
        for mine in declaration.mines:
            _take_mine(mine, own[mine.metal], countries, found)
    found.smelters = smelters.all
    found.told += [*companies.told, *_tell_twins(found.smelters)]
    found.near = companies.near((one.company for one in found.smelters), rows)
    unused = [f"--country {what}: is not in these files; leave it out" for what in countries.unused()]
    found.faults += [*companies.faults, *countries.faults, *unused]
    return found


def _codes_of(rows: Sequence[SmelterRow], countries: Countries, found: MatchedDeclarations) -> dict[SmelterRow, str]:
    """Return the country of each row; a smelter with two is noted, with both places, unless it is decided."""
    codes: dict[SmelterRow, str] = {}
    first: dict[str, tuple[str, SmelterRow]] = {}
    for row in rows:
        decided = countries.decided(row.number)
        codes[row] = decided or countries.read(row.country)
        if row.number and codes[row] != UNDISCLOSED:
            code, before = first.setdefault(row.number, (codes[row], row))
            if code != codes[row]:
                found.faults.append(
                    f"{row.country.place}: {row.number} {row.name!r} stands in {codes[row]} here and in {code} in "
                    f"{before.country.place}; say which with --country {row.number}={code}"
                )
    for row in rows:
        if row.number in first and codes[row] == UNDISCLOSED:
            codes[row] = first[row.number][0]
    return codes


class _Smelters:
    """The smelters so far, by number and by name."""

    def __init__(self, companies: Companies, codes: dict[SmelterRow, str]) -> None:
        self._companies, self._codes = companies, codes
        self._by_key: dict[tuple[str, ...], Smelter] = {}
        self.all: list[Smelter] = []
        self.of_row: dict[SmelterRow, Smelter] = {}
        self._numbers: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for row in codes:
            if row.number:
                self._numbers[self._plain_key(row)].add(row.number)

    def _plain_key(self, row: SmelterRow) -> tuple[str, ...]:
        return row.metal, canonical(self._companies.name(row)), self._codes[row]

    def add(self, row: SmelterRow, declaration: Declaration) -> None:
        """Take a row; without a number it is the one numbered smelter of its metal, name and country, if there is."""
        number, company = row.number, self._companies.name(row)
        plain = self._plain_key(row)
        if number is None and company and len(self._numbers[plain]) == 1:
            (number,) = self._numbers[plain]
        key = (row.metal, number) if number else plain if company else (row.metal, "", declaration.supplier)
        smelter = self._by_key.get(key)
        if smelter is None:
            smelter = self._by_key[key] = Smelter(row.metal, company, number, self._codes[row])
            self.all.append(smelter)
        template = f"{declaration.template.name} {declaration.template.version}"
        smelter.declared.append(Declared(declaration.supplier, template, row.place))
        smelter.is_listed &= row.is_listed
        self.of_row[row] = smelter


def _take_origins(row: SmelterRow, smelter: Smelter, countries: Countries) -> None:
    """Take what a row of a smelter list says of its ore: countries, names of mines, recycled material."""
    smelter.recycled |= says_yes(row.recycled.text) or any(
        says_recycled(cell.text) for cell in (row.mines, row.mine_countries)
    )
    names = [name for name in split_names(row.mines.text) if not says_recycled(name)]
    codes = countries.read_several(row.mine_countries)
    if len(codes) > 1:  # which mine stands in which country is not said
        for code in codes:
            smelter.add_mines(code, [])
        codes = [UNDISCLOSED]
    for code in codes or [UNDISCLOSED]:
        if code != UNDISCLOSED or names:
            smelter.add_mines(code, names)


def _take_mine(mine: MineRow, own: dict[str, list[Smelter]], countries: Countries, found: MatchedDeclarations) -> None:
    """Take a row of a mine list: its country is an origin of each smelter that it names."""
    fed: list[Smelter] = []
    unknown: list[str] = []
    code = countries.read(mine.country)
    for name in _split_known(mine.smelters.text, own):
        fed += own.get(_key(name), [])
        if _key(name) not in own:
            unknown.append(name)
    for smelter in fed:
        smelter.add_mines(code, [mine.name])
    where = "" if code == UNDISCLOSED else f" ({code})"
    for name in unknown:
        found.told.append(
            f"{mine.smelters.place}: {name!r} is no smelter of the list; left out as one fed by {mine.name}{where}"
        )
    if not mine.smelters.text:
        found.told.append(f"{mine.smelters.place}: {mine.name}{where} names no smelter; left out")


def _names_in(declaration: Declaration, metal: str, smelters: _Smelters) -> dict[str, list[Smelter]]:
    """Return the smelters of a metal by every name, and number, that a file gives them."""
    known: dict[str, list[Smelter]] = {}
    for row in declaration.smelters:
        if not metal or row.metal == metal:
            names = (row.name, *row.aliases, row.number or "")
            for name in {_key(name) for name in names if name}:
                known.setdefault(name, []).append(smelters.of_row[row])
    return known


def _split_known(text: str, known: Collection[str]) -> list[str]:
    """Return the names in a cell; commas and slashes set names apart only where they stand in no name that is known."""
    names: list[str] = []
    for part in re.split(r"[;\n\uff1b]", text):
        pieces = [found.span() for found in re.finditer(r"[^,/\u3001]+", part)]
        while pieces:
            ends = (end for _, end in reversed(pieces) if _key(part[pieces[0][0] : end]) in known)
            end = next(ends, pieces[0][1])
            names.append(part[pieces[0][0] : end].strip(" ."))
            pieces = [span for span in pieces if span[0] > end]
    return [name for name in names if name]


def _key(name: str) -> str:
    """Return a name as it is compared, without the full stop that may end it."""
    return canonical(name.strip(" .,"))


def _tell_twins(smelters: Sequence[Smelter]) -> list[str]:
    """Return a line for each name, without a number, that stands in two countries for one metal."""
    places: dict[tuple[str, str], list[Smelter]] = defaultdict(list)
    for one in smelters:
        if one.company and one.number is None:
            places[one.metal, one.company].append(one)
    told = []
    for (metal, company), several in places.items():
        where = " and in ".join(f"{one.country} ({one.declared[0].place})" for one in several)
        if len(several) > 1:
            told.append(f"{metal}: {company!r} stands in {where}, without a number; kept as {len(several)}")
    return told
