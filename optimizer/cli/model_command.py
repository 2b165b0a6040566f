"""``lodeplan model``: the program of an instance, for any other solver."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.change_options import with_changes
from optimizer.cli.reading import read_changed

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.requests import Requests


@click.command("model")
@options.instance
@click.option("-o", "--output", type=options.PATH, required=True, help="File to write: .lp or .mps.")
@options.force("Replace a file that is there already.")
@options.quiet("Say nothing unless something is wrong.")
@with_changes
def model_command(*, instance: Path, output: Path, force: bool, quiet: bool, changes: Requests) -> None:
    """Write the mixed-integer program of INSTANCE as LP or MPS, so that any solver can check the answer.

    Rows and variables are called after what they stand for: limit(china~refined).holds(lithium,refined,CN,2027),
    quantity(greenbushes,2027). A limit on an HHI is written as quadratic constraints, which are convex. Of a floor on
    what survives a loss only the row is written that bounds what stays unmet: what ties that to the plan are cuts,
    which are found while it is solved. Responses to scenarios are left out: it is the program of the calm.
    """
    from models.formulation.build import build, written_out
    from models.limits.contract.losing import LosingLimit
    from models.records.wording import list_some
    from optimizer.files.program_file import write_program

    facts, _ = read_changed(instance, changes, quiet=quiet)
    write_program(written_out(build(facts)), output, force=force)
    if not quiet:
        untied = [limit.name for limit in facts.limits if isinstance(limit, LosingLimit) and not limit.watch]
        without = (
            f", without what ties {list_some(untied)} to the plan: cuts, found while it is solved" if untied else ""
        )
        market = facts.market
        alone = ", as of the calm: responses to scenarios are left out" if market.scenarios or market.hazards else ""
        click.echo(f"{facts.title}: written to {output}{without}{alone}")
