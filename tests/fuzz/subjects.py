"""What is mutated: shipped instances in three forms, changes, and plan folders."""

from __future__ import annotations

import datetime
import json
import math
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optimizer.dump import dump
from optimizer.errors import LodeplanError
from optimizer.load import load
from optimizer.requests import Requests
from tests.cli.command import ROOT, lodeplan
from tests.conftest import SMALL
from tests.fuzz.edits import csv_text, edit_bytes, edit_cells, edit_lines, edit_tree, read_cells

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from random import Random

    from models.instance import Instance

SHIPPED = ("tutorial-lithium-cobalt", "us-battery-2027", "us-defense-2027", "eu-strategic-2030", "chips-2026")
WEIGHTS = (5, 1, 1, 1, 2, 4)


@dataclass(frozen=True)
class Base:
    """An instance that is sound, in three forms, and its plan."""

    name: str
    record: Instance
    folder: Path
    workbook: Path
    document: Path


@dataclass(frozen=True)
class Mutant:
    """A file or a text that was changed, and the words that a command is given."""

    words: tuple[Any, ...]
    said: str
    base: Base | None = None
    """The instance of which the first word after the command is a mutant."""
    before: Path | None = None
    """The file before it was changed, and after."""
    after: Path | None = None


def bases(scratch: Path) -> list[Base]:
    """Return each shipped instance not made of another, and a small one with a row of every table, in three forms."""
    small = scratch / "small"
    small.mkdir()
    for name, text in SMALL.items():
        (small / name).write_text(text, "utf-8")
    found = []
    for folder in (*(ROOT / "instances" / name for name in SHIPPED), small):
        record = load(folder)
        forms = [scratch / f"{folder.name}-form{suffix}" for suffix in ("", ".xlsx", ".json")]
        for form in forms:
            dump(record, form)
        found.append(Base(folder.name, record, *forms))
    return found


def mutant(number: int, random: Random, there: list[Base], plans: list[tuple[Base, Path]], scratch: Path) -> Mutant:
    """Return one mutant, which may use the folder `scratch`."""
    kind = random.choices(("folder", "workbook", "document", "change", "cases", "plan"), (8, 4, 5, 5, 2, 5))[0]
    base = random.choices(there, WEIGHTS)[0]
    place = scratch / f"m{number}"
    place.mkdir()
    match kind:
        case "folder":
            return _folder(base, random, place)
        case "workbook":
            return _workbook(base, random, place)
        case "document":
            return _document(base, random, place)
        case "change":
            return _change(there, random)
        case "cases":
            return _cases(there, random, place)
        case _:
            return _plan(*random.choice(plans), random, place)


def _folder(base: Base, random: Random, place: Path) -> Mutant:
    copy = shutil.copytree(base.folder, place / base.name)
    file = random.choice(sorted(copy.iterdir()))
    before = base.folder / file.name
    words = ("validate", copy)
    roll = random.random()
    if roll < 0.04:
        return Mutant(words, _whole_file(file, random), base)
    if roll < 0.25:
        data, said = edit_bytes(file.read_bytes(), random)
        file.write_bytes(data)
    elif file.suffix == ".toml":
        text, said = edit_lines(file.read_text("utf-8"), random)
        file.write_text(text, "utf-8", errors="surrogatepass")
    else:
        cells = read_cells(file.read_text("utf-8"))
        said = _edited(cells, random)
        file.write_text(csv_text(cells), "utf-8", errors="surrogatepass", newline="")
    return Mutant(words, f"{base.name}/{file.name}: {said}", base, before, file)


def _edited(cells: list[list[Any]], random: Random) -> str:
    """Change the cells of a table once or more often, and say how."""
    return ", ".join(edit_cells(cells, random) for _ in range(random.choice((1, 1, 1, 2, 3))))


