"""The rows of a block as LP text that an operations researcher can read, kept in `lp/`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from models.formulation.build import build, written_out

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance

GOLDEN = Path(__file__).with_name("lp")


def text_of(asked: EnforcedInstance, folder: Path, *families: str) -> str:
    """Return the objective of an instance, some families of its rows, and the bounds of what is bought."""
    path = folder / "model.lp"
    written_out(build(asked)).write(str(path), io_options={"symbolic_solver_labels": True})
    text = path.read_text(encoding="utf-8")
    objective = re.findall(r"^min.*?\n(?=\n)", text, re.MULTILINE | re.DOTALL)
    rows = re.findall(rf"^c_\w_(?:{'|'.join(families)})_rows\(.*?\n(?=\n)", text, re.MULTILINE | re.DOTALL)
    bounds = [line for line in text.splitlines() if re.search(r"<= (quantity|signed)\(", line)]
    binaries = re.findall(r"^  signed\(.*$", text, re.MULTILINE)
    parts = [*objective, "s.t.", "", *rows, "bounds", *bounds, *(["binary", *binaries] if binaries else []), "end", ""]
    return "\n".join(parts)


def is_golden(name: str, text: str, *, update: bool) -> bool:
    """Whether the text is what the file says, after writing it there when that is asked for."""
    path = GOLDEN / f"{name}.lp"
    if update:
        path.write_text(text, encoding="utf-8")
    return text == path.read_text(encoding="utf-8")
