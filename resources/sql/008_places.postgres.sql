-- A key is kept once for each place where it opens: 'passphrase' everywhere with the passphrase alone, 'w:…' together with the secret that one
-- computer's keychain keeps, 'carry' with the words that take it to another computer.
ALTER TABLE wrapped_key ADD COLUMN place TEXT NOT NULL DEFAULT 'passphrase'
-- next
ALTER TABLE wrapped_key DROP CONSTRAINT wrapped_key_pkey, ADD PRIMARY KEY (key, place)
