-- What was remembered of a source before a revision changed it, so that an undo can put it back.
CREATE TABLE import_base_changes (
    revision BIGINT NOT NULL REFERENCES revisions (revision),
    source TEXT NOT NULL,
    station TEXT NOT NULL,
    source_id TEXT,
    body TEXT,
    PRIMARY KEY (source, station, revision)
);
CREATE INDEX import_base_changes_of_a_revision ON import_base_changes (revision);
CREATE TABLE import_mapping_changes (
    revision BIGINT NOT NULL REFERENCES revisions (revision),
    source TEXT NOT NULL,
    body TEXT,
    PRIMARY KEY (source, revision)
);
-- Files that wait for a decision, and what they would change: until they expire.
CREATE TABLE dry_runs (
    id TEXT PRIMARY KEY,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    who TEXT NOT NULL,
    version BIGINT NOT NULL,
    base BIGINT NOT NULL,
    asked TEXT NOT NULL,
    summary TEXT NOT NULL,
    digest TEXT NOT NULL
);
CREATE TABLE dry_run_files (
    dry_run TEXT PRIMARY KEY REFERENCES dry_runs (id) ON DELETE CASCADE,
    body BYTEA NOT NULL
);
CREATE TABLE dry_run_pages (
    dry_run TEXT NOT NULL REFERENCES dry_runs (id) ON DELETE CASCADE,
    page BIGINT NOT NULL,
    outcomes BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (dry_run, page)
);
