-- A notification takes a third of the room that it took. What can be put together from the rest of its row is not
-- kept, nor what is of use only until it is delivered: an index is of what waits. SQLite changes neither keys nor
-- types, so the tables are made anew; the child first, so that no row is without its parent at any time.

ALTER TABLE notification_attempts RENAME TO old_notification_attempts;
ALTER TABLE notifications RENAME TO old_notifications;

CREATE TABLE notifications (
    -- In the order in which they were written: of one subject, as it happened.
    number INTEGER PRIMARY KEY,
    access_key TEXT NOT NULL REFERENCES callers (access_key),
    subject_id TEXT NOT NULL,
    -- The origin of the address; NULL where the caller has none: kept to be looked at, never sent.
    receiver TEXT,
    -- What follows it: empty, or with a slash at its beginning. Anything else is the whole address, which does not
    -- begin with its origin as that is written.
    path TEXT,
    -- Form-encoded and unsigned, what most have in common shortened to one character each.
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- As long as it is to be sent, for the first time or again.
    next_attempt_at BIGINT,
    delivered_at BIGINT,
    -- The process that has claimed it.
    sender BIGINT,
    -- What it was called before names were put together.
    former_id TEXT,
    id TEXT GENERATED ALWAYS AS (COALESCE(former_id, subject_id || '-' || number)) VIRTUAL,
    url TEXT GENERATED ALWAYS AS
        (CASE WHEN path = '' OR substr(path, 1, 1) = '/' THEN receiver || path ELSE path END) VIRTUAL,
    -- Who is told, in one line.
    queue TEXT GENERATED ALWAYS AS (access_key || ' ' || receiver) VIRTUAL,
    CHECK ((receiver IS NULL) = (path IS NULL)),
    CHECK (next_attempt_at IS NULL OR delivered_at IS NULL),
    CHECK (receiver IS NOT NULL OR (next_attempt_at IS NULL AND delivered_at IS NULL))
);

INSERT INTO notifications (access_key, subject_id, receiver, path, body, created_at, next_attempt_at, delivered_at,
        former_id)
    SELECT access_key, subject_id, receiver,
        CASE WHEN url = receiver THEN ''
             WHEN substr(url, 1, length(receiver) + 1) = receiver || '/' THEN substr(url, length(receiver) + 1)
             ELSE url END,
        body, created_at, next_attempt_at, delivered_at, id
    FROM (SELECT *, substr(queue, length(access_key) + 2) AS receiver,
              MAX(created_at) OVER (PARTITION BY subject_id ORDER BY sequence, id) AS written_at
          FROM old_notifications)
    ORDER BY written_at, sequence, id;

-- Where the certificate lies that a signature names.
CREATE TABLE certificate_addresses (
    number INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE
);

CREATE TABLE notification_attempts (
    notification BIGINT NOT NULL REFERENCES notifications (number),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    http_status BIGINT,
    error TEXT,
    -- What it was signed with, and the certificate for it; NULL where the same was sent as before, or nothing.
    certificate BIGINT REFERENCES certificate_addresses (number),
    signature BLOB,
    PRIMARY KEY (notification, number),
    CHECK ((certificate IS NULL) = (signature IS NULL))
) WITHOUT ROWID;

INSERT INTO notification_attempts (notification, number, at, http_status, error)
    SELECT n.number, a.number, a.at, a.http_status, a.error
    FROM old_notification_attempts a JOIN notifications n ON n.former_id = a.notification_id
    ORDER BY n.number, a.number;

DROP TABLE old_notification_attempts;
DROP TABLE old_notifications;

-- What is due: when that is much, when it is little, and what waits behind another of its subject.
CREATE INDEX notifications_due ON notifications (queue, next_attempt_at)
    WHERE next_attempt_at IS NOT NULL AND sender IS NULL;
CREATE INDEX notifications_due_by_time ON notifications (next_attempt_at, queue, sender)
    WHERE next_attempt_at IS NOT NULL AND sender IS NULL;
CREATE INDEX notifications_waiting ON notifications (subject_id) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX notifications_claimed ON notifications (sender) WHERE sender IS NOT NULL;

-- A caller's newest.
CREATE INDEX notifications_by_caller ON notifications (access_key);

DROP TABLE notification_senders;
CREATE TABLE notification_senders (
    id BIGINT PRIMARY KEY,
    beat BIGINT NOT NULL
);

-- Certificates of keys that sign no more: what they signed can still be verified.
CREATE TABLE retired_certificates (
    -- What stands for it in its address.
    name TEXT PRIMARY KEY,
    certificate TEXT NOT NULL
);
