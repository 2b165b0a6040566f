"""A plan as charts see it, its report as a file, and what opens it in a browser."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from optimizer.folders.shown import read_shown
from optimizer.page.report import draw_report
from tests.cli.command import ROOT, lodeplan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from optimizer.charts.shown import ShownPlan

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def battery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the plan of the battery instance; a test does not change it."""
    folder = tmp_path_factory.mktemp("report") / "plan"
    said = lodeplan("solve", ROOT / "instances/us-battery-2027", "-o", folder, "-q")
    assert said.code == 0, said.err
    return folder


@pytest.fixture(scope="session")
def shown(battery: Path) -> ShownPlan:
    """Return that plan as charts see it."""
    return read_shown(battery)


@pytest.fixture(scope="session")
def report(battery: Path, shown: ShownPlan) -> Path:
    """Return its report as a file."""
    place = battery.with_name("report.html")
    place.write_text(draw_report(shown), "utf-8")
    return place


@pytest.fixture(scope="session")
def table(battery: Path) -> Callable[[str], Rows]:
    """Return what reads a table of that plan, as text by column without its unit."""

    def read(name: str) -> Rows:
        with (battery / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return [{key.partition(" [")[0]: cell for key, cell in row.items()} for row in csv.DictReader(file)]

    return read


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    """Return what opens a file as a page; at the end nothing may have been asked or complained of."""
    contexts, heard = [], []

    def opened(file: Path, width: int = 1400, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("dialog", lambda dialog: heard.append(dialog.message))
        page.on("request", lambda asked: None if asked.url in (file.as_uri(), "data:,") else heard.append(asked.url))
        page.goto(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not heard


NAMED = {"table", "image", "radio", "button", "searchbox", "list", "DescriptionList", "DisclosureTriangle"}
"""Roles of which each on a page must have a name; regions that have none are no regions."""


class Heard(NamedTuple):
    """What those hear who do not see a page."""

    headings: list[int]
    """The levels of the headings, in order."""
    names: dict[str, list[str]]
    """The names of what stands on the page, by role."""


@pytest.fixture
def listen() -> Callable[[Any], Heard]:
    """Return what reads the accessibility tree of a page, as the browser hands it to screen readers."""

    def heard(page: Any) -> Heard:
        session = page.context.new_cdp_session(page)
        names: dict[str, list[str]] = {}
        headings = []
        for one in _walk(session.send("Accessibility.getFullAXTree")["nodes"]):
            role = one["role"]["value"]
            names.setdefault(role, []).append(one.get("name", {}).get("value", ""))
            headings += [int(fact["value"]["value"]) for fact in one["properties"] if (role, fact["name"]) == LEVEL]
        return Heard(headings, names)

    return heard


LEVEL = ("heading", "level")


def _walk(nodes: list[Any]) -> Iterator[Any]:
    """Yield what is heard of a tree, in the order in which it stands on the page."""
    by_id = {one["nodeId"]: one for one in nodes}
    waiting = [nodes[0]["nodeId"]]
    while waiting:
        one = by_id[waiting.pop()]
        waiting += [key for key in reversed(one.get("childIds", [])) if key in by_id]
        if not one["ignored"]:
            yield one
