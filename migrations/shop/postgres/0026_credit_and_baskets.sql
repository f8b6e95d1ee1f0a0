-- What buyers paid ahead, to spend it here without another visit to Amazon Payments: each is a prepaid balance there, filled
-- once.
CREATE TABLE credits (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    -- What it was filled with.
    amount BIGINT NOT NULL,
    -- Name the two tokens of the Co-Branded UI; the second names the FundPrepaid as well.
    sender_reference TEXT NOT NULL UNIQUE,
    funding_reference TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('Waiting', 'Left', 'Funding', 'Pending', 'Ready', 'Failed', 'Cancelled')),
    -- All three from the return, or none.
    instrument_id TEXT,
    sender_token_id TEXT UNIQUE,
    funding_token_id TEXT,
    transaction_id TEXT UNIQUE,
    -- A sentence for people.
    failure TEXT,
    -- What is left of it, as Amazon said last.
    balance BIGINT NOT NULL DEFAULT 0,
    balance_at BIGINT,
    -- When Amazon is asked next how the funding went, and how often it was; NULL where that is known.
    check_at BIGINT,
    checks BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE INDEX credits_by_user ON credits (user_id, created_at);
CREATE INDEX credits_to_check ON credits (check_at) WHERE check_at IS NOT NULL;

-- What somebody means to buy together; the owner is a user, or a visitor whom a session knows.
CREATE TABLE cart_items (
    owner TEXT NOT NULL,
    item_id TEXT NOT NULL REFERENCES items (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (owner, item_id)
);
CREATE INDEX cart_items_by_age ON cart_items (at);

-- Orders that were placed together and are paid by one authorization: a token for several payments, or credit.
CREATE TABLE baskets (
    id TEXT PRIMARY KEY,
    buyer_id TEXT NOT NULL REFERENCES users (id),
    -- Names the token to Amazon; NULL: they are paid with credit.
    caller_reference TEXT UNIQUE,
    sender_token_id TEXT UNIQUE,
    -- When the token was given back, since each order had its try.
    closed_at BIGINT,
    -- When it is looked at next whether it can be; NULL: not before the buyer confirms, or no more.
    close_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX baskets_by_buyer ON baskets (buyer_id, created_at);
CREATE INDEX baskets_to_close ON baskets (close_at) WHERE close_at IS NOT NULL;

ALTER TABLE orders ADD COLUMN basket_id TEXT REFERENCES baskets (id);
-- The reference of what the present attempt is authorized with, where it is not the attempt's own.
ALTER TABLE orders ADD COLUMN authorization_reference TEXT;
CREATE INDEX orders_by_basket ON orders (basket_id) WHERE basket_id IS NOT NULL;
