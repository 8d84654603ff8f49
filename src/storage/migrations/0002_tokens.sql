-- Who may write. The secret itself is kept nowhere.
CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    made_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT
);
