"""The folder of a draft: an instance of which a question mark stands for what is still to be filled in."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from optimizer.dump import write_csv
from optimizer.errors import InputError
from optimizer.files.atomic import must_be_a_folder, write_whole
from optimizer.files.cells import TO_FILL
from optimizer.files.folder import HEADER_FILE
from optimizer.files.toml_text import toml_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_SITE, _PERIOD = "plant", "year-1"


def check_free(path: Path, cure: str = "") -> None:
    """Raise InputError unless a draft can be written to a path: nothing stands there but an empty folder."""
    must_be_a_folder(path, "a draft")
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise InputError([f"{path}: is there already and is not replaced; name another folder{cure}"])


def write_draft_folder(  # noqa: PLR0913 (all that differs between drafts)
    path: Path,
    title: str,
    comment: str,
    currency: str,
    materials: Iterable[str],
    tables: Mapping[str, Sequence[Sequence[object]]],
    pages: Mapping[str, str] | None = None,
) -> None:
    """Write the folder of a draft, whole or not at all.

    One site needs each of the materials in one year, how much and where is to be filled in. Tables begin with their
    headings, and those without any further row are left out; `pages` are texts by the name of their file.

    Raises:
        InputError: it cannot be written.
    """
    header = {
        "name": path.name,
        "title": title,
        "currency": currency,
        "mass_unit": "t",
        "as_of": datetime.datetime.now(tz=datetime.UTC).date(),
        "periods": [{"name": _PERIOD, "years": 1}],
    }
    needs = [[_SITE, material, _PERIOD, TO_FILL] for material in materials]
    frame: dict[str, Sequence[Sequence[object]]] = {
        "sites": [["site", "country"], [_SITE, TO_FILL]],
        "demand": [["site", "material", "period", "quantity"], *needs],
    }
    with write_whole(path) as draft:
        draft.mkdir()
        (draft / HEADER_FILE).write_text(comment + toml_text(header), encoding="utf-8")
        for table, rows in (frame | dict(tables)).items():
            if len(rows) > 1:
                write_csv(draft / f"{table}.csv", rows)
        for name, text in (pages or {}).items():
            (draft / name).write_text(text, encoding="utf-8")
