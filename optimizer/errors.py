"""What can go wrong, each with the exit code of the command line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable


class Stopped(Exception):  # noqa: N818 (not an error of anybody)
    """Somebody who no longer waits for an answer asked for an end of the work (`Settings.stop`).

    It is no `LodeplanError`, so that nothing goes on with what it has where one of these would be no harm.
    """


class LodeplanError(Exception):
    """Anything that a user is told in one sentence, without a traceback."""

    exit_code: ClassVar[int] = 1


class InputError(LodeplanError):
    """What was given cannot be used; holds one line for each problem, in file order."""

    exit_code = 2

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep every problem."""
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(self.problems)


class NoPlan(LodeplanError):  # noqa: N818 (not an error of anybody: the limits leave no plan)
    """There is no plan to show."""

    exit_code = 3

    def __init__(self, message: str, *, proven: bool) -> None:
        """Keep the message, and whether it is proven that no plan exists."""
        self.proven = proven
        super().__init__(message)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes."""
        return partial(type(self), proven=self.proven), self.args


class SolverFailure(LodeplanError):  # noqa: N818 (what happened, as the exit codes name it)
    """The solver stopped without a plan and without a proof that there is none."""

    exit_code = 4


class WorkersLost(SolverFailure):
    """Whoever was to solve is gone; the journal holds what was solved by then."""


class AuditFailure(LodeplanError):  # noqa: N818 (as above)
    """A plan's numbers, recounted, break what they promise; the plan is not written."""

    exit_code = 4
