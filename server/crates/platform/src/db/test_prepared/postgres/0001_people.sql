CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL, secret TEXT, born_at BIGINT, shout TEXT GENERATED ALWAYS AS (upper(name)) STORED);
CREATE TABLE letters (person TEXT NOT NULL REFERENCES people (id), content BYTEA NOT NULL, PRIMARY KEY (person));
