"""The tables of a desk's store, as the newest migration leaves them.

Times are texts of one width (`overflight.store.canonical.time_text`), so that they sort as they are.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text

__all__ = [
    "AGENDA",
    "AUDIT",
    "CASES",
    "DESK",
    "EVENTS",
    "LINKS",
    "METADATA",
    "REPEATS",
    "REVISION",
    "SESSIONS",
    "SHELF",
    "SHELF_ANSWERS",
    "SHELF_SEAL",
    "TOKENS",
    "TRIES",
    "USERS",
    "VERSION",
]

#: The revision of the newest migration; a test holds it to the scripts.
REVISION = "0006"
#: The table that names the revision; not Alembic's default name, another program may use that.
VERSION = "overflight_version"

METADATA = MetaData()

#: One row: whose log this is, and its head.
DESK = Table(
    "desk",
    METADATA,
    Column("one", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("recorded_at", Text, nullable=False),
)

#: The log. `record` is what is hashed; the columns before it repeat its fields for the database to search.
EVENTS = Table(
    "events",
    METADATA,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("recorded_at", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("true_at", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("source", Text),
    Column("key", Text),
    Column("previous", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Index("events_case", "case_id", "seq"),
)
Index(
    "events_key",
    EVENTS.c.key,
    sqlite_where=EVENTS.c.key.is_not(None),
    postgresql_where=EVENTS.c.key.is_not(None),
)

#: Derived: how far every case has come.
CASES = Table(
    "cases",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("events", BigInteger, nullable=False),
)

#: Derived: what every case waits for.
AGENDA = Table(
    "agenda",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("due_at", Text),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("agenda_due", "due_at", "case_id", "key"),
)

#: What was answered to requests with an idempotency key; `status` is NULL until it is known.
REPEATS = Table(
    "repeats",
    METADATA,
    Column("account", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("begun_at", Text, nullable=False),
    Column("status", Integer),
    Column("headers", Text),
    Column("body", LargeBinary),
    Index("repeats_begun", "begun_at"),
)

#: Who may sign in.
USERS = Table(
    "users",
    METADATA,
    Column("handle", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("password", Text),
    Column("issuer", Text),
    Column("subject", Text),
    Column("created_at", Text, nullable=False),
    Column("disabled_at", Text),
    Index("users_subject", "issuer", "subject", unique=True),
)

#: Who is signed in; `digest` is of the cookie's secret.
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("name", Text, nullable=False),
    Column("handle", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Index("sessions_handle", "handle"),
)

#: What programs sign in with; `digest` is of the token.
TOKENS = Table(
    "tokens",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("name", Text, nullable=False),
    Column("handle", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("used_at", Text),
    Index("tokens_handle", "handle"),
)

#: One-time links that were not used yet; `digest` is of the secret in the address.
LINKS = Table(
    "links",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("handle", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("goes_to", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
)

#: Failed tries to sign in.
TRIES = Table(
    "tries",
    METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("key", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("tries_key", "key", "at"),
)

#: Every access, without content; only added to.
AUDIT = Table(
    "audit",
    METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("about", Text, nullable=False),
    Index("audit_account", "account", "number"),
)

#: Derived: what was released to each state, as its guests read it; the last two columns are home's.
SHELF = Table(
    "shelf",
    METADATA,
    Column("reference", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("paper", Text, nullable=False),
    Column("ask", Text, nullable=False),
    Column("due", Text),
    Column("released_at", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("approach", Text, nullable=False),
    Index("shelf_state", "state", "released_at", "reference"),
)

#: What guests answered; what became of it (`fate`) is home's.
SHELF_ANSWERS = Table(
    "shelf_answers",
    METADATA,
    Column("reference", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("conditions", Text, nullable=False),
    Column("valid_from", Text),
    Column("valid_until", Text),
    Column("words", Text, nullable=False),
    Column("given_at", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("fate", Text),
    Column("fate_at", Text),
    Column("fate_by", Text),
    Column("fate_why", Text),
    Index("shelf_answers_fate", "fate", "given_at"),
)

#: One row in PostgreSQL: what the desk seals the name of a guest's state with. No guest can read it.
SHELF_SEAL = Table("shelf_seal", METADATA, Column("secret", LargeBinary, primary_key=True))
