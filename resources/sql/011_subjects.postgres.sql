-- As 006, and: kinds that are named nowhere else have their subject in the member of their first word (FORMAT.md, section 8). The kinds before have none, or the
-- same as before, so that the index over it stays right.
CREATE OR REPLACE FUNCTION subject_of(entry_bytes bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT SET search_path FROM CURRENT AS $$
DECLARE
    event jsonb := event_of(entry_bytes);
    about jsonb := event -> 'body';
    family text := split_part(event ->> 'kind', '.', 1);
BEGIN
    RETURN nullif(CASE family
        WHEN 'bundle' THEN about ->> 'version'
        WHEN 'review' THEN about ->> 'version'
        WHEN 'report' THEN about ->> 'version'
        WHEN 'run' THEN coalesce(nullif(about ->> 'version', ''), about ->> 'run')
        WHEN 'policy' THEN coalesce(nullif(about ->> 'rule', ''), about ->> 'pack')
        WHEN 'metrics' THEN about ->> 'import'
        ELSE CASE WHEN jsonb_typeof(about -> family) = 'string' THEN about ->> family END
    END, '');
END $$
