CREATE TABLE job (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  key TEXT,
  priority INTEGER NOT NULL DEFAULT 0,
  run_at REAL NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  worker TEXT,
  leased_until REAL,
  error TEXT,
  CHECK ((state = 'running') = (worker IS NOT NULL) AND (state = 'running') = (leased_until IS NOT NULL))
);

CREATE UNIQUE INDEX job_key ON job (key) WHERE state IN ('waiting', 'running');
CREATE INDEX job_next ON job (state, run_at);
