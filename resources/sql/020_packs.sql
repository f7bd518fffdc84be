-- Projections, as in 003: published packs, which of them govern a model, how its tier was found, the stages that its
-- versions moved through, and how the state of a version turns
-- later although nobody does anything (a limit begins, a value is too old, a waiver ends). The tables are made anew from the ledger afterwards.
CREATE TABLE pack (
    pack TEXT NOT NULL,
    version TEXT NOT NULL,
    title TEXT NOT NULL,
    document TEXT NOT NULL,
    note TEXT NOT NULL,
    is_default BIGINT NOT NULL,
    effective_from BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    published_by TEXT NOT NULL,
    published_by_name TEXT NOT NULL,
    entry BIGINT NOT NULL,
    retired_at BIGINT,
    retired_by_name TEXT NOT NULL,
    retired_reason TEXT NOT NULL,
    retired_entry BIGINT,
    PRIMARY KEY (pack, version)
)
-- next
CREATE TABLE model_pack (
    model TEXT NOT NULL,
    pack TEXT NOT NULL,
    place BIGINT NOT NULL,
    PRIMARY KEY (model, pack)
)
-- next
CREATE TABLE tier_assessment (
    event TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    pack TEXT NOT NULL,
    pack_version TEXT NOT NULL,
    answers TEXT NOT NULL,
    points BIGINT NOT NULL,
    computed BIGINT,
    tier BIGINT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    person TEXT NOT NULL,
    person_name TEXT NOT NULL,
    entry BIGINT NOT NULL,
    is_confirmed BIGINT NOT NULL,
    confirmed_at BIGINT,
    confirmed_by_name TEXT NOT NULL,
    confirmed_entry BIGINT
)
-- next
CREATE INDEX tier_assessment_model ON tier_assessment (model, entry)
-- next
CREATE TABLE stage_move (
    entry BIGINT PRIMARY KEY,
    version TEXT NOT NULL,
    from_stage TEXT NOT NULL,
    to_stage TEXT NOT NULL,
    stage BIGINT NOT NULL,
    transition TEXT NOT NULL,
    pack TEXT NOT NULL,
    pack_version TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    person TEXT NOT NULL,
    person_name TEXT NOT NULL,
    gate TEXT NOT NULL
)
-- next
CREATE INDEX stage_move_version ON stage_move (version, entry)
-- next
CREATE TABLE version_turn (
    version TEXT NOT NULL,
    since BIGINT NOT NULL,
    verdict BIGINT NOT NULL,
    sentence TEXT NOT NULL,
    worst TEXT NOT NULL,
    PRIMARY KEY (version, since)
)
-- next
CREATE INDEX version_turn_since ON version_turn (since)
-- next
ALTER TABLE verdict ADD COLUMN missing BIGINT
-- next
ALTER TABLE version ADD COLUMN stage_id TEXT NOT NULL DEFAULT ''
