"""The vocabulary of the United States scheme, read from its data file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

from overflight.marking.codes import read_toml

__all__ = ["Control", "Group", "Level", "Register", "load"]

#: Order of the categories in a marking.
CATEGORIES = ("sci", "sap", "aea", "fgi", "ic", "nonic", "legacy")


@dataclass(frozen=True, slots=True)
class Level:
    """A level with its two forms."""

    portion: str
    banner: str
    rank: int
    foreign_only: bool


@dataclass(frozen=True, slots=True)
class Control:
    """A dissemination control; see the head of the data file for the fields."""

    portion: str
    banner: str
    titles: tuple[str, ...]
    category: str
    place: int
    levels: frozenset[str]
    only_banner: str
    originator: bool
    noforn: bool
    noforn_classified: bool
    requires_noforn: bool
    plain: str
    unmarked_as: str
    is_list: bool


@dataclass(frozen=True, slots=True)
class Group:
    """An organisation or coalition code."""

    code: str
    members: tuple[str, ...]
    expand: bool
    verified: bool


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """Everything that the data file holds, by the keys that reading and writing need; there is one alone."""

    title: str
    home: str
    relido_from: dt.date
    levels: dict[str, Level]
    level_words: dict[str, str]
    level_starts: tuple[str, ...]
    loose_levels: dict[str, tuple[str, str]]
    controls: dict[str, Control]
    control_words: dict[str, str]
    gives_way: dict[str, tuple[str, ...]]
    groups: dict[str, Group]
    sci: dict[str, str]
    aea: dict[str, str]
    aea_banner: dict[str, str]
    nato: dict[str, tuple[str, str]]
    nato_words: dict[str, str]
    nato_controls: tuple[str, ...]
    caption_words: tuple[str, ...]
    caption_endings: tuple[str, ...]
    rules: dict[str, str]

    def place(self, portion: str) -> tuple[int, int, str]:
        """Sort key of a dissemination control: category, then order of the Register."""
        control = self.controls[portion]
        return (CATEGORIES.index(control.category), control.place, portion)

    def closers(self, controls: tuple[str, ...], level: str) -> list[str]:
        """The controls that exclude every foreign reader from a portion of this level."""
        classified = level not in ("", "U")
        every = self.controls
        return [
            c
            for c in controls
            if every[c].noforn or every[c].requires_noforn or (classified and every[c].noforn_classified)
        ]

    def closes(self, controls: tuple[str, ...], level: str) -> bool:
        """Whether one of the controls excludes every foreign reader from a portion of this level."""
        return bool(self.closers(controls, level))

    def members(self, codes: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The groups among `codes` that may be expanded, with their members."""
        named = sorted({c for c in codes if c in self.groups and self.groups[c].expand})
        return tuple((code, self.groups[code].members) for code in named)


def _control(row: dict[str, Any], place: int, every: frozenset[str]) -> Control:
    return Control(
        portion=row["portion"],
        banner=row["banner"],
        titles=tuple(row.get("titles", ())),
        category=row["category"],
        place=place,
        levels=frozenset(row["levels"]) if "levels" in row else every,
        only_banner=row.get("only_banner", ""),
        originator=row.get("originator", False),
        noforn=row.get("noforn", False),
        noforn_classified=row.get("noforn_classified", False),
        requires_noforn=row.get("requires_noforn", False),
        plain=row.get("plain", ""),
        unmarked_as=row.get("unmarked_as", ""),
        is_list=row.get("list", False),
    )


@cache
def load() -> Register:
    """The Register as shipped; read once."""
    data = read_toml("us.toml")
    levels = {
        row["portion"]: Level(row["portion"], row["banner"], row["rank"], row.get("foreign_only", False))
        for row in data["level"]
    }
    every = frozenset(levels)
    controls = {row["portion"]: _control(row, place, every) for place, row in enumerate(data["control"])}
    words: dict[str, str] = {}
    for control in controls.values():
        if not control.is_list:
            for word in (control.portion, control.banner, *control.titles):
                words[word] = control.portion
    level_words = {word: lv.portion for lv in levels.values() for word in (lv.portion, lv.banner)}
    loose_levels = {row["text"]: (row["level"], row.get("control", "")) for row in data["loose_level"]}
    return Register(
        title=data["scheme"]["title"],
        home=data["scheme"]["home"],
        relido_from=data["unmarked"]["relido_from"],
        levels=levels,
        level_words=level_words,
        # The longest first, so that SECRET is not read as S and SBU-NF not as SBU.
        level_starts=tuple(sorted((*level_words, *loose_levels), key=len, reverse=True)),
        loose_levels=loose_levels,
        controls=controls,
        control_words=words,
        gives_way={row["control"]: tuple(row["to"]) for row in data["gives_way"]},
        groups={
            row["code"]: Group(
                row["code"], tuple(row.get("members", ())), row["expand"], row.get("verified", False)
            )
            for row in data["group"]
        },
        sci={word: row["portion"] for row in data["sci"] for word in (row["portion"], *row["titles"])},
        aea={
            word: row["portion"]
            for row in data["aea"]
            for word in (row["portion"], row.get("banner", row["portion"]), *row["titles"])
        },
        aea_banner={row["portion"]: row.get("banner", row["portion"]) for row in data["aea"]},
        nato={row["portion"]: (row["level"], row["banner"]) for row in data["nato"]},
        nato_words={word: row["portion"] for row in data["nato"] for word in (row["portion"], row["banner"])},
        nato_controls=tuple(row["portion"] for row in data["nato_control"]),
        caption_words=tuple(row["text"] for row in data["caption"] if "text" in row),
        caption_endings=tuple(row["ending"] for row in data["caption"] if "ending" in row),
        rules={row["id"]: row["text"] for row in data["rule"]},
    )
