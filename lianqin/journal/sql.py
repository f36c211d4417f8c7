"""The SQL that makes a log append-only and gapless, for the migrations of journal and accounts."""

APPEND = """
CREATE FUNCTION journal_append(
    p_id uuid, p_act text, p_subject_kind text, p_subject_id uuid, p_place text, p_actor_id uuid,
    p_actor_role text, p_occurred_at timestamptz, p_recorded_at timestamptz, p_marked boolean,
    p_origin text, p_text_hash text, p_serial_key text, p_data jsonb)
RETURNS TABLE ("position" bigint, serial integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    given bigint;
    drawn integer;
BEGIN
    UPDATE journal_head h SET position = h.position + 1 WHERE h.log = 'journal'
        RETURNING h.position INTO STRICT given;
    IF p_serial_key IS NOT NULL THEN
        INSERT INTO journal_serial AS s (key, value) VALUES (p_serial_key, 1)
            ON CONFLICT (key) DO UPDATE SET value = s.value + 1 RETURNING s.value INTO drawn;
    END IF;
    INSERT INTO journal_entry (position, id, act, subject_kind, subject_id, place, actor_id,
        actor_role, occurred_at, recorded_at, marked, origin, serial_key, serial, text_hash, data)
    VALUES (given, p_id, p_act, p_subject_kind, p_subject_id, p_place, p_actor_id, p_actor_role,
        p_occurred_at, p_recorded_at, p_marked, p_origin, p_serial_key, drawn, p_text_hash, p_data);
    RETURN QUERY SELECT given, drawn;
END $$;
INSERT INTO journal_head (log, position) VALUES ('journal', 0), ('access', 0);
"""

DROP_APPEND = """
DROP FUNCTION journal_append(uuid, text, text, uuid, text, uuid, text, timestamptz, timestamptz,
    boolean, text, text, text, jsonb);
"""

REFUSE_TRUNCATE = """
CREATE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only: TRUNCATE refused', TG_TABLE_NAME; END $$;
"""


def append_only(table: str) -> str:
    """Statements that leave the application role INSERT and SELECT on `table` and nothing else."""
    return f"""
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'lianqin_app') THEN
        EXECUTE 'REVOKE ALL ON {table} FROM lianqin_app';
        EXECUTE 'GRANT SELECT, INSERT ON {table} TO lianqin_app';
    END IF;
END $$;
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    EXECUTE FUNCTION refuse_truncate();
"""


def read_only(table: str) -> str:
    """Statements that let the application role read `table`; writes go through a function."""
    return f"""
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'lianqin_app') THEN
        EXECUTE 'REVOKE ALL ON {table} FROM lianqin_app';
        EXECUTE 'GRANT SELECT ON {table} TO lianqin_app';
    END IF;
END $$;
"""
