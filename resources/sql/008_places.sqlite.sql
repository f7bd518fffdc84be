-- A key is kept once for each place where it opens: 'passphrase' everywhere with the passphrase alone, 'w:…' together with the secret that one
-- computer's keychain keeps, 'carry' with the words that take it to another computer.
CREATE TABLE kept_key (
    key TEXT NOT NULL,
    place TEXT NOT NULL,
    person TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    failures BIGINT NOT NULL DEFAULT 0,
    opens_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (key, place)
)
-- next
INSERT INTO kept_key (key, place, person, wrapped, created_at, failures, opens_at)
SELECT key, 'passphrase', person, wrapped, created_at, failures, opens_at FROM wrapped_key
-- next
DROP TABLE wrapped_key
-- next
ALTER TABLE kept_key RENAME TO wrapped_key
