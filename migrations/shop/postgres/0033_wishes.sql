-- What somebody would like to have one day: as cart_items, of which it is no part.
CREATE TABLE wishes (
    owner TEXT NOT NULL,
    item_id TEXT NOT NULL REFERENCES items (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (owner, item_id)
);
CREATE INDEX wishes_by_age ON wishes (at);
