"""Policies as TOML text, and those that come with Lodeplan.

A measure stands under ``[measures.NAME]``, what it becomes under ``[measures.NAME.limit]``, ``.duty``
or ``.control``.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from models.policies.policy import Policy
from models.sentences import sentences, suggest_or_list
from models.wording import show

if TYPE_CHECKING:
    from collections.abc import Iterator


class PolicyError(ValueError):
    """A policy that cannot be read; holds one line for each problem, each starting with its key."""

    def __init__(self, problems: list[str]) -> None:
        """Keep every problem."""
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


def shipped_names() -> list[str]:
    """Return the names of the policies that come with Lodeplan."""
    folder = files("models.policies")
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


@cache
def shipped(name: str) -> Policy:
    """Return a policy that comes with Lodeplan."""
    return read_policy(tomllib.loads((files("models.policies") / f"{name}.toml").read_text("utf-8")))


def named(said: str) -> Policy:
    """Return the policy that a name means: ``eu-crma``, or some of its measures: ``us-pfe:45x-*,48e-*``.

    Raises:
        ValueError: with one sentence, when there is none.
    """
    name, measures = split(said)
    if name not in shipped_names():
        msg = f"{name!r} is no policy{suggest_or_list(name, shipped_names())}, or name a file of your own: x.toml"
        raise ValueError(msg)
    return some_of(shipped(name), measures)


def split(said: str) -> tuple[str, tuple[str, ...] | None]:
    """Split ``name:measure,measure``.

    >>> split("us-pfe:45x-*, 48e-*"), split("eu-crma")
    (('us-pfe', ('45x-*', '48e-*')), ('eu-crma', None))
    """
    name, colon, rest = said.strip().partition(":")
    patterns = tuple(part.strip() for part in rest.split(",") if part.strip())
    return name.strip(), patterns if colon else None


def some_of(policy: Policy, measures: tuple[str, ...] | None) -> Policy:
    """Return a policy of which only some measures are meant; with None, all."""
    if measures is None:
        return policy
    if not measures:
        msg = f"{policy.name}: names no measure behind the colon; write some, such as {policy.measures[0].name}"
        raise ValueError(msg)
    return policy.model_copy(update={"chosen": measures})


def asked_as(policy: Policy) -> str:
    """Return how a policy is named where it is asked for.

    >>> asked_as(named("us-pfe:45x-*"))
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
        what = "is missing" if measures is None else f"{show(measures)} is no table of measures"
        raise PolicyError([f"measures: {what}; write [measures.NAME] and its keys below"])
    listed = [keys | {"name": name} if isinstance(keys, dict) else keys for name, keys in measures.items()]
    try:
        return Policy.model_validate(raw | {"measures": listed})
    except ValidationError as error:
        raise PolicyError(list(_lines(error, list(measures)))) from None


def _lines(error: ValidationError, names: list[str]) -> Iterator[str]:
    for path, what in sentences(error, Policy):
        head, *rest = path or ("",)
        if head == "measures" and rest and isinstance(rest[0], int):
            head, rest = f"measures.{names[rest[0]]}", rest[1:]
        place = ".".join(str(part) for part in (head, *rest) if part != "")
        yield f"{place}: {what}" if place else what


def toml_of(policy: Policy) -> dict[str, Any]:
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
