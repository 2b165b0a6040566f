"""A program as an LP or MPS file that any solver reads, with names that say what each row and variable is.

Both forms allow few signs and 255 of them. A name is written as ``family(index,index)``, with ``~`` in the place of a
hyphen and ``@`` and two hexadecimal digits a byte in that of any other sign but letters, digits, underline and dot.
`read_name` turns it back. A name that is too long is cut, and a comment at the head of the file says what it stands
for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from optimizer.errors import InputError
from optimizer.files.atomic import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pyomo.core import ConcreteModel

LONGEST = 255
"""Signs that a name may have in both forms."""
_AROUND = 6
"""Signs that the writer puts round the name of a row: ``c_u_`` before it and ``_`` behind."""
_REFUSED = re.compile(r"[^A-Za-z0-9_.-]")
_COMMENTS = {".lp": "\\ {}\n", ".mps": "* {}\n"}
_ROW = re.compile(r"[cr]_[eul]_(.*)_")
_READ = str.maketrans("()~", "[]-")


def write_program(m: ConcreteModel, path: Path, *, force: bool = False) -> None:
    """Write a model as the form that the suffix of a path says: ``.lp`` or (free) ``.mps``.

    Args:
        m: a model whose rows are Pyomo components (`models.formulation.build.written_out`).
        path: where to write it.
        force: whether a file that is there already is replaced.

    Raises:
        InputError: the suffix says neither, a file is there already, or it cannot be written.

    """
    comment = _COMMENTS.get(path.suffix.lower())
    if comment is None:
        raise InputError([f"{path}: {path.suffix or 'no suffix'} is not a form of a program; name a .lp or .mps"])
    if path.is_dir():
        raise InputError([f"{path}: is a folder; name a file"])
    if path.exists() and not force:
        raise InputError([f"{path}: is there already; name another place, or add --force to replace it"])
    names = _Names()
    with write_whole(path) as draft:
        written = draft.with_suffix(path.suffix.lower())  # Pyomo tells the form by it
        m.write(str(written), io_options={"labeler": names})
        head = "".join(comment.format(f"{short} stands for {name}") for short, name in names.cut.items())
        text = written.read_text("utf-8")
        written.unlink()
        draft.write_text(head + text, "utf-8")


def write_name(family: str, index: Sequence[object]) -> str:
    """Return the name of a component of a family as both forms take it.

    >>> write_name("limit", ["china-refined"])
    'limit(china~refined)'
    >>> write_name("quantity", ["North, (new)", "2027"])
    'quantity(North@2C@20@28new@29,2027)'
    """
    return f"{family}({','.join(_REFUSED.sub(_escape, str(part)) for part in index)})".replace("-", "~")


def read_name(label: str) -> str:
    """Return what a row or a variable of a file is called in the model, as ``family[index,index]``.

    >>> read_name("c_u_limit(china~refined).holds(lithium,refined,CN,Q1@202027)_")
    'limit[china-refined].holds[lithium,refined,CN,Q1 2027]'
    """
    row = _ROW.fullmatch(label)
    plain = (row[1] if row else label).translate(_READ)
    return re.sub(r"(?:@[0-9A-F]{2})+", lambda found: bytes.fromhex(found[0].replace("@", "")).decode(), plain)


def _escape(found: re.Match[str]) -> str:
    return "".join(f"@{byte:02X}" for byte in found[0].encode())


class _Names:
    """Gives components their names in a file, and remembers those that it cut."""

    def __init__(self) -> None:
        self.cut: dict[str, str] = {}

    def __call__(self, component: Any) -> str:
        label = _label(component)
        if len(label) <= LONGEST - _AROUND:
            return label
        number = f"@{len(self.cut)}@"
        short = label[: LONGEST - _AROUND - len(number)] + number
        self.cut[short] = read_name(label)
        return short


def _label(component: Any) -> str:
    """Return the name of a component behind those of the blocks that it is in."""
    family, index = component.parent_component(), component.index()
    parts = index if isinstance(index, tuple) else () if index is None else (index,)
    name = write_name(family.local_name, parts) if family.is_indexed() else str(family.local_name)
    block = component.parent_block()  # None of the one variable that the writer adds, for what costs a constant
    return name if block is None or block.parent_block() is None else f"{_label(block)}.{name}"