def _whole_file(file: Path, random: Random) -> str:
    match random.choice(("gone", "renamed", "folder", "stranger", "link")):
        case "gone":
            file.unlink()
            return f"{file.name} is gone"
        case "renamed":
            file.rename(file.with_name(f"{file.stem}s{file.suffix}"))
            return f"{file.name} is renamed"
        case "folder":
            file.unlink()
            file.mkdir()
            return f"{file.name} is a folder"
        case "stranger":
            shutil.copy(file, file.with_name("strange\x1b.csv"))
            return f"{file.name} stands under another name too"
        case _:
            file.unlink()
            file.symlink_to("/dev/zero")
            return f"{file.name} is a link to an endless device"


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    """Return the cells of every sheet of a workbook."""
    from python_calamine import CalamineWorkbook

    with path.open("rb") as file:
        book = CalamineWorkbook.from_filelike(file)
        return {name: [list(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names}


def _workbook(base: Base, random: Random, place: Path) -> Mutant:
    file = place / "book.xlsx"
    words = ("validate", file)
    if random.random() < 0.2:
        data, said = edit_bytes(base.workbook.read_bytes(), random)
        file.write_bytes(data)
        return Mutant(words, f"{base.name}.xlsx: {said}", base, base.workbook, file)
    import xlsxwriter

    found = sheets(base.workbook)
    name = random.choice(sorted(found))
    said = _edited(found[name], random)
    if random.random() < 0.05:
        found[random.choice(("new", "instance ", "Offer", "offers2"))] = found[name]
        said += ", and in a further sheet"
    odd: Any = random.choice((None, None, None, True, datetime.date(2027, 1, 2), math.nan, "=1/0", "=A1"))
    at = random.randrange(len(found[name]) or 1), random.randrange(6)
    options = {"in_memory": True, "strings_to_formulas": random.random() < 0.1, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options | {"nan_inf_to_errors": True}) as book:
        for sheet, rows in found.items():
            page = book.add_worksheet(sheet)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    page.write(row, column, cell if isinstance(cell, (int, float)) else str(cell)[:30_000])
            if sheet == name and odd is not None:
                write = page.write_formula if isinstance(odd, str) else page.write
                write(*at, odd)
                said += f", and {odd!r} stands in {at}"
    return Mutant(words, f"{base.name}.xlsx {name}: {said}", base, base.workbook, file)


def _document(base: Base, random: Random, place: Path) -> Mutant:
    file = place / "record.json"
    if random.random() < 0.2:
        data, said = edit_bytes(base.document.read_bytes(), random)
        file.write_bytes(data)
    else:
        tree = json.loads(base.document.read_text("utf-8"))
        said = edit_tree(tree, random)
        file.write_text(json.dumps(tree, ensure_ascii=random.random() < 0.5), "utf-8", errors="surrogatepass")
    return Mutant(("validate", file), f"{base.name}.json {said}", base, base.document, file)


TARGETS = (
    *("*", "lithium", "cobalt", "refined/lithium", "mined/*", "refined/lithium@CL", "kwinana", "CN", "RU", "ZZ"),
    *("China", "lithium@2027", "lithium@plant", "refined/*:CN", "refined/graphite:CN", "*:each", "CN>US", "CN>*"),
    *("*>*", "nobody", "limits.china-refined-control.max_share", "offers.kwinana.price", "solve.gap"),
    *("offers.*.capacity", "title", "limits.*.hard", "market.as_of", "offers..price"),
    *("demand.plant/lithium/2027.quantity", "periods.2027.years"),
)
AMOUNTS = (
    *("+20%", "-20%", "x2", "x0", "x1.5", "40%", "0.4", "1200", "+500", "-500", "+5pp", "-5pp", "25%", "0", "1"),
    *("100%", "1e200", "1e-320", "x1e300", "nan", "inf", "-inf", "1,000", "1e30", "", "%", "+", "x", "x-1", "--1"),
    *("\u22125%", "\u00d72", "0x10", "yes", "true", "CN", "2027-01-01", "a;b", "\x1b[2J", "\u202e", "\x00"),
    *("9" * 400, "a" * 300, "10%..90%:3"),
)
VERBS = (
    "demand",
    "price",
    "capacity",
    "duty",
    "cap",
    "ban",
    "drop",
    "set",
    "policy",
    "law",
    "as-of",
    "case",
    "x\x1b[2J",
    "",
)
_DATES = ("2027-01-01", "2027-02-30", "1900-01-01", "9999-12-31", "tomorrow", "\x1b", "2027-1-1")
_LAWS = ("*", "MFN", "Section 301", "Section*", "china-export-controls:*", "us-pfe:*", "*ban", "eu-crma")
_POLICIES = ("eu-crma", "us-pfe:*", "us-section-301", "nobody", "../ours.toml", "x.toml", "\x1b", "", ":", "eu-crma:x")


def _change_text(random: Random) -> str:
    verb = random.choice(VERBS)
    match verb:
        case "as-of":
            said = random.choice(_DATES)
        case "policy":
            said = random.choice(_POLICIES)
        case "ban" | "drop" | "case":
            said = random.choice(TARGETS)
        case "law":
            state = random.choice(("off", "on", "suspended to ", f"suspended to {random.choice(_DATES)}", "of", ""))
            said = f"{random.choice((*_LAWS, *TARGETS))}={state}"
        case _:
            sign = random.choice(("=", "=", "=", "=", "==", "", " = "))
            said = f"{random.choice(TARGETS)}{sign}{random.choice(AMOUNTS)}"
    if random.random() < 0.2:
        at = random.randrange(len(said) + 1)
        said = (
            said[:at] + random.choice(("=", "@", ":", "/", "*", ",", " ", "'", '"', "\x1b", "..", ">", ".")) + said[at:]
        )
    return f"{verb} {said}"


def _change(there: list[Base], random: Random) -> Mutant:
    """Changes on a command line, applied and not solved; some of them solved, on the tutorial."""
    texts = [_change_text(random) for _ in range(random.choice((1, 1, 1, 2, 3)))]
    if random.random() < 0.95:
        base = random.choice(there)
        return Mutant(("apply", *texts), f"{base.name}: {texts}", base)
    command = random.choice(("solve", "whatif", "explain", "price", "alternatives", "sweep"))
    return Mutant((command, there[0].folder, *flags_of(texts), "--time-limit", "3"), f"{command}: {texts}")


def flags_of(texts: Iterable[str]) -> list[str]:
    """Return changes as the flags of a command line."""
    flags: list[str] = []
    for text in texts:
        verb, _, said = text.partition(" ")
        flags += [f"--{verb}" if verb else "--", said]
    return flags


def _cases(there: list[Base], random: Random, place: Path) -> Mutant:
    """A file of cases and grids of them, combined and not solved; its changes were sound before it was changed."""
    base = random.choice(there)
    cells = [["case", "what", "value"]]
    for name in ("winter", "winter", "summer", "no-russia"):
        verb, _, said = _sound_text(base, random).partition(" ")
        what, _, value = f"{verb} {said}".rpartition("=")
        cells.append([name, what, value] if what else [name, value, ""])
    roll = random.random()
    said = edit_cells(cells, random) if roll < 0.5 else "as drawn"
    data = csv_text(cells).encode("utf-8", "surrogatepass")
    if roll > 0.9:
        data, said = edit_bytes(data, random)
    file = place / "cases.csv"
    file.write_bytes(data)
    grids = [random.choice(GRIDS), *random.choice(((), (), ("winter,summer",), ("no*",)))]
    return Mutant(("combine", file, *grids), f"cases: {said}; grids {grids!r}", base)


GRIDS = (
    *("winter,summer", "winter", "*", "winter,winter", "no-russia,summer", "*-russia,winter", "no*", " summer , *"),
    *("w\x1b", ",", "summer;winter"),
)


def _sound_text(base: Base, random: Random) -> str:
    """Return a change that can be made of an instance, or after some trials any."""
    for _ in range(30):
        text = _change_text(random)
        with suppress(LodeplanError):
            Requests(texts=(text,)).apply_to(base.record)
            if not text.startswith("case "):
                return text
    return text


def _plan(base: Base, plan: Path, random: Random, place: Path) -> Mutant:
    copy = shutil.copytree(plan, place / "plan")
    file = random.choice(sorted(copy.iterdir()))
    before: Path | None = plan / file.name
    roll = random.random()
    if roll < 0.05:
        said = _whole_file(file, random)
        before = None
    elif roll < 0.25:
        data, said = edit_bytes(file.read_bytes(), random)
        file.write_bytes(data)
    elif file.suffix == ".json":
        tree = json.loads(file.read_text("utf-8"))
        said = edit_tree(tree, random)
        file.write_text(json.dumps(tree), "utf-8")
    else:
        cells = read_cells(file.read_text("utf-8"))
        said = _edited(cells, random)
        file.write_text(csv_text(cells), "utf-8", errors="surrogatepass", newline="")
    commands = (
        ("audit", copy, base.folder),
        ("compare", plan, copy),
        ("compare", copy, plan, "--json"),
        ("report", copy, "-o", place / "report.html", "--force"),
        ("export", copy, place / "plan.xlsx", "--compare", plan, "--force"),
    )
    words = random.choice(commands)
    return Mutant(words, f"plan/{file.name}: {said}", before=before, after=file)


def solved_plans(there: list[Base], scratch: Path) -> list[tuple[Base, Path]]:
    """Return the folders of the plans of the smallest instances, of which the last has several periods and stock."""
    plans = []
    for base in (there[0], there[-1]):
        folder = scratch / f"{base.name}-plan"
        said = lodeplan("solve", base.folder, "-o", folder, "-q")
        assert said.code == 0, said.err
        plans.append((base, folder))
    return plans
