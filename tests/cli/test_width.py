"""What a command prints fits 80 columns when nobody looks at it, and the window when somebody does."""

from __future__ import annotations

import pkgutil
import re
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING
from unittest import mock

import click
import pytest
from click.testing import CliRunner

from optimizer.cli import options
from optimizer.cli.notes import print_notes
from optimizer.load import load
from optimizer.report.layout import PIPED, fit, format_table, group_rows, set_width
from optimizer.report.periods import fold_periods
from tests.cli.command import ROOT, copied, lodeplan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

REAL = ("chips-2026", "eu-strategic-2030", "us-battery-quarterly", "us-defense-2027")
SLOW = pytest.mark.slow(reason="solves real instances often", measured=False)
ASKED = {
    "tutorial-lithium-cobalt": ("--price", "kwinana=+10%"),
    "chips-2026": ("--demand", "*=-1%"),
    "eu-strategic-2030": ("--demand", "*=-1%"),
    "us-battery-2027": ("--price", "long-harbour=+10%"),
    "us-battery-quarterly": ("--price", "long-harbour=+10%"),
    "us-defense-2027": ("--demand", "*=-1%"),
}
QUESTIONS = (
    "optimizer.best_plan.best_plan",
    "optimizer.explain.answer.explain",
    "optimizer.price.price_limits",
    "optimizer.alternatives.search.most_different",
)
"""What commands ask; each is asked once by a command."""
CALM = {"us-battery-quarterly": ("--calm",)}
"""Asked as if nothing could happen, to be quick; the plan itself is not."""


@pytest.fixture(autouse=True)
def _piped() -> Iterator[None]:
    yield
    set_width(PIPED)


def commands(name: str) -> Iterator[tuple[object, ...]]:
    instance, change, calm = ROOT / "instances" / name, ASKED[name], CALM.get(name, ())
    yield "solve", instance
    yield "validate", instance
    yield "whatif", instance, *change, *calm
    yield "explain", instance, *calm
    yield "policies", "show", "--instance", instance


def questions(name: str) -> Iterator[tuple[object, ...]]:
    instance, change, calm = ROOT / "instances" / name, ASKED[name], CALM.get(name, ())
    yield "price", instance, *calm
    yield "alternatives", instance, "--count", "2", *calm
    yield "sweep", instance, change[0], f"{change[1].partition('=')[0]}=-2%,-1%", "--workers", "1", *calm


@contextmanager
def found_once() -> Iterator[None]:
    """Keep what a command's one question finds, so that the same words at another width do not ask it again."""
    with ExitStack() as stack:
        for place in QUESTIONS:
            stack.enter_context(mock.patch(place, kept(pkgutil.resolve_name(place))))
        yield


def kept(question: Callable[..., object]) -> Callable[..., object]:
    found: list[object] = []

    def answer(*asked: object, **more: object) -> object:
        if not found:
            found.append(question(*asked, **more))
        return found[0]

    return answer


def must_fit(*words: object) -> None:
    with found_once():
        said = lodeplan(*words, width=PIPED)
        wide = lodeplan(*words, width=200)
    assert (said.code, wide.code) == (0, 0), said.err
    assert [line for line in said.out.splitlines() if len(line) > PIPED] == []
    assert max(map(len, wide.out.splitlines())) <= 200
    assert figures(said.out) == figures(wide.out)


def figures(text: str) -> set[str]:
    """Return every figure of a text: none is shortened, and none is told at one width alone."""
    return set(re.findall(r"\d[\d.]*%?", text))


@pytest.mark.parametrize(
    "name", ["tutorial-lithium-cobalt", "us-battery-2027", *(pytest.param(name, marks=SLOW) for name in REAL)]
)
def test_answers_fit_eighty_columns_and_say_the_same_figures_at_any_width(name: str) -> None:
    for words in commands(name):
        must_fit(*words)


@pytest.mark.parametrize(
    "name",
    [  # eight quarters, each solve of which takes seconds, are looked at above
        "tutorial-lithium-cobalt",
        *(pytest.param(name, marks=SLOW) for name in (*REAL, "us-battery-2027") if name != "us-battery-quarterly"),
    ],
)
def test_what_takes_several_solves_fits_as_well(name: str) -> None:
    for words in questions(name):
        must_fit(*words)


def test_the_list_of_policies_fits() -> None:
    must_fit("policies", "list")


def test_a_comparison_fits(tmp_path: Path) -> None:
    tutorial = ROOT / "instances/tutorial-lithium-cobalt"
    assert lodeplan("solve", tutorial, "-q", "-o", tmp_path / "a").code == 0
    assert lodeplan("solve", tutorial, "--cap", "CN=38%", "-q", "-o", tmp_path / "b").code == 0
    must_fit("compare", tmp_path / "a", tmp_path / "b")


LONG = 5_000
"""Signs of a name that nobody reads to its end."""


