-- Projections, as in 003: the signer took a signature back. It counts no more, and is still shown.
ALTER TABLE signoff ADD COLUMN withdrawal BIGINT
-- next
ALTER TABLE signoff ADD COLUMN withdrawn_at BIGINT
-- next
ALTER TABLE signoff ADD COLUMN withdrawn_reason TEXT NOT NULL DEFAULT ''
