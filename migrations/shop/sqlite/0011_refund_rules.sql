-- A seller's rule for refunds: at once within so many days after the sale, or on request (NULL), and whether a download
-- that was fetched is only given back on request. An order keeps the rule that it was made under.
ALTER TABLE merchants ADD COLUMN refund_days BIGINT DEFAULT 30;
ALTER TABLE merchants ADD COLUMN refund_unless_downloaded BIGINT NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN refund_days BIGINT DEFAULT 30;
ALTER TABLE orders ADD COLUMN refund_unless_downloaded BIGINT NOT NULL DEFAULT 0;