@pytest.fixture(scope="module")
def long_names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tutorial with materials, offers, companies, sites and limits whose names are so long."""
    folder = copied("tutorial-lithium-cobalt", tmp_path_factory.mktemp("long"))
    market = load(folder).market
    names = {material.material for material in market.materials} | {site.site for site in market.sites}
    names |= {name for offer in market.offers for name in (offer.offer, offer.company)}
    names |= {limit.name for limit in load(folder).limits}
    whole = re.compile(rf"(?<![\w-])({'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})(?![\w-])")
    for file in (*folder.glob("*.csv"), folder / "instance.toml"):
        lines = file.read_text("utf-8").split("\n")
        kept = [line if line.startswith(("title", "name", "#")) else whole.sub(_lengthen, line) for line in lines[1:]]
        file.write_text("\n".join([lines[0], *kept]), "utf-8")
    return folder


def _lengthen(name: re.Match[str]) -> str:
    return f"{name[0]}-".ljust(LONG, "x")


@pytest.mark.parametrize(
    "words",
    [
        ("solve", "-o"),
        ("whatif", "--cap", "refined:CN@control=30%"),
        ("price",),
        ("explain",),
        ("explain", "--cap", "*:each=20%"),
        ("alternatives", "--count", "1"),
        ("sweep", "--cap", "refined:CN@control=30%,40%", "--jobs", "1"),
        ("policies", "show", "--instance"),
    ],
)
def test_names_of_thousands_of_signs_fit_and_are_whole_in_the_data(
    words: tuple[str, ...], long_names: Path, tmp_path: Path
) -> None:
    command, *rest = words
    plan = [tmp_path / "plan"] if "-o" in rest else []
    asked = ["policies", *rest, long_names] if command == "policies" else [command, long_names, *rest, *plan]
    said = lodeplan(*asked, width=PIPED)
    assert said.code == 0, said.err
    assert [line for line in said.out.splitlines() if len(line) > PIPED] == []
    for folder in plan:
        assert "kokkola-".ljust(LONG, "x") in (folder / "purchases.csv").read_text("utf-8")


def test_names_are_shortened_in_the_middle_and_stay_apart() -> None:
    names = ["a-very-long-name-of-the-north", "a-very-long-name-of-the-south"]
    set_width(40)
    lines = format_table(["offer", "cost"], [[name, "1 234 567.89"] for name in names], left=1).splitlines()
    assert max(map(len, lines)) <= 40
    assert len({line.split("  ")[0] for line in lines[2:]}) == 2
    assert all("\u2026" in line and line.endswith("1 234 567.89") for line in lines[2:])


def test_a_name_below_a_title_stays_indented_when_it_is_shortened() -> None:
    set_width(40)
    rows = group_rows([["cap", "a-very-long-name-of-the-far-north", "1 234 567.89"]])
    (line,) = format_table(["offer", "cost"], rows, left=1).splitlines()[3:]
    assert line.startswith("  a-very")
    assert line.endswith("1 234 567.89")
    assert len(line) <= 40


def test_figures_without_room_stand_in_a_table_below() -> None:
    set_width(40)
    figures = [f"{number} 000 000 000" for number in (1, 2, 3)]
    text = format_table(["offer", "one", "two", "three"], [["a", *figures]], left=1)
    assert max(map(len, text.splitlines())) <= 40
    assert len(text.split("\n\n")) == 2
    assert all(figure in text for figure in figures)


def test_a_sentence_is_wrapped_and_no_figure_with_it() -> None:
    set_width(40)
    assert fit("the plan of the whole of it costs some 4 084.4 million USD") == (
        "the plan of the whole of it costs some\n4 084.4 million USD"
    )
    assert fit("1. allow refined cobalt from the Congo 65 %") == "1. allow refined cobalt from the Congo\n   65 %"


def test_rows_stand_below_the_title_that_they_share() -> None:
    rows = group_rows([["cap", "a", "1"], ["cap", "b", "2"], ["ban", "c", "3"]])
    shown = format_table(["limit", "used"], rows, left=1).splitlines()[2:]
    assert shown == ["cap", "  a       1", "  b       2", "ban", "  c       3"]


def test_periods_that_agree_are_one_row_and_a_gap_between_them_is_told() -> None:
    rows = [["cap", "2027", "x"], ["cap", "2028", "x"], ["cap", "2030", "x"], ["cap", "2029", "y"]]
    periods = ["2027", "2028", "2029", "2030"]
    assert fold_periods(rows, 1, periods) == [["cap", "2027 to 2028, 2030", "x"], ["cap", "2029", "y"]]


@click.command()
@options.verbose
def noting(*, verbose: bool) -> None:
    print_notes([f"of the instance {number}" for number in range(12)])
    click.echo(f"answer{'s' * verbose}")
    print_notes(["of the plan"])


def test_notes_come_behind_the_answer_and_many_are_counted_with_the_way_to_all() -> None:
    brief, whole = (CliRunner().invoke(noting, words).output.splitlines() for words in ([], ["-v"]))
    assert brief[:3] == ["answer", "note: of the plan", "note: of the instance 0"]
    assert brief[8:] == ["note: of the instance 6", "note: 5 more notes; -v tells them all"]
    assert len(whole) == 14
