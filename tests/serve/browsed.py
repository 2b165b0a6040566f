"""The live page in a browser: opened, a slider moved, and its answer waited for."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

from tests.serve.conftest import TUTORIAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAIT = 60_000
"""Milliseconds after which something that should stand on the page has failed to."""


def opened(browser: Any, address: str) -> Iterator[Any]:
    """Yield a page that stands with its answer; nothing may be said on its console, nor asked of anybody else."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    ours = address.partition("#")[0]
    page.on("console", lambda said: faults.append(f"{said.type}: {said.text}"))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: faults.extend([asked.url] * (not asked.url.startswith(ours))))
    page.goto(address)
    page.locator("#proof.proven, #proof.none").wait_for(timeout=WAIT)
    yield page
    context.close()
    assert not faults


def row(page: Any, name: str) -> Any:
    return page.locator(".lever").filter(has=page.get_by_label(name, exact=True)).first


def move(page: Any, name: str, value: int) -> None:
    """Put a slider at a place, as a hand does, and wait for the answer."""
    slide(row(page, name), value)
    page.wait_for_timeout(100)
    settled(page)


def slide(lever: Any, value: int) -> None:
    lever.locator("input").evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', { bubbles: true })); }", value
    )


def settled(page: Any) -> None:
    """Wait until the answer to the last question stands there."""
    page.locator("html[data-settled]").wait_for(state="attached", timeout=WAIT)


def figure(text: str) -> float:
    return float(re.sub(r"[\u202f ]", "", text).replace("\u2212", "-").replace("+", ""))


def renamed(instance: Path, written: str) -> Path:
    """Write the tutorial where title, a limit, a material, an offer and its company are called like that."""
    shutil.copytree(TUTORIAL, instance)
    header = instance / "instance.toml"
    text = header.read_text("utf-8").replace("china-refined-place", f"'{written}'")
    header.write_text(re.sub(r'(?m)^title = ".*"$', f"title = '{written}'", text), "utf-8")
    for table in instance.glob("*.csv"):
        cells = table.read_text("utf-8")
        table.write_text(re.sub(r"(?m)(?<![^,\n])(talison|greenbushes|lithium)(?![^,\n])", written, cells), "utf-8")
    return instance
