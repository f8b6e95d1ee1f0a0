-- Double-entry books. Postings are never updated or deleted.

CREATE TABLE ledger_accounts (
    id TEXT PRIMARY KEY,
    -- Stored: the balance is kept in this row and guarded against going below zero (less what is held).
    -- Summed: every sale touches it (fees, the outside world), so a stored balance would queue all
    -- sales on one row; its balance is the sum of its postings and may be negative.
    kind TEXT NOT NULL CHECK (kind IN ('Stored', 'Summed')),
    balance BIGINT NOT NULL,
    held BIGINT NOT NULL,
    CHECK (kind = 'Summed' OR (balance >= held AND held >= 0))
);

CREATE TABLE ledger_transactions (
    id TEXT PRIMARY KEY,
    -- What it belongs to outside of the books (an FPS transaction id).
    reference TEXT NOT NULL,
    description TEXT NOT NULL,
    posted_at BIGINT NOT NULL
);
CREATE INDEX ledger_transactions_by_reference ON ledger_transactions (reference);

CREATE TABLE ledger_postings (
    transaction_id TEXT NOT NULL REFERENCES ledger_transactions (id),
    line BIGINT NOT NULL,
    account_id TEXT NOT NULL REFERENCES ledger_accounts (id),
    amount BIGINT NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (transaction_id, line)
);
CREATE INDEX ledger_postings_by_account ON ledger_postings (account_id);

CREATE TABLE ledger_holds (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES ledger_accounts (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    state TEXT NOT NULL CHECK (state IN ('Active', 'Captured', 'Released')),
    placed_at BIGINT NOT NULL,
    ended_at BIGINT
);

CREATE TRIGGER ledger_postings_no_update BEFORE UPDATE ON ledger_postings
BEGIN SELECT RAISE(ABORT, 'postings are append-only'); END;
CREATE TRIGGER ledger_postings_no_delete BEFORE DELETE ON ledger_postings
BEGIN SELECT RAISE(ABORT, 'postings are append-only'); END;
CREATE TRIGGER ledger_transactions_no_update BEFORE UPDATE ON ledger_transactions
BEGIN SELECT RAISE(ABORT, 'ledger transactions are append-only'); END;
CREATE TRIGGER ledger_transactions_no_delete BEFORE DELETE ON ledger_transactions
BEGIN SELECT RAISE(ABORT, 'ledger transactions are append-only'); END;
