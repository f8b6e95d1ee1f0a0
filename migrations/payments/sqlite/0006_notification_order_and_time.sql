-- What is told of one subject is numbered from 1 as it happened: the clock can stand still, and be set back.
ALTER TABLE notifications ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0;
UPDATE notifications SET sequence = n.sequence
FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY subject_id ORDER BY created_at, id) AS sequence FROM notifications) n
WHERE n.id = notifications.id;

DROP INDEX notifications_by_subject;
CREATE INDEX notifications_by_subject ON notifications (subject_id, sequence);

-- What is due, when that is little; `notifications_due` finds it when it is much.
CREATE INDEX notifications_due_by_time ON notifications (next_attempt_at, queue, sender)
    WHERE next_attempt_at IS NOT NULL AND sender IS NULL;
