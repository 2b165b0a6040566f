"""What the documents say is so: commands run, outputs are printed, examples are read, paths are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import get_args

import click
import pytest
from pydantic import TypeAdapter

from models.limits import AnyLimit
from models.market import REQUIRED_TABLES, TABLES
from optimizer.cli import lodeplan as command_line
from tests.cli.command import lodeplan

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("README.md", "instances/README.md")
OUTPUT = "<!-- output -->\n```text\n"


def text_of(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def blocks(document: str, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(document), re.MULTILINE | re.DOTALL)


def commands(document: str) -> list[str]:
    """Return every command of ours in the shell blocks, in order."""
    lines = "".join(blocks(document, "sh")).splitlines()
    return [line for line in lines if line.startswith("lodeplan ")]


def test_the_readme_shows_commands_and_an_output() -> None:
    assert len(commands("README.md")) >= 2
    assert text_of("README.md").count(OUTPUT) == 1


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_run_in_order_and_the_last_one_prints_the_output_shown(
    document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    printed = ""
    for command in commands(document):
        said = lodeplan(*command.split()[1:])
        assert (said.code, said.err) == (0, ""), command
        printed = said.out
    for shown in text_of(document).split(OUTPUT)[1:]:
        assert shown.partition("```")[0] == printed


@pytest.mark.parametrize("document", DOCUMENTS)
def test_limits_shown_are_limits(document: str) -> None:
    for block in blocks(document, "toml"):
        for name, fields in tomllib.loads(block)["limits"].items():
            limit = TypeAdapter(AnyLimit).validate_python({"name": name} | fields)
            assert limit.kind == fields["kind"]


def kinds() -> set[str]:
    return {get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(get_args(AnyLimit)[0])}


def first_cells(heading: str) -> list[str]:
    """Return the first cell of each row of the README's table under a heading."""
    table = text_of("README.md").partition(f"\n{heading}\n")[2].partition("\n\n")[0]
    return [line.split("|")[1].strip() for line in table.splitlines()[1:]]


def test_every_kind_of_limit_is_listed_and_has_rows_to_read() -> None:
    assert {cell.strip("`") for cell in first_cells("| kind | asks that |")} == kinds()
    assert {path.stem for path in (ROOT / "tests/limits/lp").glob("*.lp")} == kinds()


def test_every_table_of_an_instance_is_listed_with_a_star_where_it_is_needed() -> None:
    listed = first_cells("| file or table | one row is | key columns |")
    tables = {f"`{table}`{' *' if table in REQUIRED_TABLES else ''}" for table in TABLES}
    assert set(listed) == {"`instance.toml`"} | tables


def test_every_command_is_listed() -> None:
    listed = set(re.findall(r"^\| `lodeplan (\w+)", text_of("README.md"), re.MULTILINE))
    assert listed == set(command_line.list_commands(click.Context(command_line)))


@pytest.mark.parametrize("document", [*DOCUMENTS, "CONTRIBUTING.md"])
def test_no_path_is_named_that_is_not_there(document: str) -> None:
    text = text_of(document)
    linked = [(ROOT / document).parent / path for path in re.findall(r"\]\(([^)#:]+)\)", text)]
    named = re.findall(r"`([\w.-]*/[\w./-]*)`", text)
    assert named or linked
    assert not [path for path in linked if not path.exists()]
    # a word in capitals stands for a name that the reader makes up: models/limits/KIND.py
    assert not [path for path in named if not any(ROOT.glob(re.sub(r"\b[A-Z]{3,}\b(?=\.py)", "*", path)))]


def test_every_target_of_make_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    for document in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"`make ([a-z]+)|^make ([a-z]+)|^    make ([a-z]+)", text_of(document), re.MULTILINE))
        assert {name for names in named for name in names if name} <= targets, document
