-- The catalogue's pages and searches look at no more items than they show.

-- How many items a category has: triggers count, whoever lists one.
ALTER TABLE categories ADD COLUMN items BIGINT NOT NULL DEFAULT 0;
UPDATE categories SET items = (SELECT COUNT(*) FROM items i WHERE i.category = categories.slug);
CREATE TRIGGER items_counted AFTER INSERT ON items
BEGIN UPDATE categories SET items = items + 1 WHERE slug = NEW.category; END;
CREATE TRIGGER items_counted_again AFTER UPDATE OF category ON items
BEGIN
    UPDATE categories SET items = items - 1 WHERE slug = OLD.category;
    UPDATE categories SET items = items + 1 WHERE slug = NEW.category;
END;
CREATE TRIGGER items_taken_away AFTER DELETE ON items
BEGIN UPDATE categories SET items = items - 1 WHERE slug = OLD.category; END;

-- The order of the catalogue and of what is found: the lead item first, then by title.
CREATE INDEX items_in_order ON items ((CASE WHEN featured_rank = 1 THEN 0 ELSE 1 END), LOWER(title), slug);
DROP INDEX items_by_category;
CREATE INDEX items_by_category ON items (category, (CASE WHEN featured_rank = 1 THEN 0 ELSE 1 END), LOWER(title), slug);
CREATE INDEX items_featured ON items (featured_rank) WHERE featured_rank IS NOT NULL;

-- Items by any three letters in a row of what a search looks through. An item's row has no number that lasts.
CREATE VIRTUAL TABLE item_search USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'trigram');
CREATE TABLE item_numbers (
    item_id TEXT NOT NULL UNIQUE REFERENCES items (id),
    -- `item_search.rowid`
    number BIGINT NOT NULL UNIQUE
);
INSERT INTO item_numbers (item_id, number) SELECT id, ROW_NUMBER() OVER (ORDER BY created_at, id) FROM items;
INSERT INTO item_search (rowid, text)
SELECT n.number, i.search_text FROM item_numbers n JOIN items i ON i.id = n.item_id ORDER BY n.number;
CREATE TRIGGER items_found AFTER INSERT ON items
BEGIN
    INSERT INTO item_numbers (item_id, number) SELECT NEW.id, COALESCE(MAX(number), 0) + 1 FROM item_numbers;
    INSERT INTO item_search (rowid, text) SELECT number, NEW.search_text FROM item_numbers WHERE item_id = NEW.id;
END;
CREATE TRIGGER items_found_again AFTER UPDATE OF search_text ON items
BEGIN
    UPDATE item_search SET text = NEW.search_text
    WHERE rowid = (SELECT number FROM item_numbers WHERE item_id = NEW.id);
END;
CREATE TRIGGER items_lost BEFORE DELETE ON items
BEGIN
    DELETE FROM item_search WHERE rowid = (SELECT number FROM item_numbers WHERE item_id = OLD.id);
    DELETE FROM item_numbers WHERE item_id = OLD.id;
END;

-- How often an item was ordered on a day (of UTC, counted from 1970), paid, and not taken back: what is popular.
CREATE TABLE item_days (
    day BIGINT NOT NULL,
    item_id TEXT NOT NULL REFERENCES items (id),
    sold BIGINT NOT NULL
);
CREATE UNIQUE INDEX item_days_by_day ON item_days (day, item_id);
INSERT INTO item_days (day, item_id, sold)
SELECT created_at / 86400000000, item_id, COUNT(*) FROM orders WHERE state = 'Paid' GROUP BY 1, 2;
CREATE TRIGGER sold_on_a_day AFTER INSERT ON orders WHEN NEW.state = 'Paid'
BEGIN
    INSERT INTO item_days (day, item_id, sold) VALUES (NEW.created_at / 86400000000, NEW.item_id, 1)
    ON CONFLICT (day, item_id) DO UPDATE SET sold = sold + 1;
END;
CREATE TRIGGER sold_on_a_day_again AFTER UPDATE OF state, item_id ON orders WHEN NEW.state = 'Paid'
BEGIN
    INSERT INTO item_days (day, item_id, sold) VALUES (NEW.created_at / 86400000000, NEW.item_id, 1)
    ON CONFLICT (day, item_id) DO UPDATE SET sold = sold + 1;
END;
CREATE TRIGGER taken_back_of_a_day AFTER UPDATE OF state, item_id ON orders WHEN OLD.state = 'Paid'
BEGIN UPDATE item_days SET sold = sold - 1 WHERE day = OLD.created_at / 86400000000 AND item_id = OLD.item_id; END;
CREATE TRIGGER taken_away_of_a_day AFTER DELETE ON orders WHEN OLD.state = 'Paid'
BEGIN UPDATE item_days SET sold = sold - 1 WHERE day = OLD.created_at / 86400000000 AND item_id = OLD.item_id; END;
