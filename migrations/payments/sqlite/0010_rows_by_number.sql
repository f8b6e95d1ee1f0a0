-- Rows name transactions, accounts, callers and instruments by number: the id of a transaction has 35 characters.
-- SQLite changes no keys, so the tables are made anew, and the old ones dropped from the child to the parent.

-- Accounts, callers and instruments have numbers, as tokens have.
ALTER TABLE accounts ADD COLUMN number BIGINT;
UPDATE accounts SET number = rowid;
CREATE UNIQUE INDEX accounts_by_number ON accounts (number);

ALTER TABLE callers ADD COLUMN number BIGINT;
UPDATE callers SET number = rowid;
CREATE UNIQUE INDEX callers_by_number ON callers (number);

ALTER TABLE instruments ADD COLUMN number BIGINT;
UPDATE instruments SET number = rowid;
CREATE UNIQUE INDEX instruments_by_number ON instruments (number);

-- Who adds one of these, or a token, gives it its number: to give it later SQLite looks through all transactions for those
-- that refer to the number before.
DROP TRIGGER tokens_are_numbered;

ALTER TABLE transaction_history RENAME TO old_transaction_history;
ALTER TABLE refund_requests RENAME TO old_refund_requests;
ALTER TABLE transactions RENAME TO old_transactions;

CREATE TABLE transactions (
    -- In the order in which they were written.
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    caller BIGINT NOT NULL REFERENCES callers (number),
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
    -- The FPS fee; else the caller does.
    recipient_pays_fee BIGINT NOT NULL CHECK (recipient_pays_fee IN (0, 1)),
    -- Of a reserve: what Settle asked for, at the most the amount. It and the fees are final once settled.
    settle_amount BIGINT,
    -- What went back to the sender so far, and what of the marketplace fee the caller gave back.
    refunded BIGINT NOT NULL,
    marketplace_fee_refunded BIGINT NOT NULL,
    payment_method TEXT NOT NULL,
    instrument BIGINT REFERENCES instruments (number),
    -- The prepaid balance that is funded, or the debt that is settled or written off.
    stored_value BIGINT REFERENCES instruments (number),
    sender BIGINT NOT NULL REFERENCES accounts (number),
    recipient BIGINT NOT NULL REFERENCES accounts (number),
    sender_token BIGINT REFERENCES tokens (number),
    recipient_token BIGINT REFERENCES tokens (number),
    -- NULL for the record of a marketplace's fee: its reference and what is said of it are its payment's.
    caller_reference TEXT,
    caller_description TEXT,
    sender_description TEXT,
    override_ipn_url TEXT,
    -- Of a refund, what is refunded; of a marketplace's fee, which is a Pay, the payment that it is of.
    parent BIGINT REFERENCES transactions (number),
    refund_policy TEXT,
    hold_id TEXT,
    -- When the processor answers for a card or bank account, by the machine's time: a frozen clock does not stop it.
    process_at BIGINT,
    -- When it ends by itself: an unsettled reserve, or a pending transaction with a time-out.
    expires_at BIGINT,
    received_at BIGINT NOT NULL,
    completed_at BIGINT,
    -- The number once more, for lists in the order of time: SQLite looks a place up in an index by columns, and takes
    -- the key of the table for none.
    place BIGINT GENERATED ALWAYS AS (number) VIRTUAL,
    CHECK (caller_reference IS NOT NULL OR parent IS NOT NULL)
);

-- Those that there are stand in the order in which they were listed.
CREATE TABLE numbered_transactions (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE
);
INSERT INTO numbered_transactions (id) SELECT id FROM old_transactions ORDER BY received_at, id;

INSERT INTO transactions (number, id, caller, operation, status, status_code, version, amount, fps_fee, marketplace_fee,
        fixed_fee, variable_fee, recipient_pays_fee, settle_amount, refunded, marketplace_fee_refunded, payment_method,
        instrument, stored_value, sender, recipient, sender_token, recipient_token,
        caller_reference, caller_description, sender_description, override_ipn_url, parent, refund_policy, hold_id,
        process_at, expires_at, received_at, completed_at)
    SELECT n.number, o.id, c.number, o.operation, o.status, o.status_code, o.version, o.amount, o.fps_fee,
        o.marketplace_fee, o.fixed_fee, o.variable_fee, CASE o.fee_payer WHEN 'Recipient' THEN 1 ELSE 0 END,
        o.settle_amount, o.refunded, o.marketplace_fee_refunded, o.payment_method,
        i.number, v.number, s.number, r.number, o.sender_token, o.recipient_token,
        CASE WHEN o.relation = 'MarketplaceFee' THEN NULL ELSE o.caller_reference END,
        CASE WHEN o.relation = 'MarketplaceFee' THEN NULL ELSE o.caller_description END,
        CASE WHEN o.relation = 'MarketplaceFee' THEN NULL ELSE o.sender_description END, o.override_ipn_url,
        p.number, o.refund_policy, o.hold_id, o.process_at, o.expires_at, o.received_at, o.completed_at
    FROM old_transactions o JOIN numbered_transactions n ON n.id = o.id
        LEFT JOIN numbered_transactions p ON p.id = o.parent_id JOIN callers c ON c.access_key = o.access_key
        JOIN accounts s ON s.id = o.sender_account_id JOIN accounts r ON r.id = o.recipient_account_id
        LEFT JOIN instruments i ON i.id = o.instrument_id LEFT JOIN instruments v ON v.id = o.stored_value_id
    ORDER BY n.number;

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

