-- DigitalDownload's side. Times are microseconds since the epoch, money is micros (1/1,000,000 USD),
-- booleans are 0/1: one SQL text serves SQLite and PostgreSQL.

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    data TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    operator BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- A user who sells. Registered once the Recipient pipeline gave both tokens.
CREATE TABLE merchants (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE REFERENCES users (id),
    name TEXT NOT NULL,
    registration_reference TEXT UNIQUE,
    recipient_token_id TEXT,
    refund_token_id TEXT,
    registered_at BIGINT,
    -- When the registration was taken back at Amazon Payments; NULL while it stands or before the first.
    cancelled_at BIGINT,
    created_at BIGINT NOT NULL,
    CHECK ((recipient_token_id IS NULL) = (registered_at IS NULL))
);

CREATE TABLE categories (
    slug TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE items (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    merchant_id TEXT NOT NULL REFERENCES merchants (id),
    category TEXT NOT NULL REFERENCES categories (slug),
    title TEXT NOT NULL,
    creator TEXT NOT NULL,
    description TEXT NOT NULL,
    price BIGINT NOT NULL CHECK (price > 0),
    -- Instant: paid with Pay. Manual: reserved, settled when the merchant fulfils.
    delivery TEXT NOT NULL CHECK (delivery IN ('Instant', 'Manual')),
    physical BIGINT NOT NULL,
    licence TEXT NOT NULL,
    -- NULL: the cover is drawn from the title.
    cover_key TEXT,
    preview_key TEXT,
    file_key TEXT,
    file_name TEXT,
    file_type TEXT,
    file_size BIGINT,
    -- Title, creator, seller and description in lower case: the databases fold letters differently.
    search_text TEXT NOT NULL,
    -- The editors' picks, 1 first: the first leads the catalogue, all fill "popular" while little is sold.
    featured_rank BIGINT,
    created_at BIGINT NOT NULL,
    CHECK (physical = 1 OR file_key IS NOT NULL)
);
CREATE INDEX items_by_category ON items (category, created_at);
CREATE INDEX items_by_merchant ON items (merchant_id, created_at);
CREATE INDEX items_by_age ON items (created_at);

CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    buyer_id TEXT NOT NULL REFERENCES users (id),
    item_id TEXT NOT NULL REFERENCES items (id),
    merchant_id TEXT NOT NULL REFERENCES merchants (id),
    -- What was sold, and on what terms, at the moment of the order.
    title TEXT NOT NULL,
    price BIGINT NOT NULL,
    fixed_fee BIGINT NOT NULL,
    variable_fee BIGINT NOT NULL,
    recipient_token_id TEXT NOT NULL,
    refund_token_id TEXT NOT NULL,
    delivery TEXT NOT NULL,
    physical BIGINT NOT NULL,
    ship_name TEXT,
    ship_line1 TEXT,
    ship_line2 TEXT,
    ship_city TEXT,
    ship_state TEXT,
    ship_zip TEXT,
    ship_country TEXT,
    ship_speed TEXT,
    -- Names this attempt to Amazon, both in the CBUI and in Pay or Reserve; anew for each attempt.
    caller_reference TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN (
        'AwaitingAuthorization', 'Abandoned', 'AuthorizationFailed', 'Authorized', 'Paying', 'PaymentFailed',
        'Reserved', 'Fulfilling', 'SettleFailed', 'SettlingToRefund', 'Paid', 'Cancelling', 'Cancelled',
        'Refunding', 'Refunded'
    )),
    sender_token_id TEXT,
    -- What the buyer chose in the CBUI: ABT, ACH or CC.
    payment_method TEXT,
    transaction_id TEXT UNIQUE,
    -- Each refund request that was refused or failed uses its CallerReference up.
    refund_attempt BIGINT NOT NULL DEFAULT 0,
    refund_transaction_id TEXT UNIQUE,
    -- What the present refund asks for; NULL for all that is left.
    refund_amount BIGINT,
    -- What went back in parts so far.
    refunded BIGINT NOT NULL DEFAULT 0,
    -- A sentence for people.
    failure TEXT,
    shipped_at BIGINT,
    -- What was taken off the price once it was paid.
    marketplace_fee BIGINT,
    amazon_fee BIGINT,
    -- When the tracking job asks Amazon next, and how often it asked in this state; NULL when nothing is open.
    check_at BIGINT,
    checks BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX orders_by_buyer ON orders (buyer_id, created_at);
CREATE INDEX orders_by_merchant ON orders (merchant_id, created_at);
CREATE INDEX orders_by_age ON orders (created_at);
CREATE INDEX orders_by_state ON orders (state);
CREATE INDEX orders_by_sender_token ON orders (sender_token_id) WHERE sender_token_id IS NOT NULL;
CREATE INDEX orders_to_check ON orders (check_at) WHERE check_at IS NOT NULL;

-- Every attempt that an order ever had, by the reference that names it to Amazon.
CREATE TABLE order_attempts (
    caller_reference TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id)
);

-- What happened to an order, in order: the timeline that people see.
CREATE TABLE order_events (
    order_id TEXT NOT NULL REFERENCES orders (id),
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (order_id, sequence)
);

-- Refunds that reached the buyer, each once: Amazon tells of them more than once.
CREATE TABLE order_refunds (
    order_id TEXT NOT NULL REFERENCES orders (id),
    refund_id TEXT NOT NULL,
    amount BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (order_id, refund_id)
);

-- Buyers who asked for a refund at Amazon Payments. Closed once the money goes back.
CREATE TABLE refund_requests (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    amount BIGINT NOT NULL,
    reason TEXT NOT NULL,
    requester TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('Open', 'Declined', 'Closed')),
    at BIGINT NOT NULL
);
CREATE INDEX refund_requests_by_order ON refund_requests (order_id, at);
CREATE INDEX refund_requests_open ON refund_requests (at) WHERE state = 'Open';

-- A right to download; revoked by cancel and refund.
CREATE TABLE download_grants (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    buyer_id TEXT NOT NULL REFERENCES users (id),
    item_id TEXT NOT NULL REFERENCES items (id),
    granted_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX download_grants_by_buyer ON download_grants (buyer_id, granted_at);

-- What a merchant is told: a purchase was authorized, cancelled, refunded.
CREATE TABLE merchant_notices (
    id TEXT PRIMARY KEY,
    merchant_id TEXT NOT NULL REFERENCES merchants (id),
    order_id TEXT NOT NULL REFERENCES orders (id),
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    read_at BIGINT,
    UNIQUE (order_id, kind)
);
CREATE INDEX merchant_notices_by_merchant ON merchant_notices (merchant_id, at);

-- Every verified notification once, with what it led to.
CREATE TABLE received_notifications (
    digest TEXT PRIMARY KEY,
    transaction_id TEXT,
    order_id TEXT,
    -- What it said, for people: "PAY SUCCESS".
    summary TEXT NOT NULL,
    body TEXT NOT NULL,
    outcome TEXT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX received_notifications_by_age ON received_notifications (received_at);
