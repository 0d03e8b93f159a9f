"""Public names: every module says what it exports, and exports what it says."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "overflight"


def _modules() -> list[tuple[str, list[str]]]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and any(
                isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets
            ):
                parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
                name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
                found.append((name, ast.literal_eval(node.value)))
    return found


@pytest.mark.parametrize(
    ("module", "names"), _modules(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_all_names_exist_once(module: str, names: list[str]) -> None:
    loaded = importlib.import_module(module)
    assert len(names) == len(set(names))
    assert [name for name in names if not hasattr(loaded, name)] == []
