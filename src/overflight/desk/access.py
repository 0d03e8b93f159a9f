"""Who may do what at the desk: roles, what each may do, and the one function that decides.

What a *state* may read is decided by `overflight.marking.release` and by nothing here: a guest reaches only
the shelf of what was released to his state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["GRANTS", "Action", "Reader", "Role", "may"]


class Role(StrEnum):
    """What an account is for; one each."""

    OFFICER = "officer"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMIN = "admin"
    GUEST = "guest"


class Action(StrEnum):
    """What a page or an endpoint does; each names one."""

    READ_CASES = "read cases"
    #: Calendars and maps for other programs; a token for these alone may stand in an address.
    READ_FEEDS = "read feeds"
    WRITE_CASES = "write cases"
    APPROVE = "approve releases"
    #: Reading telegrams, screening, law: tools that look at what the reader brings.
    USE_TOOLS = "use tools"
    #: The log's proof and the audit of accesses; no content.
    READ_AUDIT = "read audit"
    MANAGE = "manage the desk"
    #: One's own password, sessions and tokens.
    OWN_ACCOUNT = "keep the own account"
    #: What was released to a guest's own state, and its answers.
    READ_SHELF = "read the shelf"
    ANSWER = "answer"


#: What each role may do. An admin manages and reads no case; an auditor reads all and changes nothing.
GRANTS: Mapping[Role, frozenset[Action]] = {
    Role.OFFICER: frozenset(
        {
            Action.READ_CASES,
            Action.READ_FEEDS,
            Action.WRITE_CASES,
            Action.USE_TOOLS,
            Action.OWN_ACCOUNT,
        }
    ),
    Role.APPROVER: frozenset(
        {Action.READ_CASES, Action.READ_FEEDS, Action.APPROVE, Action.USE_TOOLS, Action.OWN_ACCOUNT}
    ),
    Role.AUDITOR: frozenset({Action.READ_CASES, Action.READ_FEEDS, Action.READ_AUDIT, Action.OWN_ACCOUNT}),
    Role.ADMIN: frozenset({Action.MANAGE, Action.READ_AUDIT, Action.OWN_ACCOUNT}),
    Role.GUEST: frozenset({Action.READ_SHELF, Action.ANSWER}),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever is signed in.

    Attributes
    ----------
    account : str
        Its handle: a function of the office such as ``officer-1``, never a person's name.
    role : Role
    state : str
        Alpha-3 of a guest's state; empty for the home desk's own.
    scopes : frozenset of Action or None
        What an API token was narrowed to; None: all that the role may.
    session : str
        Names the session or token, for the protection of forms; never the secret itself.
    """

    account: str
    role: Role
    state: str = ""
    scopes: frozenset[Action] | None = None
    session: str = ""

    @property
    def guest(self) -> bool:
        return self.role is Role.GUEST


def may(reader: Reader | None, action: Action) -> bool:
    """Whether a reader may do something. Nobody may do anything; a guest without a state neither."""
    if reader is None or action not in GRANTS[reader.role]:
        return False
    if reader.guest and not reader.state:
        return False
    return reader.scopes is None or action in reader.scopes
