"""What a policy asks of a plan: one file a kind, one class each, in one discriminated union.

To add a kind, write its file and name its class in `KINDS`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models.limits.base import Key, Limit, Reading, Row
from models.limits.share_cap import ShareCap

KINDS = (ShareCap,)
AnyLimit = Annotated[ShareCap, Field(discriminator="kind")]

__all__ = ["KINDS", "AnyLimit", "Key", "Limit", "Reading", "Row"]
