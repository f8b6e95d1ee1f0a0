-- People who bought without an account. Each is a user who cannot sign in, so that an order's buyer is always one; the
-- column email, which is an account's, has a name of its own for them. Once somebody with an account has claimed what they
-- bought, they have nothing.
ALTER TABLE users ADD COLUMN guest_email TEXT;
ALTER TABLE users ADD COLUMN claimed_by TEXT REFERENCES users (id);
ALTER TABLE users ADD COLUMN claimed_at BIGINT;
CREATE INDEX users_by_guest_email ON users (guest_email) WHERE guest_email IS NOT NULL;
CREATE INDEX users_by_claim ON users (claimed_by) WHERE claimed_by IS NOT NULL;
