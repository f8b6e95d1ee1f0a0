-- A line in the books takes a third of the room that it took: accounts and transactions have numbers, and lines name
-- those. A transaction's name says what it is and what it belongs to, so neither is kept a second time. SQLite
-- changes no keys, so the tables are made anew, and the old ones dropped from the child to the parent.

ALTER TABLE ledger_holds RENAME TO old_ledger_holds;
ALTER TABLE ledger_movements RENAME TO old_ledger_movements;
ALTER TABLE ledger_postings RENAME TO old_ledger_postings;
ALTER TABLE ledger_transactions RENAME TO old_ledger_transactions;
ALTER TABLE ledger_accounts RENAME TO old_ledger_accounts;

CREATE TABLE ledger_accounts (
    number INTEGER PRIMARY KEY,
    -- What it is called: 'account:' and an Amazon Payments account, 'amazon:fees'.
    id TEXT NOT NULL UNIQUE,
    -- Stored: the balance is kept in this row and guarded against going below zero (less what is held).
    -- Summed: every sale touches it (fees, the outside world), so a stored balance would queue all
    -- sales on one row; its balance is the sum of its postings and may be negative.
    kind TEXT NOT NULL CHECK (kind IN ('Stored', 'Summed')),
    balance BIGINT NOT NULL,
    held BIGINT NOT NULL,
    -- How many movements a stored account has had: the number of the last.
    movements BIGINT NOT NULL DEFAULT 0,
    CHECK (kind = 'Summed' OR (balance >= held AND held >= 0))
);

CREATE TABLE ledger_transactions (
    number INTEGER PRIMARY KEY,
    -- What it is and what it belongs to outside of the books ('charge:' and an FPS transaction id): the books have
    -- each once.
    id TEXT NOT NULL UNIQUE,
    posted_at BIGINT NOT NULL
);

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

CREATE TABLE ledger_holds (
    id TEXT PRIMARY KEY,
    account_number BIGINT NOT NULL REFERENCES ledger_accounts (number),
    amount BIGINT NOT NULL CHECK (amount > 0),
    state TEXT NOT NULL CHECK (state IN ('Active', 'Captured', 'Released')),
    placed_at BIGINT NOT NULL,
    ended_at BIGINT
);

-- What old transactions are called now: a fee by its own record, where it was called by the payment that it was for.
CREATE VIEW renamed_transactions AS
    SELECT id AS old_id, posted_at,
        CASE WHEN description = 'Marketplace fee' THEN 'fee:' || reference
             WHEN description = 'Deposit' THEN 'deposit:' || id
             ELSE id END AS id
    FROM old_ledger_transactions;

INSERT INTO ledger_accounts (id, kind, balance, held, movements)
    SELECT id, kind, balance, held, movements FROM old_ledger_accounts ORDER BY id;

INSERT INTO ledger_transactions (id, posted_at)
    SELECT id, posted_at FROM renamed_transactions ORDER BY posted_at, old_id;

INSERT INTO ledger_postings (transaction_number, line, account_number, amount, summed)
    SELECT t.number, p.line, a.number, p.amount, CASE a.kind WHEN 'Summed' THEN 1 END
    FROM old_ledger_postings p JOIN renamed_transactions r ON r.old_id = p.transaction_id
        JOIN ledger_transactions t ON t.id = r.id JOIN ledger_accounts a ON a.id = p.account_id
    ORDER BY t.number, p.line;

INSERT INTO ledger_movements (account_number, sequence, transaction_number, posted_at, amount, balance)
    SELECT a.number, m.sequence, t.number, m.posted_at, m.amount, m.balance
    FROM old_ledger_movements m JOIN renamed_transactions r ON r.old_id = m.transaction_id
        JOIN ledger_transactions t ON t.id = r.id JOIN ledger_accounts a ON a.id = m.account_id
    ORDER BY a.number, m.sequence;

INSERT INTO ledger_holds (id, account_number, amount, state, placed_at, ended_at)
    SELECT h.id, a.number, h.amount, h.state, h.placed_at, h.ended_at
    FROM old_ledger_holds h JOIN ledger_accounts a ON a.id = h.account_id;

DROP VIEW renamed_transactions;
DROP TABLE old_ledger_holds;
DROP TABLE old_ledger_movements;
DROP TABLE old_ledger_postings;
DROP TABLE old_ledger_transactions;
DROP TABLE old_ledger_accounts;

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
