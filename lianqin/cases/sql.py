"""SQL that the tables of cases stand on."""

BIGRAMS = """
CREATE FUNCTION text_bigrams(t text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(lower(t), i, 2)), '{}')
    FROM generate_series(1, length(t) - 1) AS i
$$;
"""

DROP_BIGRAMS = "DROP FUNCTION text_bigrams(text)"
