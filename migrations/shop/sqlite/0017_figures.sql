-- What was sold, day by day, of each seller and of the market; which items; to whom. Triggers count it on, in the
-- transaction of the change and whoever makes it, so that no page adds up all orders. No primary keys: these are no
-- records of their own (0009).

-- What an order counts for: once it was paid, on the day (of UTC, counted from 1970) on which it was placed. What it is
-- worth is said here and nowhere else; what is named here is what the triggers below wait for.
CREATE VIEW sales AS
SELECT id AS order_id, merchant_id, item_id, buyer_id, created_at, created_at / 86400000000 AS day,
    COALESCE(charged, price) AS gross,
    CASE state WHEN 'Refunded' THEN COALESCE(charged, price) ELSE refunded END AS refunded,
    CASE WHEN state = 'Refunded' OR refunded > 0 THEN 1 ELSE 0 END AS refunds,
    COALESCE(marketplace_fee, 0) AS marketplace_fees,
    COALESCE(amazon_fee, 0) AS amazon_fees,
    CASE WHEN marketplace_fee IS NULL OR amazon_fee IS NULL THEN 1 ELSE 0 END AS fees_unknown
FROM orders WHERE state IN ('Paid', 'Refunded');

CREATE TABLE sales_days (
    -- '' is the market as a whole.
    merchant_id TEXT NOT NULL,
    day BIGINT NOT NULL,
    sold BIGINT NOT NULL,
    gross BIGINT NOT NULL,
    -- How many had money sent back, all or a part, and how much.
    refunds BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    -- Less what was given back with refunds.
    marketplace_fees BIGINT NOT NULL,
    amazon_fees BIGINT NOT NULL,
    -- Sales of which Amazon has not said yet how they were paid: their fees are in no sum.
    fees_unknown BIGINT NOT NULL
);
CREATE UNIQUE INDEX sales_days_by_day ON sales_days (merchant_id, day);

CREATE TABLE item_sales_days (
    merchant_id TEXT NOT NULL,
    day BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    sold BIGINT NOT NULL,
    gross BIGINT NOT NULL,
    refunded BIGINT NOT NULL
);
CREATE UNIQUE INDEX item_sales_days_by_day ON item_sales_days (merchant_id, day, item_id);
-- Of all sellers.
CREATE INDEX item_sales_days_of_market ON item_sales_days (day, item_id);

