CREATE TABLE item (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL
);

CREATE TABLE member (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE
);

CREATE TABLE loan (
  id INTEGER PRIMARY KEY,
  item INTEGER NOT NULL REFERENCES item (id),
  member INTEGER NOT NULL REFERENCES member (id),
  lent_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  returned_on TEXT CHECK (returned_on >= lent_on)
);

CREATE UNIQUE INDEX loan_open ON loan (item) WHERE returned_on IS NULL;
CREATE INDEX loan_due ON loan (due_on) WHERE returned_on IS NULL;
