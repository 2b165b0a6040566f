"""Faults planted in the source of a limit, one at a time: a number doubled, a sign exchanged, a row left out.

A mutant is one edit of the syntax tree of one function, put in the place of the function while it is
`planted`. Functions are those that the rows of a kind go through and its recount does not, or the
other way round: what both read (the scope, who is behind a tonne) is no recount of the other.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from models.limits.contract.limit import Limit
from tests.mutation.edits import edits

if TYPE_CHECKING:
    from collections.abc import Iterator

Side = Literal["rows", "recount"]

SIDES: tuple[Side, ...] = ("rows", "recount")
WRITES_ROWS = ("rows", "squares")
"""Methods of a limit from which its part of the program comes."""
RECOUNTS = ("recount",)
_LIMITS = "models.limits"


@dataclass(frozen=True)
class Function:
    """A function of a limit's source, and where it is looked up."""

    owner: Any
    """The class, or the module."""
    name: str

    @property
    def found(self) -> Any:
        """What stands there: a function, or a property."""
        return vars(self.owner)[self.name]

    @property
    def code(self) -> Any:
        """The function itself."""
        return self.found.fget if isinstance(self.found, property) else self.found

    @property
    def label(self) -> str:
        """Its name for a reader: ``share_cap: ShareCap.rows``."""
        return f"{self.code.__module__.rpartition('.')[2]}: {self.code.__qualname__}"


@dataclass(frozen=True)
class Mutant:
    """One edit of one function."""

    function: Function
    change: str
    """What was written, and what is written now."""
    tree: ast.FunctionDef = field(repr=False, compare=False)
    """The function as it is now."""

    @property
    def name(self) -> str:
        """Where it is and what it does; the same for as long as the function is."""
        return f"{self.function.label}: {self.change}"

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Put the edit in the place of the function, wherever that is known by name."""
        function = self.function
        right, wrong = function.found, _compiled(self)
        places = [function.owner] if inspect.isclass(function.owner) else _modules_with(function.name, right)
        for place in places:
            setattr(place, function.name, wrong)
        try:
            yield
        finally:
            for place in places:
                setattr(place, function.name, right)


@cache
def mutants(sort: type[Limit], side: Side) -> tuple[Mutant, ...]:
    """Return every mutant of what only the rows of a kind go through, or only its recount."""
    of_rows, of_recount = _reached(sort, WRITES_ROWS), _reached(sort, RECOUNTS)
    mine, other = (of_rows, of_recount) if side == "rows" else (of_recount, of_rows)
    return tuple(mutant for function in mine if function not in other for mutant in _mutants_of(function))


@cache
def _mutants_of(function: Function) -> tuple[Mutant, ...]:
    seen: Counter[str] = Counter()
    found = []
    for edit in edits(_tree(function)):
        seen[edit.change] += 1
        again = f" ({seen[edit.change]})" if seen[edit.change] > 1 else ""
        found.append(Mutant(function, edit.change + again, edit.tree))
    return tuple(found)


@cache
def _tree(function: Function) -> ast.FunctionDef:
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(function.code))).body
    assert isinstance(tree, ast.FunctionDef)
    return tree


def _reached(sort: type[Limit], roots: tuple[str, ...]) -> list[Function]:
    """Return the functions of `models.limits` that methods of a kind go through, in the order they are met."""
    waiting = [one for root in roots if (one := _method(sort, root)) is not None]
    met: list[Function] = []
    while waiting:
        function = waiting.pop(0)
        if function in met:
            continue
        met.append(function)
        for node in ast.walk(_tree(function)):
            if isinstance(node, ast.Attribute):
                called = _method(sort, node.attr)
            elif isinstance(node, ast.Name):
                called = _function_of(sys.modules[function.code.__module__], node.id)
            else:
                continue
            if called is not None:
                waiting.append(called)
    return met


def _method(sort: type[Limit], name: str) -> Function | None:
    """Return the method or property of a kind by name, unless every limit has it."""
    for owner in sort.__mro__:
        if owner is not Limit and name in vars(owner) and owner.__module__.startswith(_LIMITS):
            method = Function(owner, name)
            return method if inspect.isfunction(method.code) else None
    return None


def _function_of(module: Any, name: str) -> Function | None:
    """Return a function of the limits' own that a module knows by name."""
    found = vars(module).get(name)
    if inspect.isfunction(found) and found.__module__.startswith(_LIMITS):
        return Function(sys.modules[found.__module__], found.__name__)
    return None


def _modules_with(name: str, function: Any) -> list[Any]:
    modules = [module for path, module in sys.modules.items() if path.startswith(_LIMITS)]
    return [module for module in modules if vars(module).get(name) is function]


@cache
def _compiled(mutant: Mutant) -> Any:
    """Return the edited function, which lives in its own module; `super()` finds its class by `__class__`."""
    function = mutant.function
    shell = ast.parse("def make(__class__): return None")
    make = shell.body[0]
    assert isinstance(make, ast.FunctionDef)
    make.body = [mutant.tree, ast.Return(ast.Name(function.name, ast.Load()))]
    code = compile(ast.fix_missing_locations(shell), f"<{function.label}>", "exec")
    there: dict[str, Any] = {}
    exec(code, vars(sys.modules[function.code.__module__]), there)  # noqa: S102 (the code is the limit's own)
    return there["make"](function.owner)
