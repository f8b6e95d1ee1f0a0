-- Amazon Payments' side. Times are microseconds since the epoch, money is micros (1/1,000,000 USD),
-- booleans are 0/1: one SQL text serves SQLite and PostgreSQL.

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    data TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    business_name TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('Personal', 'Business')),
    status TEXT NOT NULL CHECK (status IN ('Active', 'Suspended', 'Closed')),
    email_verified BIGINT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE callers (
    access_key TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    secret TEXT NOT NULL,
    display_name TEXT NOT NULL,
    ipn_url TEXT,
    marketplace BIGINT NOT NULL,
    -- Wants to hear of senders who ask for a refund.
    refund_requests BIGINT NOT NULL,
    -- The logo that the Co-Branded UI shows when the request names none.
    cobranding_url TEXT,
    created_at BIGINT NOT NULL
);
-- An account has one key, however often its form is sent.
CREATE UNIQUE INDEX callers_by_account ON callers (account_id);

-- Where a caller may send people back to. any_loopback: any port and path of a loopback host.
CREATE TABLE caller_sites (
    access_key TEXT NOT NULL REFERENCES callers (access_key),
    url TEXT NOT NULL,
    any_loopback BIGINT NOT NULL,
    PRIMARY KEY (access_key, url)
);

CREATE TABLE instruments (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    method TEXT NOT NULL CHECK (method IN ('ABT', 'ACH', 'CC', 'Prepaid', 'Debt')),
    label TEXT NOT NULL,
    last_four TEXT,
    expires TEXT,
    fingerprint TEXT,
    -- Of a prepaid balance or a debt: the caller that it is with.
    access_key TEXT REFERENCES callers (access_key),
    -- Of a debt: how much may be owed at the most.
    credit_limit BIGINT,
    active BIGINT NOT NULL,
    -- People see theirs in the order in which they came; a moment can hold several.
    position BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CHECK ((method IN ('Prepaid', 'Debt')) = (access_key IS NOT NULL)),
    CHECK ((method = 'Debt') = (credit_limit IS NOT NULL))
);
CREATE INDEX instruments_by_account ON instruments (account_id);
CREATE INDEX instruments_by_caller ON instruments (access_key) WHERE access_key IS NOT NULL;

-- Sender tokens (who pays), recipient tokens (who is paid), refund tokens, caller tokens (who calls).
CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    access_key TEXT NOT NULL REFERENCES callers (access_key),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL CHECK (role IN ('Sender', 'Recipient', 'Refund', 'Caller')),
    token_type TEXT NOT NULL CHECK (token_type IN ('SingleUse', 'MultiUse', 'Recurring', 'Unrestricted')),
    active BIGINT NOT NULL,
    -- What was said when it was cancelled through the API.
    cancel_reason TEXT,
    caller_reference TEXT NOT NULL,
    friendly_name TEXT NOT NULL,
    payment_reason TEXT,
    instrument_id TEXT REFERENCES instruments (id),
    -- Of a sender token for FundPrepaid or SettleDebt: the prepaid balance or credit that it is for.
    stored_value_id TEXT REFERENCES instruments (id),
    payment_methods TEXT NOT NULL,
    amount BIGINT,
    -- Of a multi-use token: what the amount means for each payment.
    amount_type TEXT CHECK (amount_type IN ('Exact', 'Minimum', 'Maximum')),
    recurring_period TEXT,
    recipient_token_id TEXT,
    -- Of a multi-use token: the only ones who may be paid, with commas between; empty for anybody.
    recipient_token_ids TEXT NOT NULL,
    max_fixed_fee BIGINT,
    max_variable_fee BIGINT,
    recipient_pays_fee BIGINT,
    refund_token_id TEXT,
    -- The token that this one replaced when it was edited.
    old_token_id TEXT REFERENCES tokens (id),
    -- The text that InstallPaymentInstruction was given.
    instruction TEXT,
    used_at BIGINT,
    valid_from BIGINT NOT NULL,
    expires_at BIGINT,
    created_at BIGINT NOT NULL
);
-- A caller's reference makes one token; a recipient token's refund token shares it.
CREATE UNIQUE INDEX tokens_by_reference ON tokens (access_key, caller_reference) WHERE role <> 'Refund';
CREATE INDEX tokens_by_account ON tokens (account_id, created_at);
-- A token is edited once; then the new one can be.
CREATE UNIQUE INDEX tokens_by_old_token ON tokens (old_token_id) WHERE old_token_id IS NOT NULL;

-- How much and how often a multi-use or recurring token may pay, and has paid in the present window.
CREATE TABLE token_limits (
    token_id TEXT NOT NULL REFERENCES tokens (id),
    position BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('Amount', 'Count')),
    limit_value BIGINT NOT NULL,
    -- As '6 Months'; NULL for the token's whole life.
    period TEXT,
    -- In the window that began at window_start, and in the one before it.
    used BIGINT NOT NULL CHECK (used BETWEEN 0 AND limit_value),
    used_before BIGINT NOT NULL,
    window_start BIGINT NOT NULL,
    PRIMARY KEY (token_id, position)
);

