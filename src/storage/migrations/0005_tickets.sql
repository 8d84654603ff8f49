-- What workers and inspectors say of stations. No column holds anything of the person who reports or visits.
CREATE TABLE tickets (
    id BIGINT PRIMARY KEY,
    station TEXT NOT NULL,
    kind TEXT NOT NULL,
    facility TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    reports BIGINT NOT NULL,
    opened_at TEXT NOT NULL,
    reported_at TEXT NOT NULL,
    changed_at TEXT,
    changed_by TEXT,
    note TEXT,
    revision BIGINT REFERENCES revisions (revision)
);
-- One ticket about one matter at a time: further reports count on it.
CREATE UNIQUE INDEX tickets_under_way ON tickets (station, kind, facility) WHERE state IN ('open', 'acknowledged');
CREATE INDEX tickets_by_state ON tickets (state, id);
CREATE INDEX tickets_of_a_station ON tickets (station, id);
-- What the reports of a ticket say, each different saying once, as JSON.
CREATE TABLE ticket_sayings (
    ticket BIGINT NOT NULL REFERENCES tickets (id),
    place BIGINT NOT NULL,
    at TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (ticket, place)
);
-- How often a station was used on a day of the service's time zone.
CREATE TABLE visits (
    station TEXT NOT NULL,
    day TEXT NOT NULL,
    visits BIGINT NOT NULL,
    PRIMARY KEY (station, day)
);
CREATE TABLE inspections (
    id BIGINT PRIMARY KEY,
    station TEXT NOT NULL,
    day TEXT NOT NULL,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    body TEXT NOT NULL,
    revision BIGINT REFERENCES revisions (revision)
);
CREATE INDEX inspections_of_a_station ON inspections (station, day, id);
