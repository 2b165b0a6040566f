"""``lodeplan report``: a plan folder in, one HTML file out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from optimizer.cli import options

if TYPE_CHECKING:
    from pathlib import Path


@click.command("report")
@click.argument("plan", type=options.PATH)
@options.output("File to write the report to; PLAN/report.html where it is left out.")
@click.option("--compare", "other", metavar="OTHER", type=options.PATH, help="Plan folder to show beside this plan.")
@click.option(
    "--sweep", "sweep", metavar="SWEEP", type=options.PATH, help="Sweep folder to draw, with this plan on it."
)
@click.option(
    "--stress", "stress", metavar="STRESS", type=options.PATH, help="Folder of a stress test of this plan to draw."
)
@options.force("Replace a report that is there already.")
def report_command(  # noqa: PLR0913 (one argument an option)
    *, plan: Path, output: Path | None, other: Path | None, sweep: Path | None, stress: Path | None, force: bool
) -> None:
    """Draw PLAN (a folder that solve wrote) as one HTML file to hand on.

    The folder may be that of a sweep, of which the plan at the knee is drawn on its frontier, of
    alternatives, of which the best is drawn with the list of them, or of the cases of a grid, of which the
    plan as it is is drawn with what each case costs.

    The answer and what it leaves unsaid, who the plan hangs on by control and by place, what it costs,
    its tables, and what it rests on. The file needs nothing beside it and no network, prints on A4, and
    is complete without JavaScript. Read are the tables and the summary as they stand; whether an edited
    plan holds, audit tells.
    """
    from optimizer.folders.place import REPORT
    from optimizer.page.folder import draw_folder
    from optimizer.page.write import check_place_of_page, write_page

    place = plan / REPORT if output is None else output
    page = draw_folder(plan, other=other, sweep=sweep, stress=stress)
    check_place_of_page(place, force=force)
    write_page(page, place)
    click.echo(f"Report written to {place}")
