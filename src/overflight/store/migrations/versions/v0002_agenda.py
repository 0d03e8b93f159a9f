"""What is derived from the log: how far every case has come, and the agenda."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables, and fill the cases from the events; the agenda fills as cases are folded."""
    text = sa.Text(collation="C") if op.get_bind().dialect.name == "postgresql" else sa.Text()
    op.create_table(
        "cases",
        sa.Column("case_id", text, primary_key=True),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "agenda",
        sa.Column("case_id", text, primary_key=True),
        sa.Column("key", text, primary_key=True),
        sa.Column("due_at", text),
        sa.Column("kind", text, nullable=False),
        sa.Column("text", text, nullable=False),
        sa.Column("body", text, nullable=False),
    )
    op.create_index("agenda_due", "agenda", ["due_at", "case_id", "key"])
    op.execute(
        "INSERT INTO cases (case_id, first, last, events)"
        " SELECT case_id, min(seq), max(seq), count(*) FROM events GROUP BY case_id"
    )
