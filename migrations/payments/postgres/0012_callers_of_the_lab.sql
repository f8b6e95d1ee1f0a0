-- A caller that was made by a control call goes with a reset, also one of a demo account; one that somebody made on the
-- account site stays, for a program that has its key.
ALTER TABLE callers ADD COLUMN of_the_lab BIGINT NOT NULL DEFAULT 0;
