-- The catalogue's pages and searches look at no more items than they show.

-- How many items a category has: a trigger counts, whoever lists one.
ALTER TABLE categories ADD COLUMN items BIGINT NOT NULL DEFAULT 0;
UPDATE categories c SET items = (SELECT COUNT(*) FROM items i WHERE i.category = c.slug);
CREATE FUNCTION items_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Those who change the same categories lock them in one order.
    PERFORM 1 FROM categories WHERE slug IN (OLD.category, NEW.category) ORDER BY slug FOR NO KEY UPDATE;
    UPDATE categories SET items = items - 1 WHERE slug = OLD.category;
    UPDATE categories SET items = items + 1 WHERE slug = NEW.category;
    RETURN NULL;
END $$;
CREATE TRIGGER items_counted AFTER INSERT OR DELETE ON items FOR EACH ROW EXECUTE FUNCTION items_counted();
CREATE TRIGGER items_counted_again AFTER UPDATE OF category ON items FOR EACH ROW
WHEN (OLD.category <> NEW.category) EXECUTE FUNCTION items_counted();

-- The order of the catalogue and of what is found: the lead item first, then by title.
CREATE INDEX items_in_order ON items ((CASE WHEN featured_rank = 1 THEN 0 ELSE 1 END), LOWER(title), slug);
DROP INDEX items_by_category;
CREATE INDEX items_by_category ON items (category, (CASE WHEN featured_rank = 1 THEN 0 ELSE 1 END), LOWER(title), slug);
CREATE INDEX items_featured ON items (featured_rank) WHERE featured_rank IS NOT NULL;

-- Items by any three letters in a row of what a search looks through. Where the extension cannot be had searches find
-- the same, and look through all items.
DO $$
DECLARE home TEXT;
BEGIN
    BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
    EXCEPTION
        -- Somebody else makes it in this moment.
        WHEN unique_violation OR duplicate_object THEN NULL;
        WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR invalid_schema_name THEN
            RAISE WARNING 'searches look through all items: no extension pg_trgm (%)', SQLERRM;
    END;
    SELECT n.nspname INTO home FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'pg_trgm';
    IF home IS NOT NULL THEN
        EXECUTE format('CREATE INDEX items_by_letters ON items USING gin (search_text %I.gin_trgm_ops)', home);
    END IF;
END $$;

-- How often an item was ordered on a day (of UTC, counted from 1970), paid, and not taken back: what is popular.
CREATE TABLE item_days (
    day BIGINT NOT NULL,
    item_id TEXT NOT NULL REFERENCES items (id),
    sold BIGINT NOT NULL
);
CREATE UNIQUE INDEX item_days_by_day ON item_days (day, item_id);
INSERT INTO item_days (day, item_id, sold)
SELECT created_at / 86400000000, item_id, COUNT(*) FROM orders WHERE state = 'Paid' GROUP BY 1, 2;

-- Takes the place of what counted before: that locked merchants and items in the order in which an order changed them,
-- and two who changed orders could wait for each other. All lock in one order now: tables as they stand here, rows by
-- their keys.
CREATE OR REPLACE FUNCTION orders_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A change takes away what the order was and adds what it is; there is no old one of a new order.
    INSERT INTO order_totals AS t (state, orders, fees)
    SELECT (o).state, SUM(times), SUM(times * order_fees(o)) FROM (VALUES (OLD, -1), (NEW, 1)) c (o, times)
    WHERE (o).id IS NOT NULL GROUP BY 1 ORDER BY 1
    ON CONFLICT (state) DO UPDATE SET orders = t.orders + excluded.orders, fees = t.fees + excluded.fees;
    INSERT INTO merchant_totals AS t (merchant_id, earned)
    SELECT (o).merchant_id, SUM(times * order_earned(o)) FROM (VALUES (OLD, -1), (NEW, 1)) c (o, times)
    WHERE (o).state IN ('Paid', 'Refunded') GROUP BY 1 ORDER BY 1
    ON CONFLICT (merchant_id) DO UPDATE SET earned = t.earned + excluded.earned;
    INSERT INTO item_totals AS t (item_id, sold)
    SELECT (o).item_id, SUM(times) FROM (VALUES (OLD, -1), (NEW, 1)) c (o, times)
    WHERE (o).state = 'Paid' GROUP BY 1 ORDER BY 1
    ON CONFLICT (item_id) DO UPDATE SET sold = t.sold + excluded.sold;
    INSERT INTO item_days AS t (day, item_id, sold)
    SELECT (o).created_at / 86400000000, (o).item_id, SUM(times) FROM (VALUES (OLD, -1), (NEW, 1)) c (o, times)
    WHERE (o).state = 'Paid' GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (day, item_id) DO UPDATE SET sold = t.sold + excluded.sold;
    RETURN NULL;
END $$;
CREATE FUNCTION order_fees(o orders) RETURNS BIGINT LANGUAGE sql AS $$
    SELECT CASE WHEN o.state IN ('Paid', 'Refunded') THEN COALESCE(o.marketplace_fee, 0) ELSE 0 END
$$;
CREATE FUNCTION order_earned(o orders) RETURNS BIGINT LANGUAGE sql AS $$
    SELECT CASE WHEN o.marketplace_fee IS NULL OR o.amazon_fee IS NULL THEN 0
    ELSE CASE o.state WHEN 'Paid' THEN o.price - o.refunded ELSE 0 END - o.marketplace_fee - o.amazon_fee END
$$;
DROP FUNCTION count_order(orders, BIGINT);
DROP FUNCTION count_sale(orders, BIGINT);
