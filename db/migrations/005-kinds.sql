-- What the catalogue says of models, generations and variants; which of them a meter is.
-- "within" is the catalogue's attribute in: tokens model, model:GENERATIONS or *:GENERATIONS.

ALTER TABLE meter ADD COLUMN model TEXT;
ALTER TABLE meter ADD COLUMN generation TEXT;

ALTER TABLE family_model ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE family_model ADD COLUMN type_number TEXT;    -- pattern
ALTER TABLE family_model ADD COLUMN generation_at INTEGER;
ALTER TABLE family_model ADD COLUMN variant_at INTEGER;
ALTER TABLE family_model ADD COLUMN note TEXT;

ALTER TABLE interface_attribute ADD COLUMN access TEXT;
ALTER TABLE interface_attribute ADD COLUMN type TEXT;

CREATE TABLE family_kmp_type (
  family      TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  low         INTEGER NOT NULL,
  high        INTEGER NOT NULL,
  model       TEXT NOT NULL,
  generations TEXT,              -- 'B C'
  name        TEXT,
  PRIMARY KEY (family, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE family_personality (
  family       TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  position     INTEGER NOT NULL,
  model        TEXT NOT NULL,
  generation   TEXT NOT NULL,
  variant      INTEGER NOT NULL,
  optical_baud INTEGER NOT NULL,
  module_baud  INTEGER NOT NULL,
  protocols    TEXT NOT NULL,
  breaker      INTEGER NOT NULL,
  PRIMARY KEY (family, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE family_register (
  family        TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  id            INTEGER NOT NULL,  -- of KMP
  position      INTEGER NOT NULL,
  name          TEXT NOT NULL,
  "group"       TEXT NOT NULL,
  obis          TEXT,
  unit          INTEGER NOT NULL,  -- enum mw_unit
  exponent      INTEGER NOT NULL,  -- that goes with it
  octets        INTEGER NOT NULL,
  kind          TEXT NOT NULL,
  access        TEXT NOT NULL,
  least         INTEGER,
  most          INTEGER,
  choices       TEXT,
  preset        INTEGER,
  enumeration   TEXT,
  bits          TEXT,
  within        TEXT,
  assigned_reference INTEGER NOT NULL,
  PRIMARY KEY (family, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE family_attribute (
  family      TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  obis        TEXT NOT NULL,
  class_id    INTEGER NOT NULL,
  n           INTEGER NOT NULL,
  type        TEXT,
  access      TEXT,
  unit        INTEGER NOT NULL,
  exponent    INTEGER NOT NULL,
  least       INTEGER,
  most        INTEGER,
  choices     TEXT,
  enumeration TEXT,
  bits        TEXT,
  PRIMARY KEY (family, obis, class_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE family_word (
  family TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  list   TEXT NOT NULL,
  value  INTEGER NOT NULL,
  name   TEXT NOT NULL,
  PRIMARY KEY (family, list, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE family_iec_line (
  family   TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  position INTEGER NOT NULL,
  code     TEXT NOT NULL,
  id       INTEGER NOT NULL,
  unit     TEXT,
  within   TEXT,
  PRIMARY KEY (family, position)
) STRICT, WITHOUT ROWID;

ALTER TABLE family_logger ADD COLUMN kmp INTEGER NOT NULL DEFAULT 0;
ALTER TABLE family_logger ADD COLUMN within TEXT;
ALTER TABLE family_logger ADD COLUMN reason TEXT;
ALTER TABLE family_logger ADD COLUMN assigned_reference INTEGER NOT NULL DEFAULT 0;
CREATE TABLE family_logger_part (
  family    TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  logger    INTEGER NOT NULL,    -- family_logger.position
  position  INTEGER NOT NULL,
  registers TEXT,                -- of its columns, hexadecimal; or else how much it holds:
  entries   INTEGER,
  octets    INTEGER,
  header    INTEGER,
  "column"  INTEGER,
  within    TEXT,
  PRIMARY KEY (family, logger, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE family_function (
  family      TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  id          TEXT NOT NULL,
  name        TEXT NOT NULL,
  available   INTEGER NOT NULL,
  reason      TEXT,
  within      TEXT,
  module_port INTEGER NOT NULL,
  breaker     INTEGER NOT NULL,
  manual      TEXT,
  PRIMARY KEY (family, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE family_function_unless (
  family   TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  function INTEGER NOT NULL,
  position INTEGER NOT NULL,
  within   TEXT NOT NULL,
  before   TEXT,                 -- software revision
  reason   TEXT NOT NULL,
  PRIMARY KEY (family, function, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE family_setting (
  family      TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  id          TEXT NOT NULL,
  position    INTEGER NOT NULL,
  letters     TEXT,
  name        TEXT NOT NULL,
  digits      INTEGER NOT NULL,
  register    INTEGER NOT NULL,
  module_port INTEGER NOT NULL,
  fixed       TEXT,
  within      TEXT,
  assigned_reference INTEGER NOT NULL,
  PRIMARY KEY (family, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE family_choice (
  family   TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  setting  TEXT NOT NULL,
  position INTEGER NOT NULL,
  code     TEXT NOT NULL,
  name     TEXT NOT NULL,
  within   TEXT,
  PRIMARY KEY (family, setting, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE family_display_list (
  family   TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  position INTEGER NOT NULL,
  id       TEXT NOT NULL,
  name     TEXT NOT NULL,
  most     INTEGER NOT NULL,
  within   TEXT,
  PRIMARY KEY (family, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE family_display_reading (
  family    TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  position  INTEGER NOT NULL,
  name      TEXT NOT NULL,
  text      TEXT,
  obis      TEXT,
  register  INTEGER NOT NULL,
  mandatory INTEGER NOT NULL,
  note      TEXT,
  within    TEXT,
  PRIMARY KEY (family, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE family_type_number (
  family   TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  position INTEGER NOT NULL,
  length   INTEGER NOT NULL,
  pattern  TEXT NOT NULL,
  shape    TEXT NOT NULL,
  name     TEXT NOT NULL,
  PRIMARY KEY (family, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE family_type_position (
  family   TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  number   INTEGER NOT NULL,     -- family_type_number.position
  at       INTEGER NOT NULL,     -- from 1
  length   INTEGER NOT NULL,
  name     TEXT NOT NULL,
  open     INTEGER NOT NULL,     -- other codes exist
  assigned_reference INTEGER NOT NULL,
  PRIMARY KEY (family, number, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE family_type_code (
  family TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  number INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  value  TEXT NOT NULL,
  name   TEXT NOT NULL,
  PRIMARY KEY (family, number, at, value)
) STRICT, WITHOUT ROWID;
