"""What is derived from the log: how far every case has come, and the agenda; appending done by the server."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# PostgreSQL: chain, insert and derive under one lock, without a message back and forth while it is held.
_APPEND = """
CREATE FUNCTION overflight_append(
    tails text[], cases_of text[], kinds text[], trues text[], offices text[], sources text[],
    wanted_key text, on_cases text[], on_lasts bigint[], on_seq bigint, on_digest bytea, clock text,
    cleared text[],
    a_cases text[], a_keys text[], a_dues text[], a_kinds text[], a_texts text[], a_bodies text[],
    OUT status text, OUT first_seq bigint, OUT moment text, OUT before bytea, OUT after bytea,
    OUT behind text, OUT named text, OUT latest bigint
) LANGUAGE plpgsql AS $$
DECLARE
    head desk%ROWTYPE;
    raw bytea;
    mark bytea;
BEGIN
    SELECT * INTO head FROM desk FOR UPDATE;
    IF NOT FOUND THEN
        status := 'none';
        RETURN;
    END IF;
    IF wanted_key IS NOT NULL AND EXISTS (SELECT 1 FROM events WHERE key = wanted_key) THEN
        status := 'known';
        RETURN;
    END IF;
    IF on_seq IS NOT NULL AND (on_seq <> head.seq OR on_digest <> head.digest) THEN
        status := 'head';
        latest := head.seq;
        RETURN;
    END IF;
    FOR n IN 1 .. cardinality(on_cases) LOOP
        SELECT last INTO latest FROM cases WHERE case_id = on_cases[n];
        IF coalesce(latest, 0) <> on_lasts[n] THEN
            status := 'case';
            named := on_cases[n];
            latest := coalesce(latest, 0);
            RETURN;
        END IF;
    END LOOP;
    moment := coalesce(clock, to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
    IF head.seq > 0 AND moment COLLATE "C" < head.recorded_at COLLATE "C" THEN
        behind := moment;
        moment := head.recorded_at;
    END IF;
    first_seq := head.seq + 1;
    before := head.digest;
    after := head.digest;
    FOR n IN 1 .. cardinality(tails) LOOP
        head.seq := head.seq + 1;
        raw := decode('01', 'hex')
            || convert_to('{"seq":' || head.seq || ',"recorded_at":"' || moment || '",' || tails[n], 'UTF8');
        mark := sha256(after || raw);
        INSERT INTO events
            (seq, recorded_at, case_id, kind, true_at, office, source, key, previous, digest, record)
        VALUES (head.seq, moment, cases_of[n], kinds[n], trues[n], offices[n], sources[n], wanted_key,
            after, mark, raw);
        INSERT INTO cases AS known (case_id, first, last, events) VALUES (cases_of[n], head.seq, head.seq, 1)
        ON CONFLICT (case_id) DO UPDATE SET last = excluded.last, events = known.events + 1;
        after := mark;
    END LOOP;
    IF cardinality(tails) > 0 THEN
        UPDATE desk SET seq = head.seq, digest = after, recorded_at = moment;
    END IF;
    IF cardinality(cleared) > 0 THEN
        DELETE FROM agenda WHERE case_id = ANY (cleared);
        INSERT INTO agenda (case_id, key, due_at, kind, text, body)
        SELECT * FROM unnest(a_cases, a_keys, a_dues, a_kinds, a_texts, a_bodies);
    END IF;
    status := 'ok';
END $$
"""


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
    if op.get_bind().dialect.name == "postgresql":
        op.get_bind().exec_driver_sql(_APPEND.replace("%", "%%"))
