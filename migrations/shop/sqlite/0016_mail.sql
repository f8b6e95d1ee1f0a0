-- Mail. Kept as its kind and what it is about; its words are written when it is read.
CREATE TABLE mails (
    id TEXT PRIMARY KEY,
    -- Whose mailbox it is in: an e-mail address in lower case.
    address TEXT NOT NULL,
    -- NULL: nobody with an account.
    user_id TEXT REFERENCES users (id),
    kind TEXT NOT NULL,
    -- What it is about: an order, a sign-up, a password reset; '' where the kind says it all.
    reference TEXT NOT NULL,
    -- What else the words need of the moment: an amount, a moment, a reason; '' where nothing.
    detail TEXT NOT NULL,
    at BIGINT NOT NULL,
    read_at BIGINT,
    -- To a mail server of others, where one is set.
    sending TEXT NOT NULL CHECK (sending IN ('none', 'queued', 'sent', 'failed')),
    attempts BIGINT NOT NULL DEFAULT 0,
    -- When it is sent next; NULL: not at all.
    send_at BIGINT,
    failure TEXT
);
CREATE INDEX mails_by_address ON mails (address, at, id);
CREATE INDEX mails_by_user ON mails (user_id, at, id);
CREATE INDEX mails_unread ON mails (user_id) WHERE read_at IS NULL;
CREATE INDEX mails_to_send ON mails (send_at, id) WHERE send_at IS NOT NULL;
CREATE INDEX mails_of_nobody ON mails (at) WHERE user_id IS NULL;

-- Sellers are told of an order that waits for them some days before the money is no longer held.
CREATE TABLE fulfil_reminders (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    remind_at BIGINT NOT NULL,
    fulfil_by BIGINT NOT NULL
);
CREATE INDEX fulfil_reminders_due ON fulfil_reminders (remind_at, order_id);
INSERT INTO fulfil_reminders (order_id, remind_at, fulfil_by)
SELECT id, updated_at + 432000000000, updated_at + 604800000000 FROM orders WHERE state = 'Reserved';

-- Links in mail that let somebody in: of each only the SHA-256 of what it carries.
CREATE TABLE password_resets (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    digest TEXT NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX password_resets_by_user ON password_resets (user_id);
CREATE INDEX password_resets_by_end ON password_resets (expires_at);
CREATE TABLE sign_ups (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    -- Where the person was going.
    next TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_ups_by_end ON sign_ups (expires_at);
