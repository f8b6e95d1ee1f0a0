-- Orders that are for somebody else: whom they are written to, and who has accepted.
CREATE TABLE gifts (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    -- Of the recipient, in lower case.
    email TEXT NOT NULL,
    -- The recipient's name and the giver's words; '' where none were given.
    name TEXT NOT NULL,
    message TEXT NOT NULL,
    -- When the recipient was written to last; NULL before it is paid.
    sent_at BIGINT,
    recipient_id TEXT REFERENCES users (id),
    accepted_at BIGINT,
    CHECK ((recipient_id IS NULL) = (accepted_at IS NULL))
);

-- What is a gift is not what its buyer has already.
ALTER TABLE orders ADD COLUMN gift BIGINT NOT NULL DEFAULT 0;
CREATE INDEX gifts_of_recipient ON gifts (recipient_id) WHERE recipient_id IS NOT NULL;
