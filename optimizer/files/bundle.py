"""The instances that come with Lodeplan."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

from models.records.wording import suggest
from optimizer.errors import InputError
from optimizer.files.atomic import must_be_a_folder, write_whole


def home() -> Path:
    """Return the folder that holds the bundled instances: inside the wheel, or beside the packages."""
    engine = Path(__file__).resolve().parent.parent
    packed = engine / "bundled"
    return packed if packed.is_dir() else engine.parent / "instances"


def list_bundled() -> dict[str, str]:
    """Return the title of every bundled instance by name."""
    return {
        folder.name: str(tomllib.loads((folder / "instance.toml").read_text("utf-8"))["title"])
        for folder in sorted(home().iterdir())
        if (folder / "instance.toml").is_file()
    }


def copy(name: str, target: Path) -> None:
    """Copy a bundled instance to a new folder.

    Raises:
        InputError: when there is no instance of that name, or the place is taken.

    """
    known = list_bundled()
    if name not in known:
        cure = suggest(name, known) or f"; there are {', '.join(known)}"
        raise InputError([f"{name!r} is not a bundled instance{cure}"])
    must_be_a_folder(target, "an instance that is copied")
    if target.exists() or target.is_symlink():
        raise InputError([f"{target}: is there already; name another folder with --to"])
    with write_whole(target) as draft:
        shutil.copytree(home() / name, draft)
