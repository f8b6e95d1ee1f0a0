-- What buyer and seller do not agree on, the marketplace decides, once for an order. SQLite changes no CHECK: the table is
-- made anew, with two more words for the state.
CREATE TABLE refund_requests_decided (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    merchant_id TEXT REFERENCES merchants (id),
    amount BIGINT NOT NULL,
    reason TEXT NOT NULL,
    requester TEXT NOT NULL,
    -- Where the buyer asked for the money: at Amazon Payments, or in the shop.
    origin TEXT NOT NULL DEFAULT 'amazon',
    state TEXT NOT NULL CHECK (state IN ('Open', 'Declined', 'Escalated', 'Refused', 'Closed')),
    at BIGINT NOT NULL,
    -- When the seller declined; NULL: not at all, or before this was kept.
    declined_at BIGINT,
    -- When the buyer asked the marketplace, and in which words.
    escalated_at BIGINT,
    escalation TEXT,
    -- When the marketplace refused, and in which words.
    ruled_at BIGINT,
    ruling TEXT
);
INSERT INTO refund_requests_decided (id, order_id, merchant_id, amount, reason, requester, origin, state, at, declined_at)
SELECT id, order_id, merchant_id, amount, reason, requester, origin, state, at, CASE state WHEN 'Declined' THEN
    (SELECT MAX(e.at) FROM order_events e WHERE e.order_id = refund_requests.order_id AND e.kind = 'refund_declined') END
FROM refund_requests;
DROP TABLE refund_requests;
ALTER TABLE refund_requests_decided RENAME TO refund_requests;
CREATE INDEX refund_requests_by_order ON refund_requests (order_id, at);
CREATE INDEX refund_requests_open ON refund_requests (at, id) WHERE state = 'Open';
CREATE INDEX refund_requests_open_of_merchant ON refund_requests (merchant_id, at, id) WHERE state = 'Open';
CREATE INDEX refund_requests_declined ON refund_requests (at, id) WHERE state = 'Declined';
CREATE INDEX refund_requests_escalated ON refund_requests (escalated_at, id) WHERE state = 'Escalated';
