"""Accounts, sessions, tokens, one-time links, failed tries; the audit of accesses, which is only added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_SQLITE = """
CREATE TRIGGER audit_{what} BEFORE {deed} ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END
"""

_POSTGRES = (
    """
CREATE OR REPLACE FUNCTION overflight_refuse_audit() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is never changed'; END $$
""",
    """
CREATE TRIGGER audit_rows BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION overflight_refuse_audit()
""",
    """
CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION overflight_refuse_audit()
""",
)


def upgrade() -> None:
    """Make the tables."""
    postgres = op.get_bind().dialect.name == "postgresql"
    text = sa.Text(collation="C") if postgres else sa.Text()  # sorted by code point, whatever the locale
    op.create_table(
        "users",
        sa.Column("handle", text, primary_key=True),
        sa.Column("role", text, nullable=False),
        sa.Column("state", text, nullable=False),
        sa.Column("password", text),
        sa.Column("issuer", text),
        sa.Column("subject", text),
        sa.Column("created_at", text, nullable=False),
        sa.Column("disabled_at", text),
    )
    op.create_index("users_subject", "users", ["issuer", "subject"], unique=True)
    op.create_table(
        "sessions",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("name", text, nullable=False),
        sa.Column("handle", text, nullable=False),
        sa.Column("how", text, nullable=False),
        sa.Column("created_at", text, nullable=False),
        sa.Column("seen_at", text, nullable=False),
        sa.Column("expires_at", text, nullable=False),
    )
    op.create_index("sessions_handle", "sessions", ["handle"])
    op.create_table(
        "tokens",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("name", text, nullable=False),
        sa.Column("handle", text, nullable=False),
        sa.Column("label", text, nullable=False),
        sa.Column("scopes", text, nullable=False),
        sa.Column("created_at", text, nullable=False),
        sa.Column("expires_at", text, nullable=False),
        sa.Column("used_at", text),
    )
    op.create_index("tokens_handle", "tokens", ["handle"])
    op.create_table(
        "links",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("handle", text, nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("goes_to", text, nullable=False),
        sa.Column("created_at", text, nullable=False),
        sa.Column("expires_at", text, nullable=False),
    )
    op.create_table(
        "tries",
        sa.Column("number", sa.BigInteger if postgres else sa.Integer, primary_key=True),
        sa.Column("key", text, nullable=False),
        sa.Column("at", text, nullable=False),
    )
    op.create_index("tries_key", "tries", ["key", "at"])
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger if postgres else sa.Integer, primary_key=True),
        sa.Column("at", text, nullable=False),
        sa.Column("account", text, nullable=False),
        sa.Column("role", text, nullable=False),
        sa.Column("method", text, nullable=False),
        sa.Column("route", text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("about", text, nullable=False),
    )
    op.create_index("audit_account", "audit", ["account", "number"])
    if postgres:
        for statement in _POSTGRES:
            op.execute(statement)
        return
    op.execute(_SQLITE.format(what="update", deed="UPDATE"))
    op.execute(_SQLITE.format(what="delete", deed="DELETE"))
