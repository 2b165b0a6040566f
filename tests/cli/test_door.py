"""What comes in and goes out: signs, figures and files that nobody can mean are refused in a line, or spelt out."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import ROOT, lodeplan

if TYPE_CHECKING:
    from pathlib import Path


# what leaves for a terminal ------------------------------------------------------------------------

UNSAFE = re.compile("[^\\n\\t -~\u00a0-\uffff]")


@pytest.mark.parametrize(
    "words",
    [
        ("validate", "no\x1b[2Jplace"),
        ("solve", "INSTANCE", "--demand", "li\x1b[2J=5"),
        ("solve", "INSTANCE", "--gap", "\x1b[2J"),
        ("whatif", "INSTANCE", "--ban", "\x9b2J\x7f"),
        ("audit", "INSTANCE", "no\x1b]0;place\x07"),
    ],
)
def test_no_sign_that_moves_the_cursor_leaves(words: tuple[str, ...], tutorial: Path) -> None:
    said = lodeplan(*(tutorial if word == "INSTANCE" else word for word in words))
    assert said.code == 2
    assert said.err
    assert not UNSAFE.search(said.out + said.err)


def test_signs_are_spelt_as_json_does(tmp_path: Path) -> None:
    said = lodeplan("validate", tmp_path / "no\x1b[2J\u202eplace\udcff")
    line = f"{tmp_path}/no\\u001b[2J\\u202eplace\\udcff: there is no such file or folder\n"
    assert said == (2, "", line)


@pytest.mark.parametrize(("key", "said"), [("currency", "US\\u001bD"), ("title", "Two \\u202e"), ("name", "a\\u007f")])
def test_names_in_files_hold_no_such_sign(key: str, said: str, tutorial: Path) -> None:
    header = tutorial / "instance.toml"
    lines = header.read_text("utf-8").splitlines()
    lines = [f'{key} = "{said}"' if line.startswith(f"{key} =") else line for line in lines]
    header.write_text("\n".join(lines), "utf-8")
    code, _, err = lodeplan("validate", tutorial)
    assert code == 2
    assert err.startswith(f"instance.toml: {key}: ")
    assert not UNSAFE.search(err)


# figures and files that nobody can mean ------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("demand lithium=1e200", "1e+200 is larger than any figure of a market; write 1e+15 at most"),
        ("demand lithium=1e-300", "1e-300 is too small to be told from 0; write 0, or 1e-09 or more"),
        ("price *=1e300", "1e+300 is larger than any figure of a market; write 1e+15 at most"),
        ("capacity *=1e-320", "9.99989e-321 is too small to be told from 0; write 0, or 1e-09 or more"),
    ],
)
def test_figures_that_no_market_has_are_refused(change: str, why: str, tutorial: Path) -> None:
    verb, said = change.split(" ")
    code, out, err = lodeplan("solve", tutorial, f"--{verb}", said)
    assert (code, out) == (2, "")
    assert {line.partition(": ")[0] for line in err.splitlines()} == {f"--{change}"}
    assert why in err


def test_a_period_of_no_length_is_refused(tutorial: Path) -> None:
    header = tutorial / "instance.toml"
    header.write_text(header.read_text("utf-8").replace("years = 1", "years = 1e-320"), "utf-8")
    why = "9.99989e-321 is not the length of a period in years; write one from 0.001 to 1000"
    assert lodeplan("validate", tutorial) == (2, "", f"instance.toml: periods.1.years: {why}\n")


def test_room_without_end_is_room_enough(tutorial: Path) -> None:
    plain = lodeplan("solve", tutorial, "--capacity", "*=1e12", "-q")
    assert plain.code == 0
    assert lodeplan("solve", tutorial, "--capacity", "*=1e30", "-q").out == plain.out.replace("1e12", "1e30")


@pytest.mark.parametrize("option", ["--gap", "--time-limit"])
@pytest.mark.parametrize("number", ["nan", "inf"])
def test_options_take_finite_numbers(option: str, number: str, tutorial: Path) -> None:
    code, out, err = lodeplan("solve", tutorial, option, number)
    assert (code, out) == (2, "")
    assert f"'{option}': {number} is not a finite number; leave the option out where nothing bounds it." in err


def test_a_pipe_or_an_endless_device_is_no_file(tutorial: Path, plan: Path, tmp_path: Path) -> None:
    why = "is a pipe or a device and not an ordinary file"
    for path in (tutorial / "offers.csv", plan / "summary.json"):
        path.unlink()
    os.mkfifo(tutorial / "offers.csv")
    assert why in lodeplan("validate", tutorial).err
    (tutorial / "instance.toml").unlink()
    (tutorial / "instance.toml").symlink_to("/dev/zero")
    assert why in lodeplan("validate", tutorial).err
    os.mkfifo(plan / "summary.json")
    line = f"{plan}/summary.json: {why}; lodeplan solve -o writes it anew\n"
    assert lodeplan("compare", plan, plan) == (2, "", line)
    os.mkfifo(tmp_path / "x.json")
    assert why in lodeplan("validate", tmp_path / "x.json").err
    assert lodeplan("convert", ROOT / "instances" / tutorial.name, tmp_path / "x.json", "--force").code == 2
    os.mkfifo(tmp_path / "cases.csv")
    words = ("whatif", ROOT / "instances" / tutorial.name, "--changes", tmp_path / "cases.csv")
    assert why in lodeplan(*words).err


@pytest.mark.parametrize("part", ["a", '"a"'])
@pytest.mark.parametrize("ends", ["{} = 1", "[{}]", "x = {{ {} = 1 }}"])
def test_a_key_of_very_many_parts_is_refused_at_once(part: str, ends: str, tutorial: Path) -> None:
    header = tutorial / "instance.toml"
    text = header.read_text("utf-8")
    header.write_text(f"{ends.format('.'.join([part] * 20_000))}\n{text}", "utf-8")
    line = "instance.toml:1: is nested too deeply; two or three levels are enough\n"
    assert lodeplan("validate", tutorial) == (2, "", line)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--price", f"*=+9{' ' * 100_000}x"), "is not a number"),
        (("--set", f"limits.*.max_share={'9 ' * 50_000}"), "is not a number"),
    ],
)
def test_a_long_text_is_read_no_slower_than_it_is_long(words: tuple[str, str], why: str, tutorial: Path) -> None:
    """With a time that grows with the square of the length, this would take minutes."""
    code, out, err = lodeplan("solve", tutorial, *words)
    assert (code, out) == (2, "")
    assert why in err
