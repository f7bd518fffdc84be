-- Projections, as in 003: the files of a version by their digests, and the releases that were issued for them.
CREATE TABLE artifact (
    version TEXT NOT NULL,
    digest TEXT NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    at BIGINT NOT NULL,
    person TEXT NOT NULL,
    person_name TEXT NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (version, digest)
)
-- next
CREATE INDEX artifact_digest ON artifact (digest)
-- next
CREATE TABLE release (
    id TEXT PRIMARY KEY,
    no BIGINT NOT NULL,
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    expires BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    issued_by TEXT NOT NULL,
    issued_by_name TEXT NOT NULL,
    entry BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_by_name TEXT NOT NULL,
    revoked_reason TEXT NOT NULL,
    revoked_entry BIGINT
)
-- next
CREATE INDEX release_version ON release (version, no)
