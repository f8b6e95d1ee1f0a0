-- Coupons of sellers and of the market. What one makes of a price is kept with the order.
CREATE TABLE coupons (
    id TEXT PRIMARY KEY,
    -- Whose it is, who bears it; NULL: the market's.
    merchant_id TEXT REFERENCES merchants (id),
    -- The one item that it is for; NULL: all of the seller's, or all there are.
    item_id TEXT REFERENCES items (id),
    -- In capitals.
    code TEXT NOT NULL,
    -- Ten thousandths of a per cent, or micros; one of the two.
    percent BIGINT,
    amount BIGINT,
    begins_at BIGINT NOT NULL,
    ends_at BIGINT,
    -- How many orders it lowers, in all and of one buyer; NULL: any number.
    most_uses BIGINT,
    most_each BIGINT,
    made_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    CHECK ((percent IS NULL) <> (amount IS NULL)),
    CHECK (item_id IS NULL OR merchant_id IS NOT NULL)
);
CREATE UNIQUE INDEX coupons_by_code ON coupons (code, COALESCE(merchant_id, '')) WHERE withdrawn_at IS NULL;
CREATE INDEX coupons_of_code ON coupons (code, merchant_id);
CREATE INDEX coupons_of_owner ON coupons (COALESCE(merchant_id, ''), made_at, id);

-- The orders that a coupon lowers, for as long as they may be paid or were.
CREATE TABLE coupon_uses (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    coupon_id TEXT NOT NULL REFERENCES coupons (id),
    buyer_id TEXT NOT NULL REFERENCES users (id),
    -- The basket, or the order where it is alone.
    purchase TEXT NOT NULL,
    -- What it took off.
    discount BIGINT NOT NULL,
    -- The buyer has allowed the payment.
    confirmed BIGINT NOT NULL DEFAULT 0,
    at BIGINT NOT NULL
);
CREATE INDEX coupon_uses_of_coupon ON coupon_uses (coupon_id, buyer_id);

-- What of the item's price a coupon took off when the order was placed, and who bears it: all of these or none.
ALTER TABLE orders ADD COLUMN coupon_id TEXT REFERENCES coupons (id);
ALTER TABLE orders ADD COLUMN coupon_code TEXT;
ALTER TABLE orders ADD COLUMN coupon_bearer TEXT CHECK (coupon_bearer IN ('Seller', 'Market'));
ALTER TABLE orders ADD COLUMN discount BIGINT;
CREATE INDEX orders_with_coupon ON orders (merchant_id, created_at) WHERE coupon_id IS NOT NULL;
