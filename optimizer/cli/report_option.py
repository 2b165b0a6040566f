"""The option ``--report [FILE]`` of commands that solve: what they find as one HTML file, in its folder or not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from optimizer.results.solution import Solution

_FLAG = "--report"
_IN_THE_PLAN = ""
"""What stands for a file that is not named: the report goes with the plan."""

with_report = click.option(
    _FLAG,
    metavar="[FILE]",
    help="Also price every limit, and draw the plan as a page of HTML: FILE, or report.html in the folder of -o.",
)
"""Give a command ``--report``: None, a name, or nothing for a report that goes with the plan."""
with_report_of_folder = click.option(
    _FLAG,
    metavar="[FILE]",
    help="Also draw what is found as a page of HTML: FILE, or report.html in the folder of -o.",
)
"""The same for a command that finds several plans, which are drawn from their folder."""


class TakesReport(click.Command):
    """A command whose ``--report`` may stand without a file, also before what the command is about."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words of a command line."""
        words = list(args)
        for place, word in enumerate(words):
            if word == _FLAG and not _is_named(words[place + 1 : place + 2]):
                words[place] = f"{_FLAG}={_IN_THE_PLAN}"
        return super().parse_args(ctx, words)


def _is_named(following: list[str]) -> bool:
    """Whether the word behind the option is its file: not another option, nor something else that stands there."""
    return any(
        not word.startswith("-") and (Path(word).suffix.lower() in {".html", ".htm"} or not Path(word).exists())
        for word in following
    )


def place_of_report(asked: str | None, plan: Path | None, *, force: bool) -> Path | None:
    """Return where a report is to be written, None where none is asked for; asked before the solve.

    Raises:
        InputError: there is no place for it, or it is taken.
    """
    from optimizer.book.write import is_workbook
    from optimizer.errors import InputError
    from optimizer.folders.place import REPORT
    from optimizer.page.write import check_place_of_page

    if asked is None:
        return None
    if asked == _IN_THE_PLAN and plan is None:
        msg = f"{_FLAG}: has no place to go to; name a file, such as {_FLAG} {REPORT}, or write the plan with -o"
        raise InputError([msg])
    if asked != _IN_THE_PLAN or plan is None:
        place = Path(asked)
    else:
        place = plan.with_suffix(".html") if is_workbook(plan) else plan / REPORT
    check_place_of_page(place, force=force)
    return place


def place_of_folder_report(asked: str | None, folder: Path | None, *, force: bool) -> Path | None:
    """Return where a report of several plans is to be written, None where none is asked for; asked before the solves.

    Raises:
        InputError: the plans are not written, or there is no place for the report, or it is taken.
    """
    from optimizer.book.write import is_workbook
    from optimizer.errors import InputError

    if asked is not None and (folder is None or is_workbook(folder)):
        cure = "add -o FOLDER, which holds them all" + (
            "" if folder is None else "; lodeplan export makes a workbook of it"
        )
        raise InputError([f"{_FLAG}: shows one of several plans beside the others; {cure}"])
    return place_of_report(asked, folder, force=force)


def write_folder_report(folder: Path, place: Path, *, silent: bool) -> None:
    """Write the report of a folder of several plans; say so unless `silent`.

    Raises:
        InputError: when it cannot be written.
    """
    from optimizer.page.folder import draw_folder
    from optimizer.page.write import write_page

    write_page(draw_folder(folder), place)
    if not silent:
        click.echo(f"Report written to {place}")


def write_report(solution: Solution, place: Path, *, silent: bool, before: Solution | None = None) -> None:
    """Write the report of a solution, beside the plan `before` its changes; say so unless `silent`.

    Raises:
        InputError: when it cannot be written.
    """
    from optimizer.page.solved import draw_solved
    from optimizer.page.write import write_page

    write_page(draw_solved(solution, before=before), place)
    if not silent:
        click.echo(f"Report written to {place}")


def describe_unpriced(solution: Solution, place: Path | None) -> list[str]:
    """Return the sentence that says why a report lacks prices of limits; nothing where it has all, or is none."""
    if place is None:
        return []
    if solution.prices is None:
        why = "" if solution.proven else ", as the plan was stopped before its proof"
        return [f"what each limit costs is not in the report{why}; lodeplan price says it"]
    priced = sum(price.without is not None for price in solution.prices)
    if priced == len(solution.prices):
        return []
    some = f"{priced or 'none'} of {len(solution.prices)} limits"
    return [f"stopped before every limit was priced: the report has what {some} cost; lodeplan price says the rest"]
