-- Lists are read in pages that begin where the last one ended, and each page is found by an index.

-- An account's transactions in each of its roles, in the order in which they are listed.
DROP INDEX transactions_by_caller;
DROP INDEX transactions_by_sender;
DROP INDEX transactions_by_recipient;
CREATE INDEX transactions_by_caller ON transactions (access_key, received_at, id);
CREATE INDEX transactions_by_sender ON transactions (sender_account_id, received_at, id);
CREATE INDEX transactions_by_recipient ON transactions (recipient_account_id, received_at, id);

-- An account's tokens: those that can still be used, and the others in the order in which they are listed.
DROP INDEX tokens_by_account;
CREATE INDEX tokens_by_account ON tokens (account_id, created_at, id);
CREATE INDEX tokens_alive ON tokens (account_id) WHERE active = 1 AND used_at IS NULL;

-- What each transaction did to a stored account, numbered from 1 in the order in which it was posted, with the
-- balance after it: a page of a statement, and the balance at any time, without a sum over all postings.
CREATE TABLE ledger_movements (
    account_id TEXT NOT NULL REFERENCES ledger_accounts (id),
    sequence BIGINT NOT NULL,
    transaction_id TEXT NOT NULL REFERENCES ledger_transactions (id),
    posted_at BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    balance BIGINT NOT NULL,
    PRIMARY KEY (account_id, sequence)
);
INSERT INTO ledger_movements (account_id, sequence, transaction_id, posted_at, amount, balance)
SELECT m.account_id, ROW_NUMBER() OVER w, m.id, m.posted_at, m.amount, SUM(m.amount) OVER w
FROM (SELECT p.account_id, t.id, t.posted_at, SUM(p.amount) AS amount
      FROM ledger_postings p JOIN ledger_transactions t ON t.id = p.transaction_id
          JOIN ledger_accounts a ON a.id = p.account_id
      WHERE a.kind = 'Stored'
      GROUP BY p.account_id, t.id, t.posted_at) m
WINDOW w AS (PARTITION BY m.account_id ORDER BY m.posted_at, m.id ROWS UNBOUNDED PRECEDING);
CREATE INDEX ledger_movements_by_time ON ledger_movements (account_id, posted_at, sequence);

-- How many movements a stored account has had: the number of the last.
ALTER TABLE ledger_accounts ADD COLUMN movements BIGINT NOT NULL DEFAULT 0;
UPDATE ledger_accounts
SET movements = (SELECT COUNT(*) FROM ledger_movements m WHERE m.account_id = ledger_accounts.id);

CREATE TRIGGER ledger_movements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_movements
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Takes Co-Branded UI requests with a signature of version 1: old programs sign so.
ALTER TABLE callers ADD COLUMN signature_v1 BIGINT NOT NULL DEFAULT 0;
UPDATE callers SET signature_v1 = 1 WHERE access_key = 'DDCALLER000000000002';

-- Of a sender token for whose payments an address was asked for: the address, form-encoded.
ALTER TABLE tokens ADD COLUMN ship_to TEXT;
