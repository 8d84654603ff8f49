-- The register: what the stations are now, and every change that made them so.
CREATE TABLE revisions (
    revision BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    kind TEXT NOT NULL,
    why TEXT,
    request TEXT UNIQUE
);
CREATE TABLE stations (
    id TEXT PRIMARY KEY,
    revision BIGINT NOT NULL REFERENCES revisions (revision),
    body TEXT NOT NULL
);
CREATE TABLE changes (
    revision BIGINT NOT NULL REFERENCES revisions (revision),
    place BIGINT NOT NULL,
    id TEXT NOT NULL,
    before_revision BIGINT,
    before_body TEXT,
    after_body TEXT,
    PRIMARY KEY (revision, place)
);
CREATE INDEX changes_of_a_station ON changes (id, revision);
