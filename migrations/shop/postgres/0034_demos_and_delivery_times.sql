-- A sample can be a game to be tried. What samples show is said by the item's title and category.
ALTER TABLE item_samples DROP CONSTRAINT item_samples_kind_check;
ALTER TABLE item_samples ADD CONSTRAINT item_samples_kind_check CHECK (kind IN ('Picture', 'Page', 'Demo'));
ALTER TABLE item_samples DROP COLUMN words;

-- Within how many days of an order its seller sends or makes ready what is not delivered at once; NULL: nothing is said.
ALTER TABLE items ADD COLUMN handling_days BIGINT CHECK (handling_days BETWEEN 1 AND 7);
-- As it was said when the order was placed.
ALTER TABLE orders ADD COLUMN handling_days BIGINT;
