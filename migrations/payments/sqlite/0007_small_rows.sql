-- Rows that a payment leaves behind say nothing twice.

-- Transactions name tokens by number: an id has 64 characters.
ALTER TABLE tokens ADD COLUMN number BIGINT;
UPDATE tokens SET number = rowid;
CREATE UNIQUE INDEX tokens_by_number ON tokens (number);
CREATE TRIGGER tokens_are_numbered AFTER INSERT ON tokens
BEGIN UPDATE tokens SET number = NEW.rowid WHERE rowid = NEW.rowid; END;

DROP INDEX transactions_by_sender_token;
ALTER TABLE transactions ADD COLUMN sender_token BIGINT REFERENCES tokens (number);
ALTER TABLE transactions ADD COLUMN recipient_token BIGINT REFERENCES tokens (number);
UPDATE transactions SET
    sender_token = (SELECT k.number FROM tokens k WHERE k.id = transactions.sender_token_id),
    recipient_token = (SELECT k.number FROM tokens k WHERE k.id = transactions.recipient_token_id);
ALTER TABLE transactions DROP COLUMN sender_token_id;
ALTER TABLE transactions DROP COLUMN recipient_token_id;
CREATE INDEX transactions_by_sender_token ON transactions (sender_token) WHERE sender_token IS NOT NULL;

-- Follows from the status and its code.
ALTER TABLE transactions DROP COLUMN status_message;

-- 128 bits tell requests under one reference apart.
UPDATE idempotency SET request_digest = substr(request_digest, 1, 22);
