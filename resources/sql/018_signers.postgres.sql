-- Signatures under a checkpoint are only added: where several publish or co-sign the same state, whoever comes later adds lines to what is kept, whatever
-- the caller had read before. What is kept afterwards is given back. As 006 otherwise, and: the note is of this ledger, and each line has the form of one.
DROP FUNCTION put_checkpoint(bigint, text)
-- next
CREATE FUNCTION put_checkpoint(p_size bigint, p_note text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    head_size bigint := (SELECT h.size FROM ledger_head h WHERE h.id = 1);
    origin text := 'countersign/' || (SELECT encode(e.leaf, 'hex') FROM entry e WHERE e.seq = 0);
    said text := split_part(p_note, E'\n\n', 1);
    lines text[] := string_to_array(rtrim(substr(p_note, length(said) + 3), E'\n'), E'\n');
    kept text;
    added text;
BEGIN
    IF p_size < 1 OR p_size > head_size OR octet_length(p_note) > 65536 OR coalesce(said !~ ('^' || origin || E'\n' || p_size || E'\n[A-Za-z0-9+/]{43}=$'), true)
        OR coalesce(p_note <> said || E'\n\n' || array_to_string(lines, E'\n') || E'\n', true) OR NOT cardinality(lines) BETWEEN 1 AND 64
        OR EXISTS (SELECT 1 FROM unnest(lines) AS line WHERE line !~ E'^\u2014 [^ +\n]+ ([A-Za-z0-9+/]{4})+([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$'
            OR length(decode(split_part(line, ' ', 3), 'base64')) < 5) THEN
        RAISE EXCEPTION 'that is no checkpoint of % entries of this ledger', p_size USING ERRCODE = 'CS422';
    END IF;
    -- Who comes second waits here for the first to commit, and then reads what that one kept.
    INSERT INTO checkpoint (size, note) VALUES (p_size, p_note) ON CONFLICT (size) DO NOTHING;
    SELECT c.note INTO kept FROM checkpoint c WHERE c.size = p_size FOR UPDATE;
    IF split_part(kept, E'\n\n', 1) <> said THEN
        RAISE EXCEPTION 'another checkpoint of % entries is kept', p_size USING ERRCODE = 'CS002';
    END IF;
    added := coalesce((SELECT string_agg(line || E'\n', '' ORDER BY place) FROM unnest(lines) WITH ORDINALITY AS given(line, place)
        WHERE NOT line = ANY (string_to_array(substr(kept, length(said) + 3), E'\n'))), '');
    IF added = '' THEN
        RETURN kept;
    END IF;
    IF octet_length(kept || added) > 65536 OR cardinality(string_to_array(kept || added, E'\n')) > 64 + 5 THEN
        RAISE EXCEPTION 'the checkpoint of % entries has as many signatures as it can hold', p_size USING ERRCODE = 'CS422';
    END IF;
    UPDATE checkpoint c SET note = kept || added WHERE c.size = p_size;
    RETURN kept || added;
END $$
