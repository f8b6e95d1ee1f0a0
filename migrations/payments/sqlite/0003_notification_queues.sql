-- A queue per caller and receiver, the process that is sending, and rows of callers without an address.
-- SQLite changes neither a CHECK nor a NOT NULL, so the tables are made anew; the child first, so that no row
-- is without its parent at any time.

ALTER TABLE notification_attempts RENAME TO old_notification_attempts;
ALTER TABLE notifications RENAME TO old_notifications;

CREATE TABLE notifications (
    id TEXT PRIMARY KEY,
    access_key TEXT NOT NULL REFERENCES callers (access_key),
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    -- NULL where the caller has no address: kept to be looked at, never sent.
    url TEXT,
    -- The caller and the origin of the URL: who is told, in one line.
    queue TEXT,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('Pending', 'Delivered', 'GivenUp', 'NoAddress')),
    created_at BIGINT NOT NULL,
    next_attempt_at BIGINT,
    delivered_at BIGINT,
    -- The process that has claimed it.
    sender TEXT
);

INSERT INTO notifications (id, access_key, kind, subject_id, url, queue, body, state, created_at, next_attempt_at,
        delivered_at)
    SELECT id, access_key, kind, subject_id, url, access_key || ' ' || url, body, state, created_at, next_attempt_at,
        delivered_at
    FROM old_notifications;

CREATE TABLE notification_attempts (
    notification_id TEXT NOT NULL REFERENCES notifications (id),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    http_status BIGINT,
    error TEXT,
    PRIMARY KEY (notification_id, number)
);

INSERT INTO notification_attempts SELECT * FROM old_notification_attempts;

DROP TABLE old_notification_attempts;
DROP TABLE old_notifications;

CREATE INDEX notifications_by_caller ON notifications (access_key, created_at);
CREATE INDEX notifications_by_subject ON notifications (subject_id, created_at);
CREATE INDEX notifications_due ON notifications (queue, next_attempt_at)
    WHERE next_attempt_at IS NOT NULL AND sender IS NULL;
CREATE INDEX notifications_claimed ON notifications (sender) WHERE sender IS NOT NULL;

-- The processes that send, each counting up while it lives.
CREATE TABLE notification_senders (
    id TEXT PRIMARY KEY,
    beat BIGINT NOT NULL
);
