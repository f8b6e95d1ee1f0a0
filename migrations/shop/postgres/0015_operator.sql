-- What the operator, sellers and the shop itself did, for the operator to read: each with what was before and after. It is
-- only ever added to.
CREATE TABLE audit_log (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    -- NULL: the shop itself.
    actor_id TEXT,
    actor TEXT NOT NULL,
    deed TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- The subject's name in lower case: the databases fold letters differently.
    subject_look TEXT NOT NULL,
    old_value TEXT NOT NULL,
    new_value TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX audit_by_age ON audit_log (at, id);
CREATE INDEX audit_by_actor ON audit_log (actor_id, at, id);
CREATE INDEX audit_by_deed ON audit_log (deed, at, id);
CREATE INDEX audit_by_subject ON audit_log (subject_id, at, id);
CREATE INDEX audit_by_name ON audit_log (subject_look, at, id);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% never changes', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Who is found by which words, in lower case: the address, the name and each word of it, the shop's name.
CREATE TABLE user_words (
    word TEXT COLLATE "C" NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    PRIMARY KEY (word, user_id)
);
INSERT INTO user_words (word, user_id)
SELECT email, id FROM users UNION SELECT LOWER(name), id FROM users UNION SELECT LOWER(name), user_id FROM merchants;

-- A user who is closed cannot sign in; what a seller who is held sells, and an item that is held, cannot be bought.
ALTER TABLE users ADD COLUMN held_at BIGINT;
ALTER TABLE users ADD COLUMN held_reason TEXT;
ALTER TABLE merchants ADD COLUMN held_at BIGINT;
ALTER TABLE merchants ADD COLUMN held_reason TEXT;
ALTER TABLE items ADD COLUMN held_at BIGINT;
ALTER TABLE items ADD COLUMN held_reason TEXT;

-- The operator's lists, in their order.
CREATE INDEX users_by_age ON users (created_at, id);
CREATE INDEX users_closed ON users (created_at, id) WHERE held_at IS NOT NULL;
CREATE INDEX merchants_by_age ON merchants (created_at, user_id);
CREATE INDEX merchants_held ON merchants (created_at, user_id) WHERE held_at IS NOT NULL;
CREATE INDEX items_listed ON items (created_at, slug);
CREATE INDEX items_held ON items (created_at, slug) WHERE held_at IS NOT NULL;
CREATE INDEX refund_requests_declined ON refund_requests (at, id) WHERE state = 'Declined';
CREATE INDEX orders_by_state_and_age ON orders (state, created_at, id);
CREATE INDEX orders_by_merchant_and_age ON orders (merchant_id, created_at, id);
CREATE INDEX orders_by_buyer_and_age ON orders (buyer_id, created_at, id);
CREATE INDEX orders_by_item_and_age ON orders (item_id, created_at, id);

-- What the marketplace charges: for one seller, for a category, or (neither) for all, from a moment on until a newer rule
-- of the same reach begins. A rule never changes; one that has not begun can be withdrawn.
CREATE TABLE fee_rules (
    id TEXT PRIMARY KEY,
    merchant_id TEXT REFERENCES merchants (id),
    category TEXT REFERENCES categories (slug),
    fixed BIGINT NOT NULL CHECK (fixed >= 0),
    -- In 1/10,000 of a percent.
    variable BIGINT NOT NULL CHECK (variable BETWEEN 0 AND 1000000),
    -- The least and the most of both together.
    least BIGINT,
    most BIGINT,
    begins_at BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    CHECK (merchant_id IS NULL OR category IS NULL),
    CHECK (least <= most)
);
CREATE INDEX fee_rules_by_beginning ON fee_rules (begins_at, made_at, id) WHERE withdrawn_at IS NULL;
INSERT INTO fee_rules (id, fixed, variable, begins_at, made_at) VALUES ('general', 50000, 100000, 0, 0);

-- The rule that an order was made under; its fixed and variable fee are what the rule meant for its price.
ALTER TABLE orders ADD COLUMN fee_rule TEXT REFERENCES fee_rules (id);
-- The most that a seller agreed to with the registration, or will by the one under way.
ALTER TABLE merchants ADD COLUMN max_fixed_fee BIGINT NOT NULL DEFAULT 50000;
ALTER TABLE merchants ADD COLUMN max_variable_fee BIGINT NOT NULL DEFAULT 100000;
CREATE TRIGGER fee_rules_no_update
    BEFORE UPDATE OF id, merchant_id, category, fixed, variable, least, most, begins_at, made_at ON fee_rules
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
