"""What every change is: one line of text with a verb, where it was asked for, and what it makes of an instance.

A name that holds a sign of the language stands in double quotes: ``price "a@b"=+5%``.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import TypeAdapter, ValidationError

from models.records.messages import describe_fault, list_own_faults

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.instance import Instance
    from models.market import Market
    from models.records.renamed import OldWord


class ChangeError(ValueError):
    """Changes that cannot be made; holds one line for each problem, in the order of the changes."""

    def __init__(self, problems: list[str]) -> None:
        """Keep every problem."""
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


class NotThenError(ValueError):
    """What is meant is there, but not in the periods that are meant."""


@dataclass(frozen=True, kw_only=True)
class Change(ABC):
    """One edit of an instance."""

    VERB: ClassVar[str]
    FORM: ClassVar[str]
    """What stands behind the verb, with names in capitals."""
    EXAMPLE: ClassVar[str]

    text: str = field(compare=False)
    """The change as it was written, with its verb."""
    origin: str = field(compare=False)
    """What a message about it starts with: ``--cap CN=40%``, ``cases.csv:3 cap CN=40%``."""

    @classmethod
    @abstractmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Return the change that stands behind the verb.

        Raises:
            ValueError: with one sentence, when it cannot be read.
        """

    @classmethod
    def target_and_value(cls, said: str, *, may_be_empty: bool = False) -> tuple[str, str]:
        """Split ``TARGET=VALUE``."""
        target, value = split_at(said, "=")
        if value is None or not target or not (value or may_be_empty):
            what = "names nothing to change" if not target else "has no value"
            msg = f"{what}; write {cls.VERB} {cls.FORM}, such as {cls.EXAMPLE}"
            raise ValueError(msg)
        return target, value


class Edit(Change):
    """A change that says itself what it does."""

    FIRST: ClassVar[int] = 0
    """In which turn it is made before policies are looked up, which says what others can speak of; 0 = after that."""

    @property
    def old_words(self) -> tuple[OldWord, ...]:
        """Words in it that were renamed."""
        return ()

    @abstractmethod
    def apply(self, instance: Instance) -> Instance:
        """Return the instance with this change made, its records not yet validated.

        Records that do not change stay the same objects.

        Raises:
            ValueError: with one sentence, when it matches nothing or cannot be made.
        """


class FactChange(Edit):
    """A change of facts, which can be made in some periods alone: for good by a case, for a while by a shock."""

    def apply(self, instance: Instance) -> Instance:
        """Return the instance with this change made."""
        market = instance.market
        return instance.model_copy(update={"market": self.change(market, self.find(market))})

    @abstractmethod
    def find(self, market: Market) -> Any:
        """Return what of a market is meant; the same for all markets with the same names.

        Raises:
            ValueError: with one sentence, when nothing is.
        """

    @abstractmethod
    def change(self, market: Market, found: Any, within: Collection[str] | None = None) -> Market:
        """Return a market with what was found changed, in those of the periods that it says that are `within` some.

        Raises:
            NotThenError: with one sentence, when there is nothing to change in these periods.
            ValueError: with one sentence, when it cannot be made.
        """


_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def split_at(text: str, sign: str) -> tuple[str, str | None]:
    """Split at the first `sign` outside double quotes; without one, the second part is None.

    >>> split_at("CN = 40%", "="), split_at('"a=b"', "=")
    (('CN', '40%'), ('"a=b"', None))
    """
    return _split(text, sign, _hide_quoted(text).find(sign))


def split_at_last(text: str, sign: str) -> tuple[str, str | None]:
    """Split at the last `sign` outside double quotes.

    >>> split_at_last("limits.a.b", ".")
    ('limits.a', 'b')
    """
    return _split(text, sign, _hide_quoted(text).rfind(sign))


def unquote(text: str) -> str:
    """Return a name without the quotes around it.

    >>> unquote('"a.b"'), unquote("a.b")
    ('a.b', 'a.b')
    """
    text = text.strip()
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if _QUOTED.fullmatch(text) else text


def _hide_quoted(text: str) -> str:
    return _QUOTED.sub(lambda quoted: "\0" * len(quoted[0]), text)


def _split(text: str, sign: str, at: int) -> tuple[str, str | None]:
    return (text.strip(), None) if at < 0 else (text[:at].strip(), text[at + len(sign) :].strip())


def read_as(adapter: TypeAdapter[Any], value: object, context: dict[str, bool] | None = None) -> Any:
    """Return a value as a field reads it, or raise ValueError with the sentence of a wrong file."""
    try:
        return adapter.validate_python(value, context=context)
    except ValidationError as error:
        raise ValueError(describe_fault(list_own_faults(error)[0])) from None
