"""``lodeplan stress``: what a plan still covers when something stops."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.change_options import with_changes
from optimizer.cli.notes import print_notes
from optimizer.cli.progress import count_done
from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optimizer.folders.audited import Audited
    from optimizer.requests import Requests
    from optimizer.results.losses import Stress

_FINDINGS = 5
"""Findings of a plan that does not hold that are told."""


@click.command("stress")
@click.argument("plan", type=options.PATH)
@options.instance
@click.option(
    "--lose",
    "who",
    multiple=True,
    metavar="[SCOPE:]WHO[@place|@control]",
    help="Who or what stops: each-country, each-company, each-offer, each-lane, each-corridor, or one by name; may be "
    "repeated. Default: each-country@control.",
)
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="NAME",
    help="A scenario of INSTANCE, by name or wildcard; may be repeated. Without --lose nothing else is tested then.",
)
@click.option(
    "--duration", type=click.IntRange(min=1), help="Periods that it lasts. Default: the fewest that make half a year."
)
@click.option(
    "--from", "first", metavar="PERIOD", help="The first period in which it begins. Default: the first of all."
)
@click.option(
    "--from-share",
    metavar="SHARE",
    help="Share from which what is owned by a country is lost whole, and not in its share.",
)
@options.output("Folder to write losses.csv and unmet.csv to.")
@options.force("Replace a stress test that is in the folder already.")
@options.workers("[default: this process]")
@options.journal
@options.as_json_or_csv(csv="Print the table of risk as CSV instead of text.")
@options.quiet("Print the answer only, and no progress.")
@with_changes
def stress_command(  # noqa: PLR0913 (one argument an option)
    *,
    plan: Path,
    instance: Path,
    who: tuple[str, ...],
    scenarios: tuple[str, ...],
    duration: int | None,
    first: str | None,
    from_share: str | None,
    output: Path | None,
    force: bool,
    workers: int | str | None,
    journal: Path | None,
    as_json: bool,
    as_csv: bool,
    quiet: bool,
    changes: Requests,
) -> None:
    """Say what PLAN (a folder that solve wrote, perhaps edited since) still covers when something stops.

    Each loss begins in each period in which it fits into the horizon of INSTANCE, and is answered at its
    best: by stock, goods under way, what was planned, and what suppliers give at short notice where
    [response] says so. The plan is audited first; one that does not hold is not tested.

    WHO is a country, bloc, company, offer, lane:ORIGIN/DESTINATION or corridor:NAME; SCOPE is a stage, a
    material or both, as in refined/graphite:CN@control. Countries count by control unless @place is said.

    --scenario takes those of INSTANCE, whether PLAN was planned for them or not.

    Ctrl-C stops; with -o or --journal, the same command goes on from the losses that are answered.
    """
    from optimizer.base.open_runner import open_runner
    from optimizer.folders.audited import audit_folder
    from optimizer.folders.stressed import check_place_of_stress, write_stress
    from optimizer.load import load
    from optimizer.stress.asked import check_scenarios, list_losses, read_share
    from optimizer.stress.named_scenarios import respond_to_scenarios
    from optimizer.stress.run import StressTest

    if scenarios:
        said = {"--duration": duration, "--from": first, "--from-share": from_share}
        check_scenarios(who, said, {"-o": output, "--csv": as_csv})
    if output is not None:
        check_place_of_stress(output, force=force)
    share = 1.0 if from_share is None else read_share(from_share)
    audited = audit_folder(plan, changes.apply_to(load(instance)))
    _must_hold(audited, plan)
    notes = print_notes(audited.notes, quiet=quiet)
    losses = list_losses(audited.account, who, duration, first) if who or not scenarios else []
    test = StressTest(audited.instance, audited.account, share)
    with open_runner(workers, journal=journal, beside=output) as runner:
        print_notes(runner.workers.notes, quiet=quiet)
        with _tell_what_stopped(kept=runner.journal is not None), count_done("losses", quiet=quiet) as count:
            stress = test.test(losses, runner, count)
            if scenarios:
                found = respond_to_scenarios(audited.instance, audited.account, scenarios, test.unmet_price, runner)
                stress = replace(stress, scenarios=found)
        click.echo(_format(stress, notes, as_json=as_json, as_csv=as_csv, quiet=quiet), nl=False)
        if output is not None:
            write_stress(stress, output)
            if not (as_json or as_csv):
                click.echo(f"Stress test written to {output}" if quiet else f"\nStress test written to {output}")
        runner.finish()


def _must_hold(audited: Audited, plan: Path) -> None:
    """End the command where a plan does not hold, with the first findings."""
    if not audited.findings:
        return
    click.echo(f"{plan}: does not hold, so it is not tested:", err=True)
    for finding in audited.findings[:_FINDINGS]:
        click.echo(finding, err=True)
    if len(audited.findings) > _FINDINGS:
        click.echo(f"{len(audited.findings) - _FINDINGS} more; lodeplan audit tells them all", err=True)
    raise click.exceptions.Exit(1)


@contextmanager
def _tell_what_stopped(*, kept: bool) -> Iterator[None]:
    """Say after Ctrl-C whether the same command would go on, and end with the code that fits."""
    try:
        yield
    except KeyboardInterrupt:
        cure = "the same command goes on" if kept else "no answer was kept; add -o FOLDER or --journal FILE to go on"
        click.echo(f"stopped before every loss was answered; {cure}", err=True)
        raise click.exceptions.Exit(130) from None


def _format(stress: Stress, notes: list[str], *, as_json: bool, as_csv: bool, quiet: bool) -> str:
    from optimizer.report import stress as report

    if as_json:
        return json_text(report.as_json(stress) | {"notes": notes})
    if as_csv:
        return report.as_csv(stress)
    return f"{report.answer_with_caveats(stress)}\n" if quiet else report.as_text(stress)