DROP TABLE numbered_transactions;
DROP TABLE old_transaction_history;
DROP TABLE old_refund_requests;
DROP TABLE old_transactions;

CREATE INDEX transactions_to_process ON transactions (process_at) WHERE process_at IS NOT NULL;
CREATE INDEX transactions_to_expire ON transactions (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX transactions_pending ON transactions (received_at) WHERE status = 'Pending';
CREATE INDEX transactions_by_stored_value ON transactions (stored_value) WHERE stored_value IS NOT NULL;
CREATE INDEX transactions_by_sender_token ON transactions (sender_token) WHERE sender_token IS NOT NULL;
CREATE INDEX transactions_by_parent ON transactions (parent) WHERE parent IS NOT NULL;

-- An account's transactions in each of its roles, in the order in which they are listed.
CREATE INDEX transactions_by_caller ON transactions (caller, received_at, place);
CREATE INDEX transactions_by_sender ON transactions (sender, received_at, place);
CREATE INDEX transactions_by_recipient ON transactions (recipient, received_at, place);

-- One open request per transaction.
CREATE UNIQUE INDEX refund_requests_open ON refund_requests (transaction_id) WHERE state = 'Open';

-- The books number their transactions by what these belong to, so that a name takes no room; words have numbers of
-- their own.
ALTER TABLE ledger_movements RENAME TO old_ledger_movements;
ALTER TABLE ledger_postings RENAME TO old_ledger_postings;
ALTER TABLE ledger_transactions RENAME TO old_ledger_transactions;

-- What transactions are called that belong to nothing outside of the books: 'deposit:' and what the deposit is called.
CREATE TABLE ledger_names (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE
);

CREATE TABLE ledger_transactions (
    -- Eight times the number of what it belongs to, and what it is to that. Of an FPS transaction 1 is the charge, 2
    -- the marketplace fee, 3 the refund, 4 the marketplace fee that is given back with it, 5 its arrival; 0 is called
    -- by words. So the books have each once.
    number BIGINT NOT NULL PRIMARY KEY,
    posted_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE ledger_postings (
    transaction_number BIGINT NOT NULL REFERENCES ledger_transactions (number),
    line BIGINT NOT NULL,
    account_number BIGINT NOT NULL REFERENCES ledger_accounts (number),
    amount BIGINT NOT NULL CHECK (amount <> 0),
    -- 1 where the account is a summed one, else NULL: only those are looked for by account.
    summed BIGINT CHECK (summed = 1),
    PRIMARY KEY (transaction_number, line)
) WITHOUT ROWID;

-- What each transaction did to a stored account, numbered from 1 in the order in which it was posted, with the
-- balance after it: a page of a statement, and the balance at any time, without a sum over all postings.
CREATE TABLE ledger_movements (
    account_number BIGINT NOT NULL REFERENCES ledger_accounts (number),
    sequence BIGINT NOT NULL,
    transaction_number BIGINT NOT NULL REFERENCES ledger_transactions (number),
    posted_at BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    balance BIGINT NOT NULL,
    PRIMARY KEY (account_number, sequence)
) WITHOUT ROWID;

-- What belongs to no transaction that there is keeps its name.
CREATE TABLE renumbered_ledger_transactions AS
    WITH roles (prefix, role) AS (VALUES
        ('charge:', 1), ('fee:', 2), ('refund:', 3), ('fee-refund:', 4), ('refund-arrival:', 5))
    SELECT o.number AS old_number, o.id, o.posted_at, 8 * t.number + r.role AS number
    FROM old_ledger_transactions o LEFT JOIN roles r ON substr(o.id, 1, length(r.prefix)) = r.prefix
        LEFT JOIN transactions t ON t.id = substr(o.id, length(r.prefix) + 1);

INSERT INTO ledger_names (id) SELECT id FROM renumbered_ledger_transactions WHERE number IS NULL ORDER BY old_number;

UPDATE renumbered_ledger_transactions
SET number = (SELECT 8 * n.number FROM ledger_names n WHERE n.id = renumbered_ledger_transactions.id)
WHERE number IS NULL;

CREATE UNIQUE INDEX renumbered_by_old_number ON renumbered_ledger_transactions (old_number);

INSERT INTO ledger_transactions (number, posted_at)
    SELECT number, posted_at FROM renumbered_ledger_transactions ORDER BY number;

INSERT INTO ledger_postings (transaction_number, line, account_number, amount, summed)
    SELECT t.number, p.line, p.account_number, p.amount, p.summed
    FROM old_ledger_postings p JOIN renumbered_ledger_transactions t ON t.old_number = p.transaction_number
    ORDER BY t.number, p.line;

INSERT INTO ledger_movements (account_number, sequence, transaction_number, posted_at, amount, balance)
    SELECT m.account_number, m.sequence, t.number, m.posted_at, m.amount, m.balance
    FROM old_ledger_movements m JOIN renumbered_ledger_transactions t ON t.old_number = m.transaction_number
    ORDER BY m.account_number, m.sequence;

DROP TABLE renumbered_ledger_transactions;
DROP TABLE old_ledger_movements;
DROP TABLE old_ledger_postings;
DROP TABLE old_ledger_transactions;

CREATE INDEX ledger_postings_summed ON ledger_postings (account_number, amount) WHERE summed = 1;
CREATE INDEX ledger_movements_by_time ON ledger_movements (account_number, posted_at, sequence);

CREATE TRIGGER ledger_postings_no_update BEFORE UPDATE ON ledger_postings
BEGIN SELECT RAISE(ABORT, 'postings are append-only'); END;
CREATE TRIGGER ledger_postings_no_delete BEFORE DELETE ON ledger_postings
BEGIN SELECT RAISE(ABORT, 'postings are append-only'); END;
CREATE TRIGGER ledger_transactions_no_update BEFORE UPDATE ON ledger_transactions
BEGIN SELECT RAISE(ABORT, 'ledger transactions are append-only'); END;
CREATE TRIGGER ledger_transactions_no_delete BEFORE DELETE ON ledger_transactions
BEGIN SELECT RAISE(ABORT, 'ledger transactions are append-only'); END;
CREATE TRIGGER ledger_movements_no_update BEFORE UPDATE ON ledger_movements
BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END;
CREATE TRIGGER ledger_movements_no_delete BEFORE DELETE ON ledger_movements
BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END;

-- A request's record names its caller and its transaction by number, and its digest is bytes, not text.
ALTER TABLE idempotency RENAME TO old_idempotency;

CREATE TABLE idempotency (
    caller BIGINT NOT NULL REFERENCES callers (number),
    action TEXT NOT NULL,
    caller_reference TEXT NOT NULL,
    -- 128 bits tell requests under one reference apart.
    request_digest BLOB NOT NULL,
    -- The first answer: a transaction and its status, or else the error (a refusal uses the reference up too). Below zero
    -- it is the number of the subscription that ended without a transaction.
    answered BIGINT,
    transaction_status TEXT,
    error_code TEXT,
    error_message TEXT,
    -- Of a refusal: the same request is looked at again instead of getting the same answer.
    retriable BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (caller, action, caller_reference),
    CHECK ((answered IS NULL) = (transaction_status IS NULL))
) WITHOUT ROWID;

-- Digests have 22 characters of base 64: with two more they are six groups of four, each of three bytes.
WITH RECURSIVE
    alphabet (letters) AS (VALUES ('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')),
    decoded (row_number, rest, hex) AS (
        SELECT rowid, request_digest || 'AA', '' FROM old_idempotency
        UNION ALL
        SELECT row_number, substr(rest, 5), hex || printf('%06X',
                  (instr(letters, substr(rest, 1, 1)) - 1) * 262144 + (instr(letters, substr(rest, 2, 1)) - 1) * 4096
                + (instr(letters, substr(rest, 3, 1)) - 1) * 64 + (instr(letters, substr(rest, 4, 1)) - 1))
        FROM decoded, alphabet WHERE rest <> '')
INSERT INTO idempotency (caller, action, caller_reference, request_digest, answered, transaction_status,
        error_code, error_message, retriable, created_at)
    SELECT c.number, o.action, o.caller_reference, substr(unhex(d.hex), 1, 16),
        COALESCE(t.number, -k.number), o.transaction_status,
        o.error_code, o.error_message, o.retriable, o.created_at
    FROM decoded d JOIN old_idempotency o ON o.rowid = d.row_number
        JOIN callers c ON c.access_key = o.access_key LEFT JOIN transactions t ON t.id = o.transaction_id
        LEFT JOIN tokens k ON k.id = o.transaction_id
    WHERE d.rest = '';

DROP TABLE old_idempotency;

CREATE INDEX idempotency_by_age ON idempotency (created_at);
