"""The data files: every row has its source, and agrees with an independent list."""

from __future__ import annotations

import csv
import doctest
import pkgutil
from importlib import import_module
from importlib.resources import files

import pycountry
import pytest

import overflight.marking
from overflight.marking import codes
from overflight.marking.register import load

DATA = files("overflight.marking") / "data"


@pytest.mark.parametrize("name", ["states.csv", "aliases.csv", "letters2.csv"])
def test_every_row_has_its_source(name: str) -> None:
    rows = list(csv.DictReader(DATA.joinpath(name).read_text("utf-8").splitlines()))
    assert len(rows) > 90
    assert all(row["source"] for row in rows)
    first = [next(iter(row.values())) for row in rows]
    assert len(set(first)) == len(first)
    assert first == sorted(first)


def test_states_are_those_of_iso_3166_and_kosovo() -> None:
    assert codes.states() == {c.alpha_3 for c in pycountry.countries} | {"XKX"}


def test_names_and_letters_point_to_states() -> None:
    for name in ("aliases.csv", "letters2.csv"):
        for row in csv.DictReader(DATA.joinpath(name).read_text("utf-8").splitlines()):
            assert codes.is_state(row["state"])
    for row in csv.DictReader(DATA.joinpath("aliases.csv").read_text("utf-8").splitlines()):
        assert codes.fold(row["alias"]) == row["alias"]
        assert not codes.is_state(row["alias"]) or row["alias"] == row["state"]


def test_two_letters_never_contradict_iso() -> None:
    """A code that ISO gives to another state would be a guess; only codes that it leaves free may differ."""
    iso = {c.alpha_2: c.alpha_3 for c in pycountry.countries}
    for row in csv.DictReader(DATA.joinpath("letters2.csv").read_text("utf-8").splitlines()):
        assert iso.get(row["code"], row["state"]) == row["state"]


def test_group_members_are_states() -> None:
    for group in load().groups.values():
        assert all(codes.is_state(member) for member in group.members)
        assert bool(group.members) == group.expand


@pytest.mark.parametrize("name", [m.name for m in pkgutil.iter_modules(overflight.marking.__path__)] + [""])
def test_examples_in_docstrings_run(name: str) -> None:
    module = import_module(f"overflight.marking.{name}".rstrip("."))
    assert doctest.testmod(module).failed == 0


def test_public_names_are_sorted() -> None:
    assert sorted(overflight.marking.__all__) == overflight.marking.__all__
    assert all(hasattr(overflight.marking, name) for name in overflight.marking.__all__)
