"""The page on the Python API: every public name with its signature and its docstring."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

import lodeplan

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTRODUCTION = """
# Reference of the Python API

Every name that `import lodeplan` hands out, from the docstrings. [How they are used](api.md) is a better place to
begin. A default of `None` means that the instance says it. Money is in the currency of the instance, quantities are in
its mass unit and the basis of the material.
"""
_SECTION = re.compile(r"^(Args|Returns|Raises|Yields):\n((?:    .*\n?|\n)+)", re.MULTILINE)
_ENTRY = re.compile(r"^    (\w[\w, ]*): ", re.MULTILINE)


def page() -> str:
    """Return the page in Markdown."""
    kinds = {name: getattr(lodeplan, name) for name in lodeplan.__all__}
    functions = [name for name, kind in kinds.items() if inspect.isfunction(kind)]
    errors = [name for name, kind in kinds.items() if inspect.isclass(kind) and issubclass(kind, Exception)]
    records = ["Instance", "Plan"]
    results = [name for name in kinds if name not in {*functions, *errors, *records}]
    parts = [_INTRODUCTION.strip(), "## Functions"]
    parts += [part for name in functions for part in _function(name, kinds[name])]
    parts.append("## Results")
    parts += [part for name in results for part in _result(name, kinds[name])]
    parts.append("## Records and errors")
    parts += [f"### `{name}`\n\n{_first(kinds[name])}" for name in (*records, *errors)]
    return "\n\n".join(parts) + "\n"


def _function(name: str, function: Any) -> Iterator[str]:
    yield f"### `{name}`"
    yield f"```python\n{_signature(name, function)}\n```"
    yield _body(function)


def _result(name: str, kind: Any) -> Iterator[str]:
    yield f"### `{name}`"
    yield _body(kind)
    rows = ["| attribute | |", "|---|---|"]
    for attribute, value in sorted(inspect.getmembers(kind)):
        if attribute.startswith("_"):
            continue
        called = inspect.isfunction(value)
        shown = f"{attribute}{_parameters(value)}" if called else attribute
        rows.append(f"| `{shown}` | {_first(value)} |")
    yield "\n".join(rows)


def _signature(name: str, function: Any) -> str:
    """Return a signature, one parameter a line; annotations are texts already."""
    signature = inspect.signature(function)
    lines, star = [], False
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            lines.append("    *,")
        star = star or parameter.kind in {parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL}
        sign = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
        default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
        lines.append(f"    {sign}{parameter.name}: {parameter.annotation}{default},")
    return f"{name}(\n" + "\n".join(lines) + f"\n) -> {signature.return_annotation}"


def _parameters(method: Any) -> str:
    parameters = list(inspect.signature(method).parameters.values())[1:]
    return f"({', '.join(parameter.name for parameter in parameters)})"


def _body(documented: Any) -> str:
    """Return a docstring with its sections as lists."""
    text = _markdown(inspect.getdoc(documented) or "")
    return _SECTION.sub(_section, f"{text}\n").strip()


def _section(found: re.Match[str]) -> str:
    title = {"Args": "Parameters"}.get(found[1], found[1])
    body = found[2].rstrip()
    if _ENTRY.search(body) and found[1] != "Returns":
        entries = re.sub(r"\n {8}", " ", body)
        return f"**{title}**\n\n{_ENTRY.sub(lambda entry: f'- `{entry[1]}`: ', entries)}\n\n"
    return f"**{title}**\n\n{inspect.cleandoc(body)}\n\n"


def _first(documented: Any) -> str:
    """Return the first paragraph of a docstring in one line."""
    return " ".join(_markdown(inspect.getdoc(documented) or "").split("\n\n")[0].split()).replace("|", "\\|")


def _markdown(text: str) -> str:
    return re.sub(r"``(.+?)``", r"`\1`", text)
