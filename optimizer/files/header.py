"""The header of an instance: its name, units, periods, blocs, settings and limits, read key by key."""

from __future__ import annotations

import datetime
import pathlib
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from models.data import members_of
from models.instance import Instance, Risk, SolveSettings
from models.limits import KINDS, AnyLimit
from models.market import TABLES, Market, Period, ShortNotice
from models.policies import Policy, split
from models.records.fields import Day, Flag, Text
from models.records.messages import describe_faults, list_fields, suggest_or_list
from models.records.renamed import OldWord, renew
from models.records.wording import find_nearest, quote
from optimizer.errors import InputError
from optimizer.files.draft import DraftLimit
from optimizer.files.faults import HEADER
from optimizer.files.policies import find_policy, is_file

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from optimizer.files.draft import Draft, Path
    from optimizer.files.faults import Faults

ELSEWHERE = {"market", "limits", *TABLES}
"""Fields of the records that are not keys of the header: tables, and limits, which are read by themselves."""


@dataclass
class Header:
    """What could be read of a header: values by key, limits with their paths, and the keys that are broken."""

    values: dict[str, Any] = field(default_factory=dict)
    limits: list[tuple[Path, AnyLimit]] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    old_words: list[OldWord] = field(default_factory=list)

    def part(self, model: type[BaseModel]) -> dict[str, Any]:
        """Return the values that are fields of one record."""
        return {key: value for key, value in self.values.items() if key in list_fields(model)}


def split_limits(raw: dict[str, object]) -> tuple[dict[str, object], list[DraftLimit]]:
    """Take the tables ``[limits.NAME]`` out of a header."""
    rest = {key: value for key, value in raw.items() if key != "limits"}
    limits = raw.get("limits", {})
    if not isinstance(limits, dict):
        return rest, [DraftLimit(("limits",), None, limits)]
    return rest, [DraftLimit(("limits", name), name, keys) for name, keys in limits.items()]


def declared_attributes(raw: dict[str, object] | None) -> tuple[str, ...] | None:
    """Return the attributes that a header declares, before the rest is read; None when that cannot be told."""
    if raw is None:
        return None
    try:
        read: tuple[str, ...] = header_keys()["attributes"].validate_python(raw.get("attributes", ()))
    except ValidationError:
        return None
    return read


@cache
def header_keys() -> dict[str, TypeAdapter[Any]]:
    """Return a reader for every key of a header, in the order of the records."""
    fields = list_fields(Instance) | list_fields(Market)
    return {key: TypeAdapter(_annotation(info)) for key, info in fields.items() if key not in ELSEWHERE}


def _annotation(info: FieldInfo) -> Any:
    plain: dict[Any, Any] = {datetime.date: Day, str: Text}
    return info.rebuild_annotation() if info.metadata else plain.get(info.annotation, info.annotation)


_RECORDS: dict[Any, type[BaseModel]] = {
    "periods": Period,
    "response": ShortNotice,
    "risk": Risk,
    "solve": SolveSettings,
}
"""Keys of a header that are records of their own."""


def unknown_key(path: Path) -> str | None:
    """Return what is wrong with a key that nobody knows, of which only the path is there; None when it is known."""
    fields: dict[str, Any] = dict.fromkeys(("limits", *header_keys()))
    name, *rest = path
    if name in fields and rest:
        own = [part for part in rest if isinstance(part, str)]
        if name == "limits":
            fields, own = {key: None for kind in KINDS.values() for key in list_fields(kind)}, own[1:]
        elif name in _RECORDS:
            fields = list_fields(_RECORDS[name])
        else:
            return None
        name = own[0] if own else next(iter(fields))
    return None if name in fields else f"is not a key that is known here{suggest_or_list(str(name), fields)}"


def read_header(draft: Draft, faults: Faults) -> Header:
    """Read every key and limit of a draft; what is wrong is noted in `faults`."""
    header = Header()
    if draft.header is None:
        header.broken = set(header_keys())
        return header
    known, meant = [*header_keys(), "limits", *(["decimal_sign"] if draft.form == "folder" else [])], set()
    for key in draft.header:
        if key not in header_keys():
            meant.add(find_nearest(key, known))
            what = f"is not a key that is known here{suggest_or_list(key, known)}"
            faults.add(draft.place((key,), what), what, HEADER)
    for key in header_keys():
        if key in draft.header:
            _read_key(key, draft.header[key], draft, header, faults)
        elif _is_required(key):
            header.broken.add(key)
            if key not in meant:
                faults.add(draft.spot((key,)), "is missing; every instance needs it", HEADER)
    for drafted in draft.limits:
        limit = _read_limit(drafted, draft, header, faults)
        if limit is not None:
            header.limits.append((drafted.path, limit))
    return header


def _is_required(key: str) -> bool:
    return any(key in list_fields(model) and list_fields(model)[key].is_required() for model in (Instance, Market))


_ONE_TABLE = {
    "folder": "is one table where a list is needed; write [[periods]] with two brackets",
    "workbook": "is one table where a list is needed; number each period: periods.1.name, periods.1.years",
}


def policy_files(raw: dict[str, object] | None) -> list[str]:
    """Return the names of the files that a header names as policies, before the rest is read."""
    said = (raw or {}).get("policies")
    entries = said.split(";") if isinstance(said, str) else said
    texts = [entry for entry in entries if isinstance(entry, str)] if isinstance(entries, list) else []
    return [str(pathlib.PurePath(split(text)[0])) for text in texts if is_file(text)]


