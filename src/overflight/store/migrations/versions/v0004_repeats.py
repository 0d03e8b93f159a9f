"""What was answered to requests with an idempotency key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    # Sorted by code point, whatever the locale.
    text = sa.Text(collation="C") if op.get_bind().dialect.name == "postgresql" else sa.Text()
    op.create_table(
        "repeats",
        sa.Column("account", text, primary_key=True),
        sa.Column("key", text, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("begun_at", text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("headers", text),
        sa.Column("body", sa.LargeBinary),
    )
    op.create_index("repeats_begun", "repeats", ["begun_at"])
