"""The shelf: what was released to each state, and what its guests answered; PostgreSQL keeps states apart.

The role ``overflight_guest`` may read the columns that are for a guest, of the rows of one state, and add
answers of that state; it has rights on nothing else. Which state it is, the desk says in two settings of the
transaction: the state, and a seal that only the desk's own role can make, so that nothing that runs as the
guest can name another one.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION overflight_guest_seal(wanted text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
BEGIN
    RETURN encode(sha256((SELECT secret FROM shelf_seal) || convert_to(wanted, 'UTF8')), 'hex');
END $$
""",
    "REVOKE ALL ON FUNCTION overflight_guest_seal(text) FROM PUBLIC",
    # The state of this transaction's guest; NULL, which is no state's, where the seal is not its own.
    """
CREATE OR REPLACE FUNCTION overflight_guest_state() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE
    said text := current_setting('overflight.state', true);
BEGIN
    IF coalesce(said, '') = ''
        OR current_setting('overflight.seal', true) IS DISTINCT FROM overflight_guest_seal(said) THEN
        RETURN NULL;
    END IF;
    RETURN said;
END $$
""",
    """
CREATE OR REPLACE FUNCTION overflight_guest_enter(wanted text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('overflight.state', wanted, true),
        set_config('overflight.seal', overflight_guest_seal(wanted), true);
END $$
""",
    "REVOKE ALL ON FUNCTION overflight_guest_enter(text) FROM PUBLIC",
    """
CREATE OR REPLACE FUNCTION overflight_guest_has(wanted text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM shelf WHERE reference = wanted);
END $$
""",
    # Makes the role and its rights where it may; says what is missing where it may not.
    """
CREATE OR REPLACE FUNCTION overflight_guest_ready() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    member boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'overflight_guest') THEN
        BEGIN
            CREATE ROLE overflight_guest NOLOGIN;
        EXCEPTION
            WHEN insufficient_privilege THEN RETURN 'role';
            WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    IF current_setting('server_version_num')::int >= 160000 THEN
        member := pg_has_role(current_user, 'overflight_guest', 'SET');
    ELSE
        member := pg_has_role(current_user, 'overflight_guest', 'MEMBER');
    END IF;
    IF NOT member THEN
        BEGIN
            EXECUTE 'GRANT overflight_guest TO ' || quote_ident(current_user);
        EXCEPTION WHEN insufficient_privilege THEN RETURN 'member';
        END;
    END IF;
    IF NOT has_schema_privilege('overflight_guest', {literal}, 'USAGE') THEN
        BEGIN
            GRANT USAGE ON SCHEMA {schema} TO overflight_guest;
        EXCEPTION WHEN insufficient_privilege THEN RETURN 'schema';
        END;
    END IF;
    IF NOT has_any_column_privilege('overflight_guest', 'shelf_answers', 'INSERT') THEN
        GRANT SELECT (reference, state, title, kind, paper, ask, due, released_at)
            ON shelf TO overflight_guest;
        GRANT SELECT (reference, number, state, decision, conditions, valid_from, valid_until, words,
            given_at, account) ON shelf_answers TO overflight_guest;
        GRANT INSERT (reference, number, state, decision, conditions, valid_from, valid_until, words,
            given_at, account) ON shelf_answers TO overflight_guest;
    END IF;
    RETURN '';
END $$
""",
)
#: The home desk sees all rows, whoever it connects as; a guest those of his state.
_POLICIES = (
    "ALTER TABLE shelf ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE shelf FORCE ROW LEVEL SECURITY",
    "ALTER TABLE shelf_answers ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE shelf_answers FORCE ROW LEVEL SECURITY",
    "CREATE POLICY shelf_home ON shelf USING (current_user <> 'overflight_guest')"
    " WITH CHECK (current_user <> 'overflight_guest')",
    "CREATE POLICY shelf_guest ON shelf FOR SELECT"
    " USING (current_user = 'overflight_guest' AND state = (SELECT overflight_guest_state()))",
    "CREATE POLICY answers_home ON shelf_answers USING (current_user <> 'overflight_guest')"
    " WITH CHECK (current_user <> 'overflight_guest')",
    "CREATE POLICY answers_guest_reads ON shelf_answers FOR SELECT"
    " USING (current_user = 'overflight_guest' AND state = (SELECT overflight_guest_state()))",
    "CREATE POLICY answers_guest_adds ON shelf_answers FOR INSERT"
    " WITH CHECK (current_user = 'overflight_guest' AND state = (SELECT overflight_guest_state())"
    " AND overflight_guest_has(reference))",
)


def upgrade() -> None:
    """Make the tables; in PostgreSQL the role and its rules, too."""
    link = op.get_bind()
    postgres = link.dialect.name == "postgresql"
    text = sa.Text(collation="C") if postgres else sa.Text()  # sorted by code point, whatever the locale
    op.create_table(
        "shelf",
        sa.Column("reference", text, primary_key=True),
        sa.Column("state", text, nullable=False),
        sa.Column("title", text, nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("paper", text, nullable=False),
        sa.Column("ask", text, nullable=False),
        sa.Column("due", text),
        sa.Column("released_at", text, nullable=False),
        sa.Column("case_id", text, nullable=False),
        sa.Column("approach", text, nullable=False),
    )
    op.create_index("shelf_state", "shelf", ["state", "released_at", "reference"])
    op.create_table(
        "shelf_answers",
        sa.Column("reference", text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", text, nullable=False),
        sa.Column("decision", text, nullable=False),
        sa.Column("conditions", text, nullable=False),
        sa.Column("valid_from", text),
        sa.Column("valid_until", text),
        sa.Column("words", text, nullable=False),
        sa.Column("given_at", text, nullable=False),
        sa.Column("account", text, nullable=False),
        sa.Column("fate", text),
        sa.Column("fate_at", text),
        sa.Column("fate_by", text),
        sa.Column("fate_why", text),
    )
    op.create_index("shelf_answers_fate", "shelf_answers", ["fate", "given_at"])
    op.create_table("shelf_seal", sa.Column("secret", sa.LargeBinary, primary_key=True))
    if not postgres:
        return
    link.execute(sa.text("INSERT INTO shelf_seal VALUES (:secret)"), {"secret": secrets.token_bytes(32)})
    literal = link.execute(sa.text("SELECT quote_literal(current_schema())")).scalar()
    schema = link.execute(sa.text("SELECT quote_ident(current_schema())")).scalar()
    for statement in (*_FUNCTIONS, *_POLICIES):
        made = statement.replace("{schema}", str(schema)).replace("{literal}", str(literal))
        link.exec_driver_sql(made.replace("%", "%%"))
    link.exec_driver_sql("SELECT overflight_guest_ready()")
