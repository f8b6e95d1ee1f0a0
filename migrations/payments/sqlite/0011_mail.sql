-- Each account has a mailbox. A mail is kept as its kind and what it is about, and its words are written when it is read.

-- What a transaction begins with needs no row of its own: that a payment was made, that a purchase is authorized, or that
-- a refund was given, follows from the transaction, its two accounts and its time. So a Pay writes nothing for its mails.
-- They are listed by an index, and there must be no entry more for it: an account's transactions are split into those that
-- mail tells of from their beginning on, and the others: marketplace fees, of which their payment's mail tells, and what a
-- processor answers for later. Each transaction stands in one of the two, in each of its roles.
DROP INDEX transactions_by_sender;
DROP INDEX transactions_by_recipient;
CREATE INDEX transactions_by_sender_mailed ON transactions (sender, received_at, place)
    WHERE (operation = 'Refund' OR (parent IS NULL AND payment_method IN ('ABT', 'Prepaid', 'Debt')));
CREATE INDEX transactions_by_sender ON transactions (sender, received_at, place)
    WHERE NOT (operation = 'Refund' OR (parent IS NULL AND payment_method IN ('ABT', 'Prepaid', 'Debt')));
CREATE INDEX transactions_by_recipient_mailed ON transactions (recipient, received_at, place)
    WHERE (operation = 'Refund' OR (parent IS NULL AND payment_method IN ('ABT', 'Prepaid', 'Debt')));
CREATE INDEX transactions_by_recipient ON transactions (recipient, received_at, place)
    WHERE NOT (operation = 'Refund' OR (parent IS NULL AND payment_method IN ('ABT', 'Prepaid', 'Debt')));

-- All other mails: what becomes of a transaction later, requests for refunds, and what was allowed and taken back.
CREATE TABLE mails (
    number INTEGER PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES accounts (number),
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- The id of the transaction or token that it is about.
    reference TEXT NOT NULL
);
CREATE INDEX mails_by_account ON mails (account, at, number);

-- Up to where all of an account's mail counts as read: a moment, and of that moment a transaction's number and a mail's.
CREATE TABLE mailboxes (
    account BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (number),
    read_at BIGINT NOT NULL,
    read_begun BIGINT NOT NULL,
    read_written BIGINT NOT NULL
);

-- What was read beyond that. The number is a transaction's, or that of a row of mails.
CREATE TABLE mails_read (
    account BIGINT NOT NULL REFERENCES accounts (number),
    at BIGINT NOT NULL,
    written BIGINT NOT NULL CHECK (written IN (0, 1)),
    number BIGINT NOT NULL,
    PRIMARY KEY (account, at, written, number)
) WITHOUT ROWID;

-- A mail of a request for a refund finds it, whatever has become of that.
CREATE INDEX refund_requests_by_transaction ON refund_requests (transaction_id, created_at);

-- What became of the transactions that there are, and what was asked and allowed. Reserved once more is what could not be
-- charged. When something was taken back is not known.
INSERT INTO mails (account, at, kind, reference)
    WITH changes AS (
        SELECT t.id, t.sender, t.recipient, h.at, h.sequence, h.status,
            EXISTS (SELECT 1 FROM transaction_history e WHERE e.transaction_number = h.transaction_number
                AND e.sequence < h.sequence AND e.status = 'Reserved') AS was_reserved
        FROM transaction_history h JOIN transactions t ON t.number = h.transaction_number
        WHERE t.parent IS NULL
            AND EXISTS (SELECT 1 FROM transaction_history e WHERE e.transaction_number = h.transaction_number
                AND e.sequence < h.sequence)
            AND NOT EXISTS (SELECT 1 FROM transaction_history e WHERE e.transaction_number = h.transaction_number
                AND e.sequence < h.sequence AND e.status = h.status AND h.status <> 'Reserved')),
    told (account, at, sequence, kind, reference) AS (
        SELECT sender, at, sequence, CASE status
            WHEN 'Success' THEN 'PaymentMade' WHEN 'Failure' THEN 'PaymentFailed' WHEN 'Cancelled' THEN 'PaymentCancelled'
            WHEN 'Reserved' THEN CASE WHEN was_reserved THEN 'ChargeFailed' ELSE 'PaymentReserved' END END, id
        FROM changes
        UNION ALL
        SELECT recipient, at, sequence, CASE status
            WHEN 'Success' THEN 'PaymentReceived'
            WHEN 'Cancelled' THEN CASE WHEN was_reserved THEN 'PurchaseCancelled' END
            WHEN 'Reserved' THEN CASE WHEN was_reserved THEN 'ChargeFailed' ELSE 'PurchaseAuthorized' END END, id
        FROM changes
        UNION ALL
        SELECT t.recipient, r.created_at, 0, 'RefundAsked', t.id
        FROM refund_requests r JOIN transactions t ON t.id = r.transaction_id
        UNION ALL
        SELECT a.number, k.created_at, 0, CASE k.role WHEN 'Recipient' THEN 'RegistrationMade' ELSE 'AuthorizationGiven' END,
            k.id
        FROM tokens k JOIN accounts a ON a.id = k.account_id
        WHERE k.role = 'Recipient' OR (k.role = 'Sender' AND k.token_type <> 'SingleUse'))
    SELECT account, at, kind, reference FROM told WHERE kind IS NOT NULL ORDER BY at, reference, sequence;

-- What is older than the mailbox is not news.
INSERT INTO mailboxes (account, read_at, read_begun, read_written)
    SELECT a.number, latest.at, 9223372036854775807, 9223372036854775807
    FROM accounts a, (SELECT MAX(all_of_it.at) AS at
        FROM (SELECT MAX(received_at) AS at FROM transactions UNION ALL SELECT MAX(at) FROM mails) AS all_of_it) AS latest
    WHERE latest.at IS NOT NULL;
