-- Projections, as in 003: on what a limit is judged, for how long a value counts, how much a breach weighs, for which tiers ("1,3"; empty: all), and which
-- rule of which published pack it follows. The tables are made anew from the ledger afterwards (models/store/projection/revision.h).
ALTER TABLE rule ADD COLUMN basis BIGINT NOT NULL DEFAULT 0
-- next
ALTER TABLE rule ADD COLUMN max_age_days BIGINT
-- next
ALTER TABLE rule ADD COLUMN severity BIGINT NOT NULL DEFAULT 1
-- next
ALTER TABLE rule ADD COLUMN tiers TEXT NOT NULL DEFAULT ''
-- next
ALTER TABLE rule ADD COLUMN pack TEXT NOT NULL DEFAULT ''
-- next
ALTER TABLE rule ADD COLUMN pack_version TEXT NOT NULL DEFAULT ''
-- next
ALTER TABLE rule ADD COLUMN pack_rule TEXT NOT NULL DEFAULT ''
-- next
ALTER TABLE rule DROP COLUMN tier
