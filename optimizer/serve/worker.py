"""The one thread that solves: moves of all pages in turn, of each page only the last; losses and prices after them."""

from __future__ import annotations

import threading
import time
import traceback
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from optimizer.collector import collect_all, keep_for_good
from optimizer.errors import InputError, LodeplanError, Stopped
from optimizer.serve.keeping import keep
from optimizer.serve.moves import read_moves
from optimizer.serve.on_disk import look
from optimizer.serve.studio import Studio

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from optimizer.serve.losses import LossesAsked
    from optimizer.serve.moves import Moves

_GONE = 6.0
"""Seconds after which a page that has not come back for its answer is taken as closed."""
_REST = 0.5
"""Seconds for which nobody has asked anything before the collector has its turn."""


class Listener(Protocol):
    """Somebody who waits for an answer."""

    def put(self, kind: str, data: dict[str, Any]) -> None:
        """Hear a message."""

    def close(self) -> None:
        """Hear that nothing follows."""


@dataclass(eq=False)
class Job:
    """One thing that a page asks for."""

    number: int
    """By which the page knows the answer to its last question."""
    moves: Any
    listener: Listener
    last: str = ""
    """The control that was moved last."""
    keep: str | None = None
    """The name under which the plan is to be kept; None where only its answer is asked for."""
    losses: LossesAsked | None = None
    """What the plan is to be tested against; None where only its answer is asked for. A plan is kept with its test."""
    stop: threading.Event = field(default_factory=threading.Event)
    seen: float = field(default_factory=time.monotonic)
    """When somebody last waited for the answer."""

    @property
    def is_test(self) -> bool:
        """Whether it asks for a test alone, which gives way to all else."""
        return self.losses is not None and self.keep is None

    def tell(self, kind: str, data: dict[str, Any]) -> None:
        """Tell something of the answer, unless another question took its place."""
        if not self.stop.is_set():
            self.listener.put(kind, data | {"number": self.number})

    def end(self) -> None:
        """Stop it where it is being solved; nothing more is told."""
        self.stop.set()
        self.listener.close()


