-- A film club. Days are text such as 2026-03-01. A rating without a member was given on paper, without a name.
CREATE TABLE film (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL UNIQUE,
  year INTEGER NOT NULL
);
CREATE TABLE member (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  joined TEXT NOT NULL
);
CREATE TABLE screening (
  id INTEGER PRIMARY KEY,
  film INTEGER NOT NULL REFERENCES film (id),
  shown_on TEXT NOT NULL
);
CREATE TABLE rating (
  id INTEGER PRIMARY KEY,
  screening INTEGER NOT NULL REFERENCES screening (id),
  member INTEGER REFERENCES member (id),
  stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
  UNIQUE (screening, member)
);

INSERT INTO film (id, title, year) VALUES
  (1, 'The Long Ladder', 1971), (2, 'Paper Boats', 1971), (3, 'Night Ferry', 1998), (4, 'Two Kitchens', 1998), (5, 'Salt', 2014);
INSERT INTO member (id, name, joined) VALUES
  (1, 'Ann', '2025-01-10'), (2, 'Bo', '2025-02-01'), (3, 'Cy', '2026-01-15'), (4, 'Dee', '2026-03-01');
INSERT INTO screening (id, film, shown_on) VALUES
  (1, 1, '2026-01-09'), (2, 2, '2026-01-23'), (3, 1, '2026-02-13'), (4, 3, '2026-03-06'), (5, 4, '2026-03-06');
INSERT INTO rating (screening, member, stars) VALUES
  (1, 1, 5), (1, 2, 3), (1, NULL, 4), (2, 1, 2), (2, 2, 4), (3, 3, 4), (4, 1, 5), (4, NULL, 5), (5, NULL, 1);
