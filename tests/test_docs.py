"""The pages of `docs/` can be found and begin in a way that a newcomer understands."""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from models.formulation.blocks import BLOCKS
from models.limits import KINDS
from tests.cli.command import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))


@pytest.mark.parametrize("path", DECISIONS, ids=[path.stem for path in DECISIONS])
def test_a_decision_begins_with_a_title_and_a_summary_of_three_sentences(path: Path) -> None:
    title, summary, *_ = path.read_text("utf-8").split("\n\n")
    assert re.match(rf"# {int(path.stem[:4])}\. \w.*$", title)
    assert summary.startswith("**In short.** ")
    said = re.sub(r"`[^`]*`", "code", summary.removeprefix("**In short.** ").replace("\n", " "))
    assert len(re.split(r"(?<=[.?!]) (?=[A-Z]|code)", said)) == 3


def test_decisions_are_numbered_one_after_another() -> None:
    assert [int(path.stem[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_every_picture_is_shown_by_a_page_and_small() -> None:
    pictures = {path.name: path.stat().st_size for path in (ROOT / "docs/pictures").iterdir()}
    pages = "".join(path.read_text("utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    shown = set(re.findall(r"(?:docs/)?pictures/([\w.-]+)", pages))
    assert shown == set(pictures)
    assert max(pictures.values()) <= 150_000


def test_every_page_has_a_title_and_a_place_in_the_menu() -> None:
    menu = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:\n")[2]
    for path in sorted((ROOT / "docs").glob("*.md")):
        assert re.match(r"# \w", path.read_text("utf-8")), path.name
        assert re.search(rf"^ *- {path.name}$", menu, re.MULTILINE), path.name


def building(module: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(ROOT / "docs/building")
    return importlib.import_module(module)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("q_{it} >= 2 z_i", "q[i t] ≥ 2 z[i]"),
        ("sum_{i in B_{ks}, t in T} w_{iks} x_k^2", "∑[i ∈ B[k s] , t ∈ T] w[i k s] x[k]^[2]"),
        ("counts_from * D_{mT}  <=  x_{i,t - lead}", "counts\u00a0from ⋅ D[m T] ≤ x[i , t \u2212 lead]"),
    ],
)
def test_a_formula_becomes_mathematics(text: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    markup = building("mathematics", monkeypatch).formula(text)
    assert spoken(parsed(markup)) == shown


def parsed(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(markup)  # noqa: S314 (our own)


def spoken(element: ElementTree.Element) -> str:
    """Return MathML as text: a subscript in brackets, a power behind a roof."""
    parts = [said for said in map(spoken, element) if said]
    match element.tag:
        case "msub" | "munder":
            return f"{parts[0]}[{parts[1]}]"
        case "msubsup":
            return f"{parts[0]}[{parts[1]}]^[{parts[2]}]"
    return element.text or " ".join(parts)


def test_formulas_are_told_from_the_words_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    mathematics = building("mathematics", monkeypatch)
    block = mathematics.block(
        "z_i <= X_i,   q_i >= 0          nothing without a contract\n"
        "                                for as long as there is one\n"
        "sum_i z_i  <=  level            (defining)"
    )
    cells = [[spoken(cell) for cell in row] for row in parsed(block)]
    assert cells == [
        ["z[i] ≤ X[i] , q[i] ≥ 0", "nothing without a contract for as long as there is one"],
        ["∑[i] z[i] ≤ level", "(defining)"],
    ]


def test_the_formulation_has_every_limit_and_block_with_formulas_and_no_plain_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = building("formulation", monkeypatch).page()
    sections = re.split(r"^### ", page, flags=re.MULTILINE)[1:]
    assert len(sections) >= len(KINDS) + len(BLOCKS)
    for section in sections:
        said = re.sub(r"^```.*?^```|`[^`]*`", "", section, flags=re.MULTILINE | re.DOTALL)
        assert "<math" in said, section
        assert not re.search(r"\w_\{| [<>=]= ", said), section


def test_a_built_site_with_a_dead_link_or_a_foreign_script_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = '<a href="b.html#there">b</a><a href="https://example.org">out</a><script src="own.js"></script>'
    (tmp_path / "a.html").write_text(here, "utf-8")
    (tmp_path / "b.html").write_text('<h1 id="there">b</h1>', "utf-8")
    (tmp_path / "own.js").touch()
    faults = building("check_site", monkeypatch).faults
    assert faults(tmp_path) == []
    (tmp_path / "a.html").write_text(here.replace("there", "gone").replace("own.js", "//example.org/x.js"), "utf-8")
    assert faults(tmp_path) == [
        "a.html: fetches //example.org/x.js",
        "a.html: b.html#gone leads nowhere",
    ]
