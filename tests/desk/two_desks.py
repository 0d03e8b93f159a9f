"""Two desks that a guest cannot tell apart: what he may see is the same on both, everything else differs.

`build` makes one of them. What guest G (Kazakhstan) may see happens at fixed moments, through the hands that
work a real desk: papers proposed, approved and released to him, his earlier answer. Between those moments the
desk does other things, drawn from a seed: ids, titles and statements of its own, other states' papers and
answers, papers for G that are not out, plans, outcomes, mergers, accounts, audit, tries, lists.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher
from sqlalchemy import update

from overflight.case.life.approvals import Request, approve, propose, refuse, release
from overflight.case.life.planning import Sheet, open_case, plan, state_it
from overflight.case.life.repairs import merge
from overflight.case.life.replies import answer, deliver, end
from overflight.case.life.requests import close
from overflight.desk.access import Action
from overflight.desk.rooms import Rooms, open_rooms
from overflight.errors import OverflightError
from overflight.screening.lists.library import Library
from overflight.settings import Settings
from overflight.store.accounts import Account, AccountBook, Session, Token
from overflight.store.audit import Access, AuditBook
from overflight.store.canonical import genesis
from overflight.store.shelf import Shelf, ShelfKeeper
from overflight.store.tables import DESK
from overflight.world.flight import Flight
from overflight.world.flight_file import parse_flight

__all__ = [
    "CHEAP",
    "EVENING",
    "GUEST",
    "LEAVING",
    "NAME",
    "PASSWORD",
    "SECRET",
    "SEEN",
    "SESSION",
    "STATE",
    "TOKEN",
    "Built",
    "build",
]

STATE = "KAZ"
GUEST = "guest-kaz"
#: When the desks are looked at; the clock stands still then.
EVENING = datetime(2008, 8, 6, 18, 0, tzinfo=UTC)
SECRET = b"two desks, one secret for forms "
SESSION = "the-session-of-guest-g"
LEAVING = "the-session-of-guest-g-that-ends"
TOKEN = "ovf_the-token-of-guest-g"
PASSWORD = "seven quiet herons over water"
#: One installation, seen twice.
#: Passwords hashed with as little work as argon2 can do.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NAME = "6f3f0f0e-8e0b-4b39-9d0f-2d2f54a5c0de"
#: Words that G's papers have, and that a crawl must have seen.
SEEN = (
    "The charter is said to call at Almaty",
    "for Kazakhstan alone: the agent has an office in Aktau",
    "A second flight is planned from Sunan",
    "The agent has moved its office to Atyrau",
)
#: Begins every text that G may not read.
HIDDEN = "KESTREL"

_OTHERS = ("KGZ", "UZB", "TKM", "IND", "MMR", "PAK", "MNG", "CHN")
_WORDS = ("barrel", "cistern", "gasket", "ledger", "lathe", "mandrel", "nozzle", "pallet", "valve", "weld")
_PLAIN = """
[flight]
id = "{id}"
operator = "KOR"
kind = "civil non-scheduled"
purpose = "{purpose}"
cargo = "{cargo}"
concern = "{concern}"
aircraft = {{ type = "IL62" }}
sources = ["{source}"]

