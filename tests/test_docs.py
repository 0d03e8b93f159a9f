"""Docs are a contract: every command has help with an example and a page, and pages show what happens."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from typer.main import get_command

from overflight.cli import COMMANDS, build
from transcripts import PAGES, ROOT, Transcript, matches, prepare, run, transcripts


def _commands() -> dict[str, object]:
    return dict(get_command(build()).commands)  # type: ignore[attr-defined]


def test_every_registered_module_adds_a_command_of_its_name() -> None:
    assert sorted(_commands()) == sorted(COMMANDS)
    modules = {path.stem for path in (ROOT / "src/overflight/cli").glob("*.py")}
    assert set(COMMANDS) <= modules


def _leaves() -> list[tuple[str, str]]:
    found = []
    for name, command in _commands().items():
        below = getattr(command, "commands", None)
        for title, one in (
            {f"{name} {key}": sub for key, sub in below.items()} if below else {name: command}
        ).items():
            found.append((title, one.help or ""))
    return found


@pytest.mark.parametrize(("title", "text"), _leaves())
def test_every_command_has_help_with_an_example(title: str, text: str) -> None:
    assert len(text.split()) > 5
    assert f"Example: overflight {title} " in text


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_a_page(name: str) -> None:
    page = ROOT / "docs" / "commands" / f"{name}.md"
    assert page.exists(), f"docs/commands/{name}.md is missing"
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# `overflight {name}`")
    assert list(transcripts(page)), f"{page.name} shows no transcript"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_on_the_page(name: str) -> None:
    page = (ROOT / "docs" / "commands" / f"{name}.md").read_text(encoding="utf-8")
    command = _commands()[name]
    leaves = list(getattr(command, "commands", {name: command}).values())
    options = {o for leaf in leaves for p in leaf.params for o in p.opts if o.startswith("--")} - {"--help"}
    assert not sorted(o for o in options if o not in page)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    prepare(folder)
    return folder


_ALL = [one for page in PAGES for one in transcripts(page)]


@pytest.mark.parametrize("shown", _ALL, ids=lambda t: f"{t.page.name}: {t.command[:60]}")
def test_transcripts_are_true(shown: Transcript, desk: Path) -> None:
    printed = run(shown.command, desk)
    assert matches(shown.shown, printed), f"run python tests/transcripts.py {shown.page}\n{printed}"


def test_pages_link_to_files_that_exist() -> None:
    for page in PAGES:
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_page_is_in_the_navigation() -> None:
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    pages = [os.fspath(p.relative_to(ROOT / "docs")) for p in PAGES if p.is_relative_to(ROOT / "docs")]
    assert not [page for page in pages if page not in nav]


def test_setting_names_are_documented() -> None:
    source = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "src").rglob("*.py"))
    settings = set(re.findall(r"OVERFLIGHT_[A-Z_]+", source))
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert settings
    assert not sorted(name for name in settings if name not in documented)
