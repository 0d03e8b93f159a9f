"""Run by Alembic: every migration of one call in the one transaction that the caller has opened."""

from __future__ import annotations

from alembic import context

from overflight.store.tables import VERSION

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION,
    # Both databases can take DDL back; the caller commits, or nothing has happened.
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
