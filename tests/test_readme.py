"""What the documents say is so: commands run, outputs are printed, examples are read, paths are there."""

from __future__ import annotations

import csv
import re
import shlex
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
import pytest
import xlsxwriter
from pydantic import TypeAdapter

from models.limits import AnyLimit
from models.market import REQUIRED_TABLES, TABLES
from optimizer.cli import lodeplan as command_line
from optimizer.load import load
from optimizer.report.layout import PIPED
from tests.cli.command import ROOT, copied, lodeplan, solved
from tests.declarations.workbooks import declare, smelter
from tests.scenarios.test_value import add_scenarios

if TYPE_CHECKING:
    import pandas as pd

FORMS = "docs/instance-forms.md"
SHOWN = (
    "quick-start",
    "tutorial",
    "three-users",
    "caps-to-survival",
    "questions",
    "whatif",
    "price",
    "stress",
    "alternatives",
    "sweep",
    "explain",
    "bids",
)
DOCUMENTS = ("README.md", "instances/README.md", FORMS, *(f"docs/{name}.md" for name in SHOWN))
TALKED = ("docs/index.md", "docs/instance.md", "docs/limits.md", "docs/plan.md", "docs/checks.md")
OUTPUT = "<!-- output -->\n"
REFUSED = "<!-- refused -->\n"
"""What stands above commands the last of which is refused; what it says is shown."""
BLOCK = re.compile(rf'^({OUTPUT}|{REFUSED})?```(\w+)(?: title="(.+?)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
LEFT_OUT = "...\n"
BAD_INPUT = 2


def text_of(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def blocks(document: str, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return blocks_of(text_of(document), language)


def blocks_of(text: str, language: str) -> list[str]:
    return [body for _, kind, title, body in BLOCK.findall(text) if kind == language and not title]


def commands(text: str) -> list[str]:
    """Return every command of ours in the shell blocks, in order."""
    lines = "".join(blocks_of(text, "sh")).splitlines()
    return [line for line in lines if line.startswith("lodeplan ")]


def test_the_readme_shows_two_commands_and_an_output() -> None:
    assert len(commands(text_of("README.md"))) == 2
    assert text_of("README.md").count(OUTPUT) == 1


def run(line: str, *, refused: bool = False) -> str | None:
    """Run a line of a shell block and return what it prints; what needs a clone or the network is passed over."""
    match shlex.split(line):
        case ["lodeplan", *words] if refused:
            said = lodeplan(*words, width=PIPED)
            assert said.code == BAD_INPUT, line
            return said.out + said.err
        case ["lodeplan", *words]:
            said = lodeplan(*words, width=PIPED)
            complaints = [told for told in said.err.splitlines() if not told.startswith("note: ")]
            assert (said.code, complaints) == (0, []), line
            return said.out
        case ["mkdir", folder]:
            Path(folder).mkdir()
    return None


def shows(shown: str, printed: str) -> bool:
    """Return whether an output is as it is shown, but for the lines that `...` stands for."""
    end = 0
    pieces = shown.split(LEFT_OUT)
    for piece in pieces:
        end = printed.find(piece, end) + len(piece)
        if piece not in printed[:end] or not printed.startswith(pieces[0]):
            return False
    return printed.endswith(pieces[-1]) and (len(pieces) > 1 or shown == printed)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_are_written_and_commands_run_in_order_and_print_what_is_shown(
    document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, update: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    if "cathodes.xlsx" in text_of(document):
        write_declarations(tmp_path)
    text = text_of(document)
    fresh, printed = text, ""
    for block in BLOCK.finditer(text):
        output, language, title, body = block.groups()
        if title:
            Path(title).write_text(body, "utf-8")
        elif language == "sh":
            *before, last = body.replace("\\\n", "").splitlines()
            told = [*map(run, before), run(last, refused=output == REFUSED)]
            printed = next((said for said in reversed(told) if said is not None), printed)
        elif output and update and LEFT_OUT not in body:
            fresh = fresh.replace(block[0], f"{OUTPUT}```text\n{printed}```", 1)
        elif output:
            assert shows(body, printed)
    if fresh != text:
        (ROOT / document).write_text(fresh, "utf-8")


def write_declarations(folder: Path) -> None:
    """Write the workbooks that a page shows as a table, as no block of a page can hold one."""
    kokkola, quzhou = (
        ("Cobalt", "Kokkola Works", "FINLAND", "CID003226"),
        ("Cobalt", "Quzhou Cobalt", "CHINA", "CID003255"),
    )
    northern = [smelter(*kokkola, ore="DR Congo; Australia"), smelter(*quzhou, ore="DR Congo")]
    baltic = [
        smelter("Cobalt", "Kokkola Works Oy", "Finnland", "CID003226"),
        smelter("Cobalt", "Quzhou Cobalt", "China", "CID003255"),
        smelter("Cobalt", "Unknown", "Unknown", look_up="Smelter Not Yet Identified"),
    ]
    declare(folder / "cathodes.xlsx", "Northern Cathodes", northern)
    declare(folder / "cells.xlsx", "Baltic Cells", baltic)


def test_what_is_shown_may_leave_lines_out_and_nothing_else() -> None:
    printed = "one\ntwo\nthree\nfour\n"
    assert shows(printed, printed)
    assert shows("one\n...\nthree\n...\n", printed)
    assert shows("...\nfour\n", printed)
    for wrong in (
        "one\n",
        "two\n...\n",
        "one\n...\nthree\n",
        "one\n...\nthree\n...\ntwo\n...\n",
        "one\n...\nfive\n...\n",
    ):
        assert not shows(wrong, printed), wrong


def test_every_share_and_amount_that_the_page_on_caps_and_survival_tells_in_words_is_shown_or_printed_there() -> None:
    text = re.sub(r"(?<=\d) (?=\d{3}\b|%)", "", text_of("docs/caps-to-survival.md"))
    shown = "".join(body for _, _, _, body in BLOCK.findall(text))
    told = re.findall(r"\d[\d.]*(?:%| million\b)|\d[\d.]*(?= USD\b| t\b)", BLOCK.sub("", text))
    assert len(told) > 20
    assert not [amount for amount in told if not re.search(rf"(?<![\d.]){re.escape(amount)}(?![\d.])", shown)]


@pytest.mark.parametrize("document", [*DOCUMENTS, *TALKED])
def test_limits_shown_are_limits(document: str) -> None:
    for block in blocks(document, "toml"):
        for name, fields in tomllib.loads(block)["limits"].items():
            limit = TypeAdapter(AnyLimit).validate_python({"name": name} | fields)
            assert limit.kind == fields["kind"]


def kinds() -> set[str]:
    return {get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(get_args(AnyLimit)[0])}


def first_cells(document: str, heading: str) -> list[str]:
    """Return the first cell of each row of the table of a document under a heading."""
    table = text_of(document).partition(f"\n{heading}\n")[2].partition("\n\n")[0]
    return [line.split("|")[1].strip() for line in table.splitlines()[1:]]


def read_json(folder: Path) -> Path:
    """Write the JSON file that is shown."""
    path = folder / "shown.json"
    path.write_text(blocks(FORMS, "json")[0], "utf-8")
    return path


def test_the_sheet_shown_says_what_the_json_and_the_toml_say(tmp_path: Path) -> None:
    instance = load(read_json(tmp_path))
    assert lodeplan("convert", tmp_path / "shown.json", tmp_path / "folder").code == 0
    (tmp_path / "folder/instance.toml").write_text(blocks(FORMS, "toml")[0], "utf-8")
    shown = text_of(FORMS).partition("\n| key | value |\n")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", shown, re.MULTILINE)
    with xlsxwriter.Workbook(tmp_path / "shown.xlsx") as book:
        sheet = book.add_worksheet("instance")
        sheet.write_row(0, 0, ["key", "value"])
        for number, (key, value) in enumerate(rows, start=1):
            sheet.write_string(number, 0, key)
            sheet.write(number, 1, value == "TRUE" if value in {"TRUE", "FALSE"} else value)
        for path in (tmp_path / "folder").glob("*.csv"):
            table = book.add_worksheet(path.stem)
            for number, line in enumerate(path.read_text("utf-8").splitlines()):
                table.write_row(number, 0, line.split(","))
    assert load(tmp_path / "folder") == load(tmp_path / "shown.xlsx") == instance


def test_a_converted_instance_has_the_same_digest_and_none_of_what_lies_beside(tmp_path: Path) -> None:
    tutorial = copied("tutorial-lithium-cobalt", tmp_path)
    for copy in ("copy.xlsx", "copy.json", "copy"):
        assert lodeplan("convert", tutorial, tmp_path / copy).code == 0
        assert load(tmp_path / copy).digest == load(tutorial).digest
    assert not (tmp_path / "copy/SOURCES.md").exists()
    assert "#" not in (tmp_path / "copy/instance.toml").read_text("utf-8")


def test_pandas_reads_a_plan_as_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tutorial = copied("tutorial-lithium-cobalt", tmp_path)
    offers = (tutorial / "offers.csv").read_text("utf-8")
    (tutorial / "offers.csv").write_text(offers.replace(",CL,", ",NA,"), "utf-8")
    solved(tutorial, tmp_path / "plan")
    shown: dict[str, pd.DataFrame] = {}
    exec(blocks(FORMS, "python")[0], shown)  # noqa: S102 (the example of the document)
    assert "NA" in set(shown["purchases"]["country"])
    assert "NA" in set(shown["exposure"]["country"])
    assert shown["exposure"]["cap"].max() == 0.6


def test_an_earlier_plan_is_held_as_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    solved(copied("tutorial-lithium-cobalt", tmp_path), tmp_path / "plan")
    (tmp_path / "tutorial-lithium-cobalt").rename("instance")
    shown: dict[str, pd.DataFrame] = {}
    exec("\n".join(blocks(FORMS, "python")), shown)  # noqa: S102 (the examples of the document)
    header = tmp_path / "instance/instance.toml"
    text = header.read_text("utf-8").replace("max_share = 0.4", "max_share = 1")
    header.write_text(f'{text}\n[limits.earlier]\nkind = "lock"\nmin_share = 1\nhard = true\n', "utf-8")
    again = solved(tmp_path / "instance", tmp_path / "again")
    limits = csv.DictReader((again / "limits.csv").read_text("utf-8").splitlines())
    held = {row["who"]: float(row["used"]) for row in limits if row["limit"] == "earlier"}
    assert held == pytest.approx(dict.fromkeys(shown["bought"]["offer"], 1.0))


def test_every_kind_of_limit_is_listed_and_has_rows_to_read() -> None:
    assert {cell.strip("`") for cell in first_cells("docs/limits.md", "| kind | asks that |")} == kinds()
    assert {path.stem for path in (ROOT / "tests/limits/lp").glob("*.lp")} == kinds()


def test_every_table_of_an_instance_is_listed_with_a_star_where_it_is_needed() -> None:
    listed = first_cells("docs/instance.md", "| file or table | one row is | key columns |")
    tables = {f"`{table}`{' *' if table in REQUIRED_TABLES else ''}" for table in TABLES}
    assert set(listed) == {"`instance.toml`"} | tables


def test_every_file_and_column_of_a_plan_is_listed(tmp_path: Path) -> None:
    plan, instance = tmp_path / "plan", copied("tutorial-lithium-cobalt", tmp_path)
    add_scenarios(instance)
    offers = (instance / "offers.csv").read_text("utf-8").splitlines()
    stated = [f"{line},{cell}" for line, cell in zip(offers, ["currency", *["USD"] * len(offers)], strict=False)]
    (instance / "offers.csv").write_text("\n".join(stated) + "\n", "utf-8")
    (instance / "products.csv").write_text("product,site,period,quantity\ncell,ohio-cells,2027,1\n", "utf-8")
    (instance / "bill_of_materials.csv").write_text("product,material,quantity\ncell,lithium,1\n", "utf-8")
    coming = "destination,material,period,quantity\nohio-cells,lithium,2027,1\n"
    (instance / "under_way.csv").write_text(coming, "utf-8")
    assert lodeplan("solve", instance, "-o", plan, "--report", "--value", "-q").code == 0
    assert set(first_cells("docs/plan.md", "| file | what is in it |")) == {f"`{path.name}`" for path in plan.iterdir()}
    for path in plan.glob("*.csv"):
        heading = path.read_text("utf-8").partition("\n")[0]
        columns = [re.sub(r" \[.*", "", column) for column in heading.split(",")]
        section = text_of("docs/reference.md").partition(f"\n### `{path.name}`\n")[2].partition("\n### ")[0]
        assert re.findall(r"^\| \**`(.+?)`", section, re.MULTILINE) == columns, path.name


def test_every_command_is_listed() -> None:
    listed = set(re.findall(r"^\| `lodeplan (\w+)", text_of("docs/questions.md"), re.MULTILINE))
    assert listed == set(command_line.list_commands(click.Context(command_line)))


@pytest.mark.parametrize("document", [*DOCUMENTS, *TALKED, "CONTRIBUTING.md"])
def test_no_path_is_named_that_is_not_there(document: str) -> None:
    text = text_of(document)
    linked = [(ROOT / document).parent / path for path in re.findall(r"\]\(([^)#:]+)\)", text)]
    named = re.findall(r"`([\w.-]*/[\w./-]*)`", text)
    assert named or linked
    assert not [path for path in linked if not path.exists()]
    made = tuple(line.strip()[1:] for line in text_of(".gitignore").splitlines() if line.startswith("/"))
    named = [path for path in named if not path.startswith(made)]
    # a word in capitals stands for a name that the reader makes up: models/limits/KIND.py
    assert not [path for path in named if not any(ROOT.glob(re.sub(r"\b[A-Z]{3,}\b(?=\.(?:py|toml))", "*", path)))]


def test_every_target_of_make_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    for document in (*DOCUMENTS, *TALKED, "CONTRIBUTING.md"):
        named = set(re.findall(r"`make ([a-z]+)|^make ([a-z]+)|^    make ([a-z]+)", text_of(document), re.MULTILINE))
        assert {name for names in named for name in names if name} <= targets, document
