-- What the person at the desk keeps: register profiles, connections, settings; and object lists,
-- so that a meter known by its firmware is not asked for them again.

CREATE TABLE register_profile (
  id     INTEGER PRIMARY KEY,
  family TEXT NOT NULL,
  name   TEXT NOT NULL CHECK (name <> ''),
  UNIQUE (family, name)
) STRICT;

CREATE TABLE register_profile_item (
  register_profile_id INTEGER NOT NULL REFERENCES register_profile ON DELETE CASCADE,
  position            INTEGER NOT NULL,
  obis                TEXT NOT NULL,
  PRIMARY KEY (register_profile_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE recent_link (
  uri      TEXT NOT NULL PRIMARY KEY,
  at       INTEGER NOT NULL,
  meter_id INTEGER REFERENCES meter ON DELETE SET NULL
) STRICT;
CREATE INDEX recent_link_by_meter ON recent_link (meter_id);

CREATE TABLE object_list (
  meter_id INTEGER NOT NULL REFERENCES meter ON DELETE CASCADE,
  firmware TEXT NOT NULL,
  view     TEXT NOT NULL,        -- of which association
  at       INTEGER NOT NULL,
  data     BLOB NOT NULL,
  PRIMARY KEY (meter_id, firmware, view)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  key   TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
