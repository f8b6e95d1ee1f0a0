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

CREATE TRIGGER reviews_inserted AFTER INSERT ON reviews WHEN NEW.withdrawn_at IS NULL AND NEW.held_at IS NULL
BEGIN
    INSERT INTO item_ratings (item_id, one, two, three, four, five)
    VALUES (NEW.item_id, NEW.stars = 1, NEW.stars = 2, NEW.stars = 3, NEW.stars = 4, NEW.stars = 5)
    ON CONFLICT (item_id) DO UPDATE SET one = one + excluded.one, two = two + excluded.two,
        three = three + excluded.three, four = four + excluded.four, five = five + excluded.five;
    INSERT INTO merchant_ratings (merchant_id, one, two, three, four, five)
    VALUES (NEW.merchant_id, NEW.stars = 1, NEW.stars = 2, NEW.stars = 3, NEW.stars = 4, NEW.stars = 5)
    ON CONFLICT (merchant_id) DO UPDATE SET one = one + excluded.one, two = two + excluded.two,
        three = three + excluded.three, four = four + excluded.four, five = five + excluded.five;
END;
CREATE TRIGGER reviews_given AFTER UPDATE ON reviews WHEN NEW.withdrawn_at IS NULL AND NEW.held_at IS NULL
BEGIN
    INSERT INTO item_ratings (item_id, one, two, three, four, five)
    VALUES (NEW.item_id, NEW.stars = 1, NEW.stars = 2, NEW.stars = 3, NEW.stars = 4, NEW.stars = 5)
    ON CONFLICT (item_id) DO UPDATE SET one = one + excluded.one, two = two + excluded.two,
        three = three + excluded.three, four = four + excluded.four, five = five + excluded.five;
    INSERT INTO merchant_ratings (merchant_id, one, two, three, four, five)
    VALUES (NEW.merchant_id, NEW.stars = 1, NEW.stars = 2, NEW.stars = 3, NEW.stars = 4, NEW.stars = 5)
    ON CONFLICT (merchant_id) DO UPDATE SET one = one + excluded.one, two = two + excluded.two,
        three = three + excluded.three, four = four + excluded.four, five = five + excluded.five;
END;
CREATE TRIGGER reviews_taken AFTER UPDATE ON reviews WHEN OLD.withdrawn_at IS NULL AND OLD.held_at IS NULL
BEGIN
    UPDATE item_ratings SET one = one - (OLD.stars = 1), two = two - (OLD.stars = 2), three = three - (OLD.stars = 3),
        four = four - (OLD.stars = 4), five = five - (OLD.stars = 5) WHERE item_id = OLD.item_id;
    UPDATE merchant_ratings SET one = one - (OLD.stars = 1), two = two - (OLD.stars = 2), three = three - (OLD.stars = 3),
        four = four - (OLD.stars = 4), five = five - (OLD.stars = 5) WHERE merchant_id = OLD.merchant_id;
END;
CREATE TRIGGER reviews_deleted AFTER DELETE ON reviews WHEN OLD.withdrawn_at IS NULL AND OLD.held_at IS NULL
BEGIN
    UPDATE item_ratings SET one = one - (OLD.stars = 1), two = two - (OLD.stars = 2), three = three - (OLD.stars = 3),
        four = four - (OLD.stars = 4), five = five - (OLD.stars = 5) WHERE item_id = OLD.item_id;
    UPDATE merchant_ratings SET one = one - (OLD.stars = 1), two = two - (OLD.stars = 2), three = three - (OLD.stars = 3),
        four = four - (OLD.stars = 4), five = five - (OLD.stars = 5) WHERE merchant_id = OLD.merchant_id;
END;

-- The catalogue's pages show them.
CREATE TRIGGER reviews_shown_inserted AFTER INSERT ON reviews
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;
CREATE TRIGGER reviews_shown_updated AFTER UPDATE ON reviews
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;
CREATE TRIGGER reviews_shown_deleted AFTER DELETE ON reviews
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;
