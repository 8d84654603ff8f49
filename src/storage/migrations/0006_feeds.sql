-- Addresses that sheets are fetched from, what came of it last, and the file that waits for a person.
CREATE TABLE feeds (
    name TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    settings TEXT NOT NULL,
    due_at TEXT NOT NULL,
    claimed_until TEXT,
    etag TEXT,
    last_modified TEXT,
    outcome TEXT,
    file TEXT
);
-- What geocoding services have answered, so that nobody is asked twice.
CREATE TABLE geocodes (
    provider TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (provider, question)
);
