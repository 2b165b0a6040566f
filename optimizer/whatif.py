"""What if: an instance solved as it is, and again with changes, in one study."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from optimizer.errors import NoPlan
from optimizer.study import Study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from models.instance import Instance
    from optimizer.bounds import Interval
    from optimizer.solution import Settings, Solution


@dataclass(frozen=True, eq=False)
class Outcome:
    """What comes of one set of changes."""

    name: str
    instance: Instance
    """The instance as changed."""
    solution: Solution | None
    """None when there is no plan, or none was found."""
    why_not: NoPlan | None = None

    @property
    def status(self) -> str:
        """``proven``, ``stopped`` or ``no plan``."""
        if self.solution is None:
            return "no plan"
        return "proven" if self.solution.proven else "stopped"


def whatif(
    instance: Instance,
    changed: Mapping[str, Instance],
    settings: Settings,
    tell: Callable[[str, Interval], None] | None = None,
) -> Iterator[Outcome]:
    """Yield what comes of an instance as it is (without a name), then of each changed one by its name.

    Only the parts that a change touches are solved again, from what is known of them. `tell` is called
    with a name and the interval in which its cost lies, when that takes more than a look.

    Raises:
        SolverFailure, AuditFailure, KeyboardInterrupt: as `Study.solve`.

    """
    study = Study(settings)
    yield _outcome(study, "", instance, None)
    for name, after in changed.items():
        yield _outcome(study, name, after, None if tell is None else partial(tell, name))


def _outcome(study: Study, name: str, instance: Instance, tell: Callable[[Interval], None] | None) -> Outcome:
    try:
        return Outcome(name, instance, study.solve(instance, tell))
    except NoPlan as none:
        return Outcome(name, instance, None, none)
