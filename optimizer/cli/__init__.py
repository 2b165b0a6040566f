"""The command line. Each command lives in a file of its own and imports what it needs when it runs."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import threading

import click

from optimizer import __version__
from optimizer.cli.escape import escape, escape_output
from optimizer.errors import LodeplanError
from optimizer.report.layout import set_width


class _Commands(click.Group):
    """Commands by name, each imported only when it is asked for, so that ``--help`` answers at once."""

    _FILES = {  # noqa: RUF012 (click has no types for class attributes)
        "solve": "Find the cheapest plan that holds every limit, and write it as CSV.",
        "validate": "Say everything that is wrong with an instance.",
        "exposure": "Say what hangs on whom as bought today, without solving.",
        "audit": "Recompute a plan, also one edited by hand, and say what does not hold.",
        "report": "Draw a plan as one HTML file to hand on.",
        "export": "Write a plan as a workbook for spreadsheets, beside others to compare with.",
        "whatif": "Change an instance and say only what is different.",
        "explain": "Say why there is no plan and what would repair it, or why an offer is in or out.",
        "price": "Say what every limit costs, by solving again without it.",
        "alternatives": "Find other plans that cost little more: who else could supply.",
        "stress": "Lose countries, companies, offers or lanes, and say what a plan still covers.",
        "sweep": "Run one or two changes through their levels: cost against concentration.",
        "serve": "Serve an instance as a live page: sliders move, the plan follows, proven.",
        "compare": "Say what changed between two plans.",
        "model": "Write the program of an instance as LP or MPS, for any other solver.",
        "import": "Make tables of an instance of bid sheets that others filled in.",
        "convert": "Turn an instance into a folder, a workbook or a JSON document.",
        "policies": "List real policies with their dates and sources, or show what one becomes on a day.",
        "data": "Say who mines and refines what, at which price and risk, each figure with its source.",
        "instances": "List the bundled instances, or copy one to start from.",
    }

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(self._FILES)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._FILES:
            return None
        import importlib

        module = importlib.import_module(f"optimizer.cli.{cmd_name}_command")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; that nobody reads on (``| head -1``) is no fault."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(0) from None

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self._FILES.items()))


# Colour is on so that click leaves all signs to `escape_output`, and takes none away.
_SETTINGS = {"help_option_names": ["-h", "--help"], "color": True}


@click.command(cls=_Commands, context_settings=_SETTINGS)
@click.version_option(__version__, prog_name="lodeplan")
def lodeplan() -> None:
    """Plan the sourcing of critical minerals: least cost, with limits on who it hangs on.

    Exit codes: 0 done, 1 the audit found faults, 2 bad input, 3 no plan, 4 the solver failed,
    130 interrupted twice.
    """


def run() -> None:
    """Run the command line as a process of its own.

    After a second Ctrl-C the solver may still be at work in its thread, which ends with the process; an
    interpreter that is taken down around it would be aborted.
    """
    try:
        main()
    except SystemExit as end:
        if threading.active_count() == 1:
            raise
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else 0)


def main() -> None:
    """Run the command line; a user's mistake gives one sentence a line and an exit code."""
    if sys.stdout.isatty():
        set_width(shutil.get_terminal_size().columns)
    with escape_output():
        sys.exit(_run_command())


def _run_command() -> int:
    """Run the command that is asked for, and return the exit code."""
    try:
        code = lodeplan.main(prog_name="lodeplan", standalone_mode=False)
    except click.ClickException as error:
        error.show(sys.stderr)
        return 2
    except LodeplanError as error:
        click.echo(escape(str(error)), err=True)
        return error.exit_code
    except OSError as error:  # what was read or written is at fault, and no line of ours
        place = f"{error.filename}: " if error.filename else ""
        what = "the output cannot be written" if error.errno in _FULL else "cannot be used"
        click.echo(escape(f"{place}{what}: {_describe_reason(error)}"), err=True)
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; nothing more was written", err=True)
        return 130
    return code if isinstance(code, int) else 0


_FULL = {errno.ENOSPC, errno.EDQUOT}


def _describe_reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
