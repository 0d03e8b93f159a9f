"""The United States scheme: Register order, roll-up by rule, State Department usage understood on reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from overflight.marking import us_rollup, us_writing
from overflight.marking.codes import dated, fold, period
from overflight.marking.model import Checked, Marking, Rolled, Settings, Switches, Terms
from overflight.marking.register import load
from overflight.marking.us_reading import read
from overflight.marking.us_rules import CLASSIFIED, correct

__all__ = ["SCHEME", "UnitedStates"]

#: Documents repeat a few marks many times: readings of texts up to this length are remembered.
_REMEMBERED = 200


_dated = lru_cache(maxsize=4096)(dated)


@lru_cache(maxsize=4096)
def _parse(text: str, date: dt.date | None) -> Marking:
    register = load()
    reading = read(text, register, date)
    bare = text.strip()
    if reading.brackets and len(bare) >= 2:
        bare = bare[1:-1].strip()
    marking = reading.marking(bare[:200], register)
    correct(reading, marking, register)
    # A marking that breaks a rule in a way nobody can put right may not be relied on either.
    if reading.notes.undetermined and not marking.inferred:
        return replace(
            marking, inferred=True, understood=(*marking.understood, "a marking that breaks a rule")
        )
    return marking


class UnitedStates:
    """Markings of the Register and Manual of 31 December 2016; the looser usage of telegrams on reading."""

    @property
    def name(self) -> str:
        """The short name."""
        return "us"

    @property
    def title(self) -> str:
        """The name for people."""
        return load().title

    def parse(self, text: str, date: dt.date | None = None) -> Marking:
        """Read a portion or a banner; what is not understood stands in ``unparsed``."""
        # The day decides what a name means and nothing else: a mark means the same over a whole period, and
        # one without such a name always.
        if len(text) > _REMEMBERED:
            return _parse.__wrapped__(text, period(date))
        return _parse(text, period(date) if date is not None and _dated(text) else None)

    def portion(self, marking: Marking) -> str:
        """The canonical portion form, without brackets."""
        return us_writing.portion(marking, load())

    def banner(self, marking: Marking) -> str:
        """The canonical banner form."""
        return us_writing.banner(marking, load())

    def check(self, text: str, date: dt.date | None = None) -> Checked:
        """Every fault with its column from 1, and the corrected marking in the form given."""
        register = load()
        reading = read(text, register, date)
        marking = reading.marking(text.strip()[:200], register)
        fixed = correct(reading, marking, register)
        faults = tuple(sorted(set(reading.notes.faults), key=lambda f: (f.column, f.rule, f.message)))
        if not faults:
            return Checked(True, (), text.strip(), marking)
        if fixed is None:
            return Checked(False, faults, None, marking)
        write = us_writing.portion if reading.form == "portion" else us_writing.banner
        corrected = write(fixed, register)
        return Checked(False, faults, f"({corrected})" if reading.brackets else corrected, marking)

    def rollup(self, marks: Sequence[Marking], on_date: dt.date | None, switches: Switches) -> Rolled:
        """The banner over portions, by the numbered rules."""
        return us_rollup.rollup(marks, on_date, switches, load())

    def over(self, marks: Sequence[Marking], on_date: dt.date | None, switches: Switches) -> Marking:
        """The marking of the banner over portions."""
        return us_rollup.over(marks, on_date, switches, load())

    def holds(self, caption: str) -> bool:
        """Whether a caption of a whole message leaves release to the originator (NODIS, EXDIS, a channel)."""
        register = load()
        words = fold(caption[:200]).split()
        if words and max(map(len, words)) == 1:  # set apart letter by letter
            whole = "".join(words)
            endings = tuple(register.caption_endings)
            return whole.endswith(endings) or whole.startswith(
                tuple("".join(w.split()) for w in register.caption_words)
            )
        text = " ".join(words)
        if any(f"{text} ".startswith(f"{w} ") for w in register.caption_words):
            return True
        if text in register.control_words:  # FOR OFFICIAL USE ONLY is a control, not a role
            control = register.controls[register.control_words[text]]
            return control.originator or control.noforn
        return any(ending in words[1:] for ending in register.caption_endings)

    def terms(self, marking: Marking, date: dt.date | None, settings: Settings) -> Terms:
        """What the marking says about release."""
        register = load()
        if marking.unparsed or marking.level not in register.levels:
            return Terms(unreadable="the marking is not understood")
        closed = register.closers(marking.controls, marking.level)
        certain, doubtful = _split(marking.rel)
        told, _ = _split(marking.display)
        foreign = marking.origin != "us" or bool(marking.fgi) or marking.fgi_concealed
        caveats = tuple(c for c in marking.controls if c != "RELIDO") + marking.sap + marking.aea
        return Terms(
            originator=tuple(c for c in marking.controls if register.controls[c].originator),
            home=register.home,
            closed=", ".join(register.controls[c].banner for c in closed),
            listed=bool(marking.rel or marking.display or marking.rel_same or marking.recipients),
            release=certain,
            disclose=told,
            doubtful=doubtful - certain,
            deferred=_deferred(marking),
            foreign=foreign,
            unmarked=_unmarked(marking, caveats, date) if marking.level in CLASSIFIED else "",
            controls=caveats,
            free=marking.level == "U" and not caveats and not marking.sci and not foreign,
        )

    def reduced(self, marking: Marking, to_state: str, oral: bool) -> Marking:
        """The marking of the copy for one state: its lists name no other."""
        register = load()
        home = register.home
        listed = bool(marking.rel or marking.display)
        if to_state == home or not listed:
            return marking
        rel: tuple[str, ...] = () if oral else (home, to_state)
        fixed = replace(
            marking,
            rel=rel,
            display=(to_state,) if oral else (),
            controls=tuple(c for c in marking.controls if c != "RELIDO"),
            text="",
            inferred=False,
            understood=(),
        )
        return us_writing.canonical(fixed, register)


def _split(codes: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The states of a list, and those that are on it only through a group whose members are not verified."""
    register = load()
    certain: set[str] = set()
    doubtful: set[str] = set()
    for code in codes:
        group = register.groups.get(code)
        if group is None:
            certain.update((code,) if len(code) == 3 else ())
        elif group.expand:
            (certain if group.verified else doubtful).update(group.members)
    return frozenset(certain), frozenset(doubtful)


def _deferred(marking: Marking) -> str:
    if marking.recipients:
        return "the recipients are not resolved to states"
    if marking.rel_same:
        return "the mark has no list of its own: take the banner's"
    if "RELIDO" in marking.controls:
        return "a disclosure officer decides (RELIDO)"
    return ""


def _unmarked(marking: Marking, caveats: tuple[str, ...], date: dt.date | None) -> str:
    """How a classified marking without release marking is handled (table 2)."""
    if date is not None and date >= load().relido_from and not caveats:
        return "classified and without release marking: a disclosure officer decides (as RELIDO)"
    return "classified and without release marking: handled as NOFORN"


SCHEME = UnitedStates()
