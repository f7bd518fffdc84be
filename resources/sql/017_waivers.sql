-- Projections, as in 003: waivers. Times are milliseconds since 1970; kind and state as models/domain/waivers.h numbers them.
CREATE TABLE waiver (
    no BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    kind BIGINT NOT NULL,
    requirement TEXT NOT NULL,
    revision BIGINT NOT NULL,
    slice TEXT NOT NULL,
    sentence TEXT NOT NULL,
    reason TEXT NOT NULL,
    control TEXT NOT NULL,
    until BIGINT NOT NULL,
    state BIGINT NOT NULL,
    requested_at BIGINT NOT NULL,
    requested_by TEXT NOT NULL,
    requested_by_name TEXT NOT NULL,
    entry BIGINT NOT NULL,
    granted_at BIGINT,
    granted_by TEXT NOT NULL,
    granted_by_name TEXT NOT NULL,
    granted_text TEXT NOT NULL,
    granted_entry BIGINT,
    closed_at BIGINT,
    closed_by TEXT NOT NULL,
    closed_by_name TEXT NOT NULL,
    closed_text TEXT NOT NULL,
    closed_entry BIGINT
)
-- next
CREATE INDEX waiver_version ON waiver (version, state)
