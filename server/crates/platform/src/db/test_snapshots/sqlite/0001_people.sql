CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL, shout TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL);
CREATE TABLE keys (key TEXT PRIMARY KEY, person TEXT NOT NULL UNIQUE REFERENCES people (id), secret TEXT NOT NULL);
CREATE TABLE uses (key TEXT NOT NULL REFERENCES keys (key), at BIGINT NOT NULL, PRIMARY KEY (key, at)) WITHOUT ROWID;
CREATE TABLE postings (number INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL REFERENCES people, amount BIGINT, data BLOB);
ALTER TABLE people ADD COLUMN first_posting BIGINT REFERENCES postings (number);
CREATE TABLE totals (person TEXT NOT NULL UNIQUE REFERENCES people (id), postings BIGINT NOT NULL);
CREATE TABLE "odd ""lines""" ("a ""text""" TEXT, n BIGINT);
CREATE VIEW rich AS SELECT person FROM totals WHERE postings > 3;
CREATE TRIGGER postings_no_update BEFORE UPDATE ON postings BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER postings_no_delete BEFORE DELETE ON postings BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER "postings ""counted""" AFTER INSERT ON postings
BEGIN
    INSERT INTO totals (person, postings) VALUES (NEW.person, 1)
    ON CONFLICT (person) DO UPDATE SET postings = postings + 1;
END;
