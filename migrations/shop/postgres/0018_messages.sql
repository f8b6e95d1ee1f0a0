-- What buyer and seller of an order write to each other, and the operator to both. Nothing is changed or taken back.
CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    author TEXT NOT NULL CHECK (author IN ('Buyer', 'Merchant', 'Operator')),
    text TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX messages_of_order ON messages (order_id, at, id);

-- An order's messages together: how the last one begins, and how many each side has not read.
CREATE TABLE message_threads (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    merchant_id TEXT NOT NULL REFERENCES merchants (id),
    buyer_id TEXT NOT NULL REFERENCES users (id),
    last_at BIGINT NOT NULL,
    last_author TEXT NOT NULL CHECK (last_author IN ('Buyer', 'Merchant', 'Operator')),
    last_text TEXT NOT NULL,
    unread_by_buyer BIGINT NOT NULL,
    unread_by_merchant BIGINT NOT NULL
);
CREATE INDEX message_threads_of_merchant ON message_threads (merchant_id, last_at, order_id);
CREATE INDEX message_threads_unread_by_merchant ON message_threads (merchant_id) WHERE unread_by_merchant > 0;
