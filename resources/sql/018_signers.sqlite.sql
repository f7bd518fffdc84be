-- Signatures under a checkpoint are only added: whoever comes later writes what is kept, and their own lines after it. As the other triggers a guard rail.
CREATE TRIGGER checkpoint_update BEFORE UPDATE ON checkpoint WHEN NEW.size <> OLD.size OR substr(NEW.note, 1, length(OLD.note)) <> OLD.note
BEGIN SELECT RAISE(ABORT, 'signatures under a checkpoint are only added'); END
