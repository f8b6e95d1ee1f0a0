-- What was sold, day by day, of each seller and of the market; which items; to whom. A trigger counts it on, in the
-- transaction of the change and whoever makes it, so that no page adds up all orders. No primary keys: these are no
-- records of their own (0009).

-- What an order counts for: once it was paid, on the day (of UTC, counted from 1970) on which it was placed. What it is
-- worth is said here and nowhere else. There is no row for what was never paid.
CREATE FUNCTION sale_of(o orders) RETURNS TABLE (
    merchant_id TEXT, item_id TEXT, buyer_id TEXT, created_at BIGINT, day BIGINT, gross BIGINT, refunded BIGINT,
    refunds BIGINT, marketplace_fees BIGINT, amazon_fees BIGINT, fees_unknown BIGINT
) LANGUAGE sql STABLE AS $$
    SELECT o.merchant_id, o.item_id, o.buyer_id, o.created_at, o.created_at / 86400000000,
        COALESCE(o.charged, o.price),
        CASE o.state WHEN 'Refunded' THEN COALESCE(o.charged, o.price) ELSE o.refunded END,
        CASE WHEN o.state = 'Refunded' OR o.refunded > 0 THEN 1::BIGINT ELSE 0 END,
        COALESCE(o.marketplace_fee, 0),
        COALESCE(o.amazon_fee, 0),
        CASE WHEN o.marketplace_fee IS NULL OR o.amazon_fee IS NULL THEN 1::BIGINT ELSE 0 END
    WHERE o.state IN ('Paid', 'Refunded')
$$;

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
FROM orders o CROSS JOIN LATERAL sale_of(o) s CROSS JOIN LATERAL (VALUES (s.merchant_id), ('')) m (merchant_id)
GROUP BY 1, 2;
INSERT INTO item_sales_days (merchant_id, day, item_id, sold, gross, refunded)
SELECT s.merchant_id, s.day, s.item_id, COUNT(*), SUM(s.gross), SUM(s.refunded)
FROM orders o CROSS JOIN LATERAL sale_of(o) s GROUP BY 1, 2, 3;
INSERT INTO customers (merchant_id, buyer_id, bought, gross, refunded, last_at)
SELECT s.merchant_id, s.buyer_id, COUNT(*), SUM(s.gross), SUM(s.refunded), MAX(s.created_at)
FROM orders o CROSS JOIN LATERAL sale_of(o) s GROUP BY 1, 2;

-- A change takes away what the order counted for and adds what it counts for now; there is no old one of a new order.
-- Its name comes behind those that count orders (0009), and all lock in one order: tables as they stand here, rows by
-- their keys.
CREATE FUNCTION sales_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sales_days AS t
        (merchant_id, day, sold, gross, refunds, refunded, marketplace_fees, amazon_fees, fees_unknown)
    SELECT m.merchant_id, s.day, SUM(times), SUM(times * s.gross), SUM(times * s.refunds), SUM(times * s.refunded),
        SUM(times * s.marketplace_fees), SUM(times * s.amazon_fees), SUM(times * s.fees_unknown)
    FROM (VALUES (OLD, -1), (NEW, 1)) c (o, times) CROSS JOIN LATERAL sale_of(o) s
        CROSS JOIN LATERAL (VALUES (s.merchant_id), ('')) m (merchant_id)
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (merchant_id, day) DO UPDATE SET sold = t.sold + excluded.sold, gross = t.gross + excluded.gross,
        refunds = t.refunds + excluded.refunds, refunded = t.refunded + excluded.refunded,
        marketplace_fees = t.marketplace_fees + excluded.marketplace_fees,
        amazon_fees = t.amazon_fees + excluded.amazon_fees, fees_unknown = t.fees_unknown + excluded.fees_unknown;
    INSERT INTO item_sales_days AS t (merchant_id, day, item_id, sold, gross, refunded)
    SELECT s.merchant_id, s.day, s.item_id, SUM(times), SUM(times * s.gross), SUM(times * s.refunded)
    FROM (VALUES (OLD, -1), (NEW, 1)) c (o, times) CROSS JOIN LATERAL sale_of(o) s
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (merchant_id, day, item_id) DO UPDATE SET sold = t.sold + excluded.sold,
        gross = t.gross + excluded.gross, refunded = t.refunded + excluded.refunded;
    INSERT INTO customers AS t (merchant_id, buyer_id, bought, gross, refunded, last_at)
    SELECT s.merchant_id, s.buyer_id, SUM(times), SUM(times * s.gross), SUM(times * s.refunded), MAX(s.created_at)
    FROM (VALUES (OLD, -1), (NEW, 1)) c (o, times) CROSS JOIN LATERAL sale_of(o) s
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (merchant_id, buyer_id) DO UPDATE SET bought = t.bought + excluded.bought,
        gross = t.gross + excluded.gross, refunded = t.refunded + excluded.refunded,
        last_at = GREATEST(t.last_at, excluded.last_at);
    RETURN NULL;
END $$;
CREATE TRIGGER orders_sales_counted AFTER INSERT OR DELETE ON orders FOR EACH ROW EXECUTE FUNCTION sales_counted();
CREATE TRIGGER orders_sales_counted_again
AFTER UPDATE OF state, merchant_id, item_id, buyer_id, created_at, price, charged, refunded, marketplace_fee, amazon_fee ON orders
FOR EACH ROW WHEN (OLD.state IN ('Paid', 'Refunded') OR NEW.state IN ('Paid', 'Refunded'))
EXECUTE FUNCTION sales_counted();

-- What somebody bought of a seller, and what of a seller's sales went back, each in the order of time.
CREATE INDEX orders_of_customer ON orders (merchant_id, buyer_id, created_at, id) WHERE transaction_id IS NOT NULL;
CREATE INDEX orders_refunded ON orders (merchant_id, created_at, id) WHERE state = 'Refunded' OR refunded > 0;