-- An account's address book.
CREATE TABLE addresses (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    full_name TEXT NOT NULL,
    line1 TEXT NOT NULL,
    line2 TEXT,
    city TEXT NOT NULL,
    state TEXT,
    zip TEXT NOT NULL,
    country TEXT NOT NULL,
    phone TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX addresses_by_account ON addresses (account_id, created_at);

-- A person's way through the Co-Branded UI.
CREATE TABLE authorizations (
    id TEXT PRIMARY KEY,
    access_key TEXT NOT NULL REFERENCES callers (access_key),
    pipeline TEXT NOT NULL,
    parameters TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('Open', 'Confirmed', 'Ended')),
    account_id TEXT REFERENCES accounts (id),
    instrument_id TEXT REFERENCES instruments (id),
    -- Where to ship to, if the caller asks for that.
    address_id TEXT REFERENCES addresses (id),
    token_id TEXT REFERENCES tokens (id),
    return_location TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE transactions (
    id TEXT PRIMARY KEY,
    access_key TEXT NOT NULL REFERENCES callers (access_key),
    operation TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('Pending', 'Reserved', 'Success', 'Failure', 'Cancelled')),
    status_code TEXT NOT NULL,
    status_message TEXT NOT NULL,
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
    sender_token_id TEXT,
    recipient_token_id TEXT,
    caller_reference TEXT NOT NULL,
    caller_description TEXT,
    sender_description TEXT,
    override_ipn_url TEXT,
    parent_id TEXT REFERENCES transactions (id),
    relation TEXT,
    refund_policy TEXT,
    hold_id TEXT,
    -- When the processor answers for a card or bank account, by the machine's time: a frozen clock does not stop it.
    process_at BIGINT,
    -- When it ends by itself: an unsettled reserve, or a pending transaction with a time-out.
    expires_at BIGINT,
    received_at BIGINT NOT NULL,
    completed_at BIGINT
);
CREATE INDEX transactions_to_process ON transactions (process_at) WHERE process_at IS NOT NULL;
CREATE INDEX transactions_to_expire ON transactions (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX transactions_by_caller ON transactions (access_key, received_at);
CREATE INDEX transactions_by_sender ON transactions (sender_account_id, received_at);
CREATE INDEX transactions_by_recipient ON transactions (recipient_account_id, received_at);
CREATE INDEX transactions_by_stored_value ON transactions (stored_value_id) WHERE stored_value_id IS NOT NULL;
CREATE INDEX transactions_by_sender_token ON transactions (sender_token_id) WHERE sender_token_id IS NOT NULL;
CREATE INDEX transactions_by_parent ON transactions (parent_id) WHERE parent_id IS NOT NULL;

-- A sender asks for money back; the caller is told. Closed by a refund or by time.
CREATE TABLE refund_requests (
    id TEXT PRIMARY KEY,
    transaction_id TEXT NOT NULL REFERENCES transactions (id),
    amount BIGINT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('Open', 'Closed')),
    created_at BIGINT NOT NULL
);
-- One open request per transaction.
CREATE UNIQUE INDEX refund_requests_open ON refund_requests (transaction_id) WHERE state = 'Open';

CREATE TABLE transaction_history (
    transaction_id TEXT NOT NULL REFERENCES transactions (id),
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    status TEXT NOT NULL,
    status_code TEXT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (transaction_id, sequence)
);

-- CallerReference per caller and action, kept 7 days (REFERENCE §5).
CREATE TABLE idempotency (
    access_key TEXT NOT NULL REFERENCES callers (access_key),
    action TEXT NOT NULL,
    caller_reference TEXT NOT NULL,
    request_digest TEXT NOT NULL,
    -- The first answer: a transaction and its status, or else the error (a refusal uses the reference up too).
    transaction_id TEXT,
    transaction_status TEXT,
    error_code TEXT,
    error_message TEXT,
    -- Of a refusal: the same request is looked at again instead of getting the same answer.
    retriable BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (access_key, action, caller_reference)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- The outbox: written with the state it tells of, sent afterwards.
CREATE TABLE notifications (
    id TEXT PRIMARY KEY,
    access_key TEXT NOT NULL REFERENCES callers (access_key),
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('Pending', 'Delivered', 'GivenUp')),
    created_at BIGINT NOT NULL,
    next_attempt_at BIGINT,
    delivered_at BIGINT
);
CREATE INDEX notifications_by_caller ON notifications (access_key, created_at);
CREATE INDEX notifications_due ON notifications (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TABLE notification_attempts (
    notification_id TEXT NOT NULL REFERENCES notifications (id),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    http_status BIGINT,
    error TEXT,
    PRIMARY KEY (notification_id, number)
);
