"""The live page can be read in the light and in the dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optimizer.charts.palette import DARK, LIGHT
from tests.serve.browsed import WAIT, move, opened
from tests.serve.conftest import BATTERY, serving

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow(reason="a browser")
FAINT = """() => {
  const channel = (one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
  const light = (colour) => {
    const [red, green, blue] = colour.match(/[\\d.]+/g).map((one) => channel(one / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  };
  const behind = (one) => {
    const own = getComputedStyle(one).backgroundColor;
    return own.startsWith('rgba') ? behind(one.parentElement) : own;
  };
  const found = new Set();
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const said = words.currentNode.data.trim();
    const one = words.currentNode.parentElement;
    if (!said || !one.checkVisibility({ visibilityProperty: true }) || one.closest('svg')) continue;
    const [less, more] = [light(getComputedStyle(one).color), light(behind(one))].sort((a, b) => a - b);
    if (more / less < 4.5) found.add(`${said} (${one.className}): ${(more / less).toFixed(1)}`);
  }
  return [...found];
}"""
"""Words whose contrast with what is behind them is below 4.5, as the guidelines for accessible pages count it."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read_in_either_scheme(browser: Any, tmp_path: Path, scheme: str) -> None:
    with serving(BATTERY, tmp_path) as served:
        for page in opened(browser, served.address):
            check(page, scheme)


def check(page: Any, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    colours = DARK if scheme == "dark" else LIGHT
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--blue').trim()") == colours["blue"]
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == as_computed(colours["paper"])
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    move(page, "china-refined-control", 20)
    assert page.locator(".tag:not(:empty)").count() > 0
    assert page.evaluate(FAINT) == []
    move(page, "one-country-refined", 20)
    page.get_by_role("button", name="go there").wait_for(timeout=WAIT)
    assert page.locator(".lever.blamed label").evaluate("one => getComputedStyle(one).color") == as_computed(
        colours["alarm"]
    )


def as_computed(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"
