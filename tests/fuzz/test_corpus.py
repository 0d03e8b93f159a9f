"""The committed corpora, run through their targets without the fuzzer."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import types
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TARGETS = ("aftn", "mark", "read")


def _target(name: str, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    fuzzer = types.ModuleType("atheris")
    fuzzer.instrument_imports = lambda **_: contextlib.nullcontext()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "atheris", fuzzer)
    spec = importlib.util.spec_from_file_location(f"corpus_of_{name}", HERE / f"fuzz_{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_holds_no_finding(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    target = _target(name, monkeypatch)
    files = sorted((HERE / f"corpus_{name}").iterdir())
    assert files
    for file in files:
        target.one_input(file.read_bytes())


def test_the_corpora_stay_small() -> None:
    for name in TARGETS:
        files = list((HERE / f"corpus_{name}").iterdir())
        assert len(files) <= 60
        assert all(file.stat().st_size <= 4096 for file in files)
