-- The ledger: entries are only ever appended. The triggers are guard rails; the proof is the tree over the bytes (models/ledger/FORMAT.md).
CREATE TABLE entry (
    seq BIGINT PRIMARY KEY CHECK (seq >= 0),
    id BYTEA NOT NULL UNIQUE CHECK (length(id) = 16),
    bytes BYTEA NOT NULL CHECK (length(bytes) BETWEEN 100 AND 262800),
    leaf BYTEA NOT NULL UNIQUE CHECK (length(leaf) = 32),
    received_at BIGINT NOT NULL
)
-- next
CREATE TRIGGER entry_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
-- next
CREATE TRIGGER entry_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
-- next
-- The second condition matters: INSERT OR REPLACE with a known id would otherwise delete the old row without firing entry_delete.
CREATE TRIGGER entry_insert BEFORE INSERT ON entry
WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM entry) OR EXISTS (SELECT 1 FROM entry WHERE id = NEW.id OR leaf = NEW.leaf)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
-- next
CREATE TABLE evidence (
    digest BYTEA PRIMARY KEY CHECK (length(digest) = 32),
    media TEXT NOT NULL,
    bytes BYTEA NOT NULL
) WITHOUT ROWID
-- next
CREATE TRIGGER evidence_update BEFORE UPDATE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END
-- next
CREATE TRIGGER evidence_delete BEFORE DELETE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END
-- next
CREATE TRIGGER evidence_insert BEFORE INSERT ON evidence WHEN EXISTS (SELECT 1 FROM evidence WHERE digest = NEW.digest)
BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END
