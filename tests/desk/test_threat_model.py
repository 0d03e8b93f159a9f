"""The threat model names tests; every one of them is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_test_that_is_named_is_there(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_threat_has_a_mitigation_and_a_test_or_says_that_it_has_none() -> None:
    rows = [row for row in TEXT.splitlines() if row.startswith("| ") and row.count(" | ") == 2]
    threats = [row for row in rows if not row.startswith(("| threat |", "| who |"))]
    answered = [row for row in threats if "tests/" in row.rpartition(" | ")[2]]
    open_ones = [row for row in threats if row.rpartition(" | ")[2] == "not tested |"]
    people = TEXT.split("| who |")[1].split("\n\n")[0].count("\n| ")
    assert len(answered) + len(open_ones) + people == len(threats)
    assert len(answered) > 30
    assert len(NAMED) > 50
