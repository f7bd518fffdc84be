-- The ledger: entries are only ever appended. The triggers are guard rails; the proof is the tree over the bytes (models/ledger/FORMAT.md).
CREATE TABLE entry (
    seq BIGINT PRIMARY KEY CHECK (seq >= 0),
    id BYTEA NOT NULL UNIQUE CHECK (length(id) = 16),
    bytes BYTEA NOT NULL CHECK (length(bytes) BETWEEN 100 AND 262800),
    leaf BYTEA NOT NULL UNIQUE CHECK (length(leaf) = 32),
    received_at BIGINT NOT NULL
)
-- next
CREATE TABLE evidence (
    digest BYTEA PRIMARY KEY CHECK (length(digest) = 32),
    media TEXT NOT NULL,
    bytes BYTEA NOT NULL
)
-- next
-- Bytes that do not compress again: keep the server from trying.
ALTER TABLE evidence ALTER COLUMN bytes SET STORAGE EXTERNAL
-- next
CREATE FUNCTION deny_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'P0001';
END $$
-- next
CREATE TRIGGER entry_change BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION deny_change()
-- next
CREATE TRIGGER entry_truncate BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION deny_change()
-- next
CREATE TRIGGER evidence_change BEFORE UPDATE OR DELETE ON evidence FOR EACH ROW EXECUTE FUNCTION deny_change()
-- next
CREATE TRIGGER evidence_truncate BEFORE TRUNCATE ON evidence FOR EACH STATEMENT EXECUTE FUNCTION deny_change()
-- next
-- Fires also under session_replication_role=replica, which superusers and restores use.
ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_change
-- next
ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_truncate
-- next
CREATE FUNCTION check_next_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM entry) THEN
        RAISE EXCEPTION 'entry % is not the next one', NEW.seq USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$
-- next
CREATE TRIGGER entry_insert BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION check_next_entry()
