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

-- A change takes away what the order was and adds what it is. Most changes of an order change none of this.
CREATE TRIGGER orders_counted AFTER INSERT ON orders
BEGIN
    INSERT INTO order_totals (state, orders, fees)
    VALUES (NEW.state, 1, CASE WHEN NEW.state IN ('Paid', 'Refunded') THEN COALESCE(NEW.marketplace_fee, 0) ELSE 0 END)
    ON CONFLICT (state) DO UPDATE SET orders = orders + excluded.orders, fees = fees + excluded.fees;
END;
CREATE TRIGGER orders_counted_again AFTER UPDATE ON orders
WHEN OLD.state IS NOT NEW.state OR OLD.merchant_id IS NOT NEW.merchant_id OR OLD.item_id IS NOT NEW.item_id
    OR OLD.price IS NOT NEW.price OR OLD.refunded IS NOT NEW.refunded
    OR OLD.marketplace_fee IS NOT NEW.marketplace_fee OR OLD.amazon_fee IS NOT NEW.amazon_fee
BEGIN
    INSERT INTO order_totals (state, orders, fees)
    VALUES (OLD.state, -1, -(CASE WHEN OLD.state IN ('Paid', 'Refunded') THEN COALESCE(OLD.marketplace_fee, 0) ELSE 0 END))
    ON CONFLICT (state) DO UPDATE SET orders = orders + excluded.orders, fees = fees + excluded.fees;
    INSERT INTO order_totals (state, orders, fees)
    VALUES (NEW.state, 1, CASE WHEN NEW.state IN ('Paid', 'Refunded') THEN COALESCE(NEW.marketplace_fee, 0) ELSE 0 END)
    ON CONFLICT (state) DO UPDATE SET orders = orders + excluded.orders, fees = fees + excluded.fees;
END;
CREATE TRIGGER orders_taken_away AFTER DELETE ON orders
BEGIN
    INSERT INTO order_totals (state, orders, fees)
    VALUES (OLD.state, -1, -(CASE WHEN OLD.state IN ('Paid', 'Refunded') THEN COALESCE(OLD.marketplace_fee, 0) ELSE 0 END))
    ON CONFLICT (state) DO UPDATE SET orders = orders + excluded.orders, fees = fees + excluded.fees;
END;

-- The same for those that were paid once.
CREATE TRIGGER sales_counted AFTER INSERT ON orders WHEN NEW.state IN ('Paid', 'Refunded')
BEGIN
    INSERT INTO merchant_totals (merchant_id, earned) VALUES (NEW.merchant_id,
        CASE WHEN NEW.marketplace_fee IS NULL OR NEW.amazon_fee IS NULL THEN 0
        ELSE CASE NEW.state WHEN 'Paid' THEN NEW.price - NEW.refunded ELSE 0 END - NEW.marketplace_fee - NEW.amazon_fee END)
    ON CONFLICT (merchant_id) DO UPDATE SET earned = earned + excluded.earned;
    INSERT INTO item_totals (item_id, sold) VALUES (NEW.item_id, CASE NEW.state WHEN 'Paid' THEN 1 ELSE 0 END)
    ON CONFLICT (item_id) DO UPDATE SET sold = sold + excluded.sold;
END;
CREATE TRIGGER sales_counted_again AFTER UPDATE ON orders WHEN NEW.state IN ('Paid', 'Refunded')
    AND (OLD.state IS NOT NEW.state OR OLD.merchant_id IS NOT NEW.merchant_id OR OLD.item_id IS NOT NEW.item_id
    OR OLD.price IS NOT NEW.price OR OLD.refunded IS NOT NEW.refunded
    OR OLD.marketplace_fee IS NOT NEW.marketplace_fee OR OLD.amazon_fee IS NOT NEW.amazon_fee)
BEGIN
    INSERT INTO merchant_totals (merchant_id, earned) VALUES (NEW.merchant_id,
        CASE WHEN NEW.marketplace_fee IS NULL OR NEW.amazon_fee IS NULL THEN 0
        ELSE CASE NEW.state WHEN 'Paid' THEN NEW.price - NEW.refunded ELSE 0 END - NEW.marketplace_fee - NEW.amazon_fee END)
    ON CONFLICT (merchant_id) DO UPDATE SET earned = earned + excluded.earned;
    INSERT INTO item_totals (item_id, sold) VALUES (NEW.item_id, CASE NEW.state WHEN 'Paid' THEN 1 ELSE 0 END)
    ON CONFLICT (item_id) DO UPDATE SET sold = sold + excluded.sold;
END;
CREATE TRIGGER sales_taken_back AFTER UPDATE ON orders WHEN OLD.state IN ('Paid', 'Refunded')
    AND (OLD.state IS NOT NEW.state OR OLD.merchant_id IS NOT NEW.merchant_id OR OLD.item_id IS NOT NEW.item_id
    OR OLD.price IS NOT NEW.price OR OLD.refunded IS NOT NEW.refunded
    OR OLD.marketplace_fee IS NOT NEW.marketplace_fee OR OLD.amazon_fee IS NOT NEW.amazon_fee)
BEGIN
    INSERT INTO merchant_totals (merchant_id, earned) VALUES (OLD.merchant_id,
        -(CASE WHEN OLD.marketplace_fee IS NULL OR OLD.amazon_fee IS NULL THEN 0
        ELSE CASE OLD.state WHEN 'Paid' THEN OLD.price - OLD.refunded ELSE 0 END - OLD.marketplace_fee - OLD.amazon_fee END))
    ON CONFLICT (merchant_id) DO UPDATE SET earned = earned + excluded.earned;
    INSERT INTO item_totals (item_id, sold) VALUES (OLD.item_id, -(CASE OLD.state WHEN 'Paid' THEN 1 ELSE 0 END))
    ON CONFLICT (item_id) DO UPDATE SET sold = sold + excluded.sold;
END;
CREATE TRIGGER sales_taken_away AFTER DELETE ON orders WHEN OLD.state IN ('Paid', 'Refunded')
BEGIN
    INSERT INTO merchant_totals (merchant_id, earned) VALUES (OLD.merchant_id,
        -(CASE WHEN OLD.marketplace_fee IS NULL OR OLD.amazon_fee IS NULL THEN 0
        ELSE CASE OLD.state WHEN 'Paid' THEN OLD.price - OLD.refunded ELSE 0 END - OLD.marketplace_fee - OLD.amazon_fee END))
    ON CONFLICT (merchant_id) DO UPDATE SET earned = earned + excluded.earned;
    INSERT INTO item_totals (item_id, sold) VALUES (OLD.item_id, -(CASE OLD.state WHEN 'Paid' THEN 1 ELSE 0 END))
    ON CONFLICT (item_id) DO UPDATE SET sold = sold + excluded.sold;
END;

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
