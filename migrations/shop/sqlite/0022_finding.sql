-- Finding: what is on sale stands in tables of its own, by words, by facets and in the orders that people choose. The
-- program writes them in the transaction that changes a listing, and at its first start those of all there are.
DROP TRIGGER items_found;
DROP TRIGGER items_found_again;
DROP TRIGGER items_lost;
DROP TABLE item_search;
DROP TABLE item_numbers;
ALTER TABLE items DROP COLUMN search_text;

CREATE TABLE listed_items (
    number INTEGER PRIMARY KEY,
    item_id TEXT NOT NULL UNIQUE REFERENCES items (id) ON DELETE CASCADE,
    category TEXT NOT NULL,
    merchant_id TEXT NOT NULL,
    -- 0: the lead item, which stands before all others.
    rank BIGINT NOT NULL,
    -- The title's words as searches read them: both databases sort them alike.
    title TEXT NOT NULL,
    price BIGINT NOT NULL,
    listed_at BIGINT NOT NULL,
    -- As item_totals has it: triggers say so.
    sold BIGINT NOT NULL
);
CREATE INDEX listed_by_title ON listed_items (rank, title, number);
CREATE INDEX listed_by_age ON listed_items (listed_at, number);
CREATE INDEX listed_by_price ON listed_items (price, number);
CREATE INDEX listed_by_sales ON listed_items (sold, number);
CREATE INDEX listed_in_category_by_title ON listed_items (category, rank, title, number);
CREATE INDEX listed_in_category_by_age ON listed_items (category, listed_at, number);
CREATE INDEX listed_in_category_by_price ON listed_items (category, price, number);
CREATE INDEX listed_in_category_by_sales ON listed_items (category, sold, number);
CREATE INDEX listed_by_merchant ON listed_items (merchant_id, number);
-- The catalogue's orders of before.
DROP INDEX items_in_order;
DROP INDEX items_by_category;

CREATE TRIGGER sold_before_it_was_listed AFTER INSERT ON listed_items
BEGIN
    UPDATE listed_items SET sold = COALESCE((SELECT t.sold FROM item_totals t WHERE t.item_id = NEW.item_id), 0)
    WHERE number = NEW.number;
END;
CREATE TRIGGER sold_first AFTER INSERT ON item_totals
BEGIN UPDATE listed_items SET sold = NEW.sold WHERE item_id = NEW.item_id; END;
CREATE TRIGGER sold_more AFTER UPDATE OF sold ON item_totals
BEGIN UPDATE listed_items SET sold = NEW.sold WHERE item_id = NEW.item_id; END;

-- Which words an item has where: 1 in its title, 2 its creator, 3 its tags, category and formats, 4 its seller's name,
-- 5 its description.
CREATE TABLE item_words (
    word TEXT NOT NULL,
    field BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (word, field, number)
) WITHOUT ROWID;
CREATE INDEX item_words_by_item ON item_words (number, word, field);

-- What else an item is chosen by: tags, formats.
CREATE TABLE item_facets (
    facet TEXT NOT NULL,
    value TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (facet, value, number)
) WITHOUT ROWID;
CREATE INDEX item_facets_by_item ON item_facets (number, facet, value);

-- Words that a search may have meant, by three letters in a row. Words stay that no item has any more.
CREATE TABLE word_trigrams (
    trigram TEXT NOT NULL,
    -- Of the word.
    letters BIGINT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (trigram, letters, word)
) WITHOUT ROWID;
