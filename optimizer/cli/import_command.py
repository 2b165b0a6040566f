"""``lodeplan import``: files of others made into tables of an instance, one command a kind of file."""

from __future__ import annotations

import click


class _Imports(click.Group):
    """Kinds of files by name, each imported only when it is asked for."""

    _FILES = {  # noqa: RUF012 (click has no types for class attributes)
        "bids": "Take offers from a bid sheet: any columns, units and currencies.",
        "declarations": "Draft an instance from suppliers' declarations: EMRT, CMRT, AMRT, CRT.",
    }

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(self._FILES)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._FILES:
            return None
        import importlib

        module = importlib.import_module(f"optimizer.cli.import_{cmd_name}_command")
        command: click.Command = getattr(module, f"import_{cmd_name}_command")
        return command


@click.group("import", cls=_Imports)
def import_command() -> None:
    """Make tables of an instance of files that others filled in; what is taken and what is left is told."""
