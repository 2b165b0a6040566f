"""A stage that a limit shuts, because too much of what could be bought there is undisclosed; and how that is cured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.records.wording import list_some

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True, slots=True)
class ShutOut:
    """A stage of a material at which a limit lets nothing be bought, because too much of every offer is undisclosed."""

    limit: str
    material: str
    stage: str
    who: tuple[str, ...]
    """Whom the limit speaks of there."""
    share: float
    """The least of what is undisclosed of any offer, from 0 to 1."""
    owners_of: tuple[str, ...]
    """Companies and offers whose owners are not declared in full."""
    origins_of: tuple[str, ...]
    """Offers whose origins at the stage are not declared in full."""

    @property
    def missing(self) -> str:
        """What is not declared: ``owners``, ``origins``, or both."""
        said = [word for word, names in (("owners", self.owners_of), ("origins", self.origins_of)) if names]
        return " and ".join(said) or "origins"

    @property
    def sentence(self) -> str:
        """Why nothing may be bought, and the cure."""
        part = f" ({100 * self.share:.3g}% of every offer)" if self.share > 0 else ""
        return (
            f"what is undisclosed of {self.stage} {self.material}{part} counts against "
            f"{list_some(self.who)}, so nothing of "
            f"it may be bought; {describe_cure(self.owners_of, self.origins_of)}"
        )


def describe_cure(owners_of: Collection[str], origins_of: Collection[str]) -> str:
    """Say how what is undisclosed can be declared, or left apart."""
    missing = {"owners": owners_of, "origins": origins_of}
    rows = [f"add rows to {table} for {list_some(list(names))}" for table, names in missing.items() if names]
    return f'{" and ".join(rows)}{", or " if rows else ""}write undisclosed = "apart" on the limit'
