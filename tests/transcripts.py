"""The transcripts in README and docs: found, run, and (``python tests/transcripts.py``) written anew.

A transcript is a fenced block marked ``console``; each line ``$ overflight …`` in it is run in a folder that
holds the files of docs/examples, and what follows must be its output. A line ``…`` stands for any lines.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from overflight.cli import main

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
_COMMAND = re.compile(r"^\$ (overflight .*)\n((?:(?!\$ ).*\n)*)", re.M)
_ELISION = "…"


@dataclass(frozen=True)
class Transcript:
    """One command and the output that a page shows for it."""

    page: Path
    command: str
    shown: str


def transcripts(page: Path) -> Iterator[Transcript]:
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        for found in _COMMAND.finditer(block[1]):
            if "|" not in found[1]:
                yield Transcript(page, found[1], found[2])


def prepare(folder: Path) -> None:
    """Put the example files where the commands of the pages look for them."""
    for file in (ROOT / "docs" / "examples").iterdir():
        shutil.copy(file, folder / file.name)


def run(command: str, folder: Path) -> str:
    """What a command prints, errors and all, on a page a hundred columns wide."""
    out = io.StringIO()
    kept = {name: os.environ.get(name) for name in ("COLUMNS", "OVERFLIGHT_VIEW", "NO_COLOR")}
    os.environ |= {"COLUMNS": "100", "NO_COLOR": "1"}
    os.environ.pop("OVERFLIGHT_VIEW", None)
    try:
        with chdir(folder), redirect_stdout(out), redirect_stderr(out):
            main(shlex.split(command)[1:])
    finally:
        for name, value in kept.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    return "\n".join(lines).strip("\n").replace(str(folder.resolve()), "/home/you") + "\n"


def matches(shown: str, printed: str) -> bool:
    """Whether the output is what the page shows, with ``…`` standing for any number of lines."""
    lines = [line.rstrip() for line in shown.strip("\n").splitlines()]
    pattern = "\n".join("(?:.*\n?)*?" if line == _ELISION else re.escape(line) for line in lines)
    return re.fullmatch(pattern.replace("(?:.*\n?)*?\n", "(?:.*\n)*?"), printed.rstrip("\n")) is not None


def rewrite(page: Path, folder: Path) -> None:
    """Write the present output into a page; blocks with an elision are a person's to mend."""
    text = page.read_text(encoding="utf-8")

    def block(found: re.Match[str]) -> str:
        def command(one: re.Match[str]) -> str:
            if "|" in one[1] or _ELISION in one[2].splitlines():
                return one[0]
            return f"$ {one[1]}\n{run(one[1], folder)}"

        return f"```console\n{_COMMAND.sub(command, found[1])}```"

    page.write_text(_BLOCK.sub(block, text), encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name))
        for one in [Path(argument) for argument in sys.argv[1:]] or PAGES:
            rewrite(one, Path(name))
