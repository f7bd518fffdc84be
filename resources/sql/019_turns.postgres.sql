-- Who writes waits in turn. As 006 otherwise: a row that changes with every write is waited for by all at once and taken by whoever comes first, and
-- everybody follows all of its versions; the lock of a table is given in the order in which it was asked for. The table is one that nobody but the
-- owner may lock so, and that is not written while people work.
CREATE OR REPLACE FUNCTION door() RETURNS bytea LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    found_tree bytea;
BEGIN
    -- A snapshot taken before the lock would not see what the one before us wrote.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'the ledger is written in transactions of isolation level READ COMMITTED, and this one is %', upper(current_setting('transaction_isolation'))
            USING ERRCODE = 'CS001';
    END IF;
    IF current_setting('lock_timeout') = '0' THEN
        PERFORM set_config('lock_timeout', '5s', true);
    END IF;
    LOCK TABLE duty IN SHARE ROW EXCLUSIVE MODE;
    UPDATE ledger_head SET writer_from = CASE WHEN writer = pg_current_xact_id() AND writer_at = transaction_timestamp() THEN writer_from ELSE size END,
        writer = pg_current_xact_id(), writer_at = transaction_timestamp() WHERE id = 1 RETURNING tree INTO found_tree;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the workspace has lost the head of its ledger' USING ERRCODE = 'CS404';
    END IF;
    RETURN found_tree;
END $$
-- next
-- What speaks against a version: rejections, and signatures taken back.
CREATE INDEX signoff_objection ON signoff (version) WHERE decision <> 0 OR withdrawal IS NOT NULL
