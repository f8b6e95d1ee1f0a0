-- What buyers say of what they bought: one review of a person for an item. One that is withdrawn keeps its row, without
-- its words: the seller is told of a first review only, and what the operator hid stays hidden.
CREATE TABLE reviews (
    id TEXT PRIMARY KEY,
    item_id TEXT NOT NULL REFERENCES items (id),
    merchant_id TEXT NOT NULL REFERENCES merchants (id),
    buyer_id TEXT NOT NULL REFERENCES users (id),
    -- The purchase that gives the right to it.
    order_id TEXT NOT NULL REFERENCES orders (id),
    stars BIGINT NOT NULL CHECK (stars BETWEEN 1 AND 5),
    -- '': stars alone.
    words TEXT NOT NULL,
    at BIGINT NOT NULL,
    changed_at BIGINT,
    withdrawn_at BIGINT,
    -- When all that was paid went back.
    refunded_at BIGINT,
    -- What the seller says to it.
    answer TEXT,
    answered_at BIGINT,
    -- Hidden by the operator.
    held_at BIGINT,
    held_reason TEXT,
    UNIQUE (item_id, buyer_id),
    CHECK ((answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX reviews_of_item ON reviews (item_id, at, id) WHERE withdrawn_at IS NULL AND held_at IS NULL;
CREATE INDEX reviews_of_merchant ON reviews (merchant_id, at, id) WHERE withdrawn_at IS NULL AND held_at IS NULL;
CREATE INDEX reviews_by_age ON reviews (at, id) WHERE withdrawn_at IS NULL;
CREATE INDEX reviews_held ON reviews (at, id) WHERE withdrawn_at IS NULL AND held_at IS NOT NULL;
CREATE INDEX reviews_of_order ON reviews (order_id);

-- How many reviews that everybody sees have how many stars: of each item, and of all that a seller sells.
CREATE TABLE item_ratings (
    item_id TEXT PRIMARY KEY REFERENCES items (id),
    one BIGINT NOT NULL,
    two BIGINT NOT NULL,
    three BIGINT NOT NULL,
    four BIGINT NOT NULL,
    five BIGINT NOT NULL
);
CREATE TABLE merchant_ratings (
    merchant_id TEXT PRIMARY KEY REFERENCES merchants (id),
    one BIGINT NOT NULL,
    two BIGINT NOT NULL,
    three BIGINT NOT NULL,
    four BIGINT NOT NULL,
    five BIGINT NOT NULL
);

-- Counts a review of so many stars in or, with a step of -1, out.
CREATE FUNCTION count_review(of_item TEXT, of_merchant TEXT, given BIGINT, step BIGINT) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    steps BIGINT[] := ARRAY[0, 0, 0, 0, 0];
BEGIN
    steps[given::int] := step;
    INSERT INTO item_ratings (item_id, one, two, three, four, five)
    VALUES (of_item, steps[1], steps[2], steps[3], steps[4], steps[5])
    ON CONFLICT (item_id) DO UPDATE SET one = item_ratings.one + excluded.one, two = item_ratings.two + excluded.two,
        three = item_ratings.three + excluded.three, four = item_ratings.four + excluded.four,
        five = item_ratings.five + excluded.five;
    INSERT INTO merchant_ratings (merchant_id, one, two, three, four, five)
    VALUES (of_merchant, steps[1], steps[2], steps[3], steps[4], steps[5])
    ON CONFLICT (merchant_id) DO UPDATE SET one = merchant_ratings.one + excluded.one,
        two = merchant_ratings.two + excluded.two, three = merchant_ratings.three + excluded.three,
        four = merchant_ratings.four + excluded.four, five = merchant_ratings.five + excluded.five;
END $$;

CREATE FUNCTION review_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.withdrawn_at IS NULL AND OLD.held_at IS NULL THEN
        PERFORM count_review(OLD.item_id, OLD.merchant_id, OLD.stars, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.withdrawn_at IS NULL AND NEW.held_at IS NULL THEN
        PERFORM count_review(NEW.item_id, NEW.merchant_id, NEW.stars, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_counted AFTER INSERT OR UPDATE OR DELETE ON reviews
    FOR EACH ROW EXECUTE FUNCTION review_counted();

-- The catalogue's pages show them.
CREATE TRIGGER reviews_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON reviews
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
