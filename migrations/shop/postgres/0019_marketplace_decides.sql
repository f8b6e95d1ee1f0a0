-- What buyer and seller do not agree on, the marketplace decides, once for an order.
ALTER TABLE refund_requests DROP CONSTRAINT refund_requests_state_check;
ALTER TABLE refund_requests ADD CONSTRAINT refund_requests_state_check
    CHECK (state IN ('Open', 'Declined', 'Escalated', 'Refused', 'Closed'));
-- When the seller declined; NULL: not at all, or before this was kept.
ALTER TABLE refund_requests ADD COLUMN declined_at BIGINT;
-- When the buyer asked the marketplace, and in which words.
ALTER TABLE refund_requests ADD COLUMN escalated_at BIGINT;
ALTER TABLE refund_requests ADD COLUMN escalation TEXT;
-- When the marketplace refused, and in which words.
ALTER TABLE refund_requests ADD COLUMN ruled_at BIGINT;
ALTER TABLE refund_requests ADD COLUMN ruling TEXT;
UPDATE refund_requests SET declined_at =
    (SELECT MAX(e.at) FROM order_events e WHERE e.order_id = refund_requests.order_id AND e.kind = 'refund_declined')
WHERE state = 'Declined';
CREATE INDEX refund_requests_escalated ON refund_requests (escalated_at, id) WHERE state = 'Escalated';
