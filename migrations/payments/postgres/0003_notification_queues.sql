-- A queue per caller and receiver, the process that is sending, and rows of callers without an address.

ALTER TABLE notifications
    -- NULL where the caller has no address: kept to be looked at, never sent.
    ALTER COLUMN url DROP NOT NULL,
    -- The caller and the origin of the URL: who is told, in one line.
    ADD COLUMN queue TEXT,
    -- The process that has claimed it.
    ADD COLUMN sender TEXT,
    DROP CONSTRAINT notifications_state_check,
    ADD CONSTRAINT notifications_state_check
        CHECK (state IN ('Pending', 'Delivered', 'GivenUp', 'NoAddress'));

UPDATE notifications SET queue = access_key || ' ' || url;

DROP INDEX notifications_due;
CREATE INDEX notifications_by_subject ON notifications (subject_id, created_at);
CREATE INDEX notifications_due ON notifications (queue, next_attempt_at)
    WHERE next_attempt_at IS NOT NULL AND sender IS NULL;
CREATE INDEX notifications_claimed ON notifications (sender) WHERE sender IS NOT NULL;

-- The processes that send, each counting up while it lives.
CREATE TABLE notification_senders (
    id TEXT PRIMARY KEY,
    beat BIGINT NOT NULL
);
