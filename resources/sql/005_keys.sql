-- Projections, as in 003: how each key came and went, and how the people of the workspace have agreed to sign. Numbers are those of entries.
-- A key with is_awaiting signs nothing yet. Signatures in [revoked_from, disputed_to) are disputed; from disputed_to on they are invalid.
ALTER TABLE enrolled_key ADD COLUMN enrolled_by TEXT NOT NULL DEFAULT ''
-- next
ALTER TABLE enrolled_key ADD COLUMN is_awaiting BIGINT NOT NULL DEFAULT 0
-- next
ALTER TABLE enrolled_key ADD COLUMN confirmed_in BIGINT
-- next
ALTER TABLE enrolled_key ADD COLUMN confirmed_by TEXT NOT NULL DEFAULT ''
-- next
ALTER TABLE enrolled_key ADD COLUMN replaces TEXT NOT NULL DEFAULT ''
-- next
ALTER TABLE enrolled_key ADD COLUMN replaced_by TEXT NOT NULL DEFAULT ''
-- next
ALTER TABLE enrolled_key ADD COLUMN disputed_to BIGINT
-- next
ALTER TABLE enrolled_key ADD COLUMN revoked_in BIGINT
-- next
ALTER TABLE enrolled_key ADD COLUMN reason TEXT NOT NULL DEFAULT ''
-- next
UPDATE enrolled_key SET enrolled_by = COALESCE((SELECT t.actor FROM trail t WHERE t.entry = enrolled_key.enrolled_at), '')
-- next
CREATE INDEX enrolled_key_owner ON enrolled_key (owner)
-- next
CREATE TABLE signing_policy (
    entry BIGINT PRIMARY KEY,
    confirms_keys BIGINT NOT NULL,
    cosigners BIGINT NOT NULL,
    reauthentication TEXT NOT NULL,
    series_minutes BIGINT NOT NULL
)
-- next
-- What a workspace agreed to that was made before there was a choice.
INSERT INTO signing_policy (entry, confirms_keys, cosigners, reauthentication, series_minutes)
SELECT seq, 0, 0, 'each-signature', 0 FROM entry WHERE seq = 0
