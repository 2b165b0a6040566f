"""What a change speaks of: names and wildcards, found among what an instance holds.

A name that is two things is refused, as is one that is nothing; both messages say what to write.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, TypeVar

from models.changes.change import split_at, unquote
from models.records.countries import read_country
from models.records.wording import suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Mapping

    from models.market import Market

T = TypeVar("T", bound="Hashable")
Cell = tuple[str, str]
"""(material, stage)"""

_WILD = re.compile(r"[*?\[]")
_SHOWN = 5


def match_names(pattern: str, names: Iterable[str]) -> list[str]:
    """Return the names that a name or a wildcard (``*``, ``?``, ``[ab]``) means; a name means itself first."""
    known = list(names)
    if pattern in known:
        return [pattern]
    return [name for name in known if fnmatchcase(name, pattern)] if _WILD.search(pattern) else []


def choose(
    text: str,
    kinds: Mapping[str, Mapping[str, Collection[T]]],
    *,
    wild: Collection[str] | None = None,
    spelt: Callable[[str, str], str] = "{}:{}".format,
) -> list[T]:
    """Return what a text means among several kinds of names, each name with what stands behind it.

    ``KIND:NAME`` names the kind. `wild` are the kinds that a wildcard without one looks through (all
    when None), `spelt` is how to write a name of a kind when it is two things.

    Raises:
        ValueError: it means nothing, or two different things.
    """
    head, rest = split_at(text, ":")
    if rest is not None and head in kinds:
        text, kinds, wild = rest, {head: kinds[head]}, None
    name = unquote(text)
    found: dict[str, list[T]] = {}
    for kind, names in kinds.items():
        meant = match_names(name, names) if wild is None or kind in wild else [name] if name in names else []
        hits = dict.fromkeys(hit for one in meant for hit in names[one])
        if hits:
            found[kind] = list(hits)
    if not found:
        msg = f"{name!r} is no {_format_list(kinds, 'or')}{_cure(name, kinds)}"
        raise ValueError(msg)
    if len({frozenset(hits) for hits in found.values()}) > 1:
        ways = " or ".join(spelt(kind, text.strip()) for kind in found)
        msg = f"{name!r} is {_format_list([_article(kind) for kind in found], 'and')}; write {ways}"
        raise ValueError(msg)
    return next(iter(found.values()))


def _cure(name: str, kinds: Mapping[str, Mapping[str, object]]) -> str:
    near = suggest(name, {known for names in kinds.values() for known in names})
    if not near and "country" in kinds:
        try:
            read_country(name)
        except ValueError as error:
            told = str(error)
            if "is not a country" not in told:
                raise
            near = "".join(re.findall(r" \(did you mean .*?\)", told))
    if near:
        return near
    there = [f"{_plural(kind)}: {list_first(names)}" for kind, names in kinds.items() if names]
    return f"; there are {'; '.join(there)}" if there else "; there is none"


def list_first(names: Collection[str]) -> str:
    """Return the first few names."""
    return ", ".join([*list(names)[:_SHOWN], *(["..."] if len(names) > _SHOWN else [])])


def _format_list(words: Iterable[str], last: str) -> str:
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _plural(kind: str) -> str:
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind[:-2]}es" if kind.endswith("is") else f"{kind}s"


def group_by_country(text: str, known: Mapping[str, Collection[T]]) -> dict[str, Collection[T]]:
    """Return what stands behind each country's code, and behind the way in which a text spells one of them."""
    head, rest = split_at(text, ":")
    name = unquote(rest if rest is not None and head == "country" else text)
    try:
        code = read_country(name)
    except ValueError:
        return dict(known)
    return dict(known) | ({name: known[code]} if code in known else {})


def read_scope(market: Market, scope: str | None) -> list[Cell]:
    """Return the cells of a scope, ``STAGE/MATERIAL`` or one of the two; without a scope, every cell.

    Raises:
        ValueError: nothing of the market is there.
    """
    stages: dict[str, list[Cell]] = defaultdict(list)
    materials: dict[str, list[Cell]] = defaultdict(list)
    for material in market.materials:
        for stage in material.stages:
            stages[stage].append((material.material, stage))
            materials[material.material].append((material.material, stage))
    if scope is None:
        return [cell for inside in materials.values() for cell in inside]
    stage, material_said = split_at(scope, "/")
    if material_said is None:
        ways = {"stage": "{}/*", "material": "*/{}"}
        return choose(scope, {"stage": stages, "material": materials}, spelt=lambda kind, name: ways[kind].format(name))
    if unquote(stage) in materials and unquote(material_said) in stages and unquote(stage) not in stages:
        msg = f"{scope!r} has the material first; write {material_said}/{stage}"
        raise ValueError(msg)
    within = set(choose(stage, {"stage": stages}))
    inside = choose(material_said, {"material": materials})
    if not within & set(inside):
        there = list_first(dict.fromkeys(stage for _, stage in inside))
        msg = f"{unquote(material_said)!r} has no stage {unquote(stage)!r}; there are {there}"
        raise ValueError(msg)
    return [cell for cell in inside if cell in within]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a cap or a ban speaks of, in the words of a limit."""

    field: Literal["each", "country", "bloc", "company", "offer"]
    name: str

    @property
    def has_basis(self) -> bool:
        """Whether place and control are two questions."""
        return self.field in {"country", "bloc"} or (self.field, self.name) == ("each", "country")

    @property
    def fields(self) -> dict[str, str]:
        """The fields of a limit that say it; the countries of a bloc count together."""
        return {self.field: self.name} | ({"group": "total"} if self.field == "bloc" else {})

    @property
    def spelling(self) -> str:
        """How a change names it."""
        return next(said for said, kind in _EACH.items() if kind == self.name) if self.field == "each" else self.name


_EACH = {"each": "country", "each-company": "company", "each-offer": "offer"}
_SUBJECTS = ("country", "bloc", "company", "offer")


def read_subject(text: str, market: Market) -> Subject:
    """Return the country, bloc, company or offer that a text names, or each of a kind.

    Raises:
        ValueError: it names nobody, or two.
    """
    if text in _EACH:
        return Subject("each", _EACH[text])
    head, rest = split_at(text, ":")
    said = unquote(rest if rest is not None and head == "country" else text)
    try:
        countries = {said: [Subject("country", read_country(said))]}
    except ValueError:
        countries = {}
    kinds = {
        "country": countries,
        "bloc": {name: [Subject("bloc", name)] for name in market.blocs},
        "company": {offer.company: [Subject("company", offer.company)] for offer in market.offers},
        "offer": {name: [Subject("offer", name)] for name in market.offer},
    }
    return choose(text, kinds, wild=())[0]


def split_scope(text: str) -> tuple[str | None, str]:
    """Split ``[SCOPE:]WHO``.

    >>> split_scope("refined/graphite:CN"), split_scope("company:glencore")
    (('refined/graphite', 'CN'), (None, 'company:glencore'))
    """
    head, rest = split_at(text, ":")
    return (None, text) if rest is None or head in _SUBJECTS else (head, rest)
