-- Listings have a life: drafts, on sale, archived; with versions of their files, pieces that are counted, tags and
-- pictures. A draft may lack what was required of an item so far, and SQLite changes that only with the whole table:
-- it is copied, dropped and made again under its name. What refers to it is resolved once its rows are there again.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE items_before AS SELECT * FROM items;
DROP TABLE items;
CREATE TABLE items (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    merchant_id TEXT NOT NULL REFERENCES merchants (id),
    category TEXT NOT NULL REFERENCES categories (slug),
    title TEXT NOT NULL,
    creator TEXT NOT NULL,
    description TEXT NOT NULL,
    -- 0: a draft without one.
    price BIGINT NOT NULL,
    -- Instant: paid with Pay. Manual: reserved, settled when the merchant fulfils.
    delivery TEXT NOT NULL CHECK (delivery IN ('Instant', 'Manual')),
    physical BIGINT NOT NULL,
    licence TEXT NOT NULL,
    -- NULL: the cover is drawn from the title.
    cover_key TEXT,
    preview_key TEXT,
    -- Title, creator, seller, description and tags in lower case: the databases fold letters differently.
    search_text TEXT NOT NULL,
    -- The editors' picks, 1 first: the first leads the catalogue, all fill "popular" while little is sold.
    featured_rank BIGINT,
    created_at BIGINT NOT NULL,
    -- Draft: only its seller sees it. Archived: it stays at its address and is sold no more.
    state TEXT NOT NULL DEFAULT 'Published' CHECK (state IN ('Draft', 'Published', 'Archived')),
    -- Pieces that are left; NULL: they are not counted.
    stock BIGINT CHECK (stock >= 0),
    -- Which of its versions is sold; NULL: it has no files.
    version BIGINT,
    -- When it was first on sale: from then on its address stays.
    published_at BIGINT,
    updated_at BIGINT NOT NULL DEFAULT 0,
    CHECK (price > 0 OR (price = 0 AND state <> 'Published'))
);
INSERT INTO items (id, slug, merchant_id, category, title, creator, description, price, delivery, physical, licence,
    cover_key, preview_key, search_text, featured_rank, created_at, version, published_at, updated_at)
SELECT id, slug, merchant_id, category, title, creator, description, price, delivery, physical, licence,
    cover_key, preview_key, search_text, featured_rank, created_at,
    CASE WHEN file_key IS NULL THEN NULL ELSE 1 END, created_at, created_at FROM items_before ORDER BY created_at, id;

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
FROM items_before WHERE file_key IS NOT NULL GROUP BY file_key;
INSERT INTO stored_files (key, merchant_id, state, name, media_type, bytes, at)
SELECT cover_key, MIN(merchant_id), 'Kept', 'cover', '', 2097152, MIN(created_at)
FROM items_before WHERE cover_key IS NOT NULL GROUP BY cover_key ON CONFLICT DO NOTHING;
INSERT INTO item_versions (item_id, number, notes, for_earlier_buyers, at)
SELECT id, 1, '', 0, created_at FROM items_before WHERE file_key IS NOT NULL;
INSERT INTO item_files (item_id, version, position, key)
SELECT id, 1, 1, file_key FROM items_before WHERE file_key IS NOT NULL;
INSERT INTO merchant_storage (merchant_id, bytes)
SELECT merchant_id, CAST(SUM(bytes) AS BIGINT) FROM stored_files GROUP BY merchant_id;
DROP TABLE items_before;

-- What the catalogue shows in its orders is what is on sale; sellers see all of theirs.
CREATE INDEX items_in_order ON items ((CASE WHEN featured_rank = 1 THEN 0 ELSE 1 END), LOWER(title), slug)
    WHERE state = 'Published';
CREATE INDEX items_by_category ON items (category, (CASE WHEN featured_rank = 1 THEN 0 ELSE 1 END), LOWER(title), slug)
    WHERE state = 'Published';
CREATE INDEX items_by_age ON items (created_at) WHERE state = 'Published';
CREATE INDEX items_featured ON items (featured_rank) WHERE featured_rank IS NOT NULL;
CREATE INDEX items_by_merchant ON items (merchant_id, created_at, slug);
CREATE INDEX items_by_merchant_and_state ON items (merchant_id, state, created_at, slug);

-- The triggers of before, which went with the table.
CREATE TRIGGER items_inserted AFTER INSERT ON items
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;
CREATE TRIGGER items_updated AFTER UPDATE ON items
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;
CREATE TRIGGER items_deleted AFTER DELETE ON items
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;
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

-- How many items of a category are on sale.
CREATE TRIGGER items_counted AFTER INSERT ON items WHEN NEW.state = 'Published'
BEGIN UPDATE categories SET items = items + 1 WHERE slug = NEW.category; END;
CREATE TRIGGER items_counted_again AFTER UPDATE OF category, state ON items
WHEN OLD.category IS NOT NEW.category OR OLD.state IS NOT NEW.state
BEGIN
    UPDATE categories SET items = items - 1 WHERE slug = OLD.category AND OLD.state = 'Published';
    UPDATE categories SET items = items + 1 WHERE slug = NEW.category AND NEW.state = 'Published';
END;
CREATE TRIGGER items_taken_away AFTER DELETE ON items WHEN OLD.state = 'Published'
BEGIN UPDATE categories SET items = items - 1 WHERE slug = OLD.category; END;

CREATE TRIGGER storage_taken AFTER INSERT ON stored_files
BEGIN
    INSERT INTO merchant_storage (merchant_id, bytes) VALUES (NEW.merchant_id, NEW.bytes)
    ON CONFLICT (merchant_id) DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER storage_changed AFTER UPDATE OF bytes ON stored_files WHEN OLD.bytes <> NEW.bytes
BEGIN UPDATE merchant_storage SET bytes = bytes + NEW.bytes - OLD.bytes WHERE merchant_id = NEW.merchant_id; END;
CREATE TRIGGER storage_given_back AFTER DELETE ON stored_files
BEGIN UPDATE merchant_storage SET bytes = bytes - OLD.bytes WHERE merchant_id = OLD.merchant_id; END;

-- Which version an order sold, where it sold files, and whether it took a piece of what is counted.
ALTER TABLE orders ADD COLUMN item_version BIGINT;
ALTER TABLE orders ADD COLUMN took_stock BIGINT NOT NULL DEFAULT 0;
UPDATE orders SET item_version = 1
WHERE item_id IN (SELECT item_id FROM item_versions) AND item_version IS NULL;
