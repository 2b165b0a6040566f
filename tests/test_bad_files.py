"""Files and folders that are not what they should be, and the exact lines that are told about them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.refused import lines_of

if TYPE_CHECKING:
    from collections.abc import Callable

FILES: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "missing table": ("sites.csv", lambda _: None, "sites.csv: is missing; every instance needs this table"),
    "no bytes": ("demand.csv", lambda p: p.write_text(""), "demand.csv: is empty (0 bytes); fill it or remove it"),
    "unknown table": (
        "conversion.csv",
        lambda p: p.write_text("x"),
        "conversion.csv: is not a table of an instance (did you mean conversions.csv?)",
    ),
    "table in capitals": (
        "LANES.CSV",
        lambda p: p.write_text("x"),
        "LANES.CSV: is not a table of an instance (did you mean lanes.csv?)",
    ),
    "other file": (
        "notes.txt",
        lambda p: p.write_text("x"),
        "notes.txt: is not a file of an instance; remove it, or move it into a folder of its own",
    ),
    "Latin-1": (
        "owners.csv",
        lambda p: p.write_bytes(b"company,country,share\nGanfeng,CN,0.1\nS\xe4l,CN,0.1\n"),
        "owners.csv:3: is not UTF-8 text; save the file as UTF-8 (in a spreadsheet: CSV UTF-8)",
    ),
    "UTF-16": (
        "owners.csv",
        lambda p: p.write_text("company,country,share\n", encoding="utf-16"),
        "owners.csv:1: is not UTF-8 text; save the file as UTF-8 (in a spreadsheet: CSV UTF-8)",
    ),
    "folder in place of a table": (
        "owners.csv",
        lambda p: p.mkdir(),
        "owners.csv: is a folder where a file is needed; move it away",
    ),
    "pipe": (
        "owners.csv",
        os.mkfifo,
        "owners.csv: is a pipe or a device and not an ordinary file; put a file in its place",
    ),
    "device": (
        "owners.csv",
        lambda p: p.symlink_to("/dev/zero"),
        "owners.csv: leads out of the folder, to /dev/zero; put the file itself in its place",
    ),
    "link to nothing": (
        "owners.csv",
        lambda p: p.symlink_to("nowhere.csv"),
        "owners.csv: leads to a file that is not there; put the file in its place",
    ),
    "links in a circle": (
        "owners.csv",
        lambda p: p.symlink_to("owners.csv"),
        "owners.csv: cannot be read: its links run in a circle",
    ),
    "empty header": (
        "instance.toml",
        lambda p: p.write_text(""),
        "instance.toml: is empty (0 bytes); fill it or remove it",
    ),
    "header not UTF-8": (
        "instance.toml",
        lambda p: p.write_bytes(b'name = "x"\ntitle = "\xe4"\n'),
        "instance.toml:2: is not UTF-8 text; save the file as UTF-8 (in a spreadsheet: CSV UTF-8)",
    ),
    "header nested deeply": (
        "instance.toml",
        lambda p: p.write_text("a = " + "[" * 100_000),
        "instance.toml: is nested too deeply; two or three levels are enough",
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_is_not_what_it_should_be_is_told(small: Path, case: str) -> None:
    name, spoil, expected = FILES[case]
    (small / name).unlink(missing_ok=True)
    spoil(small / name)
    assert lines_of(small) == [expected]


def test_a_misspelt_table_is_told_once(small: Path) -> None:
    (small / "offers.csv").rename(small / "ofers.csv")
    assert lines_of(small) == ["ofers.csv: is not a table of an instance (did you mean offers.csv?)"]


def test_a_table_that_leads_out_of_the_folder_is_not_read(small: Path, tmp_path: Path) -> None:
    (small / "owners.csv").rename(tmp_path / "secret.csv")
    (small / "owners.csv").symlink_to("../secret.csv")
    told = f"owners.csv: leads out of the folder, to {tmp_path / 'secret.csv'}; put the file itself in its place"
    assert lines_of(small) == [told]


def test_a_file_without_permission_is_told(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, _: Path(path).name != "owners.csv")
    assert lines_of(small) == ["owners.csv: cannot be read: permission denied"]


def test_a_file_that_is_too_large_is_not_opened(small: Path) -> None:
    with (small / "owners.csv").open("wb") as file:
        file.truncate(201_000_000)
    assert lines_of(small) == ["owners.csv: is 201 MB large; at most 200 MB are read"]


PATHS: dict[str, tuple[str, str]] = {
    "misspelt": ("smal", "there is no such file or folder (did you mean small?)"),
    "far from anything": ("a/b/c", "there is no such file or folder"),
    "the header": ("small/instance.toml", "is one file of an instance; name its folder {here}/small"),
    "a table": ("small/offers.csv", "is one file of an instance; name its folder {here}/small"),
    "a folder of instances": (".", "holds no instance.toml; its folders small do, so name one of them"),
    "a bundled instance": (
        "us-battery-2027",
        "there is no such file or folder; lodeplan instances new us-battery-2027 copies it here",
    ),
    "a misspelt bundled instance": (
        "us-batery-2027",
        (
            "there is no such file or folder (did you mean us-battery-2027?); "
            "lodeplan instances new us-battery-2027 copies it here"
        ),
    ),
    "a device": ("/dev/null", "is not an instance; name a folder, an .xlsx or a .json"),
    "a name that is too long": ("x" * 300, "cannot be read: file name too long"),
}


@pytest.mark.parametrize("case", PATHS)
def test_a_path_that_is_no_instance_is_told(small: Path, case: str) -> None:
    name, expected = PATHS[case]
    path = small.parent / name
    assert lines_of(path) == [f"{path}: {expected.format(here=small.parent)}"]


def test_a_folder_with_a_misspelt_header_is_told(small: Path) -> None:
    (small / "instance.toml").rename(small / "Instance.TOML")
    assert lines_of(small) == [f"{small}: holds no instance.toml (did you mean Instance.TOML?)"]


def test_a_plan_given_for_an_instance_is_told(tmp_path: Path) -> None:
    for name in ("summary.json", "purchases.csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    told = f"{tmp_path}: is a plan, not an instance; name the instance that it was made from"
    assert lines_of(tmp_path) == [told]
