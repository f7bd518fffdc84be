-- Projections, as in 003: what was computed from prediction logs, and what was proposed to be changed. Only store::Projector writes them.
-- A computed set is an import: when, who and whether it is undone stand in the table import.
CREATE TABLE computed_set (
    import TEXT PRIMARY KEY,
    no BIGINT NOT NULL UNIQUE,
    version TEXT NOT NULL,
    note TEXT NOT NULL,
    log TEXT NOT NULL,
    log_digest TEXT NOT NULL,
    log_bytes BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    windows BIGINT NOT NULL,
    cells BIGINT NOT NULL,
    engine BIGINT NOT NULL,
    rows_digest TEXT NOT NULL,
    document TEXT NOT NULL,
    scores TEXT NOT NULL,
    entry BIGINT NOT NULL
)
-- next
CREATE INDEX computed_set_version ON computed_set (version)
-- next
-- A set that was computed again, and whether it came out equal.
CREATE TABLE computed_check (
    entry BIGINT PRIMARY KEY,
    import TEXT NOT NULL,
    log TEXT NOT NULL,
    log_digest TEXT NOT NULL,
    engine BIGINT NOT NULL,
    is_equal BIGINT NOT NULL,
    compared BIGINT NOT NULL,
    differences BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL
)
-- next
CREATE INDEX computed_check_import ON computed_check (import, entry)
-- next
CREATE TABLE change_request (
    id TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    kind TEXT NOT NULL,
    attributes TEXT NOT NULL,
    thresholds TEXT NOT NULL,
    bound TEXT NOT NULL,
    tolerance DOUBLE PRECISION,
    import TEXT NOT NULL,
    summary TEXT NOT NULL,
    reason TEXT NOT NULL,
    legal_note TEXT NOT NULL,
    evidence TEXT NOT NULL,
    media TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    entry BIGINT NOT NULL,
    withdrawal BIGINT,
    withdrawn_at BIGINT,
    withdrawn_by TEXT,
    withdrawn_reason TEXT
)
-- next
CREATE INDEX change_request_version ON change_request (version, entry)
