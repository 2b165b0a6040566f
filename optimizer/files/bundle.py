"""The instances that come with Lodeplan."""

from __future__ import annotations

import csv
import shutil
import tomllib
from pathlib import Path

from models.records.wording import suggest
from optimizer.errors import InputError
from optimizer.files.atomic import must_be_a_folder, write_whole
from optimizer.files.folder import HEADER_FILE

_RESPONSE = """
# What suppliers give at short notice when something stops: lodeplan stress counts on it, and scenarios ask for it.
# Nobody says it of the suppliers above, so it is switched off; take the # away, and write what yours say.
# [response]
# surge = 0.1            # share of what was planned in a period that comes on top of it
# surge_premium = 0.25   # what that costs more, as a share of the price
# notice = 1             # whole periods after something stopped before it comes
# take_or_pay = 0.3      # share of the price of what was planned that is owed though it is not taken
"""
"""What a copy of an instance that does not say it is given, to be filled in."""

_MAY_HAPPEN = """
# What may happen stands in tables of its own. Named, in scenarios.csv:
#   scenario,probability,begins
#   strike,5%,{period}
# with what changes then in shocks.csv:
#   scenario,what,value,lasts
#   strike,capacity {offer},x0.5,1
# and in whatever period, in hazards.csv, with a chance a year:
#   hazard,chance,what,value,lasts
#   strike,5%,capacity {offer},x0.5,1
# How it is weighed; without this, by the expected cost:
# [risk]
# measure = "cvar"       # or "expected", "worst", "regret"
# level = 0.95           # the mean cost of the dearest 5 %
# weight = 0.5           # of that, beside the expected cost
"""
"""The same of scenarios, with a period and an offer of the instance."""


def home() -> Path:
    """Return the folder that holds the bundled instances: inside the wheel, or beside the packages."""
    engine = Path(__file__).resolve().parent.parent
    packed = engine / "bundled"
    return packed if packed.is_dir() else engine.parent / "instances"


def list_bundled() -> dict[str, str]:
    """Return the title of every bundled instance by name."""
    return {
        folder.name: str(tomllib.loads((folder / "instance.toml").read_text("utf-8"))["title"])
        for folder in sorted(home().iterdir())
        if (folder / "instance.toml").is_file()
    }


def copy(name: str, target: Path) -> None:
    """Copy a bundled instance to a new folder, with templates of short notice and of scenarios.

    Raises:
        InputError: when there is no instance of that name, or the place is taken.

    """
    known = list_bundled()
    if name not in known:
        cure = suggest(name, known) or f"; there are {', '.join(known)}"
        raise InputError([f"{name!r} is not a bundled instance{cure}"])
    must_be_a_folder(target, "an instance that is copied")
    if target.exists() or target.is_symlink():
        raise InputError([f"{target}: is there already; name another folder with --to"])
    with write_whole(target) as draft:
        shutil.copytree(home() / name, draft)
        header = draft / HEADER_FILE
        header.write_text(f"{header.read_text('utf-8').rstrip()}\n{_templates(draft)}", "utf-8")


def _templates(folder: Path) -> str:
    """Return what is said nowhere in an instance of what may happen, switched off, with names of its own."""
    said = tomllib.loads((folder / HEADER_FILE).read_text("utf-8"))
    with (folder / "offers.csv").open(encoding="utf-8", newline="") as file:
        offer = next(csv.DictReader(file))["offer"]
    response = "" if "response" in said else _RESPONSE
    is_told = any((folder / f"{table}.csv").exists() for table in ("scenarios", "hazards"))
    return response + ("" if is_told else _MAY_HAPPEN.format(period=said["periods"][0]["name"], offer=offer))
