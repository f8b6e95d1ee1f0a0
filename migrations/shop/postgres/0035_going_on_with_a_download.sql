-- A download that broke off goes on for a while after it was begun, so often and no more: otherwise each part of a file
-- could be had for ever, and together all of it.
ALTER TABLE download_links ADD COLUMN begun_at BIGINT;
-- Since then.
ALTER TABLE download_links ADD COLUMN gone_on BIGINT NOT NULL DEFAULT 0;
