"""The pages on the API: every snippet runs, and every public name is in the reference."""

from __future__ import annotations

import doctest
import importlib
import re
from typing import TYPE_CHECKING

import lodeplan as api
from tests.cli.command import ROOT, copied

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PAGE = ROOT / "docs/api.md"


def test_every_snippet_runs_and_prints_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied("tutorial-lithium-cobalt", tmp_path)
    monkeypatch.chdir(tmp_path)
    must_run(PAGE, least=20)


def test_the_notebook_runs_from_an_instance_to_a_decision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied("tutorial-lithium-cobalt", tmp_path)
    monkeypatch.chdir(tmp_path)
    page = ROOT / "docs/notebook.md"
    must_run(page, least=10)
    assert (tmp_path / "chosen/summary.json").exists()
    assert (tmp_path / "chosen.html").exists()


def must_run(page: Path, least: int) -> None:
    """Run every snippet of a page, of which there are so many at least, and compare what it prints."""
    text = page.read_text("utf-8").replace("```", "")
    snippets = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    assert len(snippets.examples) >= least
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    said: list[str] = []
    assert not runner.run(snippets, out=said.append).failed, "".join(said)


def test_every_function_is_in_the_table() -> None:
    listed = set(re.findall(r"^\| `(\w+)\(", PAGE.read_text("utf-8"), re.MULTILINE))
    assert listed == {name for name in api.__all__ if name[0].islower()}


def test_the_reference_has_every_public_name_with_its_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "docs/building")
    page = importlib.import_module("api").page()
    sections = dict(re.findall(r"^### `(\w+)`\n\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL))
    assert sections.keys() == set(api.__all__)
    assert "- `time_limit`: seconds after which" in sections["solve"]
    assert "time_limit: float | None = None,\n" in sections["solve"]
    assert "| `purchases` |" in sections["Solution"]
    assert "| `write(folder, force)` |" in sections["Solution"]
