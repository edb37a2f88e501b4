-- The meter catalogue as loaded from db/catalogue/*.xml: replaced whole when the files change.
-- Nothing of the user's refers to it.  In tables without rowid the columns of the key come first:
-- integrity_check of SQLite 3.40 finds false nulls otherwise.

CREATE TABLE catalogue (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  checksum TEXT NOT NULL
) STRICT;

CREATE TABLE family (
  id           TEXT NOT NULL PRIMARY KEY,
  position     INTEGER NOT NULL,
  name         TEXT NOT NULL,
  manufacturer TEXT NOT NULL,
  flag         TEXT NOT NULL,
  protocol     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE family_recognise (
  family   TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  position INTEGER NOT NULL,
  what     TEXT NOT NULL,        -- logical-device-name, iec-identification
  pattern  TEXT NOT NULL,        -- regular expression
  PRIMARY KEY (family, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE family_model (
  family      TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  id          TEXT NOT NULL,
  name        TEXT NOT NULL,     -- MT381
  device_type TEXT,              -- 103, in the logical device name after the manufacturer
  PRIMARY KEY (family, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE family_type (
  family      TEXT NOT NULL,
  designation TEXT NOT NULL,     -- MT381-D1
  model       TEXT NOT NULL,
  PRIMARY KEY (family, designation),
  FOREIGN KEY (family, model) REFERENCES family_model ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE family_object (
  family   TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  position INTEGER NOT NULL,
  obis     TEXT NOT NULL,
  class_id INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  name     TEXT NOT NULL,
  "group"  TEXT NOT NULL,
  models   TEXT,                 -- ' me381 mt381 ', NULL: all of the family
  unit     INTEGER NOT NULL,
  exponent INTEGER NOT NULL,
  bits     TEXT,                 -- family_bit.list
  assigned_reference INTEGER NOT NULL,
  PRIMARY KEY (family, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX family_object_by_obis ON family_object (family, obis);

CREATE TABLE family_name (
  family   TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  position INTEGER NOT NULL,
  a0 INTEGER NOT NULL, a1 INTEGER NOT NULL, b0 INTEGER NOT NULL, b1 INTEGER NOT NULL,
  c0 INTEGER NOT NULL, c1 INTEGER NOT NULL, d0 INTEGER NOT NULL, d1 INTEGER NOT NULL,
  e0 INTEGER NOT NULL, e1 INTEGER NOT NULL, f0 INTEGER NOT NULL, f1 INTEGER NOT NULL,
  text     TEXT NOT NULL,        -- {e} stands for value group E
  "group"  TEXT NOT NULL,
  unit     INTEGER NOT NULL,
  PRIMARY KEY (family, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE family_logger (
  family   TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  position INTEGER NOT NULL,
  logger   TEXT NOT NULL,
  obis     TEXT NOT NULL,
  name     TEXT NOT NULL,
  kind     TEXT NOT NULL,        -- profile, billing, events, records
  PRIMARY KEY (family, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE family_event (
  family      TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  logger      TEXT NOT NULL,
  code        INTEGER NOT NULL,
  severity    TEXT NOT NULL,
  name        TEXT NOT NULL,
  description TEXT,
  PRIMARY KEY (family, logger, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE family_bit (
  family   TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  list     TEXT NOT NULL,        -- profile-status, alarm-1
  bit      INTEGER NOT NULL,
  code     TEXT NOT NULL,
  severity TEXT NOT NULL,
  name     TEXT NOT NULL,
  PRIMARY KEY (family, list, bit)
) STRICT, WITHOUT ROWID;

CREATE TABLE interface_class (
  id      INTEGER NOT NULL,
  version INTEGER NOT NULL,
  name    TEXT NOT NULL,
  PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE interface_attribute (
  class_id INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  n        INTEGER NOT NULL,     -- methods are below zero
  name     TEXT NOT NULL,
  PRIMARY KEY (class_id, version, n)
) STRICT, WITHOUT ROWID;
