-- Meters, and what was read from them.
-- Times are UTC seconds, values integers whose power of ten and unit stand beside them.

CREATE TABLE meter (
  id           INTEGER PRIMARY KEY,
  serial       TEXT NOT NULL CHECK (serial <> ''),
  family       TEXT NOT NULL,
  manufacturer TEXT,
  type         TEXT,
  logical_name TEXT,
  firmware     TEXT,
  reference    INTEGER NOT NULL,
  first_seen   INTEGER NOT NULL,
  last_seen    INTEGER NOT NULL,
  last_link    TEXT,
  label        TEXT,
  UNIQUE (serial, family)
) STRICT;

CREATE TABLE readout (
  id          INTEGER PRIMARY KEY,
  meter_id    INTEGER NOT NULL REFERENCES meter ON DELETE CASCADE,
  at          INTEGER NOT NULL,
  link        TEXT,
  profile     TEXT,
  meter_clock INTEGER
) STRICT;
CREATE INDEX readout_of_meter ON readout (meter_id, at);

CREATE TABLE reading (
  readout_id INTEGER NOT NULL REFERENCES readout ON DELETE CASCADE,
  position   INTEGER NOT NULL,
  kind       INTEGER NOT NULL,   -- MwReadingKind
  obis       TEXT NOT NULL,
  class_id   INTEGER NOT NULL,
  attribute  INTEGER NOT NULL,
  name       TEXT,
  "group"    TEXT,
  mantissa   INTEGER,
  exponent   INTEGER,
  unit       INTEGER,
  text       TEXT,
  civil      BLOB,               -- 12 octets, store-civil
  captured   BLOB,
  status     INTEGER NOT NULL,
  result     INTEGER NOT NULL,
  PRIMARY KEY (readout_id, position)
) STRICT, WITHOUT ROWID;

-- A version of a logger: one set of columns with one capture period.
CREATE TABLE profile (
  id       INTEGER PRIMARY KEY,
  meter_id INTEGER NOT NULL REFERENCES meter ON DELETE CASCADE,
  logger   TEXT NOT NULL,
  version  INTEGER NOT NULL,
  obis     TEXT,
  period_s INTEGER NOT NULL,
  width    INTEGER NOT NULL CHECK (width IN (4, 8, 16, 32, 64)),  -- which entry table
  UNIQUE (meter_id, logger, version)
) STRICT;

CREATE TABLE profile_column (
  profile_id INTEGER NOT NULL REFERENCES profile ON DELETE CASCADE,
  position   INTEGER NOT NULL,
  kind       INTEGER NOT NULL,   -- MwColumnKind
  obis       TEXT NOT NULL,
  class_id   INTEGER NOT NULL,
  attribute  INTEGER NOT NULL,
  name       TEXT,
  exponent   INTEGER NOT NULL,
  unit       INTEGER NOT NULL,
  PRIMARY KEY (profile_id, position)
) STRICT, WITHOUT ROWID;

