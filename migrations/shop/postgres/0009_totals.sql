-- What pages show of all orders: triggers count it on, in the transaction of the change and whoever makes it, so that no
-- page adds up what there is. No primary keys: these are no records of their own, and whoever writes orders in bulk must
-- leave these rows to the triggers.
CREATE TABLE order_totals (
    state TEXT NOT NULL,
    orders BIGINT NOT NULL,
    -- The marketplace's share of what was paid, less what it gave back with refunds.
    fees BIGINT NOT NULL
);
CREATE UNIQUE INDEX order_totals_by_state ON order_totals (state);

CREATE TABLE merchant_totals (
    merchant_id TEXT NOT NULL REFERENCES merchants (id),
    -- What the merchant got of the sales that were paid and still has: less what went back to buyers, and less the
    -- fees that were not given back with it.
    earned BIGINT NOT NULL
);
CREATE UNIQUE INDEX merchant_totals_by_merchant ON merchant_totals (merchant_id);

CREATE TABLE item_totals (
    item_id TEXT NOT NULL REFERENCES items (id),
    -- How often the item was sold and not taken back.
    sold BIGINT NOT NULL
);
CREATE UNIQUE INDEX item_totals_by_item ON item_totals (item_id);

INSERT INTO order_totals (state, orders, fees)
SELECT state, COUNT(*), CAST(SUM(
    CASE WHEN state IN ('Paid', 'Refunded') THEN COALESCE(marketplace_fee, 0) ELSE 0 END
) AS BIGINT) FROM orders GROUP BY state;
INSERT INTO merchant_totals (merchant_id, earned)
SELECT merchant_id, CAST(SUM(
    CASE WHEN marketplace_fee IS NULL OR amazon_fee IS NULL THEN 0
    ELSE CASE state WHEN 'Paid' THEN price - refunded ELSE 0 END - marketplace_fee - amazon_fee END
) AS BIGINT) FROM orders WHERE state IN ('Paid', 'Refunded') GROUP BY merchant_id;
INSERT INTO item_totals (item_id, sold)
SELECT item_id, COUNT(*) FROM orders WHERE state = 'Paid' GROUP BY item_id;

CREATE FUNCTION count_order(o orders, times BIGINT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO order_totals AS t (state, orders, fees)
    VALUES (o.state, times, times * CASE WHEN o.state IN ('Paid', 'Refunded') THEN COALESCE(o.marketplace_fee, 0) ELSE 0 END)
    ON CONFLICT (state) DO UPDATE SET orders = t.orders + excluded.orders, fees = t.fees + excluded.fees;
END $$;

CREATE FUNCTION count_sale(o orders, times BIGINT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF o.state NOT IN ('Paid', 'Refunded') THEN RETURN; END IF;
    INSERT INTO merchant_totals AS t (merchant_id, earned) VALUES (o.merchant_id, times *
        CASE WHEN o.marketplace_fee IS NULL OR o.amazon_fee IS NULL THEN 0
        ELSE CASE o.state WHEN 'Paid' THEN o.price - o.refunded ELSE 0 END - o.marketplace_fee - o.amazon_fee END)
    ON CONFLICT (merchant_id) DO UPDATE SET earned = t.earned + excluded.earned;
    INSERT INTO item_totals AS t (item_id, sold) VALUES (o.item_id, times * CASE o.state WHEN 'Paid' THEN 1 ELSE 0 END)
    ON CONFLICT (item_id) DO UPDATE SET sold = t.sold + excluded.sold;
END $$;

-- A change takes away what the order was and adds what it is. All lock the rows in one order: the states by their names,
-- then the merchant, then the item.
CREATE FUNCTION orders_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM count_order(NEW, 1);
        PERFORM count_sale(NEW, 1);
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM count_order(OLD, -1);
        PERFORM count_sale(OLD, -1);
    ELSE
        IF OLD.state < NEW.state THEN
            PERFORM count_order(OLD, -1);
            PERFORM count_order(NEW, 1);
        ELSE
            PERFORM count_order(NEW, 1);
            PERFORM count_order(OLD, -1);
        END IF;
        PERFORM count_sale(OLD, -1);
        PERFORM count_sale(NEW, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER orders_counted AFTER INSERT OR DELETE ON orders FOR EACH ROW EXECUTE FUNCTION orders_changed();
-- Most changes of an order change none of this.
CREATE TRIGGER orders_counted_again AFTER UPDATE ON orders FOR EACH ROW
WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.merchant_id IS DISTINCT FROM NEW.merchant_id OR OLD.item_id IS DISTINCT FROM NEW.item_id
    OR OLD.price IS DISTINCT FROM NEW.price OR OLD.refunded IS DISTINCT FROM NEW.refunded
    OR OLD.marketplace_fee IS DISTINCT FROM NEW.marketplace_fee OR OLD.amazon_fee IS DISTINCT FROM NEW.amazon_fee)
EXECUTE FUNCTION orders_changed();

-- Whose sale a buyer wants refunded: what waits for one merchant is found without looking at what waits for others.
ALTER TABLE refund_requests ADD COLUMN merchant_id TEXT REFERENCES merchants (id);
UPDATE refund_requests SET merchant_id = (SELECT o.merchant_id FROM orders o WHERE o.id = refund_requests.order_id);
CREATE INDEX refund_requests_open_of_merchant ON refund_requests (merchant_id, at, id) WHERE state = 'Open';
DROP INDEX refund_requests_open;
CREATE INDEX refund_requests_open ON refund_requests (at, id) WHERE state = 'Open';

-- Lists find their first page, and each further one, by an index that has it in order.
DROP INDEX download_grants_by_buyer;
CREATE INDEX download_grants_by_buyer ON download_grants (buyer_id, granted_at, order_id);
DROP INDEX items_by_merchant;
CREATE INDEX items_by_merchant ON items (merchant_id, created_at, slug);
DROP INDEX orders_by_age;
CREATE INDEX orders_by_age ON orders (created_at, id);
CREATE INDEX orders_sold ON orders (merchant_id, created_at, id) WHERE transaction_id IS NOT NULL;
CREATE INDEX orders_to_fulfil ON orders (merchant_id, created_at, id) WHERE state IN ('Reserved', 'SettleFailed');
DROP INDEX merchant_notices_by_merchant;
CREATE INDEX merchant_notices_by_merchant ON merchant_notices (merchant_id, at, id);
CREATE INDEX merchant_notices_unread ON merchant_notices (merchant_id) WHERE read_at IS NULL;
