-- Rows name transactions by number: an id has 35 characters. SQLite changes no keys, so the tables are made anew, and the
-- old ones dropped from the child to the parent.

ALTER TABLE transaction_history RENAME TO old_transaction_history;
ALTER TABLE refund_requests RENAME TO old_refund_requests;
ALTER TABLE transactions RENAME TO old_transactions;

CREATE TABLE transactions (
    -- In the order in which they were written.
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    access_key TEXT NOT NULL REFERENCES callers (access_key),
    operation TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('Pending', 'Reserved', 'Success', 'Failure', 'Cancelled')),
    status_code TEXT NOT NULL,
    -- Goes up with every change: who changes a transaction says which version it looked at.
    version BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    fps_fee BIGINT NOT NULL,
    marketplace_fee BIGINT NOT NULL,
    fixed_fee BIGINT NOT NULL,
    variable_fee BIGINT NOT NULL,
    fee_payer TEXT NOT NULL CHECK (fee_payer IN ('Caller', 'Recipient')),
    -- Of a reserve: what Settle asked for, at the most the amount. It and the fees are final once settled.
    settle_amount BIGINT,
    -- What went back to the sender so far, and what of the marketplace fee the caller gave back.
    refunded BIGINT NOT NULL,
    marketplace_fee_refunded BIGINT NOT NULL,
    payment_method TEXT NOT NULL,
    instrument_id TEXT,
    -- The prepaid balance that is funded, or the debt that is settled or written off.
    stored_value_id TEXT REFERENCES instruments (id),
    sender_account_id TEXT NOT NULL REFERENCES accounts (id),
    recipient_account_id TEXT NOT NULL REFERENCES accounts (id),
    sender_token BIGINT REFERENCES tokens (number),
    recipient_token BIGINT REFERENCES tokens (number),
    caller_reference TEXT NOT NULL,
    caller_description TEXT,
    sender_description TEXT,
    override_ipn_url TEXT,
    -- Of a refund, what is refunded; of a marketplace's fee, the payment that it is of.
    parent BIGINT REFERENCES transactions (number),
    relation TEXT,
    refund_policy TEXT,
    hold_id TEXT,
    -- When the processor answers for a card or bank account, by the machine's time: a frozen clock does not stop it.
    process_at BIGINT,
    -- When it ends by itself: an unsettled reserve, or a pending transaction with a time-out.
    expires_at BIGINT,
    received_at BIGINT NOT NULL,
    completed_at BIGINT,
    -- The number once more, for lists in the order of time: SQLite looks a place up in an index by columns, and takes the
    -- key of the table for none.
    place BIGINT GENERATED ALWAYS AS (number) VIRTUAL
);

INSERT INTO transactions (id, access_key, operation, status, status_code, version, amount, fps_fee, marketplace_fee,
        fixed_fee, variable_fee, fee_payer, settle_amount, refunded, marketplace_fee_refunded, payment_method,
        instrument_id, stored_value_id, sender_account_id, recipient_account_id, sender_token, recipient_token,
        caller_reference, caller_description, sender_description, override_ipn_url, relation, refund_policy, hold_id,
        process_at, expires_at, received_at, completed_at)
    SELECT id, access_key, operation, status, status_code, version, amount, fps_fee, marketplace_fee,
        fixed_fee, variable_fee, fee_payer, settle_amount, refunded, marketplace_fee_refunded, payment_method,
        instrument_id, stored_value_id, sender_account_id, recipient_account_id, sender_token, recipient_token,
        caller_reference, caller_description, sender_description, override_ipn_url, relation, refund_policy, hold_id,
        process_at, expires_at, received_at, completed_at
    FROM old_transactions ORDER BY received_at, id;

-- Where the clock was set back, a child stands before its parent.
UPDATE transactions SET parent = p.number
FROM old_transactions old JOIN transactions p ON p.id = old.parent_id
WHERE old.id = transactions.id;

CREATE TABLE transaction_history (
    transaction_number BIGINT NOT NULL REFERENCES transactions (number),
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    status TEXT NOT NULL,
    status_code TEXT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (transaction_number, sequence)
) WITHOUT ROWID;

INSERT INTO transaction_history (transaction_number, sequence, at, status, status_code, amount)
    SELECT t.number, h.sequence, h.at, h.status, h.status_code, h.amount
    FROM old_transaction_history h JOIN transactions t ON t.id = h.transaction_id
    ORDER BY t.number, h.sequence;

-- A sender asks for money back; the caller is told. Closed by a refund or by time.
CREATE TABLE refund_requests (
    id TEXT PRIMARY KEY,
    transaction_id TEXT NOT NULL REFERENCES transactions (id),
    amount BIGINT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('Open', 'Closed')),
    created_at BIGINT NOT NULL
);

INSERT INTO refund_requests SELECT * FROM old_refund_requests;

DROP TABLE old_transaction_history;
DROP TABLE old_refund_requests;
DROP TABLE old_transactions;

CREATE INDEX transactions_to_process ON transactions (process_at) WHERE process_at IS NOT NULL;
CREATE INDEX transactions_to_expire ON transactions (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX transactions_by_stored_value ON transactions (stored_value_id) WHERE stored_value_id IS NOT NULL;
CREATE INDEX transactions_by_sender_token ON transactions (sender_token) WHERE sender_token IS NOT NULL;
CREATE INDEX transactions_by_parent ON transactions (parent) WHERE parent IS NOT NULL;

-- An account's transactions in each of its roles, in the order in which they are listed.
CREATE INDEX transactions_by_caller ON transactions (access_key, received_at, place);
CREATE INDEX transactions_by_sender ON transactions (sender_account_id, received_at, place);
CREATE INDEX transactions_by_recipient ON transactions (recipient_account_id, received_at, place);

-- One open request per transaction.
CREATE UNIQUE INDEX refund_requests_open ON refund_requests (transaction_id) WHERE state = 'Open';
