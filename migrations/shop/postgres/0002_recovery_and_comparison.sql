-- Orders that wait for a return are asked after, too: what was confirmed at Amazon Payments is found though the
-- way back was lost. check_at and checks count for them as for payments.
UPDATE orders SET check_at = created_at WHERE state = 'AwaitingAuthorization';

-- From now on '' in orders.refund_token_id says that Amazon did not tell it: a registration whose return was lost
-- is found by its reference, and only the return names the refund token.

-- Whether Amazon took the Settle on: a reserve that is only reserved after that was declined.
ALTER TABLE orders ADD COLUMN settle_accepted BIGINT NOT NULL DEFAULT 0;

-- When the order is next compared with what Amazon says of its payment; NULL while there is none.
ALTER TABLE orders ADD COLUMN compare_at BIGINT;
UPDATE orders SET compare_at = updated_at + 3600000000 WHERE transaction_id IS NOT NULL;
CREATE INDEX orders_to_compare ON orders (compare_at) WHERE compare_at IS NOT NULL;

-- Orders of which Amazon says something else than the shop, for the operator, for as long as it does.
CREATE TABLE order_differences (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    -- Sentences for people: what the shop believes, and what Amazon says.
    believed TEXT NOT NULL,
    found TEXT NOT NULL,
    since BIGINT NOT NULL
);
CREATE INDEX order_differences_by_age ON order_differences (since);

-- Notifications about nothing that the shop knows are kept for a while, so many at the most.
CREATE INDEX received_notifications_unknown ON received_notifications (received_at, digest) WHERE order_id IS NULL;
