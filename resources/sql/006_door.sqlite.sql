-- The head of the ledger only grows, and there is one. As the other triggers a guard rail; the proof is the tree over the bytes.
CREATE TRIGGER ledger_head_update BEFORE UPDATE ON ledger_head WHEN NEW.id <> OLD.id OR NEW.size < OLD.size
BEGIN SELECT RAISE(ABORT, 'the head of the ledger only grows'); END
-- next
CREATE TRIGGER ledger_head_delete BEFORE DELETE ON ledger_head BEGIN SELECT RAISE(ABORT, 'the head of the ledger only grows'); END
-- next
CREATE TRIGGER ledger_head_insert BEFORE INSERT ON ledger_head WHEN EXISTS (SELECT 1 FROM ledger_head)
BEGIN SELECT RAISE(ABORT, 'the ledger has a head already'); END
