"""Appending in one message: the server commits, lets the next writer in, and then waits for its disk."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

# PostgreSQL: the first commit does not wait for the disk and gives the lock away; the procedure's own, which
# is the empty one, waits. The answer comes when both are on the disk.
_RECORD = """
CREATE PROCEDURE overflight_record(
    tails text[], cases_of text[], kinds text[], trues text[], offices text[], sources text[],
    wanted_key text, on_cases text[], on_lasts bigint[], on_seq bigint, on_digest bytea, clock text,
    cleared text[],
    a_cases text[], a_keys text[], a_dues text[], a_kinds text[], a_texts text[], a_bodies text[],
    INOUT status text, INOUT first_seq bigint, INOUT moment text, INOUT before bytea, INOUT after bytea,
    INOUT behind text, INOUT named text, INOUT latest bigint
) LANGUAGE plpgsql AS $$
BEGIN
    SELECT * INTO status, first_seq, moment, before, after, behind, named, latest FROM overflight_append(
        tails, cases_of, kinds, trues, offices, sources, wanted_key, on_cases, on_lasts, on_seq, on_digest,
        clock, cleared, a_cases, a_keys, a_dues, a_kinds, a_texts, a_bodies);
    COMMIT;
    IF status = 'ok' OR status = 'known' THEN
        PERFORM set_config('synchronous_commit', 'on', true),
            pg_logical_emit_message(true, 'overflight', '');
    END IF;
END $$
"""


def upgrade() -> None:
    """Make the procedure; SQLite needs none."""
    if op.get_bind().dialect.name == "postgresql":
        op.get_bind().exec_driver_sql(_RECORD)
