-- Beside the ledger: what is needed to write it. None of it is a projection.
-- ledger_head is the row that PostgreSQL writers lock, and the tree's frontier so that an append need not read the log again;
-- opening a workspace compares it with the entries.
CREATE TABLE ledger_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    size BIGINT NOT NULL,
    tree BYTEA NOT NULL
)
-- next
CREATE TABLE checkpoint (
    size BIGINT PRIMARY KEY,
    note TEXT NOT NULL
)
-- next
-- Signing keys under their owners' passphrases (crypto::wrapKey). The passphrase is nowhere.
CREATE TABLE wrapped_key (
    key TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL
)
