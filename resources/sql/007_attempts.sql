-- Wrong passphrases in a row, and until when signing is closed after too many of them (milliseconds since 1970, 0: it is open). Beside the key, so that
-- another start of the program, or another computer, forgets nothing.
ALTER TABLE wrapped_key ADD COLUMN failures BIGINT NOT NULL DEFAULT 0
-- next
ALTER TABLE wrapped_key ADD COLUMN opens_at BIGINT NOT NULL DEFAULT 0
