"""By what answers about a plan stand in a journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer import __version__
from optimizer.versions import version_of
from optimizer.work.journal import key_of

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from optimizer.results.plan import Plan

_FIGURES = ("flow", "signed", "unmet", "stock", "reserved")


def key_of_plan(instance: EnforcedInstance, plan: Plan) -> str:
    """Return the key of a plan of an instance, which differs with anything that an answer about it hangs on."""
    figures = [sorted(getattr(plan, name).items()) for name in _FIGURES]
    return key_of(__version__, version_of("highspy"), instance.digest, figures)