[[leg]]
from = "ZKPY"
to = "{to}"
departs = {day}
"""

_LIST = """<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="{day}T00:00:00.000Z">
<INDIVIDUALS/><ENTITIES>{rows}</ENTITIES></CONSOLIDATED_LIST>
"""
_LAW = (
    "id,instrument,paragraph,adopted,in_force_from,in_force_until,applies_to,target,links,kind,binding,trigger,"
    "cargo,carriers,when,supports,effect,exemptions,clock,verified,unverified,key,note,source"
)


@dataclass
class Built:
    """A desk that was built.

    Attributes
    ----------
    settings : Settings
    cases : list of str
        Ids of its cases.
    papers : list of str
        References on G's shelf.
    others : list of str
        References on other shelves.
    names : list of str
        Numbers and ids inside its cases: statements, proposals, approaches, events; and its accounts.
    tag : str
        Stands in every text that G may not read.
    done : list of str
        What was done that G may not see.
    """

    settings: Settings
    cases: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    tag: str = ""
    done: list[str] = field(default_factory=list)


def build(settings: Settings, seed: str, *, busy: int = 6) -> Built:
    """Make a desk.

    Parameters
    ----------
    settings : Settings
        Of an empty folder or database.
    seed : str
        Everything that G may not see is drawn from it.
    busy : int
        How many hidden things happen between two visible ones.
    """
    made = _Builder(settings, random.Random(seed), busy)
    try:
        return made.run()
    finally:
        made.rooms.close()


class _Builder:
    def __init__(self, settings: Settings, dice: random.Random, busy: int) -> None:
        self.dice, self.busy = dice, busy
        self.now = datetime(2008, 8, 1, 8, 0, tzinfo=UTC)
        self.rooms: Rooms = open_rooms(settings, clock=lambda: self.now)
        engine = self.rooms.store.log.engine
        with engine.begin() as link:
            link.execute(update(DESK).values(id=NAME, digest=genesis(NAME)))
        self.rooms.close()
        self.rooms = open_rooms(settings, clock=lambda: self.now)
        self.keeper = ShelfKeeper(self.rooms.store.log.engine)
        self.made = Built(settings)
        self.tag = self.made.tag = f"{dice.choice(_WORDS)}-{dice.randrange(10**6)}"
        self.open: list[str] = []

    # --- what G sees, at fixed moments

    def run(self) -> Built:
        self._accounts()
        first = self._first()
        self._meanwhile(1)
        self._at(2, 12, 0)
        asked = ("refuse-overflight", "information")
        self._release(first, Request("approach", self._with(), asked, _due(5), self._visible(first)))
        self._meanwhile(2)
        self._at(3, 9, 30)
        second = self._second()
        visible = self._visible(second)
        self._release(second, Request("approach", self._with(), ("deny-landing",), _due(9), visible))
        self._meanwhile(3)
        self._answered()
        self._meanwhile(4)
        self._at(5, 7, 15)
        self._changed(first)
        self._meanwhile(5)
        self._unreleased(first)
        self._fate()
        self._law()
        self.now = EVENING
        self._remember()
        return self.made

    def _at(self, day: int, hour: int, minute: int) -> None:
        self.now = datetime(2008, 8, day, hour, minute, tzinfo=UTC)

    def _visible(self, case_id: str) -> tuple[str, ...]:
        """Statements that home means for G, and some that G may not have: only `release` sorts them out."""
        case = self.rooms.cases.load(case_id)
        ours = [one.id for one in case.statements if one.source == "invented"]
        hidden = [
            one.id for one in case.statements if one.text.startswith(HIDDEN) and "KAZ" not in one.marking
        ]
        found = [*ours, *self.dice.sample(hidden, self.dice.randrange(len(hidden) + 1))]
        return tuple(sorted(found, key=lambda one: int(one[1:])))

    def _with(self) -> tuple[str, ...]:
        """G alone, or G among others."""
        states = [STATE, *self.dice.sample(_OTHERS[:4], self.dice.randrange(3))]
        self.dice.shuffle(states)
        return tuple(states)

    def _first(self) -> str:
        """A case with statements that G may read, in this order, and others among them."""
        return self._case(
            self._flight("JS611", "OIIE"),
            [
                Sheet(f"{SEEN[0]} on its way.", "U", "invented", ("flight", "operator", "route", "dates")),
                Sheet("Its cargo was loaded by night.", "S//REL TO USA, KAZ", "invented"),
                Sheet(f"This is {SEEN[1]}.", "S//REL TO USA, KAZ", "invented"),
            ],
        )

    def _second(self) -> str:
        return self._case(
            self._flight("JS913", "OSDI"),
            [Sheet(f"{SEEN[2]}, to Damascus.", "C//REL TO USA, KAZ", "invented", ("flight",))],
        )

    def _case(self, flight: Flight, visible: list[Sheet]) -> str:
        sheets = self._among(visible)
        name = f"{self.dice.choice(_WORDS)}-{self.dice.randrange(10**4)}".upper()
        case = open_case(
            self.rooms.cases,
            flight,
            case_id=name,
            title=f"{HIDDEN} {self.tag}",
            tip=f"{HIDDEN} tip {self.tag}",
            source=f"{HIDDEN} source",
            statements=sheets,
        )
        self.made.cases.append(case.id)
        return case.id

    def _among(self, visible: list[Sheet]) -> list[Sheet]:
        """Statements in their order, with hidden ones at places drawn."""
        sheets = list(visible)
        for _ in range(self.dice.randrange(4)):
            sheets.insert(self.dice.randrange(len(sheets) + 1), self._hidden())
        return sheets

    def _hidden(self) -> Sheet:
        marking = self.dice.choice(
            [
                "S//NF",
                "S//REL TO USA, KGZ",
                "S//REL TO USA, TKM, UZB",
                "C//NF",
                "S//DISPLAY ONLY IND",
                "TS//NF",
            ]
        )
        words = " ".join(self.dice.choices(_WORDS, k=self.dice.randrange(2, 9)))
        return Sheet(f"{HIDDEN} {self.tag}: {words}.", marking, f"{HIDDEN} {self.dice.randrange(99)}")

    def _flight(self, name: str, to: str, day: str = "2008-08-07") -> Flight:
        """The flight of a case: what G is not told of it differs."""
        text = _PLAIN.format(
            id=name,
            to=to,
            day=day,
            purpose=self.dice.choice(["undeclared", "ferry", "delegation"]),
            cargo=self.dice.choice(["undeclared", "machine parts", "none"]),
            concern=f"{HIDDEN} {self.dice.choice(_WORDS)}",
            source=f"{HIDDEN} {self.tag}",
        )
        return parse_flight(text)

    def _release(self, case_id: str, request: Request) -> None:
        """Propose, approve by two, release: at one moment for G."""
        _, body = propose(self.rooms.cases, case_id, request, account="officer-1")
        for one in self.dice.sample(["approver-1", "approver-2", f"approver-{self.tag}"], 2):
            approve(self.rooms.cases, case_id, body.id, account=one, digest=body.digest)
        wanted = self.dice.choice([1, 2])
        release(self.rooms.cases, self.keeper, case_id, body.id, account="officer-1", wanted=wanted)

    def _answered(self) -> None:
        """G's first answer, at its moment."""
        self._at(4, 10, 0)
        shelf = Shelf(self.rooms.store.log.engine, STATE)
        paper = min(shelf.released(), key=lambda one: one.released_at)
        shelf.answer(
            paper.reference,
            "ASK_MORE_INFORMATION",
            account=GUEST,
            at=self.now,
            words="We are looking into it.",
        )

    def _changed(self, case_id: str) -> None:
        """A new fact for G, and an update that brings it."""
        state_it(
            self.rooms.cases, case_id, self._among([Sheet(f"{SEEN[3]}.", "S//REL TO USA, KAZ", "invented")])
        )
        found = self.rooms.cases.load(case_id)
        fresh = tuple(one.id for one in found.statements if SEEN[3] in one.text)
        self._release(case_id, Request("update", (STATE,), statements=fresh, why=f"{HIDDEN} {self.tag}"))

    # --- what G does not see

    def _meanwhile(self, day: int) -> None:
        """Hidden things in the afternoon of a day."""
        self._at(day, 13, 0)
        for _ in range(self.dice.randrange(self.busy + 1)):
            self.now += timedelta(minutes=self.dice.randrange(1, 40))
            deed = self.dice.choice(_DEEDS)
            with suppress(OverflightError):  # what cannot be done at the moment is left undone
                deed(self)
                self.made.done.append(deed.__name__.strip("_"))

    def _other_case(self) -> None:
        name = self.dice.choice(["IR655", "JS222", "KOR9", "TUL44"])
        sheets = [self._hidden() for _ in range(self.dice.randrange(1, 4))]
        case = self._case(self._flight(name, self.dice.choice(["OIIE", "OSDI", "VYMD"])), sheets)
        self.open.append(case)

    def _statement(self) -> None:
        state_it(self.rooms.cases, self.dice.choice(self.made.cases), [self._hidden()])

    def _to_others(self) -> None:
        """A paper for another state, in any case."""
        case_id, state = self.dice.choice(self.made.cases), self.dice.choice(_OTHERS)
        text = f"{HIDDEN} for {state}: {self.dice.choice(_WORDS)} {self.tag}."
        _, ids = state_it(self.rooms.cases, case_id, [Sheet(text, f"S//REL TO USA, {state}", HIDDEN)])
        due = self.now + timedelta(hours=self.dice.randrange(1, 90))
        self._release(case_id, Request("approach", (state,), ("information",), due, statements=ids))

    def _other_guest(self) -> None:
        """Another state's guest answers."""
        shelves = [one for one, _, _ in self.keeper.released() if one.state != STATE]
        paper = self.dice.choice(shelves) if shelves else None
        if paper is not None:
            shelf = Shelf(self.rooms.store.log.engine, paper.state)
            decision = self.dice.choice(["DENY_OVERFLIGHT", "ALLOW", "REFUSE_TO_SAY"])
            words = f"{HIDDEN} {self.tag}"
            shelf.answer(
                paper.reference, decision, account=f"guest-{paper.state.lower()}", at=self.now, words=words
            )

    def _reply(self) -> None:
        """Another state answers by telegram."""
        case = self.rooms.cases.load(self.dice.choice(self.made.cases))
        state = self.dice.choice([one for one in case.approached if one != STATE] or list(_OTHERS))
        answer(self.rooms.cases, case.id, state, self.dice.choice(["DENY", "ALLOW", "DENY_LANDING"]))

    def _delivered(self) -> None:
        case = self.rooms.cases.load(self.dice.choice(self.made.cases))
        if case.approached:
            state = self.dice.choice(list(case.approached))
            deliver(self.rooms.cases, case.id, state, office=f"{HIDDEN} ministry", form="oral")

    def _new_plan(self) -> None:
        case_id = self.dice.choice(self.open or self.made.cases[2:] or [""])
        found = self.rooms.cases.load(case_id).flight
        moved = self._flight(found.id, self.dice.choice(["OIIE", "OSDI", "VYMD"]), "2008-08-09")
        plan(self.rooms.cases, case_id, moved, why=f"{HIDDEN} {self.tag}")

    def _outcome(self) -> None:
        if self.open:
            case_id = self.dice.choice(self.open)
            end(self.rooms.cases, case_id, self.dice.choice(["FLOWN", "CANCELLED"]), evidence=HIDDEN)
            if self.dice.random() < 0.5:
                close(self.rooms.cases, case_id)

    def _merged(self) -> None:
        if len(self.open) > 1:
            into, other = self.dice.sample(self.open, 2)
            merge(self.rooms.cases, into, other, why=HIDDEN)

    def _waits(self) -> None:
        """A paper for G that is not out: proposed, approved by one, refused, or about to go."""
        case_id = self.dice.choice(self.made.cases)
        text = f"{HIDDEN} unreleased, for KAZ: {self.dice.choice(_WORDS)} {self.tag}."
        _, ids = state_it(self.rooms.cases, case_id, [Sheet(text, "S//REL TO USA, KAZ", HIDDEN)])
        request = Request("approach", (STATE,), ("information",), self.now + timedelta(days=3), ids)
        _, body = propose(self.rooms.cases, case_id, request, account="officer-2")
        count = self.dice.randrange(4)
        for one in ("approver-1", "approver-2")[:count]:
            approve(self.rooms.cases, case_id, body.id, account=one, digest=body.digest)
        if count == 3:
            refuse(self.rooms.cases, case_id, body.id, account="approver-1", why=HIDDEN)

    def _said_only(self) -> None:
        """What G is told and not left: nothing comes to the shelf."""
        case_id = self.dice.choice(self.made.cases)
        text = f"{HIDDEN} to be said: {self.dice.choice(_WORDS)}."
        _, ids = state_it(self.rooms.cases, case_id, [Sheet(text, "S//DISPLAY ONLY KAZ", HIDDEN)])
        request = Request(
            "approach", (STATE,), ("information",), self.now + timedelta(days=2), statements=ids
        )
        self._release(case_id, request)

    def _traffic(self) -> None:
        """Others use the desk: accesses, failed tries, accounts."""
        engine = self.rooms.store.log.engine
        AuditBook(engine, "audit").add(
            [
                Access(self.now, f"officer-{n}", "officer", "GET", "/cases/{case_id}", 200)
                for n in range(self.dice.randrange(1, 30))
            ]
        )
        book = AccountBook(engine, "accounts")
        name = f"{self.dice.choice(['officer', 'auditor', 'admin'])}-{self.dice.randrange(10**6)}"
        book.add(Account(name, name.partition("-")[0], "", None, None, None, self.now, None))
        book.failed((f"handle {name}", "address 10.9.9.9"), self.now, self.now)
        self.made.names.append(name)

    def _guest_elsewhere(self) -> None:
        state = self.dice.choice(_OTHERS)
        book = AccountBook(self.rooms.store.log.engine, "accounts")
        book.add(Account(f"guest-{state.lower()}", "guest", state, None, None, None, self.now, None))
        self.made.names.append(f"guest-{state.lower()}")

    def _lists(self) -> None:
        """A list is imported."""
        day = f"2008-0{self.dice.randrange(1, 8)}-1{self.dice.randrange(10)}"
        names = [f"{HIDDEN} {self.tag} {n}" for n in range(self.dice.randrange(1, 5))]
        self.made.settings.home.mkdir(parents=True, exist_ok=True)
        path = self.made.settings.home / "list.xml"
        path.write_text(_LIST.format(day=day, rows="".join(map(_entity, names))), encoding="utf-8")
        Library(self.made.settings.home, lambda: self.now).add("un", [path], force=True)
        path.unlink()

    def _law(self) -> None:
        """Rows of law of the desk's own, for others; they come when all of G's papers are out."""
        folder = self.made.settings.home / "law"
        folder.mkdir(parents=True, exist_ok=True)
        rows = [
            f"DESK-{self.tag}-{n},{HIDDEN},,2001-01-01,2001-01-01,,KGZ,IRN,from,DENY_AIR,mandatory,link,*,,carries=cargo,"
            f"deny-landing=act,refuse {HIDDEN},,,no,{HIDDEN},V5,,{HIDDEN}"
            for n in range(self.dice.randrange(4))
        ]
        if rows:
            (folder / "own.csv").write_text("\n".join([_LAW, *rows]) + "\n", encoding="utf-8")

    def _unreleased(self, case_id: str) -> None:
        """What G's own case holds after his last paper differs, too."""
        for _ in range(self.dice.randrange(3)):
            self.now += timedelta(minutes=7)
            with suppress(OverflightError):
                self._statement()
        if self.dice.random() < 0.5:
            moved = self._flight("JS611", "OSDI", "2008-08-10")
            plan(self.rooms.cases, case_id, moved, why=f"{HIDDEN} {self.tag}")
        if self.dice.random() < 0.5:
            with suppress(OverflightError):
                end(self.rooms.cases, case_id, "DENIED", evidence=f"{HIDDEN} {self.tag}")

    def _fate(self) -> None:
        """G's answer is taken, dismissed, or waits: he is not told."""
        waiting = [one for one in self.keeper.received(waiting=True) if one.answer.state == STATE]
        choice = self.dice.choice(["taken", "dismissed", ""])
        for one in waiting if choice else ():
            self.keeper.settle(one.answer, choice, account="officer-1", at=self.now, why=HIDDEN)  # type: ignore[arg-type]

    # --- who may come in

    def _accounts(self) -> None:
        book = AccountBook(self.rooms.store.log.engine, "accounts")
        cheap = CHEAP.hash(PASSWORD)
        start = self.now
        ours = [("officer-1", "officer", ""), ("approver-1", "approver", ""), (GUEST, "guest", STATE)]
        for handle, role, state in ours:
            book.add(Account(handle, role, state, cheap, None, None, start, None))
        session = Session("session-of-g", GUEST, "password", EVENING, EVENING, EVENING + timedelta(hours=9))
        book.open_session(_digest(SESSION), session)
        book.open_session(_digest(LEAVING), replace(session, name="session-that-ends"))
        scopes = ",".join(sorted([Action.READ_SHELF.value, Action.ANSWER.value]))
        token = Token(
            "token-of-g", GUEST, "a program of g", scopes, start, EVENING + timedelta(days=90), None
        )
        book.add_token(_digest(TOKEN), token)

    def _remember(self) -> None:
        released = self.keeper.released()
        self.made.papers = [one.reference for one, _, _ in released if one.state == STATE]
        self.made.others = [one.reference for one, _, _ in released if one.state != STATE]
        for case_id in self.made.cases[:3]:
            case = self.rooms.cases.load(case_id)
            self.made.names += [one.id for one in case.statements[-2:]]
            self.made.names += [one.body.id for one in case.proposals[-1:]]
            self.made.names += [one.body.id for one in case.approaches[-1:]]
            self.made.names += [str(one.seq) for one in case.history[-1:]]


_DEEDS: tuple[Callable[[_Builder], None], ...] = (
    _Builder._other_case,
    _Builder._other_case,
    _Builder._statement,
    _Builder._to_others,
    _Builder._to_others,
    _Builder._other_guest,
    _Builder._reply,
    _Builder._delivered,
    _Builder._new_plan,
    _Builder._outcome,
    _Builder._merged,
    _Builder._waits,
    _Builder._waits,
    _Builder._said_only,
    _Builder._traffic,
    _Builder._guest_elsewhere,
    _Builder._lists,
)


def _entity(name: str) -> str:
    number = hashlib.sha256(name.encode()).hexdigest()[:6]
    return (
        f"<ENTITY><DATAID>{int(number, 16)}</DATAID><FIRST_NAME>{name}</FIRST_NAME>"
        f"<UN_LIST_TYPE>EXERCISE</UN_LIST_TYPE><REFERENCE_NUMBER>EXe.{number}</REFERENCE_NUMBER>"
        "<LISTED_ON>2006-03-02</LISTED_ON></ENTITY>"
    )


def _due(day: int) -> datetime:
    return datetime(2008, 8, day, 12, 0, tzinfo=UTC)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
