"""The words that stand below each field of a record, for notes and reference pages."""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import pairwise


def field_words(record: type) -> dict[str, str]:
    """Return the words below each field of a record and of those of ours that it is made of.

    Pydantic can take them along too, but it would read every source file again each time that a command starts.
    """
    said = {}
    for part in reversed(record.__mro__):
        if part.__module__.partition(".")[0] in {"models", "optimizer"}:
            (stated,) = ast.parse(textwrap.dedent(inspect.getsource(part))).body
            assert isinstance(stated, ast.ClassDef)  # noqa: S101 (the source of a class is one)
            for field, words in pairwise(stated.body):
                match field, words:
                    case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(text))):
                        said[name] = " ".join(text.split())
    return said
