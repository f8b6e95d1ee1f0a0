-- Links to a file that was bought, for a device on which its buyer is not signed in. What a link carries is not kept: it is
-- made of the id with a key that is not in the database.
CREATE TABLE download_links (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    -- Which of the order's files, counted from 1.
    file BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- How often the file was begun with it.
    uses BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX download_links_by_order ON download_links (order_id, made_at);
CREATE INDEX download_links_by_age ON download_links (expires_at);
