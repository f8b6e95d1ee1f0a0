-- Listings have a life: drafts, on sale, archived; with versions of their files, pieces that are counted, tags and
-- pictures.
ALTER TABLE items
    -- Draft: only its seller sees it. Archived: it stays at its address and is sold no more.
    ADD COLUMN state TEXT NOT NULL DEFAULT 'Published' CHECK (state IN ('Draft', 'Published', 'Archived')),
    -- Pieces that are left; NULL: they are not counted.
    ADD COLUMN stock BIGINT CHECK (stock >= 0),
    -- Which of its versions is sold; NULL: it has no files.
    ADD COLUMN version BIGINT,
    -- When it was first on sale: from then on its address stays.
    ADD COLUMN published_at BIGINT,
    ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0,
    -- 0: a draft without one.
    DROP CONSTRAINT items_price_check,
    ADD CHECK (price > 0 OR (price = 0 AND state <> 'Published'));
UPDATE items SET version = CASE WHEN file_key IS NULL THEN NULL ELSE 1 END, published_at = created_at, updated_at = created_at;

-- Every file that a seller sent, by its key in the store: first a draft, which is swept after a day unless a listing
-- takes it; what a listing lets go is a draft again.
CREATE TABLE stored_files (
    key TEXT PRIMARY KEY,
    merchant_id TEXT NOT NULL REFERENCES merchants (id),
    -- Arriving: its bytes are not all there. Leaving: it is being deleted.
    state TEXT NOT NULL CHECK (state IN ('Arriving', 'Draft', 'Kept', 'Leaving')),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL CHECK (bytes >= 0),
    -- Of the content, in hexadecimal digits; NULL for what was stored before checksums were.
    sha256 TEXT,
    -- Since when it is what it is.
    at BIGINT NOT NULL
);
CREATE INDEX stored_files_to_sweep ON stored_files (at, key) WHERE state <> 'Kept';

-- What the files of a seller take together: triggers count. No primary key: no record of its own.
CREATE TABLE merchant_storage (
    merchant_id TEXT NOT NULL REFERENCES merchants (id),
    bytes BIGINT NOT NULL
);
CREATE UNIQUE INDEX merchant_storage_by_merchant ON merchant_storage (merchant_id);

-- What was and is sold under an item's name; items.version is the one that is sold now.
CREATE TABLE item_versions (
    item_id TEXT NOT NULL REFERENCES items (id),
    number BIGINT NOT NULL,
    -- What is new in it, for buyers.
    notes TEXT NOT NULL,
    -- Whether those who bought an earlier one get it.
    for_earlier_buyers BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (item_id, number)
);

CREATE TABLE item_files (
    item_id TEXT NOT NULL REFERENCES items (id),
    version BIGINT NOT NULL,
    position BIGINT NOT NULL,
    key TEXT NOT NULL REFERENCES stored_files (key),
    PRIMARY KEY (item_id, version, position)
);
CREATE INDEX item_files_by_key ON item_files (key);

-- Pictures beside the cover, and samples: a piece to listen to, a page to read.
CREATE TABLE item_samples (
    item_id TEXT NOT NULL REFERENCES items (id),
    position BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('Picture', 'Page')),
    key TEXT NOT NULL REFERENCES stored_files (key),
    -- What it shows, for those who do not see it.
    words TEXT NOT NULL,
    PRIMARY KEY (item_id, position)
);

CREATE TABLE item_tags (
    item_id TEXT NOT NULL REFERENCES items (id),
    tag TEXT NOT NULL,
    PRIMARY KEY (item_id, tag)
);

