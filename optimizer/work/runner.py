"""Workers and a journal: what a question gives its tasks to."""

from __future__ import annotations

import pickle
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from optimizer import __version__
from optimizer.work.task import Missing, do
from optimizer.work.workers import SerialExecutor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

    from optimizer.work.journal import Journal
    from optimizer.work.task import SharedState, Task
    from optimizer.work.workers import Workers

Own = TypeVar("Own")
Answer = TypeVar("Answer")


@dataclass(eq=False)
class TaskRunner:
    """Those who do tasks, and what is known of tasks that were done before."""

    workers: Workers = field(default_factory=SerialExecutor)
    journal: Journal | None = None
    asked_for: bool = True
    """Whether somebody said who is to do the work; where not, more may be started if that pays."""
    passing: bool = False
    """Whether the journal is for this work alone, and goes when that is done."""

    def finish(self) -> None:
        """Remove a journal that is no longer needed: what it was kept for is written."""
        if self.journal is not None and self.passing:
            self.journal.remove()

    def recall(self, key: str) -> Any:
        """Return the answer that the journal holds; None where it holds none, or there is no key."""
        return self.journal.recall(key) if self.journal is not None and key else None

    def keep(self, key: str, answer: Any) -> None:
        """Write an answer into the journal, if there is one and a key."""
        if self.journal is not None and key:
            self.journal.keep(key, answer)

    def answers(
        self, function: Callable[[Any, Own], Answer], shared: SharedState, tasks: Iterable[Task[Own]]
    ) -> Iterator[tuple[Task[Own], Answer]]:
        """Yield every task with its answer, as they come; what the journal holds is not done again.

        The function is one of a module, so that a worker finds it by name, and its answers are never None.

        Raises:
            KeyboardInterrupt: after the answers that had come by then.
            SolverFailure: a task ended its process again and again, or a cluster was lost; likewise.
            Exception: whatever the function raised; likewise.

        """
        waiting: dict[Future[Any], Task[Own]] = {}
        try:
            for task in tasks:
                known = self.recall(task.key)
                if known is not None:
                    yield task, known
                    continue
                waiting[self._give(function, shared, task, ship=False)] = task
                while len(waiting) >= self.workers.room:
                    yield from self._collect(waiting, function, shared)
            while waiting:
                yield from self._collect(waiting, function, shared)
        except (KeyboardInterrupt, Exception):
            yield from self._collect_done(waiting)
            raise

    def _give(
        self, function: Callable[[Any, Own], Answer], shared: SharedState, task: Task[Own], *, ship: bool
    ) -> Future[Any]:
        shipped = shared.shipped if ship else None
        return self.workers.submit(do, __version__, function, shared.digest, shipped, pickle.dumps(task.own))

    def _collect(
        self, waiting: dict[Future[Any], Task[Own]], function: Callable[[Any, Own], Answer], shared: SharedState
    ) -> Iterator[tuple[Task[Own], Answer]]:
        """Wait for answers, and yield them; a worker without the shared state is given it."""
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            answer = self._answer(future, waiting[future])
            task = waiting.pop(future)
            if isinstance(answer, Missing):
                waiting[self._give(function, shared, task, ship=True)] = task
                continue
            self.keep(task.key, answer)
            yield task, answer

    def _answer(self, future: Future[Any], task: Task[Own]) -> Any:
        try:
            return future.result()
        except Exception as fault:
            told = self.workers.explain(fault, task.name)
            if told is None:
                raise
            raise told from None

    def _collect_done(self, waiting: dict[Future[Any], Task[Own]]) -> Iterator[tuple[Task[Own], Answer]]:
        """Yield the answers that have come, whatever became of the others."""
        for future, task in waiting.items():
            future.cancel()
            if future.done() and not future.cancelled() and future.exception() is None:
                answer = future.result()
                if not isinstance(answer, Missing):
                    self.keep(task.key, answer)
                    yield task, answer
