-- Who changed what in which meter.  Append only; hash is SHA-256 over the record and the hash
-- before it.  No foreign key: the audit outlives the meter's other rows.

CREATE TABLE audit (
  id        INTEGER PRIMARY KEY CHECK (id > 0),
  at        INTEGER NOT NULL,
  who       TEXT,
  serial    TEXT,
  type      TEXT,
  reference INTEGER NOT NULL,
  action    TEXT,
  object    TEXT,
  old_value TEXT,
  new_value TEXT,
  result    TEXT,
  hash      TEXT NOT NULL
) STRICT;
CREATE INDEX audit_of_meter ON audit (serial, id);

-- The last record's number and hash, so that records cut off the end are missed.
CREATE TABLE audit_head (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  id   INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_head VALUES (1, 0, '');

CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit is append only'); END;
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit is append only'); END;