CREATE TABLE customers (
    merchant_id TEXT NOT NULL,
    buyer_id TEXT NOT NULL,
    bought BIGINT NOT NULL,
    gross BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    -- When they ordered last of what they paid.
    last_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX customers_of_merchant ON customers (merchant_id, buyer_id);
CREATE INDEX customers_by_last ON customers (merchant_id, last_at, buyer_id) WHERE bought > 0;

INSERT INTO sales_days
    (merchant_id, day, sold, gross, refunds, refunded, marketplace_fees, amazon_fees, fees_unknown)
SELECT m.merchant_id, s.day, COUNT(*), SUM(s.gross), SUM(s.refunds), SUM(s.refunded), SUM(s.marketplace_fees),
    SUM(s.amazon_fees), SUM(s.fees_unknown)
FROM sales s, (SELECT id AS merchant_id FROM merchants UNION ALL SELECT '') m
WHERE m.merchant_id IN (s.merchant_id, '') GROUP BY 1, 2;
INSERT INTO item_sales_days (merchant_id, day, item_id, sold, gross, refunded)
SELECT merchant_id, day, item_id, COUNT(*), SUM(gross), SUM(refunded) FROM sales GROUP BY 1, 2, 3;
INSERT INTO customers (merchant_id, buyer_id, bought, gross, refunded, last_at)
SELECT merchant_id, buyer_id, COUNT(*), SUM(gross), SUM(refunded), MAX(created_at) FROM sales GROUP BY 1, 2;

-- A change takes away what the order counted for, while it still does, and adds what it counts for afterwards.
CREATE TRIGGER sale_counts AFTER INSERT ON orders WHEN NEW.state IN ('Paid', 'Refunded')
BEGIN
    INSERT INTO sales_days
        (merchant_id, day, sold, gross, refunds, refunded, marketplace_fees, amazon_fees, fees_unknown)
    SELECT m.merchant_id, s.day, 1, s.gross, s.refunds, s.refunded, s.marketplace_fees, s.amazon_fees, s.fees_unknown
    FROM sales s, (SELECT NEW.merchant_id AS merchant_id UNION ALL SELECT '') m WHERE s.order_id = NEW.id
    ON CONFLICT (merchant_id, day) DO UPDATE SET sold = sold + 1, gross = gross + excluded.gross,
        refunds = refunds + excluded.refunds, refunded = refunded + excluded.refunded,
        marketplace_fees = marketplace_fees + excluded.marketplace_fees,
        amazon_fees = amazon_fees + excluded.amazon_fees, fees_unknown = fees_unknown + excluded.fees_unknown;
    INSERT INTO item_sales_days (merchant_id, day, item_id, sold, gross, refunded)
    SELECT merchant_id, day, item_id, 1, gross, refunded FROM sales WHERE order_id = NEW.id
    ON CONFLICT (merchant_id, day, item_id) DO UPDATE SET sold = sold + 1, gross = gross + excluded.gross,
        refunded = refunded + excluded.refunded;
    INSERT INTO customers (merchant_id, buyer_id, bought, gross, refunded, last_at)
    SELECT merchant_id, buyer_id, 1, gross, refunded, created_at FROM sales WHERE order_id = NEW.id
    ON CONFLICT (merchant_id, buyer_id) DO UPDATE SET bought = bought + 1, gross = gross + excluded.gross,
        refunded = refunded + excluded.refunded, last_at = MAX(last_at, excluded.last_at);
END;
CREATE TRIGGER sale_counts_again
AFTER UPDATE OF state, merchant_id, item_id, buyer_id, created_at, price, charged, refunded, marketplace_fee, amazon_fee ON orders
WHEN NEW.state IN ('Paid', 'Refunded')
BEGIN
    INSERT INTO sales_days
        (merchant_id, day, sold, gross, refunds, refunded, marketplace_fees, amazon_fees, fees_unknown)
    SELECT m.merchant_id, s.day, 1, s.gross, s.refunds, s.refunded, s.marketplace_fees, s.amazon_fees, s.fees_unknown
    FROM sales s, (SELECT NEW.merchant_id AS merchant_id UNION ALL SELECT '') m WHERE s.order_id = NEW.id
    ON CONFLICT (merchant_id, day) DO UPDATE SET sold = sold + 1, gross = gross + excluded.gross,
        refunds = refunds + excluded.refunds, refunded = refunded + excluded.refunded,
        marketplace_fees = marketplace_fees + excluded.marketplace_fees,
        amazon_fees = amazon_fees + excluded.amazon_fees, fees_unknown = fees_unknown + excluded.fees_unknown;
    INSERT INTO item_sales_days (merchant_id, day, item_id, sold, gross, refunded)
    SELECT merchant_id, day, item_id, 1, gross, refunded FROM sales WHERE order_id = NEW.id
    ON CONFLICT (merchant_id, day, item_id) DO UPDATE SET sold = sold + 1, gross = gross + excluded.gross,
        refunded = refunded + excluded.refunded;
    INSERT INTO customers (merchant_id, buyer_id, bought, gross, refunded, last_at)
    SELECT merchant_id, buyer_id, 1, gross, refunded, created_at FROM sales WHERE order_id = NEW.id
    ON CONFLICT (merchant_id, buyer_id) DO UPDATE SET bought = bought + 1, gross = gross + excluded.gross,
        refunded = refunded + excluded.refunded, last_at = MAX(last_at, excluded.last_at);
END;
CREATE TRIGGER sale_counts_no_more
BEFORE UPDATE OF state, merchant_id, item_id, buyer_id, created_at, price, charged, refunded, marketplace_fee, amazon_fee ON orders
WHEN OLD.state IN ('Paid', 'Refunded')
BEGIN
    UPDATE sales_days SET sold = sold - 1, gross = sales_days.gross - s.gross, refunds = sales_days.refunds - s.refunds,
        refunded = sales_days.refunded - s.refunded,
        marketplace_fees = sales_days.marketplace_fees - s.marketplace_fees,
        amazon_fees = sales_days.amazon_fees - s.amazon_fees, fees_unknown = sales_days.fees_unknown - s.fees_unknown
    FROM sales s WHERE s.order_id = OLD.id AND sales_days.merchant_id IN (OLD.merchant_id, '') AND sales_days.day = s.day;
    UPDATE item_sales_days SET sold = sold - 1, gross = item_sales_days.gross - s.gross,
        refunded = item_sales_days.refunded - s.refunded
    FROM sales s WHERE s.order_id = OLD.id AND item_sales_days.merchant_id = s.merchant_id
        AND item_sales_days.day = s.day AND item_sales_days.item_id = s.item_id;
    UPDATE customers SET bought = bought - 1, gross = customers.gross - s.gross, refunded = customers.refunded - s.refunded
    FROM sales s WHERE s.order_id = OLD.id AND customers.merchant_id = s.merchant_id AND customers.buyer_id = s.buyer_id;
END;
CREATE TRIGGER sale_is_gone BEFORE DELETE ON orders WHEN OLD.state IN ('Paid', 'Refunded')
BEGIN
    UPDATE sales_days SET sold = sold - 1, gross = sales_days.gross - s.gross, refunds = sales_days.refunds - s.refunds,
        refunded = sales_days.refunded - s.refunded,
        marketplace_fees = sales_days.marketplace_fees - s.marketplace_fees,
        amazon_fees = sales_days.amazon_fees - s.amazon_fees, fees_unknown = sales_days.fees_unknown - s.fees_unknown
    FROM sales s WHERE s.order_id = OLD.id AND sales_days.merchant_id IN (OLD.merchant_id, '') AND sales_days.day = s.day;
    UPDATE item_sales_days SET sold = sold - 1, gross = item_sales_days.gross - s.gross,
        refunded = item_sales_days.refunded - s.refunded
    FROM sales s WHERE s.order_id = OLD.id AND item_sales_days.merchant_id = s.merchant_id
        AND item_sales_days.day = s.day AND item_sales_days.item_id = s.item_id;
    UPDATE customers SET bought = bought - 1, gross = customers.gross - s.gross, refunded = customers.refunded - s.refunded
    FROM sales s WHERE s.order_id = OLD.id AND customers.merchant_id = s.merchant_id AND customers.buyer_id = s.buyer_id;
END;

-- What somebody bought of a seller, and what of a seller's sales went back, each in the order of time.
CREATE INDEX orders_of_customer ON orders (merchant_id, buyer_id, created_at, id) WHERE transaction_id IS NOT NULL;
CREATE INDEX orders_refunded ON orders (merchant_id, created_at, id) WHERE state = 'Refunded' OR refunded > 0;
