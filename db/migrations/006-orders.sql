-- Settings whose values must not decrease in the order of their registers.
CREATE TABLE family_order (
  family    TEXT NOT NULL REFERENCES family ON DELETE CASCADE,
  position  INTEGER NOT NULL,
  registers TEXT NOT NULL,       -- of KMP, hexadecimal
  reason    TEXT NOT NULL,       -- a sentence
  within    TEXT,
  PRIMARY KEY (family, position)
) STRICT, WITHOUT ROWID;
