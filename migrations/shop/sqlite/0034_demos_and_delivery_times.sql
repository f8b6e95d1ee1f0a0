-- A sample can be a game to be tried. What samples show is said by the item's title and category.
CREATE TABLE item_samples_now (
    item_id TEXT NOT NULL REFERENCES items (id),
    position BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('Picture', 'Page', 'Demo')),
    key TEXT NOT NULL REFERENCES stored_files (key),
    PRIMARY KEY (item_id, position)
);
INSERT INTO item_samples_now (item_id, position, kind, key) SELECT item_id, position, kind, key FROM item_samples;
DROP TABLE item_samples;
ALTER TABLE item_samples_now RENAME TO item_samples;

-- Within how many days of an order its seller sends or makes ready what is not delivered at once; NULL: nothing is said.
ALTER TABLE items ADD COLUMN handling_days BIGINT CHECK (handling_days BETWEEN 1 AND 7);
-- As it was said when the order was placed.
ALTER TABLE orders ADD COLUMN handling_days BIGINT;
