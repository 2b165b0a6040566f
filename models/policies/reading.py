"""Policies as TOML text, and those that come with Lodeplan.

A measure stands under ``[measures.NAME]``, what it becomes under ``[measures.NAME.limit]``, ``.duty`` or ``.control``.
Some keys at the top hold for every measure that says nothing else (`_FOR_ALL`); what is pending was last looked at when
its measure was, unless it says another day.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from models.limits import KINDS
from models.policies.policy import Policy
from models.records.fields import FROM_FILE
from models.records.messages import describe_faults, suggest_or_list
from models.records.renamed import find_renamed
from models.records.wording import quote

if TYPE_CHECKING:
    from collections.abc import Iterator


_FOR_ALL = ("materials", "bound", "evidence", "looked_at", "known_as")
"""What may stand at the top of a file, for every measure that says nothing else."""
_INTERNAL = frozenset({"chosen", "looked_up"})
"""What an instance notes of a policy that it uses, and no file says."""


class PolicyError(ValueError):
    """A policy that cannot be read; holds one line for each problem, each starting with its key."""

    def __init__(self, problems: list[str]) -> None:
        """Keep every problem."""
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


def list_shipped() -> list[str]:
    """Return the names of the policies that come with Lodeplan."""
    folder = files("models.policies")
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


@cache
def read_shipped(name: str) -> Policy:
    """Return a policy that comes with Lodeplan."""
    return read_policy(tomllib.loads((files("models.policies") / f"{name}.toml").read_text("utf-8")))


def read_named(said: str) -> Policy:
    """Return the policy that a name means: ``eu-crma``, or some of its measures: ``us-pfe:45x-*,48e-*``.

    Raises:
        ValueError: with one sentence, when there is none.
    """
    name, measures = split(said)
    if name not in list_shipped():
        msg = f"{name!r} is no policy{suggest_or_list(name, list_shipped())}, or name a file of your own: x.toml"
        raise ValueError(msg)
    return select_measures(read_shipped(name), measures)


def split(said: str) -> tuple[str, tuple[str, ...] | None]:
    """Split ``name:measure,measure``.

    >>> split("us-pfe:45x-*, 48e-*"), split("eu-crma")
    (('us-pfe', ('45x-*', '48e-*')), ('eu-crma', None))
    """
    name, colon, rest = said.strip().partition(":")
    patterns = tuple(part.strip() for part in rest.split(",") if part.strip())
    return name.strip(), patterns if colon else None


def select_measures(policy: Policy, measures: tuple[str, ...] | None) -> Policy:
    """Return a policy of which only some measures are meant; with None, all."""
    if measures is None:
        return policy
    if not measures:
        msg = f"{policy.name}: names no measure behind the colon; write some, such as {policy.measures[0].name}"
        raise ValueError(msg)
    return policy.model_copy(update={"chosen": measures})


def format_request(policy: Policy) -> str:
    """Return how a policy is named where it is asked for.

    >>> format_request(read_named("us-pfe:45x-*"))
    'us-pfe:45x-*'
    """
    return policy.name if policy.chosen is None else f"{policy.name}:{','.join(policy.chosen)}"


def read_policy(raw: dict[str, Any]) -> Policy:
    """Return the policy that the tables of a TOML document say.

    Raises:
        PolicyError: with one line for everything that is wrong.
    """
    measures = raw.get("measures")
    if not isinstance(measures, dict) or not measures:
        what = "is missing" if measures is None else f"{quote(measures)} is no table of measures"
        raise PolicyError([f"measures: {what}; write [measures.NAME] and its keys below"])
    usual = {key: raw[key] for key in _FOR_ALL if key in raw}
    listed = [
        _with_looks(usual | keys | {"name": name}) if isinstance(keys, dict) else keys
        for name, keys in measures.items()
    ]
    rest = {key: value for key, value in _with_looks(raw).items() if key not in usual}
    known = [field for field in Policy.model_fields if field not in _INTERNAL]
    faults = [f"{key}: is not a key that is known here{suggest_or_list(key, known)}" for key in _INTERNAL & rest.keys()]
    faults += _find_wrong_kinds(listed)
    if faults:
        raise PolicyError(faults)
    try:
        return Policy.model_validate(rest | {"measures": listed}, context=FROM_FILE)
    except ValidationError as error:
        raise PolicyError(list(_lines(error, list(measures)))) from None


def _with_looks(keys: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of a measure or a file, whose pending entries were looked at when it was unless they say."""
    pending, day = keys.get("pending"), {key: keys[key] for key in ("looked_at",) if key in keys}
    if not isinstance(pending, list):
        return keys
    return keys | {"pending": [day | entry if isinstance(entry, dict) else entry for entry in pending]}


def _find_wrong_kinds(measures: list[Any]) -> Iterator[str]:
    """Yield a line for every limit that is of no kind."""
    for measure in measures:
        limit = measure.get("limit") if isinstance(measure, dict) else None
        said = limit.get("kind") if isinstance(limit, dict) else None
        if isinstance(limit, dict) and said not in KINDS and find_renamed("limits", "kind", said) is None:
            what = f"{quote(said)} is not a kind of limit{suggest_or_list(str(said), KINDS)}"
            missing = f"is missing; write one of {', '.join(sorted(KINDS))}"
            yield f"measures.{measure['name']}.limit.kind: {missing if said is None else what}"


def _lines(error: ValidationError, names: list[str]) -> Iterator[str]:
    told: set[str] = set()
    for path, what in describe_faults(error, Policy, hidden=_INTERNAL):
        head, *rest = path or ("",)
        if head == "measures" and rest and isinstance(rest[0], int):
            head, rest = f"measures.{names[rest[0]]}", rest[1:]
        if rest[:1] == ["limit"] and len(rest) > 1:
            del rest[1]  # the kind, which the file does not name there
        if rest[:1] == ["levels"]:
            del rest[2:]  # the kinds of number that a level may be: one sentence is enough
        place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in (head, *rest) if part != "")
        if not (rest[:1] == ["levels"] and place in told):
            yield f"{place}: {what}" if place else what
        told.add(place)


def build_toml(policy: Policy) -> dict[str, Any]:
    """Return a policy as the tables of a TOML document, without what stands at its default."""
    given = policy.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"measures", "chosen"})
    measures = {}
    for measure in policy.measures:
        keys = measure.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"name"})
        if measure.limit is not None:
            limit = measure.limit.model_dump(mode="json", exclude_defaults=True, exclude={"name", "kind"})
            keys["limit"] = {"kind": measure.limit.kind} | limit
        measures[measure.name] = keys
    return given | {"measures": measures}
