"""How many random cases a test tries: all of them in `make test-all`, some in `make test`; the same at every run.

Profiles of hypothesis: `--hypothesis-profile=all` asks for all, and `conftest.py` takes `some` when nothing is asked.
"""

from __future__ import annotations

import functools
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings

from tests.measured import rest

if TYPE_CHECKING:
    from collections.abc import Callable

SOME, ALL = "some", "all"
_SOME_OF = 4
"""One case of so many is tried in `make test`."""
_FEW = 5
"""But so many in any case."""

settings.register_profile(
    SOME,
    derandomize=True,
    deadline=None,  # the machine may be busy
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
settings.register_profile(ALL, parent=settings.get_profile(SOME))


def examples(number: int) -> Callable[[Any], Any]:
    """Return what lets a test try `number` random cases in `make test-all`; coverage watches those of `make test`."""
    some = max(number // _SOME_OF, min(number, _FEW))
    if settings.get_current_profile_name() != ALL:
        return settings(max_examples=some)

    def all_of_them(test: Any) -> Any:
        test.hypothesis.inner_test = _watched(test.hypothesis.inner_test, some)
        return settings(max_examples=number)(test)

    return all_of_them


def _watched(case: Callable[..., None], some: int) -> Callable[..., None]:
    """Return what tries a case, and lets coverage rest once it has seen some of them in one test."""
    seen: Counter[str] = Counter()

    @functools.wraps(case)
    def tried(*drawn: Any, **named: Any) -> None:
        case(*drawn, **named)
        test = os.environ["PYTEST_CURRENT_TEST"]
        seen[test] += 1
        if seen[test] == some:
            rest()

    return tried
