-- Whose session it is, since when, and when it was last used. NULL: nobody's who is signed in.
ALTER TABLE sessions ADD COLUMN owner TEXT;
ALTER TABLE sessions ADD COLUMN begun_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN used_at BIGINT NOT NULL DEFAULT 0;
-- Those that there are lived for a week after they were used.
UPDATE sessions SET owner = json_extract(data, '$.account'), begun_at = expires_at - 604800000000, used_at = expires_at - 604800000000;
CREATE INDEX sessions_by_owner ON sessions (owner);

-- How callers' names look: no two have a look in common. A caller from before has none where another has it.
CREATE TABLE caller_names (
    look TEXT PRIMARY KEY,
    access_key TEXT NOT NULL REFERENCES callers (access_key)
);
CREATE INDEX caller_names_by_caller ON caller_names (access_key);
