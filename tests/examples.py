"""How many random cases a test tries: all of them in `make test-all`, some in `make test`; the same at every run.

Profiles of hypothesis: `--hypothesis-profile=all` asks for all, and `conftest.py` takes `some` when nothing is asked.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

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


def examples(number: int) -> settings:
    """Return the settings of a test that tries `number` random cases in `make test-all`."""
    asked_for_all = settings.get_current_profile_name() == ALL
    return settings(max_examples=number if asked_for_all else max(number // _SOME_OF, min(number, _FEW)))
