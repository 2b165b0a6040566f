"""The live page in a real browser: what is moved is answered, told, kept in the address, and undone."""

from __future__ import annotations

import html
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from optimizer.load import load
from optimizer.page.solved import draw_solved
from optimizer.requests import Requests
from optimizer.solve import solve
from tests.serve.browsed import WAIT, figure, move, opened, renamed, row, settled, slide
from tests.serve.conftest import BATTERY, TUTORIAL, Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow(reason="a browser")
EUROPE, DEFENSE = (BATTERY.parent / name for name in ("eu-strategic-2030", "us-defense-2027"))
CELLS = """() => [...document.querySelectorAll('tbody .by')].map((by) => {
  const cell = by.closest('td');
  const stage = cell.dataset.stage ?? cell.querySelector('.stage').textContent;
  const key = [by.closest('tr').querySelector('th bdi').textContent, stage, by.classList[1]].join(', ');
  const lines = [...by.querySelectorAll('line.tick')];
  const ticks = lines.map((one) => [one.classList[1], parseFloat(one.getAttribute('x1'))]);
  const alarm = by.querySelector('.alarm')?.textContent ?? '';
  return [key, by.textContent.replace(/\\s/g, ''), ticks, alarm];
}).sort()"""
"""What each cell of a matrix says, and its ticks, of a report and of the live page."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def served(kept: Path) -> Iterator[Served]:
    with serving(BATTERY, kept) as one:
        yield one


@pytest.fixture
def page(browser: Any, served: Served) -> Iterator[Any]:
    yield from opened(browser, served.address)


def cost_with(*texts: str) -> float:
    return solve(Requests(texts=texts).apply_to(load(BATTERY))).cost / 1e6


def test_a_moved_slider_is_answered_with_the_proven_plan_of_the_command_line(page: Any) -> None:
    base = cost_with()
    assert figure(page.locator("#cost").inner_text()) == pytest.approx(base, abs=0.051)
    move(page, "china-refined-control", 25)
    now = cost_with("set limits.china-refined-control.max_share=25%")
    assert figure(page.locator("#cost").inner_text()) == pytest.approx(now, abs=0.051)
    assert figure(page.locator("#change").inner_text()) == pytest.approx(now - base, abs=0.051)
    assert page.locator("#proof.proven").count() == 1
    changes = [figure(text) for text in page.locator("#costs .figure").all_inner_texts()]
    assert sum(changes) == pytest.approx(now - base, abs=0.5)
    assert page.locator("#suppliers tr:not(.empty)").count() > 0


def test_the_five_fields_say_the_words_of_the_report(page: Any) -> None:
    terms, said = page.locator("#unsaid dt"), page.locator("#unsaid dd")
    assert terms.all_inner_texts() == ["Unmet demand", "Undisclosed", "Assumed", "Lapsed law", "Proof"]
    move(page, "china-refined-control", 25)
    solution = solve(Requests(texts=("set limits.china-refined-control.max_share=25%",)).apply_to(load(BATTERY)))
    report = re.search('<dl class="unsaid"[^>]*>.*?</dl>', draw_solved(solution))
    assert report
    wanted = [html.unescape(re.sub("<[^>]+>", "", field)) for field in re.findall("<dd>(.*?)</dd>", report[0])]
    plain = [re.sub(r"[\u202f\u2060 ]", "", text).lower() for text in (*said.all_inner_texts(), *wanted)]
    assert plain[:5] == plain[5:]


@pytest.mark.parametrize(("path", "basis"), [(BATTERY, "control"), (EUROPE, "place")], ids=["battery", "europe"])
def test_the_matrix_says_the_words_and_has_the_ticks_of_the_report(
    browser: Any, tmp_path: Path, path: Path, basis: str
) -> None:
    report = browser.new_page()
    report.set_content(draw_solved(solve(load(path))))
    wanted = report.evaluate(CELLS)
    assert any(ticks for _, _, ticks, _ in wanted)
    assert any(alarm for *_, alarm in wanted)
    assert report.locator(f"#by-{basis}:checked").count() == 1
    report.close()
    with serving(path, tmp_path) as served:
        for page in opened(browser, served.address):
            assert page.evaluate(CELLS) == wanted
            assert page.locator(f"#by-{basis}:checked").count() == 1
            for width in (700, 1100, 1400):
                page.set_viewport_size({"width": width, "height": 900})
                hidden = "one => one.scrollHeight - one.clientHeight"
                assert page.locator("#unsaid").evaluate(hidden) <= 0, f"the five fields are cut at {width}"
                wider = (
                    "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)"
                )
                assert page.locator(".by .under, .by .under span").evaluate_all(wider) == [], width


def test_names_stand_whole_beside_what_was_there_and_nothing_lies_below_the_page(page: Any) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    move(page, "one-country-mined", 35)
    assert page.locator(".by small", has_text="was CH").count() == 1, "Switzerland by its code"
    wider = "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)"
    assert page.locator(".by .top span").evaluate_all(wider) == []
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    notes = page.locator("#notes li").all_text_contents()
    assert any("comes on top of the duty Section 301" in note for note in notes)


def test_cells_of_many_stages_hold_their_words_on_a_wide_screen(browser: Any, tmp_path: Path) -> None:
    with serving(DEFENSE, tmp_path) as served:
        for page in opened(browser, served.address):
            assert page.locator("#matrix thead th").count() == 6
            wider = "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)"
            cells = page.locator("#matrix th, .by .top, .by .top span, .by .under, .by .under span")
            assert cells.evaluate_all(wider) == []


def test_a_country_is_left_out_by_a_click_on_the_map_or_by_keyboard_on_its_button(page: Any) -> None:
    path = page.locator("#map path", has=page.locator("title", has_text=re.compile("^Chile: ")))
    path.wait_for(timeout=WAIT)
    button = page.get_by_role("button", name=re.compile("^Chile"))
    assert button.get_attribute("aria-pressed") == "false"
    path.dispatch_event("click")
    settled(page)
    without = cost_with("ban country:CL")
    assert figure(page.locator("#cost").inner_text()) == pytest.approx(without, abs=0.051)
    assert button.get_attribute("aria-pressed") == "true"
    assert "out" in path.get_attribute("class").split()
    assert page.locator(".chip").inner_text().startswith("without: Chile")
    button.focus()
    page.keyboard.press("Enter")
    settled(page)
    assert button.get_attribute("aria-pressed") == "false"
    assert page.locator(".chip").count() == 0
    assert page.locator("#change").inner_text() == ""


def test_the_map_has_the_shares_of_the_plan_on_the_basis_of_the_page(page: Any) -> None:
    for basis in ("control", "place"):
        page.locator(f"#by-{basis}").check()
        shares = {}
        for button in page.locator(".country").all():
            shares[button.locator("bdi").inner_text()] = button.locator("small").inner_text()
        told = page.locator("#map title").all_text_contents()
        for country in ("China", "Chile", "United States"):
            title = next(text for text in told if text.startswith(f"{country}: "))
            assert f"{shares[country].strip()} by {basis}" in title


def test_what_is_moved_stands_in_the_address_and_a_click_puts_it_back(page: Any, browser: Any) -> None:
    before = page.locator("#cost").inner_text()
    move(page, "china-refined-control", 20)
    chip = page.locator(".chip")
    assert chip.inner_text().startswith("china-refined-control 35")
    after = page.locator("#cost").inner_text()
    assert after != before
    page.wait_for_timeout(500)
    for other in opened(browser, page.url):
        settled(other)
        assert other.locator("#cost").inner_text() == after
        assert other.locator(".chip").inner_text() == chip.inner_text()
    chip.click()
    settled(page)
    assert page.locator("#cost").inner_text() == before
    page.wait_for_timeout(500)
    assert "#" not in page.url


def test_no_plan_names_the_control_and_its_nearest_place_is_one_click_away(page: Any) -> None:
    move(page, "one-country-refined", 20)
    go = page.get_by_role("button", name="go there")
    go.wait_for(timeout=WAIT)
    assert page.locator("body.stale").count() == 1
    assert "Greyed: the last plan there was." in page.locator("#figures").inner_text()
    assert page.locator("#matrix b").first.inner_text()
    assert "one-country-refined has a plan at" in page.locator("#sentence").inner_text()
    assert page.locator(".lever.blamed label").inner_text() == "one-country-refined"
    go.click()
    settled(page)
    assert page.locator("#proof.proven").count() == 1
    assert page.locator("body.stale, .lever.blamed").count() == 0


def test_rows_stay_where_they_are_while_a_slider_is_dragged(page: Any) -> None:
    def places() -> Any:
        return page.evaluate(
            "['strip', 'sentence', 'matrix', 'suppliers', 'costs', 'figures'].map((id) => {"
            " const box = document.getElementById(id).getBoundingClientRect(); return [box.top, box.height]; })"
        )

    before = places()
    for level in (34, 30, 22, 20):
        slide(row(page, "china-refined-control"), level)
        page.wait_for_timeout(60)
        assert places() == before
    settled(page)
    assert places() == before


def test_a_drag_ends_with_the_answer_to_its_last_move(page: Any) -> None:
    lever = row(page, "china-refined-control")
    for level in (34, 33, 32, 30, 28, 26, 24, 22, 21, 20):
        slide(lever, level)
        page.wait_for_timeout(30)
    settled(page)
    now = cost_with("set limits.china-refined-control.max_share=20%")
    assert figure(page.locator("#cost").inner_text()) == pytest.approx(now, abs=0.051)


def test_an_answer_that_is_lost_is_asked_for_again_and_a_fault_at_a_click(browser: Any, served: Served) -> None:
    page = browser.new_page()
    page.goto(served.address)
    page.locator("#proof.proven").wait_for(timeout=WAIT)
    asked: list[str] = []

    def lose(route: Any) -> None:
        texts, later = "event: texts\ndata: {}\n\n", "event: later\ndata: {}\n\n"
        asked.append(route.request.post_data)
        match len(asked):
            case 1:
                route.abort()
            case 2:
                route.fulfill(content_type="text/event-stream", body=texts)
            case 3:
                route.fulfill(content_type="text/event-stream", body=texts + later)
            case 4:
                route.fulfill(status=503, content_type="text/plain", body="Service Unavailable")
            case _:
                route.continue_()

    page.route("**/move", lose)
    page.route("**/more", lambda route: route.fulfill(status=410, json={"message": "forgotten"}))
    slide(row(page, "china-cobalt"), 30)
    page.get_by_role("button", name="ask again").click(timeout=WAIT)
    settled(page)
    assert len(asked) == 5
    assert page.locator("#notice").is_hidden()
    now = cost_with("set limits.china-cobalt.max_share=30%")
    assert figure(page.locator("#cost").inner_text()) == pytest.approx(now, abs=0.051)
    page.close()


def test_a_slider_moves_by_keyboard_and_says_its_name_and_value(page: Any) -> None:
    slider = page.get_by_role("slider", name="china-cobalt", exact=True)
    slider.focus()
    page.keyboard.press("ArrowLeft")
    settled(page)
    assert slider.get_attribute("aria-valuetext") == "34\u202f%"
    assert page.locator(".chip").inner_text().startswith("china-cobalt")
    page.keyboard.press("ArrowRight")
    move(page, "china-refined-place", 40)
    assert row(page, "china-refined-place").locator(".unfelt").inner_text().startswith("changes nothing at ")


def test_the_bars_of_the_matrix_are_as_long_as_the_shares_beside_them(page: Any) -> None:
    for basis in ("control", "place"):
        page.locator(f"#by-{basis}").check()
        cells = page.locator(f"#matrix .by.{basis}")
        assert cells.count() == 10
        for cell in cells.all():
            assert cell.is_visible()
            share = float(re.sub(r"[^\d.]", "", cell.locator(".top b").inner_text()))
            width = cell.locator("svg rect").nth(1).get_attribute("width").rstrip("%")
            assert float(width) == pytest.approx(share, abs=0.06)


def test_the_day_whose_knowledge_counts_is_moved_and_the_days_on_which_law_switches_are_proposed(page: Any) -> None:
    day = row(page, "known on").locator("input")
    proposed = page.locator("#controls datalist option").evaluate_all("options => options.map((one) => one.value)")
    assert proposed
    before = min(proposed)[:4] + "-01-01"
    day.evaluate("(input, to) => { input.value = to; input.dispatchEvent(new Event('change')); }", before)
    page.wait_for_timeout(100)
    settled(page)
    assert page.locator(".chip").inner_text() == f"law: known on {load(BATTERY).market.as_of} \u2192 {before}"
    assert figure(page.locator("#cost").inner_text()) == pytest.approx(cost_with(f"as-of {before}"), abs=0.051)


def test_every_limit_shows_what_it_costs(page: Any) -> None:
    page.locator(".priced:not(:empty)").nth(12).wait_for(state="attached", timeout=WAIT)
    assert all(text.startswith("costs ") for text in page.locator(".priced:not(:empty)").all_inner_texts())


def test_a_plan_is_kept_under_a_name(page: Any, kept: Path) -> None:
    move(page, "china-cobalt", 30)
    page.locator("#stopping").check()
    page.locator("#keep-name").fill("less cobalt")
    page.locator("#keep").click()
    page.locator("#notice:not([hidden])").wait_for(timeout=WAIT)
    assert re.fullmatch(r"Plan, its test and report are in .+less cobalt\.", page.locator("#notice").inner_text())
    assert (kept / "less cobalt" / "stress" / "losses.csv").is_file()
    assert (kept / "less cobalt" / "report.html").is_file()


def test_ten_tabs_do_not_disturb_each_other(browser: Any, served: Served) -> None:
    context = browser.new_context()
    tabs = [context.new_page() for _ in range(10)]
    for number, tab in enumerate(tabs):
        tab.goto(f"{served.address}#limit+china-refined-control={(20 + number) / 100}")
    said = []
    for tab in tabs:
        tab.locator("#proof.proven").wait_for(timeout=WAIT)
        settled(tab)
        said.append(figure(tab.locator("#cost").inner_text()))
    context.close()
    wanted = [cost_with(f"set limits.china-refined-control.max_share={20 + number}%") for number in (0, 9)]
    assert [said[0], said[9]] == pytest.approx(wanted, abs=0.051)


@pytest.mark.parametrize("width", [390, 1000, 1400])
def test_nothing_has_to_be_scrolled_sideways(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    wider = "one => one.scrollWidth - one.clientWidth"  # each scrolls by itself, and so hides it from the document
    assert [page.locator(part).evaluate(wider) for part in ("main", "aside")] == [0, 0]


def test_a_change_on_disk_is_told_and_read_at_a_click(browser: Any, tmp_path: Path) -> None:
    instance = renamed(tmp_path / "instance", "other names")
    with serving(instance, tmp_path) as served:
        for page in opened(browser, served.address):
            shutil.copy(TUTORIAL / "instance.toml", instance)
            again = page.get_by_role("button", name="read it again")
            again.wait_for(timeout=WAIT)
            again.click()
            page.wait_for_url(served.address, timeout=WAIT)
            page.locator("#notice").wait_for(state="hidden", timeout=WAIT)
            page.locator("#proof.proven").wait_for(timeout=WAIT)
            assert page.title() == f"What if: {load(TUTORIAL).title}"
