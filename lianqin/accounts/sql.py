"""The SQL that makes the access log append-only and gapless."""

ACCESS_APPEND = """
CREATE FUNCTION access_append(
    p_at timestamptz, p_kind text, p_actor_id uuid, p_act text, p_subject text, p_outcome text,
    p_address text)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    given bigint;
BEGIN
    UPDATE journal_head h SET position = h.position + 1 WHERE h.log = 'access'
        RETURNING h.position INTO STRICT given;
    INSERT INTO accounts_accessentry (position, at, kind, actor_id, act, subject, outcome, address)
    VALUES (given, p_at, p_kind, p_actor_id, p_act, p_subject, p_outcome, p_address);
    RETURN given;
END $$;
"""

DROP_ACCESS_APPEND = "DROP FUNCTION access_append(timestamptz, text, uuid, text, text, text, text)"

#: Django's own cache table, as `createcachetable` makes it; what is counted against the doors.
CACHE = """
CREATE TABLE accounts_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX accounts_cache_expires ON accounts_cache (expires);
"""
