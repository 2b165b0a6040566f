"""A task: a pure function of a state that many tasks share, and of what is its own.

A worker keeps the shared states that it met last, by their digests. So each travels once to each worker, and what is
made of it there (a program built, say) is made once.
"""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from optimizer import __version__
from optimizer.errors import SolverFailure

if TYPE_CHECKING:
    from collections.abc import Callable

Own = TypeVar("Own")

_KEPT = 2
"""Shared states that a worker keeps."""
_states: OrderedDict[str, Any] = OrderedDict()
_one_at_a_time = threading.RLock()
"""Neither Pyomo nor what is kept here is made for several threads, which workers of a cluster may have. A task may
have tasks of its own, which are done before it goes on."""


@dataclass(frozen=True, slots=True)
class Task(Generic[Own]):
    """What is to be done beside the shared state."""

    own: Own
    """Handed to the function behind the shared state."""
    key: str
    """By which its answer stands in a journal; the same for the same answer, in every run. Empty = in none."""
    name: str
    """What a message calls it."""


class SharedState:
    """What many tasks have in common, as it travels."""

    def __init__(self, content: Any) -> None:
        """Take what is handed to the function first; a worker has a copy of its own."""
        self.shipped = pickle.dumps(content)
        self.digest = hashlib.sha256(self.shipped).hexdigest()


class Missing:
    """The answer of a worker that does not have the shared state, and asks for it."""


def do(version: str, function: Callable[[Any, Any], Any], digest: str, shared: bytes | None, own: bytes) -> Any:
    """Do a task that a Lodeplan of some version gives; in a worker.

    Raises:
        SolverFailure: the worker has another version of Lodeplan; or whatever the function raises.
    """
    if version != __version__:
        msg = f"a worker has Lodeplan {__version__}, and this is {version}; install the same on both"
        raise SolverFailure(msg)
    with _one_at_a_time:
        if digest not in _states:
            if shared is None:
                return Missing()
            _states[digest] = pickle.loads(shared)  # noqa: S301 (from whoever gives the work, not from a file)
        _states.move_to_end(digest)
        while len(_states) > _KEPT:
            _states.popitem(last=False)
        return function(_states[digest], pickle.loads(own))  # noqa: S301 (likewise)
