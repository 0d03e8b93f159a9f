"""The log: a desk, its events, and triggers that refuse to change them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SQLITE = """
CREATE TRIGGER events_{what} BEFORE {deed} ON events {when}
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END
"""

_POSTGRES = (
    """
CREATE FUNCTION overflight_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'events are never changed'; END $$
""",
    """
CREATE TRIGGER events_rows BEFORE UPDATE OR DELETE ON events
FOR EACH ROW EXECUTE FUNCTION overflight_refuse()
""",
    """
CREATE TRIGGER events_truncate BEFORE TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION overflight_refuse()
""",
)


def upgrade() -> None:
    """Make the tables."""
    postgres = op.get_bind().dialect.name == "postgresql"
    text = sa.Text(collation="C") if postgres else sa.Text()  # sorted by code point, whatever the locale
    op.create_table(
        "desk",
        sa.Column("one", sa.Integer, sa.CheckConstraint("one = 1"), primary_key=True, autoincrement=False),
        sa.Column("id", text, nullable=False),
        sa.Column("created_at", text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("recorded_at", text, nullable=False),
    )
    op.create_table(
        "events",
        # A plain INTEGER is SQLite's own row number: events lie in the file in their order.
        sa.Column("seq", sa.BigInteger if postgres else sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("recorded_at", text, nullable=False),
        sa.Column("case_id", text, nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("true_at", text, nullable=False),
        sa.Column("office", text, nullable=False),
        sa.Column("source", text),
        sa.Column("key", text),
        sa.Column("previous", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
    )
    op.create_index("events_case", "events", ["case_id", "seq"])
    given = sa.text("key IS NOT NULL")
    op.create_index("events_key", "events", ["key"], sqlite_where=given, postgresql_where=given)
    if postgres:
        for statement in _POSTGRES:
            op.execute(statement)
        return
    op.execute(_SQLITE.format(what="update", deed="UPDATE", when=""))
    op.execute(_SQLITE.format(what="delete", deed="DELETE", when=""))
    # INSERT OR REPLACE would delete without asking the trigger above.
    there = "WHEN EXISTS (SELECT 1 FROM events WHERE seq = NEW.seq)"
    op.execute(_SQLITE.format(what="replace", deed="INSERT", when=there))
