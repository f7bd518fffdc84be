-- Projections, as in 003: items of evidence and what was decided about them. Times are milliseconds since 1970; state as models/domain/evidence.h numbers it; the
-- digest of a file as text, empty for a reference. That something expired, or that another took its place, stands nowhere: it is told when it is read.
CREATE TABLE exhibit (
    no BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    title TEXT NOT NULL,
    note TEXT NOT NULL,
    requirement TEXT NOT NULL,
    digest TEXT NOT NULL,
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    size BIGINT NOT NULL,
    reference TEXT NOT NULL,
    period_from BIGINT,
    period_to BIGINT,
    expires BIGINT,
    replaces TEXT NOT NULL,
    state BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    added_by_name TEXT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT NOT NULL,
    decided_by_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    entry BIGINT NOT NULL
)
-- next
CREATE INDEX exhibit_model ON exhibit (model, version)
-- next
CREATE INDEX exhibit_replaces ON exhibit (replaces)
-- next
CREATE TABLE exhibit_note (
    entry BIGINT PRIMARY KEY,
    exhibit TEXT NOT NULL,
    act TEXT NOT NULL,
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    person TEXT NOT NULL,
    person_name TEXT NOT NULL
)
-- next
CREATE INDEX exhibit_note_exhibit ON exhibit_note (exhibit, entry)
