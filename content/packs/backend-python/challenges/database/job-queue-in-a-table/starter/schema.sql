-- The jobs. Times are seconds since 1970, as numbers. The database itself must refuse:
--   - a state other than waiting, running, done and dead
--   - a running job without a worker and a time at which its lease ends, and any other job with one of the two
--   - a second job with the same key that is waiting or running; without a key there may be any number
-- And it needs an index for the question which job comes next.
CREATE TABLE job (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  key TEXT,
  priority INTEGER NOT NULL DEFAULT 0,
  run_at REAL NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting',
  attempts INTEGER NOT NULL DEFAULT 0,
  worker TEXT,
  leased_until REAL,
  error TEXT
);
