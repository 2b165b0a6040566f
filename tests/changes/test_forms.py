"""Flags, a CSV and cases of the instance are one language: the same records, the same instance, the same words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from models.changes import VERBS, parse
from models.instance import Instance
from optimizer.check import check
from optimizer.cli.change_options import FLAGS
from optimizer.dump import dump
from optimizer.errors import InputError
from optimizer.files.case_file import read_cases
from optimizer.load import load
from optimizer.requests import Requests
from tests.cli.command import ROOT, bundled, copied, edit, lodeplan

if TYPE_CHECKING:
    from pathlib import Path

CHANGES = {
    "as-of": ["2026-06-01"],
    "law": ["Anti-dumping=suspended to 2026-12-31"],
    "cap": ["CN=40%", "refined/graphite:CN=x0.9"],
    "ban": ["RU"],
    "demand": ["lithium=+20%"],
    "price": ["Pilbara=9 500"],
    "duty": ["CN=+25%"],
    "set": ["solve.gap=0.01", "limits.ban RU place.note=asked for"],
}
TEXTS = [f"{verb} {said}" for verb, several in CHANGES.items() for said in several]


def written(folder: Path, *rows: str) -> Path:
    path = folder / "cases.csv"
    path.write_text("\n".join(["case,what,value", *rows]) + "\n", "utf-8")
    return path


def rows_of(texts: list[str]) -> list[str]:
    """Write changes as rows of a CSV: the target beside the verb, the value in a cell of its own."""
    return [f"winter,{','.join(text.rsplit('=' if '=' in text else ' ', 1))}" for text in texts]


def with_cases(small: Path, **cases: list[str]) -> Path:
    keys = "".join(f"{name} = {json.dumps(texts)}\n" for name, texts in cases.items())
    edit(small / "instance.toml", "[solve]", f"[cases]\n{keys}\n[solve]")
    return small


def test_flags_a_csv_and_a_case_give_equal_instances(small: Path, tmp_path: Path) -> None:
    plain = load(small)
    by_flags = Requests(texts=tuple(TEXTS)).apply_to(plain)
    by_file = Requests(file=written(tmp_path, *rows_of(TEXTS))).apply_to(plain)
    whole = Requests(file=written(tmp_path, *(f"winter,{text}," for text in TEXTS))).apply_to(plain)
    by_case = Requests(cases=("winter",)).apply_to(load(with_cases(small, winter=TEXTS)))
    first = (by_flags.market, by_flags.limits, by_flags.solve)
    for other in (by_file, whole, by_case):
        assert (other.market, other.limits, other.solve) == first
    assert by_flags.title == f"A small market (with {'; '.join(TEXTS)})"
    assert by_case.title == by_file.title == "A small market (with case winter)"
    assert by_file.digest == by_case.digest


def test_rows_of_a_csv_are_the_records_of_the_flags(tmp_path: Path) -> None:
    assert read_cases(written(tmp_path, *rows_of(TEXTS))) == {"winter": [parse(text) for text in TEXTS]}


def test_every_change_has_a_flag_and_only_those() -> None:
    assert [*FLAGS, "case"] == sorted(VERBS, key=[*FLAGS, "case"].index)


@pytest.mark.parametrize("suffix", ["", ".xlsx", ".json"])
def test_cases_read_back_from_every_form(small: Path, tmp_path: Path, suffix: str) -> None:
    cases = {"winter": ["ban RU", "cap CN=40%"], "2027": ["demand lithium=+20%"], "a.b": ["drop china"]}
    instance = load(small).model_copy(update={"cases": {name: tuple(texts) for name, texts in cases.items()}})
    dump(instance, tmp_path / f"copy{suffix}")
    assert load(tmp_path / f"copy{suffix}") == instance


PLACES = {
    "": "instance.toml: cases.winter",
    ".xlsx": "copy.xlsx:instance!B{row} cases.winter",
    ".json": "copy.json: cases.winter",
}


@pytest.mark.parametrize("suffix", PLACES)
def test_a_wrong_case_is_told_where_it_stands(small: Path, tmp_path: Path, suffix: str) -> None:
    wrong = ("ban RU", "cap CN=40", "price Pilbra=x2", "case winter")
    dump(load(small).model_copy(update={"cases": {"winter": wrong}}), tmp_path / f"copy{suffix}")
    with pytest.raises(InputError) as found:
        load(tmp_path / f"copy{suffix}")
    told = [
        '40 is not a share; write 0.4 or "40%"',
        "'Pilbra' is no offer, company or material (did you mean Pilbara?)",
        "a case cannot hold another; write its changes here",
    ]
    for number, (line, sentence) in enumerate(zip(found.value.problems, told, strict=True), start=2):
        at = f"[{number - 1}]" if suffix == ".json" else f".{number}"
        assert line.startswith(PLACES[suffix].partition("{")[0])
        assert line.endswith(f"cases.winter{at}: {sentence}")


def test_wrong_cases_of_an_instance_built_by_hand_are_all_told(small: Path) -> None:
    built = Instance.model_validate(dict(load(small)) | {"cases": {"winter": ["drop chna", "ban RU", "bann RU"]}})
    with pytest.raises(InputError) as found:
        check(built)
    assert found.value.problems == (
        "cases.winter.1: 'chna' is no limit (did you mean china?)",
        "cases.winter.3: 'bann' is no change (did you mean ban?)",
    )


FILES: dict[str, tuple[list[str], list[str]]] = {
    "no case": ([",ban,RU"], ["cases.csv:2 case: is empty; every row needs it"]),
    "no verb": (["w,bann,RU"], ["cases.csv:2 bann RU: 'bann' is no change (did you mean ban?)"]),
    "a case in a case": (["w,case x,"], ["cases.csv:2 case x: a case cannot hold another; write its changes here"]),
    "a percentage that may have lost its plus": (
        ["w,demand lithium,20%"],
        [
            (
                "cases.csv:2 value: 20% reads both ways, as a spreadsheet drops the + of +20%; "
                "write a multiple (x1.2 is a fifth more)"
            )
        ],
    ),
    "a cell too few": (
        ["w,ban RU"],
        ["cases.csv:2: has 2 cells where the heading has 3; write the commas of empty cells too"],
    ),
    "no rows": ([], ["cases.csv: holds no rows; write some cases"]),
    "several cases": (
        ["w,ban,RU", "s,ban,CN"], ["cases.csv: holds the cases w, s; say which with --case NAME"],
    ),
    "what matches nothing": (
        ["w,price Pilbra,x2"],
        ["cases.csv:2 price Pilbra=x2: 'Pilbra' is no offer, company or material (did you mean Pilbara?)"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FILES)
def test_a_wrong_file_of_cases_is_told_line_by_line(small: Path, tmp_path: Path, fault: str) -> None:
    rows, lines = FILES[fault]
    with pytest.raises(InputError) as found:
        Requests(file=written(tmp_path, *rows)).apply_to(load(small))
    assert list(found.value.problems) == lines


def test_a_file_of_another_shape_is_told_as_a_wrong_table_is(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    for text, line in {
        b"case\twhat\tvalue\n": ":1: is separated by tabs; save it with commas, or with semicolons",
        b"case,waht,value\nw,ban,RU\n": ":1 waht: is not a column of cases (did you mean what?)",
        b"case,what\nw,ban \xff\n": ":2: is not UTF-8 text; save the file as UTF-8 (in a spreadsheet: CSV UTF-8)",
        b"": ": is empty (0 bytes); fill it or remove it",
    }.items():
        path.write_bytes(text)
        with pytest.raises(InputError) as found:
            Requests(file=path).apply_to(load(small))
        assert list(found.value.problems) == [f"cases.csv{line}"]


def test_everything_that_was_asked_is_told_at_once(small: Path, tmp_path: Path) -> None:
    requests = Requests(texts=("cap CN=40", "ban Chlie"), file=written(tmp_path, "w,drop,chna"))
    with pytest.raises(InputError) as found:
        requests.apply_to(load(small))
    assert list(found.value.problems) == [
        '--cap CN=40: 40 is not a share; write 0.4 or "40%"',
        "cases.csv:2 drop chna: 'chna' is no limit (did you mean china?)",
        "--ban Chlie: 'Chlie' is no country, bloc, company or offer (did you mean Chile?)",
    ]


def test_a_grid_is_the_product_of_its_lists(small: Path, tmp_path: Path) -> None:
    instance = load(with_cases(small, winter=["ban RU"], warm=["ban US"]))
    requests = Requests(
        texts=("as-of 2027-01-01",), file=written(tmp_path, "dear,price *,x2"), grid=("w*", "dear,winter"),
    )  # fmt: skip
    found = requests.list_combinations(instance)
    assert {name: [change.text for change in changes] for name, changes in found.items()} == {
        "winter + dear": ["case winter", "price *=x2", "as-of 2027-01-01"],
        "winter": ["case winter", "as-of 2027-01-01"],
        "warm + dear": ["case warm", "price *=x2", "as-of 2027-01-01"],
        "warm + winter": ["case warm", "case winter", "as-of 2027-01-01"],
    }
    with pytest.raises(InputError, match=r"--grid wintr: 'wintr' is no case \(did you mean winter\?\)"):
        Requests(grid=("wintr",)).list_combinations(instance)


def test_solve_takes_the_flags_and_says_so(tmp_path: Path) -> None:
    tutorial = copied("tutorial-lithium-cobalt", tmp_path)
    plain = lodeplan("solve", tutorial, "-q")
    looser = lodeplan("solve", tutorial, "-q", "--cap", "cobalt:CD=100%", "--set", "limits.china-*.max_share=x2.5")
    free = lodeplan("solve", tutorial, "-q", "--drop", "*")
    assert plain.out.startswith("Tutorial: lithium and cobalt for one cell plant: the plan costs 64.30 million USD")
    assert "(with drop *): the plan costs 60.90 million USD" in free.out
    title = "(with cap cobalt:CD=100%; set limits.china-*.max_share=x2.5)"
    assert f"{title}: the plan costs 60.90 million USD" in looser.out
    none = lodeplan("solve", tutorial, "-q", "--ban", "CN", "--capacity", "kokkola=0")
    assert (none.code, none.out) == (3, "")
    assert none.err.startswith("Tutorial: lithium and cobalt for one cell plant (with ban CN; capacity kokkola=0): ")
    wrong = lodeplan("solve", tutorial, "--price", "cobalot=+5%", "--price", "kwinana=-50 000")
    assert (wrong.code, wrong.err.splitlines()) == (
        2,
        [
            "--price cobalot=+5%: 'cobalot' is no offer, company or material (did you mean cobalt?)",
            "--price kwinana=-50 000: -36000 is below zero; write 0 or more, or resale = yes when the buyer is paid",
        ],
    )


def test_a_plan_of_a_changed_instance_is_written_and_knows_that_it_is(tmp_path: Path) -> None:
    tutorial = copied("tutorial-lithium-cobalt", tmp_path)
    said = lodeplan("solve", tutorial, "-o", tmp_path / "plan", "-q", "--cap", "refined/cobalt:CN=30%")
    assert said.code == 0
    assert "china-refined-place (refined/cobalt)" in (tmp_path / "plan/limits.csv").read_text("utf-8")
    audited = lodeplan("audit", tmp_path / "plan", tutorial)
    assert "the instance has changed since the plan was made" in audited.err


@pytest.mark.slow(reason="a solve for each case of a study", measured=False)
@pytest.mark.parametrize("case", bundled("us-battery-2027").cases)
def test_the_cases_of_the_study_have_plans(case: str) -> None:
    said = lodeplan("solve", ROOT / "instances/us-battery-2027", "-q", "--case", case)
    assert said.code == 0
    assert f"(with case {case}): the plan costs" in said.out


@pytest.mark.parametrize("change", ["duty ZZ=0", "as-of 2026-01-15", "price *=+0%", "capacity Syrah=600"])
def test_a_change_that_changes_nothing_is_said_to(change: str, small: Path) -> None:
    instance = load(small)
    after = Requests(texts=("demand lithium=x2", change)).apply_to(instance)
    assert after.title == f"A small market (with demand lithium=x2; {change}, which changes nothing)"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["demand lithium=x2", "duty ZZ=0"], ", of which duty ZZ=0 changes nothing"),
        (["duty ZZ=0", "price *=+0%", "demand lithium=x2"], ", of which duty ZZ=0, price *=+0% change nothing"),
        (["demand lithium=900", "demand lithium=800"], ", of which demand lithium=900 changes nothing"),
        (["demand lithium=x2", "demand lithium=x2"], ""),
        (["duty ZZ=0"], ", which changes nothing"),
    ],
)
def test_what_of_a_case_changes_nothing_is_said(rows: list[str], said: str, small: Path, tmp_path: Path) -> None:
    instance = load(with_cases(small, winter=rows))
    by_case = Requests(cases=("winter",)).apply_to(instance)
    by_file = Requests(file=written(tmp_path, *(f"spring,{row}," for row in rows))).apply_to(instance)
    assert by_case.title == f"A small market (with case winter{said})"
    assert by_file.title == by_case.title.replace("winter", "spring")


def test_a_case_that_a_flag_undoes_is_said_to_change_nothing(small: Path) -> None:
    instance = load(with_cases(small, winter=["demand lithium=900"]))
    after = Requests(cases=("winter",), texts=("demand lithium=800",)).apply_to(instance)
    assert after.title == "A small market (with case winter, which changes nothing; demand lithium=800)"
