"""An instance with more scenarios than are drawn, some with names that want to be more than text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.command import copied

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = ("<img src=x onerror=alert(1)>", "</script><b>", "=1+1", "'; DROP", "\u05d0\u05d1")
SCENARIOS = [
    *((name, 0.02, "capacity *@CN", f"x0.{part}") for part, name in enumerate(HOSTILE)),
    *((f"dear {part}", 0.03, "price *", f"+{part}%") for part in range(1, 9)),
    ("cheap", 0.1, "price *", "-10%"),
]


def write_instance(place: Path) -> Path:
    """Write the tutorial with those scenarios into a folder, and return where it is."""
    folder = copied("tutorial-lithium-cobalt", place)
    scenarios = "".join(f'"{name}",{chance},2027\n' for name, chance, _, _ in SCENARIOS)
    shocks = "".join(f'"{name}",{what},{value}\n' for name, _, what, value in SCENARIOS)
    (folder / "scenarios.csv").write_text(f"scenario,probability,begins\n{scenarios}", "utf-8")
    (folder / "shocks.csv").write_text(f"scenario,what,value\n{shocks}", "utf-8")
    (folder / "materials.csv").write_text(
        "material,stages,shortage_cost,basis\n"
        "lithium,mined; refined,200000,t Li content\ncobalt,mined; refined,200000,t Co content\n",
        "utf-8",
    )
    with (folder / "instance.toml").open("a", encoding="utf-8") as file:
        file.write("\n[response]\nsurge = 0.1\nsurge_premium = 0.25\ntake_or_pay = 0.3\n")
    return folder
