"""Who or what is lost: ``--lose`` read against an instance, and what a subject takes of a plan's offers and lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from models.changes.change import unquote
from models.changes.places import read_places, split_places
from models.changes.selection import choose, list_first, read_scope, split_scope
from models.market.losses import Basis, Subject
from models.records.countries import UNDISCLOSED, country_name, read_country
from models.records.wording import suggest
from optimizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.market import Market
    from models.market.network import Network

EACH = ("each-country", "each-company", "each-offer", "each-lane", "each-corridor")
DEFAULT = "each-country@control"
_SCOPED = {"country", "bloc", "company", "offer"}
"""Kinds that speak of offers, and so of stages; a lane or a corridor is what it is."""
Kind = Literal["country", "bloc", "company", "offer", "lane", "corridor"]


def read_subjects(texts: Sequence[str], market: Market, network: Network) -> list[Subject]:
    """Return what some texts name, in the order in which they do, each once.

    Raises:
        InputError: with one line for each that names nothing, or two things.
    """
    found: dict[Subject, None] = {}
    faults = []
    for text in texts:
        try:
            found |= dict.fromkeys(_read(text, market, network))
        except ValueError as error:
            faults.append(f"--lose {text}: {error}")
    if faults:
        raise InputError(faults)
    return list(found)


def _read(text: str, market: Market, network: Network) -> Iterator[Subject]:
    rest, places = split_places(text)
    said = read_places(places, market)
    if said.periods is not None:
        msg = "a loss begins in every period in which it fits; say --from and --duration instead of a period"
        raise ValueError(msg)
    scope, who = _split(rest)
    scope = _join(scope, said.stages)
    cells = None if scope is None else frozenset(read_scope(market, scope))
    for kind, name in _find(who, market, network):
        counted: Basis | None = (said.basis or "control") if kind in {"country", "bloc"} else None
        if said.basis is not None and counted is None:
            msg = f"a {kind} has no {said.basis} of its own; leave out @{said.basis}"
            raise ValueError(msg)
        if scope is not None and kind not in _SCOPED:
            msg = f"a {kind} has no stage; leave out {scope}"
            raise ValueError(msg)
        spelling = "".join([f"{scope}:" if scope else "", _spell(kind, name), f"@{counted}" if counted else ""])
        yield Subject(kind, name, spelling, counted, scope or "", cells)


def _join(scope: str | None, stages: Sequence[str] | None) -> str | None:
    """Return the scope of a loss, of which the stage may stand behind an ``@``."""
    if stages is None:
        return scope
    if len(stages) > 1:
        msg = f"{list_first(list(stages))} are several stages; name one, or leave it out"
        raise ValueError(msg)
    if scope is not None and "/" in scope:
        msg = f"{scope} names a stage already; leave out @{stages[0]}"
        raise ValueError(msg)
    return stages[0] if scope is None else f"{stages[0]}/{scope}"


def _split(text: str) -> tuple[str | None, str]:
    """Split ``[SCOPE:]WHO``; what may stand before a name to say what it is, is no scope."""
    if text.startswith(("lane:", "corridor:")):
        return None, text
    return split_scope(text)


def _spell(kind: Kind, name: str) -> str:
    return name if kind == "country" else f"{kind}:{name}"


def _find(who: str, market: Market, network: Network) -> list[tuple[Kind, str]]:
    """Return the (kind, name) of all that a text means."""
    names = _names(market, network)
    if who in EACH:
        kind: Kind = who.removeprefix("each-")  # type: ignore[assignment]
        return [(kind, name) for name in names[kind]]
    if who.startswith("each"):
        msg = f"{who!r} is not known{suggest(who, EACH)}; write one of {', '.join(EACH)}"
        raise ValueError(msg)
    countries = {name: [("country", name)] for name in names["country"]}
    said = unquote(who.removeprefix("country:"))
    try:
        code = read_country(said)
    except ValueError:
        code = ""
    if code in countries:
        countries[said] = countries[code]
    elif code:
        msg = f"nothing of the instance stands in {country_name(code)} or is owned there"
        raise ValueError(msg)
    kinds: dict[str, Any] = {"country": countries}
    kinds |= {kind: {name: [(kind, name)] for name in names[kind]} for kind in get_args(Kind)[1:]}
    return choose(who, kinds, wild=())


def _names(market: Market, network: Network) -> dict[Kind, list[str]]:
    """Return what can be lost, by kind."""
    countries = {offer.country for offer in market.offers} | {owner.country for owner in market.owners}
    countries |= {origin.country for origin in market.origins}
    countries |= {origin.owner for origin in market.origins if origin.owner}
    return {
        "country": sorted(countries - {UNDISCLOSED}),
        "bloc": sorted(market.blocs),
        "company": sorted(market.companies),
        "offer": sorted(market.offer),
        "lane": ["/".join(pair) for pair in network.lanes],
        "corridor": sorted(network.corridors),
    }
