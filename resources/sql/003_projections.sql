-- Projections: every row here follows from the entries and their evidence. Only store::Projector writes them; `verify` compares.
CREATE TABLE person (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    login TEXT NOT NULL UNIQUE,
    roles TEXT NOT NULL,
    since BIGINT NOT NULL
)
-- next
CREATE TABLE enrolled_key (
    id TEXT PRIMARY KEY,
    class TEXT NOT NULL,
    owner TEXT NOT NULL,
    public BYTEA NOT NULL,
    enrolled_at BIGINT NOT NULL,
    revoked_from BIGINT
)
-- next
CREATE TABLE model (
    no BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL,
    purpose TEXT NOT NULL,
    use_case TEXT NOT NULL,
    owner TEXT NOT NULL,
    tier BIGINT,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    import TEXT NOT NULL,
    version_count BIGINT NOT NULL,
    current_version TEXT NOT NULL,
    current_label TEXT NOT NULL,
    stage BIGINT NOT NULL,
    verdict BIGINT NOT NULL,
    verdict_sentence TEXT NOT NULL,
    worst TEXT NOT NULL,
    sign_state BIGINT NOT NULL
)
-- next
CREATE UNIQUE INDEX model_source ON model (source, source_key, id)
-- next
CREATE INDEX model_name ON model (name_key, no)
-- next
CREATE INDEX model_owner ON model (owner, name_key, no)
-- next
CREATE INDEX model_verdict ON model (verdict, name_key, no)
-- next
CREATE TABLE model_tag (
    model TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (model, key)
)
-- next
CREATE TABLE model_alias (
    model TEXT NOT NULL,
    alias TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (model, alias)
)
-- next
CREATE TABLE version (
    no BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    model TEXT NOT NULL,
    label TEXT NOT NULL,
    description TEXT NOT NULL,
    stage BIGINT NOT NULL,
    source_stage TEXT NOT NULL,
    source_status TEXT NOT NULL,
    artifact_uri TEXT NOT NULL,
    created_by TEXT NOT NULL,
    run TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    import TEXT NOT NULL,
    verdict BIGINT NOT NULL,
    verdict_sentence TEXT NOT NULL,
    worst TEXT NOT NULL,
    UNIQUE (model, label)
)
-- next
CREATE TABLE version_tag (
    version TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (version, key)
)
-- next
CREATE TABLE run (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    name TEXT NOT NULL,
    experiment TEXT NOT NULL,
    status TEXT NOT NULL,
    is_deleted BIGINT NOT NULL,
    user_name TEXT NOT NULL,
    artifact_uri TEXT NOT NULL,
    version TEXT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    import TEXT NOT NULL,
    UNIQUE (source, source_id)
)
-- next
CREATE INDEX run_version ON run (version)
-- next
CREATE TABLE run_parameter (
    run TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run, key)
)
-- next
CREATE TABLE run_tag (
    run TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run, key)
)
-- next
CREATE TABLE series (
    id BIGINT PRIMARY KEY,
    version TEXT NOT NULL,
    run TEXT NOT NULL,
    metric TEXT NOT NULL,
    slice TEXT NOT NULL,
    import TEXT NOT NULL,
    UNIQUE (version, run, metric, slice)
)
-- next
-- Rows of one series lie together in time order; a restated value is a further revision, the highest counts.
CREATE TABLE observation (
    series BIGINT NOT NULL,
    window_end BIGINT NOT NULL,
    window_start BIGINT NOT NULL,
    step BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    value DOUBLE PRECISION,
    lexeme TEXT,
    n BIGINT,
    lower DOUBLE PRECISION,
    upper DOUBLE PRECISION,
    import BIGINT NOT NULL,
    PRIMARY KEY (series, window_end, window_start, step, revision)
) WITHOUT ROWID
-- next
CREATE TABLE rule (
    id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    metric TEXT NOT NULL,
    attribute TEXT NOT NULL,
    direction BIGINT NOT NULL,
    edge DOUBLE PRECISION NOT NULL,
    upper_edge DOUBLE PRECISION NOT NULL,
    watch DOUBLE PRECISION,
    minimum_n BIGINT,
    tier BIGINT,
    model TEXT NOT NULL,
    in_force_from BIGINT NOT NULL,
    is_retired BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (id, revision)
)
-- next
CREATE TABLE verdict (
    version TEXT NOT NULL,
    rule TEXT NOT NULL,
    slice TEXT NOT NULL,
    revision BIGINT NOT NULL,
    metric TEXT NOT NULL,
    state BIGINT NOT NULL,
    sentence TEXT NOT NULL,
    series BIGINT,
    window_start BIGINT,
    window_end BIGINT,
    value DOUBLE PRECISION,
    n BIGINT,
    lower DOUBLE PRECISION,
    upper DOUBLE PRECISION,
    PRIMARY KEY (version, rule, slice)
)
-- next
CREATE TABLE bundle (
    id TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    inputs BYTEA NOT NULL,
    frozen_at BIGINT NOT NULL,
    frozen_by TEXT NOT NULL,
    entry BIGINT NOT NULL
)
-- next
CREATE INDEX bundle_version ON bundle (version)
-- next
CREATE TABLE signoff (
    id TEXT PRIMARY KEY,
    bundle TEXT NOT NULL,
    version TEXT NOT NULL,
    person TEXT NOT NULL,
    person_name TEXT NOT NULL,
    role TEXT NOT NULL,
    decision BIGINT NOT NULL,
    meaning TEXT NOT NULL,
    comment TEXT NOT NULL,
    sentence TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    utc_offset BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    key TEXT NOT NULL,
    inputs BYTEA NOT NULL,
    is_stale BIGINT NOT NULL,
    changes TEXT NOT NULL
)
-- next
CREATE INDEX signoff_version ON signoff (version)
-- next
CREATE TABLE import (
    no BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    description TEXT NOT NULL,
    content TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    models BIGINT NOT NULL,
    versions BIGINT NOT NULL,
    runs BIGINT NOT NULL,
    changes BIGINT NOT NULL,
    observations BIGINT NOT NULL,
    restated BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    undone_by BIGINT
)
-- next
CREATE TABLE report (
    id TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    title TEXT NOT NULL,
    facts BYTEA NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    entry BIGINT NOT NULL
)
-- next
CREATE TABLE subject_head (
    subject TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    entry BIGINT NOT NULL
)
-- next
-- One row for each field that an event changed: the History of a model, and what an undo puts back.
CREATE TABLE change (
    entry BIGINT NOT NULL,
    no BIGINT NOT NULL,
    subject TEXT NOT NULL,
    field TEXT NOT NULL,
    old TEXT,
    new TEXT,
    import TEXT NOT NULL,
    PRIMARY KEY (entry, no)
)
-- next
CREATE INDEX change_subject ON change (subject, entry)
-- next
CREATE INDEX change_import ON change (import)
-- next
-- The audit trail as a list: what each entry says, in words.
CREATE TABLE trail (
    entry BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    import TEXT NOT NULL,
    summary TEXT NOT NULL
)
-- next
CREATE INDEX trail_model ON trail (model, entry)
-- next
CREATE INDEX trail_kind ON trail (kind, entry)
-- next
CREATE INDEX trail_actor ON trail (actor, entry)
