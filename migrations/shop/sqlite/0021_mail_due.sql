-- The moment by which something is to be done stands in a column of its own: it is a time like the others.
ALTER TABLE mails ADD COLUMN due_at BIGINT;
UPDATE mails SET due_at = CAST(detail AS BIGINT), detail = '' WHERE kind IN ('to_fulfil', 'fulfil_by');
