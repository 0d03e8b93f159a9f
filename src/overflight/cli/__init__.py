"""The command line: one module for each command, one place that turns errors into a line and an exit code.

A command module has a function ``register(app)`` that adds its command to the `typer` application, and it
imports what computes inside the command's function, so that ``overflight --help`` stays instant.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from overflight.errors import DataError, OverflightError

__all__ = ["COMMANDS", "build", "main"]

#: Modules of this package that register commands, in the order of ``overflight --help``.
COMMANDS = (
    "demo",
    "brief",
    "route",
    "block",
    "cross",
    "law",
    "meetings",
    "read",
    "write",
    "mark",
    "release",
    "lists",
    "screen",
    "log",
    "case",
    "file",
    "serve",
)

_TAIL = "Every command: overflight COMMAND --help. Exit codes: 0 done, 1 done with a finding, 2 wrong input."


def _version(value: bool) -> None:
    if value:
        from overflight import __version__

        typer.echo(f"overflight {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """The open desk for flights of proliferation concern.

    Whose sky a planned flight would enter and when, which routes would remain if some states refused,
    and whose refusals would close every route.
    """


def build() -> typer.Typer:
    """The application with every command registered."""
    app = typer.Typer(
        name="overflight",
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        epilog=_TAIL,
    )
    app.callback()(_root)
    for name in COMMANDS:
        importlib.import_module(f"overflight.cli.{name}").register(app)
    return app


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0: done. 1: done, and the answer is a finding. 2: the input or the use was wrong: one line on stderr,
    nothing was changed. 130: interrupted.
    """
    args = list(sys.argv[1:] if argv is None else argv)
    try:
        code = build()(args=args, prog_name="overflight", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except OverflightError as error:
        return _complain(str(error))
    except typer.TyperException as error:  # an unknown option, a missing argument
        return _complain(_usage(error, args))
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except (BrokenPipeError, SystemExit) as stop:
        # Typer turns a broken pipe into an exit of its own.
        if isinstance(stop, SystemExit) and not isinstance(stop.__context__, BrokenPipeError):
            raise
        # The reader has gone (| head): the rest is not wanted. Keep Python from flushing into the void.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _complain(str(DataError(error.strerror or str(error), where=_named(error.filename))))


def _named(filename: object) -> str | None:
    return None if filename is None else str(filename)


def _usage(error: typer.TyperException, args: Sequence[str]) -> str:
    message = " ".join(error.format_message().split()).rstrip(".")
    if not message:  # no command at all: the help has been printed
        return ""
    command = next((a for a in args if a in COMMANDS), None)
    help_line = f"overflight {command} --help" if command else "overflight --help"
    where = f"{command}: " if command else ""
    return f"{where}{message[0].lower()}{message[1:]}; see {help_line}"


def _complain(line: str) -> int:
    if line:
        print(f"overflight: {line}", file=sys.stderr)
    return 2
