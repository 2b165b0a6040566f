"""The edits of a function that a slip of the pen could make, as syntax trees.

Numbers are scaled, operators exchanged, a bound turned round, a side or a term of a row scaled, a
binary let go of its integrality, a loop cut short by its first or last turn, a condition dropped or
turned, a statement left out. Docstrings, annotations, names and messages are left alone, and so is what only checks
(`strict`).
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

OPERATORS: dict[type[Any], type[Any]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
}  # fmt: skip
COMPARISONS: dict[type[Any], tuple[type[Any], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
"""Functions that are taken for each other."""
SCALES = (0.5, 2.0)
_SHORT = 90


@dataclass(frozen=True)
class Edit:
    """A function with one thing changed."""

    change: str
    tree: ast.FunctionDef


def edits(function: ast.FunctionDef) -> Iterator[Edit]:
    """Yield every edit of a function."""
    for place in _places(function):
        for new in place.replacements():
            yield place.edit(new)


@dataclass(frozen=True)
class _Place:
    """A node of a tree, and where it hangs."""

    function: ast.FunctionDef
    path: tuple[tuple[str, int | None], ...]
    """Field and index of each step down from the function."""
    ancestors: tuple[ast.AST, ...]
    node: ast.AST

    def edit(self, new: ast.AST) -> Edit:
        """Return the function with the node replaced, said by the nearest expression that tells where it is."""
        tree = copy.deepcopy(self.function)
        trail: list[ast.AST] = [tree]
        for field, index in self.path:
            held = getattr(trail[-1], field)
            trail.append(held if index is None else held[index])
        field, index = self.path[-1]
        told = self._telling()
        before = _said(trail[told])
        if index is None:
            setattr(trail[-2], field, new)
        else:
            getattr(trail[-2], field)[index] = new
        ast.fix_missing_locations(tree)
        if isinstance(new, ast.stmt):
            return Edit(f"{_said(self.node)} -> {_said(new)}", tree)
        after = new if told == len(trail) - 1 else trail[told]
        return Edit(f"{before} -> {_said(after)}", tree)

    def _telling(self) -> int:
        """Return the step of the innermost part that says enough to be found, and is no whole statement."""
        for step in range(len(self.path), 0, -1):
            node = (*self.ancestors, self.node)[step]
            if isinstance(node, ast.expr | ast.comprehension) and not isinstance(node, ast.Constant | ast.Name):
                return step
        return len(self.path)

    def replacements(self) -> Iterator[ast.AST]:  # noqa: C901, PLR0912 (one case a form)
        """Yield what may stand there instead."""
        node: Any = self.node
        parent: Any = self.ancestors[-1]
        match node:
            case _ if isinstance(parent, ast.keyword) and parent.arg == "strict":
                return
            case ast.Constant(value=bool()):
                yield ast.Constant(not node.value)
            case ast.Constant(value=int() | float() as number):
                yield from _other_numbers(number)
            case ast.BinOp():
                yield from _other_sums(node)
            case ast.UnaryOp(op=ast.USub() | ast.Not()):
                yield node.operand
            case ast.Compare(ops=[op]):
                for other in COMPARISONS.get(type(op), ()):
                    yield ast.Compare(node.left, [other()], node.comparators)
            case ast.BoolOp():
                yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
            case ast.IfExp():
                yield ast.IfExp(node.test, node.orelse, node.body)
            case ast.Attribute(attr="level") if isinstance(node.ctx, ast.Load):
                yield from (_scaled(node, scale) for scale in SCALES)
            case ast.Call(func=ast.Name(id="Row" | "Rows"), args=[key, less, more, *_]):
                yield ast.Call(node.func, [key, more, less], node.keywords)
                for scale in SCALES:
                    yield ast.Call(node.func, [key, _scaled(less, scale), more], node.keywords)
                    yield ast.Call(node.func, [key, less, _scaled(more, scale)], node.keywords)
            case ast.Tuple(elts=[weight, other]) if isinstance(parent, ast.ListComp | ast.GeneratorExp):
                if not isinstance(weight, ast.Constant):
                    yield from (ast.Tuple([_scaled(weight, scale), other], ast.Load()) for scale in SCALES)
            case ast.comprehension():
                yield from _other_loops(node)
            case ast.Name() if node.id in NAMES and isinstance(parent, ast.Call):
                yield ast.Name(NAMES[node.id], ast.Load())
            case ast.Name(id="Binary"):
                yield ast.parse('__import__("pyomo.environ", fromlist=["environ"]).UnitInterval', mode="eval").body
            case ast.stmt():
                yield from _other_statements(node)


def _other_numbers(number: float) -> Iterator[ast.expr]:
    if isinstance(number, int):
        yield ast.Constant(number + 1)
    elif number == 0:
        yield ast.Constant(1.0)
    else:
        yield from (ast.Constant(number * scale) for scale in SCALES)


def _other_sums(node: ast.BinOp) -> Iterator[ast.expr]:
    if type(node.op) in OPERATORS:
        yield ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
    if isinstance(node.op, ast.Mult | ast.Div):
        yield node.left
    if isinstance(node.op, ast.Mult):
        yield node.right


def _other_loops(node: ast.comprehension) -> Iterator[ast.comprehension]:
    for short in _cut(node.iter):
        yield ast.comprehension(node.target, short, node.ifs, node.is_async)
    for number in range(len(node.ifs)):
        yield ast.comprehension(node.target, node.iter, node.ifs[:number] + node.ifs[number + 1 :], node.is_async)


def _other_statements(node: ast.stmt) -> Iterator[ast.stmt]:
    match node:
        case ast.For():
            for short in _cut(node.iter):
                yield ast.For(node.target, short, node.body, node.orelse)
        case ast.If():
            for truth in (True, False):
                yield ast.If(ast.Constant(truth), node.body, node.orelse)
        case ast.AugAssign(op=ast.Add() | ast.Sub() | ast.Mult()):
            other = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div}[type(node.op)]
            yield ast.AugAssign(node.target, other(), node.value)
            yield ast.Pass()
        case ast.Expr(value=ast.Yield() | ast.YieldFrom() | ast.Call()) | ast.AugAssign() | ast.Continue():
            yield ast.Pass()


def _scaled(node: ast.expr, factor: float) -> ast.expr:
    return ast.BinOp(ast.Constant(factor), ast.Mult(), node)


def _cut(loop: ast.expr) -> Iterator[ast.expr]:
    """Yield a loop without its last turn, and without its first."""
    for part in ("[:-1]", "[1:]"):
        cut = ast.parse(f"list(x){part}", mode="eval").body
        assert isinstance(cut, ast.Subscript)
        assert isinstance(cut.value, ast.Call)
        cut.value.args = [loop]
        yield cut


def _places(function: ast.FunctionDef) -> Iterator[_Place]:
    """Yield every node of the body that may be edited, from the top down."""
    for number, statement in enumerate(function.body):
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
            yield from _below(_Place(function, (("body", number),), (function,), statement))


def _below(place: _Place) -> Iterator[_Place]:
    yield place
    node = place.node
    for field, held in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list"}:
            continue
        for index, child in enumerate(held) if isinstance(held, list) else [(None, held)]:
            left_alone = isinstance(child, ast.JoinedStr) or (isinstance(child, ast.keyword) and child.arg == "doc")
            if isinstance(child, ast.AST) and not left_alone:
                path = (*place.path, (field, index))
                yield from _below(_Place(place.function, path, (*place.ancestors, node), child))


def _said(node: ast.AST) -> str:
    """Return a part of the source on one line; of a long statement its beginning."""
    if isinstance(node, ast.comprehension):
        conditions = "".join(f" if {ast.unparse(one)}" for one in node.ifs)
        return f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}{conditions}"
    if isinstance(node, ast.For):
        return f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}"
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _SHORT else text[:_SHORT] + "..."