def _read_policies(raw: object, draft: Draft, header: Header, faults: Faults) -> None:
    """Read the policies that a header names, or holds as records."""
    entries = raw.split(";") if isinstance(raw, str) else raw
    if not isinstance(entries, (list, tuple)):
        header.broken.add("policies")
        faults.add(draft.spot(("policies",)), f'{quote(raw)} is not a list of policies; write ["eu-crma"]', HEADER)
        return
    found = [_read_policy(entry, ("policies", number), draft, faults) for number, entry in enumerate(entries)]
    if None in found:
        header.broken.add("policies")
    header.values["policies"] = tuple(policy for policy in found if policy is not None)


def _read_policy(entry: object, path: Path, draft: Draft, faults: Faults) -> Policy | None:
    if not isinstance(entry, (str, dict)):
        message = f'{quote(entry)} is not the name of a policy; write one in quotes, such as "eu-crma"'
        faults.add(draft.spot(path), message, HEADER)
        return None
    try:
        if isinstance(entry, str):
            return find_policy(entry, draft.home or pathlib.Path())
        return Policy.model_validate(entry)
    except InputError as error:
        for line in error.problems:
            faults.add(draft.spot(path), line, HEADER)
    except ValidationError as error:
        for inner, what in describe_faults(error, Policy, path):
            faults.add(draft.place(inner, what), what, HEADER)
    return None


def _read_key(key: str, raw: object, draft: Draft, header: Header, faults: Faults) -> None:
    if key == "periods" and isinstance(raw, dict) and draft.form in _ONE_TABLE:
        header.broken.add(key)
        faults.add(draft.spot((key,)), _ONE_TABLE[draft.form], HEADER)
        return
    if key == "policies":
        _read_policies(raw, draft, header, faults)
        return
    try:
        header.values[key] = _read_value(key, raw, draft)
    except ValidationError as error:
        header.broken.add(key)
        model = Instance if key in list_fields(Instance) else Market
        for path, what in describe_faults(error, model, (key,)):
            faults.add(draft.place(path, what), what, HEADER)


def _read_value(key: str, raw: object, draft: Draft) -> Any:
    """Return what a key says; among blocs those of the reference data stand for their members on `as_of`.

    Raises:
        ValidationError: it cannot be read.
    """
    adapter = header_keys()[key]
    if key != "blocs" or not isinstance(raw, dict):
        return adapter.validate_python(raw)
    said = {name: one for name, one in raw.items() if isinstance(one, (list, tuple))}
    members = {name: [_members(one, draft) for one in listed] for name, listed in said.items()}
    one_of = {
        name: [found[0] if found else one for one, found in zip(said[name], members[name], strict=True)]
        for name in said
    }
    read = adapter.validate_python(raw | one_of)  # each in its place, so that faults are told where they stand
    for name, found in members.items():
        if any(found):
            parts = (many or (one,) for many, one in zip(found, read[name], strict=True))
            read[name] = tuple(dict.fromkeys(chain.from_iterable(parts)))
    return read


def _members(said: object, draft: Draft) -> tuple[str, ...]:
    """Return the members of a bloc of the reference data, or nothing where a text names none."""
    try:
        day = header_keys()["as_of"].validate_python((draft.header or {}).get("as_of"))
    except ValidationError:  # told by itself
        day = datetime.date.max
    return (members_of(said, day) or ()) if isinstance(said, str) else ()


def _read_limit(drafted: DraftLimit, draft: Draft, header: Header, faults: Faults) -> AnyLimit | None:
    def complain(path: Path, what: str) -> None:
        faults.add(draft.place((*drafted.path, *path), what), what, HEADER)

    if not isinstance(drafted.keys, dict):
        tables = isinstance(drafted.keys, list) and draft.form == "folder" and drafted.path == ("limits",)
        got = "[[limits]] makes a list without names" if tables else "is not a table of keys"
        complain((), f"{got}; write [limits.NAME] and its keys below")
        return None
    keys, words = renew("limits", drafted.keys)
    header.old_words += [OldWord(draft.spot((*drafted.path, word.field)), word) for word in words]
    said = keys.get("kind")
    kind = KINDS.get(said) if isinstance(said, str) else None
    if said is None:
        complain(("kind",), f"is missing; write one of {', '.join(sorted(KINDS))}")
    elif kind is None:
        complain(("kind",), f"{said!r} is not a kind of limit{suggest_or_list(str(said), KINDS)}")
    if kind is None:
        return None
    if "name" in drafted.keys and drafted.path[-1] == drafted.name:
        complain(("name",), "is what stands after `limits.` already; remove this key")
        return None
    keys, why = _strictness(keys)
    if why is not None:
        complain(("hard",), why)
    try:
        limit: Any = kind.model_validate(keys | {"name": drafted.name})
    except ValidationError as error:
        hidden = ("name",) if drafted.path[-1] == drafted.name else ()
        for path, what in describe_faults(error, kind, hidden=hidden):
            complain(() if path == ("name",) and "name" not in drafted.keys else path, what)
        return None
    return limit if why is None else None


_BESIDE = {"penalty": "a penalty", "watch": "watch = true"}

_FLAG: TypeAdapter[bool] = TypeAdapter(Flag)


def _strictness(keys: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return the keys of a limit with `hard` read as a flag, and what is wrong when it does not say yes."""
    said = keys.get("hard")
    if said is None:
        return keys, None
    rest = {key: value for key, value in keys.items() if key != "hard"}
    otherwise = next((key for key in ("penalty", "watch") if keys.get(key) is not None), None)
    try:
        flag = _FLAG.validate_python(said)
    except ValidationError:
        why = f"{quote(said)} cannot stand here; write true"
    else:
        if flag:
            return keys | {"hard": True}, None
        why = f"{quote(said)} does not make a limit soft; write penalty = a cost instead"
        if otherwise is not None:
            why = f"{quote(said)} says nothing beside {_BESIDE[otherwise]}; remove it"
    return (rest if otherwise is not None else rest | {"hard": True}), why
