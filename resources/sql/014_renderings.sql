-- Projections, as in 003: what the signer had before their eyes, as evidence beside the bundle; a digest in hexadecimal, or empty.
ALTER TABLE signoff ADD COLUMN rendering TEXT NOT NULL DEFAULT ''
