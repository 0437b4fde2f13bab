-- Two of the three tables. Add `loan`: item, member, lent_on, due_on, returned_on (NULL while open).
-- The database itself must refuse: a loan of an unknown item or member, a second open loan of one
-- item, and a return before the day of lending.
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
