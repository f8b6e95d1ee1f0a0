-- What a piece to listen to sounds like, to the eye: read from the file when somebody first looks at it.
CREATE TABLE sounds (
    -- Of the file: what is stored under a key never changes.
    key TEXT PRIMARY KEY,
    -- How long it is, in milliseconds.
    length BIGINT NOT NULL,
    -- How loud each piece of it is, two hexadecimal digits for each.
    peaks TEXT NOT NULL
);
