"""``lodeplan stress``: what a plan still covers when something stops."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.change_options import with_changes
from optimizer.cli.notes import print_notes
from optimizer.cli.option_groups import AnswerForm, with_groups
from optimizer.cli.progress import count_done

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.market.losses import Loss
    from optimizer.folders.audited import Audited
    from optimizer.requests import Requests
    from optimizer.results.losses import Stress
    from optimizer.stress.run import StressTest
    from optimizer.work.runner import TaskRunner

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
@with_groups(form=AnswerForm)
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
    form: AnswerForm,
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
    from optimizer.folders.stressed import check_place_of_stress, write_stress
    from optimizer.report.stress import answer_with_caveats, as_csv, as_json, as_text
    from optimizer.stress.asked import check_scenarios, list_losses, read_share
    from optimizer.stress.run import StressTest

    if scenarios:
        said = {"--duration": duration, "--from": first, "--from-share": from_share}
        check_scenarios(who, said, {"-o": output, "--csv": form.as_csv})
    if output is not None:
        check_place_of_stress(output, force=force)
    share = 1.0 if from_share is None else read_share(from_share)
    audited = _audit(plan, instance, changes)
    notes = print_notes(audited.notes, quiet=form.quiet)
    losses = list_losses(audited.account, who, duration, first) if who or not scenarios else []
    test = StressTest(audited.instance, audited.account, share)
    with open_runner(workers, journal=journal, beside=output) as runner:
        print_notes(runner.workers.notes, quiet=form.quiet)
        stress = _test(test, losses, scenarios, runner, quiet=form.quiet)
        form.show(stress, brief=answer_with_caveats, text=as_text, data=as_json, csv=as_csv, notes=notes)
        if output is not None:
            write_stress(stress, output)
            form.tell_place(f"Stress test written to {output}")
        runner.finish()


def _audit(plan: Path, instance: Path, changes: Requests) -> Audited:
    """Return the audit of a plan that holds; where it does not, end the command with the first findings."""
    from optimizer.folders.audited import audit_folder
    from optimizer.load import load

    audited = audit_folder(plan, changes.apply_to(load(instance)))
    if not audited.findings:
        return audited
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


def _test(
    test: StressTest, losses: list[Loss], scenarios: tuple[str, ...], runner: TaskRunner, *, quiet: bool
) -> Stress:
    """Return what a plan covers after each loss and in each scenario that is named."""
    from optimizer.stress.named_scenarios import respond_to_scenarios

    with _tell_what_stopped(kept=runner.journal is not None), count_done("losses", quiet=quiet) as count:
        stress = test.test(losses, runner, count)
        if not scenarios:
            return stress
        found = respond_to_scenarios(test.instance, test.account, scenarios, test.unmet_price, runner)
        return replace(stress, scenarios=found)
