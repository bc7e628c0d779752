-- A store of backout, format 1: one append-only log and two small tables derived from it.
-- docs/log.md explains every column and how the hash is made. The build compiles this file into
-- the program; nothing else creates a table.

PRAGMA application_id = 1114328948; -- "BkOt"
PRAGMA user_version = 1;            -- the format: a program that knows only less opens to read

CREATE TABLE events (
    seq      INTEGER PRIMARY KEY,   -- from 1, without gaps: the only order there is
    command  TEXT    NOT NULL,      -- the id of what was asked, made by whoever asked
    part     INTEGER NOT NULL,      -- its nth event, from 0
    request  BLOB    NOT NULL,      -- 32 bytes: tells a retry from an id used twice
    incident INTEGER NOT NULL,      -- 0: of the store itself
    at       INTEGER NOT NULL,      -- ms since the epoch, as the store's clock read
    actor    TEXT    NOT NULL,
    via      TEXT    NOT NULL,      -- the door: console, line, runner, …
    kind     TEXT    NOT NULL,
    body     TEXT    NOT NULL,      -- JSON, exactly as hashed
    hash     BLOB    NOT NULL,      -- 32 bytes: over the hash before and every column above
    UNIQUE (command, part)
) STRICT;

CREATE INDEX events_by_incident ON events (incident, seq);
-- The newest event of each kind that concerns the whole store, without walking its plans.
CREATE INDEX store_events_by_kind ON events (kind, seq) WHERE incident = 0;

-- Against accidents only: whoever may write the file may drop them. The chain shows intent.
CREATE TRIGGER events_stay_as_written BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'the log is append-only: events are never changed');
END;
CREATE TRIGGER events_stay_for_ever BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'the log is append-only: events are never deleted');
END;

-- Derived: a line of the archive per incident, written in the transaction of its last event.
CREATE TABLE incidents (
    number   INTEGER PRIMARY KEY,
    title    TEXT    NOT NULL,
    severity INTEGER NOT NULL,
    state    TEXT    NOT NULL,
    service  TEXT    NOT NULL,
    plan     TEXT    NOT NULL,      -- its id, or empty
    drill    INTEGER NOT NULL,
    open     INTEGER NOT NULL,
    opened   INTEGER NOT NULL,      -- ms since the epoch
    closed   INTEGER NOT NULL,      -- 0 while open
    last_seq INTEGER NOT NULL
) STRICT;
CREATE INDEX incidents_open ON incidents (number) WHERE open = 1;

-- Derived: which event froze the plan of a digest.
CREATE TABLE plans (
    sha256 TEXT    PRIMARY KEY,
    seq    INTEGER NOT NULL
) STRICT;