class Worker:
    """Solves in a thread of its own."""

    def __init__(self, studio: Studio, folder: Path) -> None:
        """Start the thread; kept plans are written into `folder`."""
        self.studio = studio
        self.folder = folder
        self._read = look(studio.path)
        self._unread = ""
        self._reads = 0
        self._jobs: dict[str, Job] = {}
        """The last question of each page, until it is answered."""
        self._waiting: OrderedDict[str, Job] = OrderedDict()
        self._pricing = threading.Event()
        """Set, it ends what is solved unasked, and what gives way to moves."""
        self._reload = False
        self._closing = False
        self._tidy = False
        """Whether the collector looked through all since something was last done."""
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="worker", daemon=True)
        self._thread.start()

    def ask(self, page: str, job: Job) -> None:
        """Ask for something; what the page asked for before, and only that, is stopped.

        A question that comes behind a later one of its page, which requests may do, is not asked any more.
        """
        with self._changed:
            before = self._jobs.get(page)
            if before is not None and before.number > job.number:
                job.end()
                return
            if before is not None and before.keep is None:
                before.end()
            self._jobs[page] = self._waiting[page] = job
            if self.studio.base is not None:  # which it waits for
                self._pricing.set()
            self._changed.notify()

    def find(self, page: str, number: int) -> Job | None:
        """Return a question of a page that is not answered yet, or whose answer nobody took."""
        job = self._jobs.get(page)
        return job if job is not None and job.number == number else None

    def leave(self, page: str, job: Job) -> None:
        """Forget a question whose page is gone, unless another took its place."""
        with self._changed:
            if self._jobs.get(page) is job:
                del self._jobs[page]
                self._waiting.pop(page, None)
                job.end()
                if job.is_test:
                    self._pricing.set()

    def leave_unseen(self) -> None:
        """Forget the questions of pages that have not come back for their answers."""
        late = time.monotonic() - _GONE
        with self._changed:
            for page, job in list(self._jobs.items()):
                if job.seen < late:
                    self.leave(page, job)

    def reload(self) -> None:
        """Read the instance again."""
        with self._changed:
            self._reload = True
            self._pricing.set()
            self._changed.notify()

    def news(self, read: int) -> dict[str, Any]:
        """Return what is known of the instance: its base plan and prices, and whether it has changed on disk.

        `read` says which reading of the instance a page shows.
        """
        now_read, studio = self.read
        now = look(studio.path)
        if read != now_read:
            return {"read": now_read}
        return {
            "read": now_read,
            "base": studio.base,
            "colours": studio.colours,
            "prices": studio.prices,
            "priced": studio.priced,
            "unfelt": studio.unfelt,
            "changed": now not in (self._read, ()),
            "unread": self._unread,
        }

    @property
    def read(self) -> tuple[int, Studio]:
        """How many times the instance was read again, and what was read last."""
        with self._changed:
            return self._reads, self.studio

    def close(self) -> None:
        """Stop what is being solved, and end all answers; takes no lock, as a signal may call it."""
        self._closing = True
        self._pricing.set()
        for job in list(self._jobs.values()):
            job.end()

    def join(self, seconds: float) -> bool:
        """Wait for the thread to end; return whether it did."""
        self.close()
        with self._changed:
            self._changed.notify()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (work := self._next()) is not None:
            work()

    def _next(self) -> Callable[[], None] | None:
        """Wait for what is to be done next; None once the worker is closed.

        It is looked for and taken in one go, as a page that leaves takes back what it asked for.
        """
        with self._changed:
            while True:
                self._pricing.clear()  # whatever it was set for is seen here
                if self._closing:  # looked at after that, as `close` takes no lock
                    return None
                if self._reload:
                    self._reload = False
                    return self._read_again
                if self._waiting and self.studio.base is not None:
                    return partial(self._answer, *self._take())
                if not self.studio.prepared:
                    return self._work_unasked
                if not self._changed.wait(None if self._tidy else _REST):
                    return self._tidy_up

    def _take(self) -> tuple[str, Job]:
        """Take the question to be answered next, with its page: what is tested comes after all that is moved."""
        page = min(self._waiting, key=lambda page: self._waiting[page].is_test)
        return page, self._waiting.pop(page)

    def _tidy_up(self) -> None:
        collect_all(waited_for=False)
        self._tidy = True

    def _answer(self, page: str, job: Job) -> None:
        self._tidy = False
        collect_all(waited_for=True)
        try:
            self._answer_or_stop(job)
        except Stopped:
            if self._put_back(page, job):
                return
        except Exception as error:  # noqa: BLE001 (a fault of ours in one answer must not take others with it)
            job.tell("fault", {"message": _describe_fault(error)})
        job.listener.close()

    def _put_back(self, page: str, job: Job) -> bool:
        """Let a test that gave way wait again, unless its page no longer asks for it; return whether it does."""
        with self._changed:
            waits = job.is_test and self._jobs.get(page) is job and not self._closing
            if waits:
                self._waiting[page] = job
            return waits

    def _answer_or_stop(self, job: Job) -> None:
        try:
            moves = read_moves(job.moves, self.studio.controls)
        except InputError as error:
            job.tell("fault", {"message": str(error)})
            return
        if job.keep is not None:
            self._keep(job.keep, moves, job)
        elif job.losses is not None:
            self.studio.test(moves, job.losses, job.tell, self._pricing)
        else:
            self.studio.answer(moves, job.last, job.tell, job.stop)

    def _keep(self, name: str, moves: Moves, job: Job) -> None:
        """Keep a plan, with its test where the page has one; a plan that cannot be tested is kept all the same."""
        stress, untested = None, ""
        try:
            solution = self.studio.solve_for_keeping(moves, job.stop)
            try:
                stress = job.losses and self.studio.test_for_keeping(solution, job.losses, job.stop)
            except LodeplanError as error:
                untested = str(error)
            path = keep(solution, self.folder, name, stress)
        except LodeplanError as error:
            job.tell("unkept", {"message": str(error)})
            return
        job.tell("kept", {"path": path, "tested": stress is not None, "untested": untested})

    def _work_unasked(self) -> None:
        """Find the base plan, then price its limits one by one, then try the ends of sliders."""
        self._tidy = False
        collect_all(waited_for=True)
        try:
            if self.studio.base is None:
                self.studio.solve_base(self._pricing)
                keep_for_good()
            else:
                self.studio.prepare_next(self._pricing)
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001 (nor must one in what nobody asked for)
            self.studio.give_up(_describe_fault(error))

    def _read_again(self) -> None:
        seen = look(self.studio.path)
        try:
            studio = Studio(self.studio.path, calm=self.studio.calm)
        except LodeplanError as error:
            self._unread, self._read = str(error), seen
        except Exception as error:  # noqa: BLE001 (nor must one in what is new on disk)
            self._unread, self._read = _describe_fault(error), seen
        else:
            with self._changed:
                self.studio, self._unread, self._read = studio, "", seen
                self._reads += 1


def _describe_fault(error: Exception) -> str:
    """Report a fault of ours where the server runs; return what a page is told of it."""
    traceback.print_exception(error)
    return f"internal fault, a report of which stands where the server runs: {error!r}"
