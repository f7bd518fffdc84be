-- Projections, as in 003: findings and their steps. Times are milliseconds since 1970; state, severity, origin and resolution as models/domain/findings.h numbers them.
CREATE TABLE finding (
    no BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    severity BIGINT NOT NULL,
    owner TEXT NOT NULL,
    due BIGINT,
    plan TEXT NOT NULL,
    state BIGINT NOT NULL,
    origin BIGINT NOT NULL,
    origin_rule TEXT NOT NULL,
    origin_revision BIGINT NOT NULL,
    origin_slice TEXT NOT NULL,
    origin_start BIGINT,
    origin_end BIGINT,
    origin_value DOUBLE PRECISION,
    origin_n BIGINT,
    origin_sentence TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    opened_by TEXT NOT NULL,
    opened_by_name TEXT NOT NULL,
    challenged_by TEXT NOT NULL,
    remediated_by TEXT NOT NULL,
    resolution BIGINT,
    changed_at BIGINT NOT NULL,
    entry BIGINT NOT NULL
)
-- next
CREATE INDEX finding_model ON finding (model, state)
-- next
CREATE INDEX finding_owner ON finding (owner, state)
-- next
CREATE TABLE finding_note (
    entry BIGINT PRIMARY KEY,
    finding TEXT NOT NULL,
    act TEXT NOT NULL,
    outcome TEXT NOT NULL,
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    person TEXT NOT NULL,
    person_name TEXT NOT NULL
)
-- next
CREATE INDEX finding_note_finding ON finding_note (finding, entry)