-- Rows of loggers, wide: one table per width, since an unused column costs an octet a row.
CREATE TABLE entry4 (
  profile_id INTEGER NOT NULL REFERENCES profile ON DELETE CASCADE,
  time INTEGER NOT NULL, sequence INTEGER NOT NULL,
  deviation INTEGER,             -- minutes local - UTC as the meter gave it
  status INTEGER NOT NULL,
  v0 INTEGER, v1 INTEGER, v2 INTEGER, v3 INTEGER,
  PRIMARY KEY (profile_id, time, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE entry8 (
  profile_id INTEGER NOT NULL REFERENCES profile ON DELETE CASCADE,
  time INTEGER NOT NULL, sequence INTEGER NOT NULL, deviation INTEGER, status INTEGER NOT NULL,
  v0 INTEGER, v1 INTEGER, v2 INTEGER, v3 INTEGER, v4 INTEGER, v5 INTEGER, v6 INTEGER, v7 INTEGER,
  PRIMARY KEY (profile_id, time, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE entry16 (
  profile_id INTEGER NOT NULL REFERENCES profile ON DELETE CASCADE,
  time INTEGER NOT NULL, sequence INTEGER NOT NULL, deviation INTEGER, status INTEGER NOT NULL,
  v0 INTEGER, v1 INTEGER, v2 INTEGER, v3 INTEGER, v4 INTEGER, v5 INTEGER, v6 INTEGER, v7 INTEGER,
  v8 INTEGER, v9 INTEGER, v10 INTEGER, v11 INTEGER, v12 INTEGER, v13 INTEGER, v14 INTEGER, v15 INTEGER,
  PRIMARY KEY (profile_id, time, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE entry32 (
  profile_id INTEGER NOT NULL REFERENCES profile ON DELETE CASCADE,
  time INTEGER NOT NULL, sequence INTEGER NOT NULL, deviation INTEGER, status INTEGER NOT NULL,
  v0 INTEGER, v1 INTEGER, v2 INTEGER, v3 INTEGER, v4 INTEGER, v5 INTEGER, v6 INTEGER, v7 INTEGER,
  v8 INTEGER, v9 INTEGER, v10 INTEGER, v11 INTEGER, v12 INTEGER, v13 INTEGER, v14 INTEGER, v15 INTEGER,
  v16 INTEGER, v17 INTEGER, v18 INTEGER, v19 INTEGER, v20 INTEGER, v21 INTEGER, v22 INTEGER, v23 INTEGER,
  v24 INTEGER, v25 INTEGER, v26 INTEGER, v27 INTEGER, v28 INTEGER, v29 INTEGER, v30 INTEGER, v31 INTEGER,
  PRIMARY KEY (profile_id, time, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE entry64 (
  profile_id INTEGER NOT NULL REFERENCES profile ON DELETE CASCADE,
  time INTEGER NOT NULL, sequence INTEGER NOT NULL, deviation INTEGER, status INTEGER NOT NULL,
  v0 INTEGER, v1 INTEGER, v2 INTEGER, v3 INTEGER, v4 INTEGER, v5 INTEGER, v6 INTEGER, v7 INTEGER,
  v8 INTEGER, v9 INTEGER, v10 INTEGER, v11 INTEGER, v12 INTEGER, v13 INTEGER, v14 INTEGER, v15 INTEGER,
  v16 INTEGER, v17 INTEGER, v18 INTEGER, v19 INTEGER, v20 INTEGER, v21 INTEGER, v22 INTEGER, v23 INTEGER,
  v24 INTEGER, v25 INTEGER, v26 INTEGER, v27 INTEGER, v28 INTEGER, v29 INTEGER, v30 INTEGER, v31 INTEGER,
  v32 INTEGER, v33 INTEGER, v34 INTEGER, v35 INTEGER, v36 INTEGER, v37 INTEGER, v38 INTEGER, v39 INTEGER,
  v40 INTEGER, v41 INTEGER, v42 INTEGER, v43 INTEGER, v44 INTEGER, v45 INTEGER, v46 INTEGER, v47 INTEGER,
  v48 INTEGER, v49 INTEGER, v50 INTEGER, v51 INTEGER, v52 INTEGER, v53 INTEGER, v54 INTEGER, v55 INTEGER,
  v56 INTEGER, v57 INTEGER, v58 INTEGER, v59 INTEGER, v60 INTEGER, v61 INTEGER, v62 INTEGER, v63 INTEGER,
  PRIMARY KEY (profile_id, time, sequence)
) STRICT, WITHOUT ROWID;

-- Cells of text columns, which have no place among the integers.
CREATE TABLE entry_text (
  profile_id INTEGER NOT NULL REFERENCES profile ON DELETE CASCADE,
  time INTEGER NOT NULL, sequence INTEGER NOT NULL,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (profile_id, time, sequence, position)
) STRICT, WITHOUT ROWID;

-- Answers as they came, beside what was made of them, so that they can be decoded again.
CREATE TABLE raw_answer (
  id         INTEGER PRIMARY KEY,
  meter_id   INTEGER NOT NULL REFERENCES meter ON DELETE CASCADE,
  at         INTEGER NOT NULL,
  readout_id INTEGER REFERENCES readout ON DELETE CASCADE,   -- a reading's, with its position,
  position   INTEGER,
  profile_id INTEGER REFERENCES profile ON DELETE CASCADE,   -- or a logger's, with its window
  first_time INTEGER,
  last_time  INTEGER,
  deflated   INTEGER NOT NULL,   -- 1: zlib
  bytes      BLOB NOT NULL,
  CHECK ((readout_id IS NULL) <> (profile_id IS NULL))
) STRICT;
CREATE INDEX raw_answer_of_readout ON raw_answer (readout_id, position) WHERE readout_id IS NOT NULL;
CREATE INDEX raw_answer_of_profile ON raw_answer (profile_id, at) WHERE profile_id IS NOT NULL;
CREATE INDEX raw_answer_of_meter ON raw_answer (meter_id);
