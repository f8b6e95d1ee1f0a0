-- What somebody would like to have one day: as cart_items, of which it is no part.
CREATE TABLE wishes (
    owner TEXT NOT NULL,
    item_id TEXT NOT NULL REFERENCES items (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (owner, item_id)
);
CREATE INDEX wishes_by_age ON wishes (at);

-- How an item on sale is rated is a facet like others: "4" is four stars and up of the average that pages show, which is
-- rounded half up to a tenth.
CREATE VIEW rating_facets AS
    SELECT l.item_id, l.number, least.value
    FROM listed_items l
    JOIN item_ratings r ON r.item_id = l.item_id
    CROSS JOIN (SELECT '4' AS value, 4 AS stars UNION ALL SELECT '3', 3 UNION ALL SELECT '2', 2) least
    WHERE r.one + r.two + r.three + r.four + r.five > 0
        AND 20 * (r.one + 2 * r.two + 3 * r.three + 4 * r.four + 5 * r.five)
            + (r.one + r.two + r.three + r.four + r.five)
            >= 20 * least.stars * (r.one + r.two + r.three + r.four + r.five);
INSERT INTO item_facets (facet, value, number) SELECT 'rating', value, number FROM rating_facets;

CREATE FUNCTION rated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM item_facets WHERE facet = 'rating'
        AND number = (SELECT number FROM listed_items WHERE item_id = NEW.item_id);
    INSERT INTO item_facets (facet, value, number)
        SELECT 'rating', value, number FROM rating_facets WHERE item_id = NEW.item_id;
    RETURN NULL;
END $$;
CREATE TRIGGER rated AFTER INSERT OR UPDATE ON item_ratings FOR EACH ROW EXECUTE FUNCTION rated();
-- Whoever lists an item takes its facets away before, and writes its title.
CREATE TRIGGER rated_before_it_was_listed AFTER INSERT OR UPDATE OF title ON listed_items
    FOR EACH ROW EXECUTE FUNCTION rated();
