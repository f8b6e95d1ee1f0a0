-- What is charged for an order where that is less than its price: the seller could not send all of it. NULL: the price.
ALTER TABLE orders ADD COLUMN charged BIGINT;
-- What the seller wrote with the delivery.
ALTER TABLE orders ADD COLUMN tracking TEXT;
ALTER TABLE orders ADD COLUMN seller_message TEXT;
-- When it was paid, from which the seller's days for refunds count.
ALTER TABLE orders ADD COLUMN paid_at BIGINT;
UPDATE orders SET paid_at = COALESCE(
    (SELECT MIN(e.at) FROM order_events e WHERE e.order_id = orders.id AND e.kind = 'paid'), updated_at
) WHERE state IN ('Paid', 'Refunding', 'Refunded');
-- Who bears the present refund: 'shared', or 'seller_alone' where the marketplace keeps its fee.
ALTER TABLE orders ADD COLUMN refund_policy TEXT NOT NULL DEFAULT 'shared';

-- Where the buyer asked for the money: at Amazon Payments, or in the shop.
ALTER TABLE refund_requests ADD COLUMN origin TEXT NOT NULL DEFAULT 'amazon';

-- When the file was first fetched; NULL: not since this is known.
ALTER TABLE download_grants ADD COLUMN fetched_at BIGINT;

-- What Amazon was asked about an order, and what it answered, first things first. Of equal ones in a row the last.
CREATE TABLE order_calls (
    order_id TEXT NOT NULL REFERENCES orders (id),
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    action TEXT NOT NULL,
    -- In words: "Hold $12.00 of the buyer's".
    asked TEXT NOT NULL,
    outcome TEXT NOT NULL,
    -- How often it was asked and answered so, one after the other.
    times BIGINT NOT NULL,
    request_id TEXT,
    -- Amazon's XML; NULL where none came.
    answer TEXT,
    PRIMARY KEY (order_id, sequence)
);

-- Lists find their first page, and each further one, by an index that has it in order.
DROP INDEX orders_by_buyer;
CREATE INDEX orders_by_buyer ON orders (buyer_id, created_at, id);
CREATE INDEX orders_sold_by_state ON orders (merchant_id, state, created_at, id);
CREATE INDEX orders_under_way ON orders (merchant_id, created_at, id)
    WHERE state IN ('Paying', 'Fulfilling', 'Cancelling', 'SettlingToRefund', 'Refunding');

-- Of what was charged for less than its price, that is what counts.
DROP TRIGGER sales_counted;
DROP TRIGGER sales_counted_again;
DROP TRIGGER sales_taken_back;
DROP TRIGGER sales_taken_away;
CREATE TRIGGER sales_counted AFTER INSERT ON orders WHEN NEW.state IN ('Paid', 'Refunded')
BEGIN
    INSERT INTO merchant_totals (merchant_id, earned) VALUES (NEW.merchant_id,
        CASE WHEN NEW.marketplace_fee IS NULL OR NEW.amazon_fee IS NULL THEN 0
        ELSE CASE NEW.state WHEN 'Paid' THEN COALESCE(NEW.charged, NEW.price) - NEW.refunded ELSE 0 END - NEW.marketplace_fee - NEW.amazon_fee END)
    ON CONFLICT (merchant_id) DO UPDATE SET earned = earned + excluded.earned;
    INSERT INTO item_totals (item_id, sold) VALUES (NEW.item_id, CASE NEW.state WHEN 'Paid' THEN 1 ELSE 0 END)
    ON CONFLICT (item_id) DO UPDATE SET sold = sold + excluded.sold;
END;
CREATE TRIGGER sales_counted_again AFTER UPDATE ON orders WHEN NEW.state IN ('Paid', 'Refunded')
    AND (OLD.state IS NOT NEW.state OR OLD.merchant_id IS NOT NEW.merchant_id OR OLD.item_id IS NOT NEW.item_id
    OR OLD.price IS NOT NEW.price OR OLD.charged IS NOT NEW.charged OR OLD.refunded IS NOT NEW.refunded
    OR OLD.marketplace_fee IS NOT NEW.marketplace_fee OR OLD.amazon_fee IS NOT NEW.amazon_fee)
BEGIN
    INSERT INTO merchant_totals (merchant_id, earned) VALUES (NEW.merchant_id,
        CASE WHEN NEW.marketplace_fee IS NULL OR NEW.amazon_fee IS NULL THEN 0
        ELSE CASE NEW.state WHEN 'Paid' THEN COALESCE(NEW.charged, NEW.price) - NEW.refunded ELSE 0 END - NEW.marketplace_fee - NEW.amazon_fee END)
    ON CONFLICT (merchant_id) DO UPDATE SET earned = earned + excluded.earned;
    INSERT INTO item_totals (item_id, sold) VALUES (NEW.item_id, CASE NEW.state WHEN 'Paid' THEN 1 ELSE 0 END)
    ON CONFLICT (item_id) DO UPDATE SET sold = sold + excluded.sold;
END;
CREATE TRIGGER sales_taken_back AFTER UPDATE ON orders WHEN OLD.state IN ('Paid', 'Refunded')
    AND (OLD.state IS NOT NEW.state OR OLD.merchant_id IS NOT NEW.merchant_id OR OLD.item_id IS NOT NEW.item_id
    OR OLD.price IS NOT NEW.price OR OLD.charged IS NOT NEW.charged OR OLD.refunded IS NOT NEW.refunded
    OR OLD.marketplace_fee IS NOT NEW.marketplace_fee OR OLD.amazon_fee IS NOT NEW.amazon_fee)
BEGIN
    INSERT INTO merchant_totals (merchant_id, earned) VALUES (OLD.merchant_id,
        -(CASE WHEN OLD.marketplace_fee IS NULL OR OLD.amazon_fee IS NULL THEN 0
        ELSE CASE OLD.state WHEN 'Paid' THEN COALESCE(OLD.charged, OLD.price) - OLD.refunded ELSE 0 END - OLD.marketplace_fee - OLD.amazon_fee END))
    ON CONFLICT (merchant_id) DO UPDATE SET earned = earned + excluded.earned;
    INSERT INTO item_totals (item_id, sold) VALUES (OLD.item_id, -(CASE OLD.state WHEN 'Paid' THEN 1 ELSE 0 END))
    ON CONFLICT (item_id) DO UPDATE SET sold = sold + excluded.sold;
END;
CREATE TRIGGER sales_taken_away AFTER DELETE ON orders WHEN OLD.state IN ('Paid', 'Refunded')
BEGIN
    INSERT INTO merchant_totals (merchant_id, earned) VALUES (OLD.merchant_id,
        -(CASE WHEN OLD.marketplace_fee IS NULL OR OLD.amazon_fee IS NULL THEN 0
        ELSE CASE OLD.state WHEN 'Paid' THEN COALESCE(OLD.charged, OLD.price) - OLD.refunded ELSE 0 END - OLD.marketplace_fee - OLD.amazon_fee END))
    ON CONFLICT (merchant_id) DO UPDATE SET earned = earned + excluded.earned;
    INSERT INTO item_totals (item_id, sold) VALUES (OLD.item_id, -(CASE OLD.state WHEN 'Paid' THEN 1 ELSE 0 END))
    ON CONFLICT (item_id) DO UPDATE SET sold = sold + excluded.sold;
END;
