-- What each source said of each station when it was last imported, and how its columns were read.
CREATE TABLE import_bases (
    source TEXT NOT NULL,
    station TEXT NOT NULL,
    source_id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (source, station)
);
CREATE TABLE import_mappings (
    source TEXT PRIMARY KEY,
    body TEXT NOT NULL
);
