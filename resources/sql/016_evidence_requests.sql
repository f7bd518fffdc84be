-- Projections, as in 003: requests for evidence. Times are milliseconds since 1970; state as models/domain/evidence.h numbers it.
CREATE TABLE evidence_request (
    no BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    requirement TEXT NOT NULL,
    body TEXT NOT NULL,
    asked TEXT NOT NULL,
    due BIGINT,
    state BIGINT NOT NULL,
    exhibit TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    requested_by TEXT NOT NULL,
    requested_by_name TEXT NOT NULL,
    closed_at BIGINT,
    closed_by TEXT NOT NULL,
    closed_by_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    entry BIGINT NOT NULL
)
-- next
CREATE INDEX evidence_request_asked ON evidence_request (asked, state)
-- next
CREATE INDEX evidence_request_model ON evidence_request (model, version)