-- The files that items had so far are their first version. Of covers the size is not known: they are counted as the
-- largest one.
INSERT INTO stored_files (key, merchant_id, state, name, media_type, bytes, at)
SELECT file_key, MIN(merchant_id), 'Kept', MIN(file_name), MIN(file_type), MIN(file_size), MIN(created_at)
FROM items WHERE file_key IS NOT NULL GROUP BY file_key;
INSERT INTO stored_files (key, merchant_id, state, name, media_type, bytes, at)
SELECT cover_key, MIN(merchant_id), 'Kept', 'cover', '', 2097152, MIN(created_at)
FROM items WHERE cover_key IS NOT NULL GROUP BY cover_key ON CONFLICT DO NOTHING;
INSERT INTO item_versions (item_id, number, notes, for_earlier_buyers, at)
SELECT id, 1, '', 0, created_at FROM items WHERE file_key IS NOT NULL;
INSERT INTO item_files (item_id, version, position, key)
SELECT id, 1, 1, file_key FROM items WHERE file_key IS NOT NULL;
INSERT INTO merchant_storage (merchant_id, bytes)
SELECT merchant_id, CAST(SUM(bytes) AS BIGINT) FROM stored_files GROUP BY merchant_id;
-- With them goes what required a file of all that is not sent by post.
ALTER TABLE items DROP COLUMN file_key, DROP COLUMN file_name, DROP COLUMN file_type, DROP COLUMN file_size;

-- What the catalogue shows in its orders is what is on sale; sellers see all of theirs.
DROP INDEX items_in_order;
CREATE INDEX items_in_order ON items ((CASE WHEN featured_rank = 1 THEN 0 ELSE 1 END), LOWER(title), slug)
    WHERE state = 'Published';
DROP INDEX items_by_category;
CREATE INDEX items_by_category ON items (category, (CASE WHEN featured_rank = 1 THEN 0 ELSE 1 END), LOWER(title), slug)
    WHERE state = 'Published';
DROP INDEX items_by_age;
CREATE INDEX items_by_age ON items (created_at) WHERE state = 'Published';
CREATE INDEX items_by_merchant_and_state ON items (merchant_id, state, created_at, slug);

-- How many items of a category are on sale.
CREATE OR REPLACE FUNCTION items_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Those who change the same categories lock them in one order.
    PERFORM 1 FROM categories WHERE slug IN (OLD.category, NEW.category) ORDER BY slug FOR NO KEY UPDATE;
    UPDATE categories SET items = items - 1 WHERE slug = OLD.category AND OLD.state = 'Published';
    UPDATE categories SET items = items + 1 WHERE slug = NEW.category AND NEW.state = 'Published';
    RETURN NULL;
END $$;
DROP TRIGGER items_counted_again ON items;
CREATE TRIGGER items_counted_again AFTER UPDATE OF category, state ON items FOR EACH ROW
WHEN (OLD.category <> NEW.category OR OLD.state <> NEW.state) EXECUTE FUNCTION items_counted();

CREATE FUNCTION storage_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO merchant_storage AS s (merchant_id, bytes) VALUES (NEW.merchant_id, NEW.bytes)
        ON CONFLICT (merchant_id) DO UPDATE SET bytes = s.bytes + excluded.bytes;
    ELSIF TG_OP = 'DELETE' THEN
        UPDATE merchant_storage SET bytes = bytes - OLD.bytes WHERE merchant_id = OLD.merchant_id;
    ELSE
        UPDATE merchant_storage SET bytes = bytes + NEW.bytes - OLD.bytes WHERE merchant_id = NEW.merchant_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER storage_counted AFTER INSERT OR DELETE ON stored_files
    FOR EACH ROW EXECUTE FUNCTION storage_counted();
CREATE TRIGGER storage_changed AFTER UPDATE OF bytes ON stored_files FOR EACH ROW
WHEN (OLD.bytes <> NEW.bytes) EXECUTE FUNCTION storage_counted();

-- Which version an order sold, where it sold files, and whether it took a piece of what is counted.
ALTER TABLE orders ADD COLUMN item_version BIGINT;
ALTER TABLE orders ADD COLUMN took_stock BIGINT NOT NULL DEFAULT 0;
UPDATE orders SET item_version = 1
WHERE item_id IN (SELECT item_id FROM item_versions) AND item_version IS NULL;
