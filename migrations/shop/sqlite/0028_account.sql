-- What a person does about their own account: another address, a second factor, leaving.

-- Another e-mail address that waits for the link in its mail; a person waits for one at a time.
CREATE TABLE email_changes (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE REFERENCES users (id),
    email TEXT NOT NULL,
    -- SHA-256 of what the link carries.
    digest TEXT NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL
);

-- What codes are made from follows from this id and a key that is not in the database.
CREATE TABLE second_factors (
    user_id TEXT PRIMARY KEY REFERENCES users (id),
    id TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    -- NULL: no right code has been given yet, and none is asked for.
    enabled_at BIGINT,
    -- The thirty seconds (of the machine's time) of the last code that was taken: it and older ones are not taken again.
    last_step BIGINT NOT NULL DEFAULT 0,
    -- Wrong codes since a right one.
    wrong BIGINT NOT NULL DEFAULT 0
);

-- Each opens once what a code opens; of each a keyed digest.
CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (id),
    digest TEXT NOT NULL,
    PRIMARY KEY (user_id, digest)
);

-- When the person has deleted the account. The row stays, for orders name it; whose it was is gone from it.
ALTER TABLE users ADD COLUMN deleted_at BIGINT;

-- Names stand beside reviews on the catalogue's pages.
CREATE TRIGGER users_renamed AFTER UPDATE OF name ON users WHEN OLD.name <> NEW.name
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;
