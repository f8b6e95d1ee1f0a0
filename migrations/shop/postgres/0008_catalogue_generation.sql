-- Counts what changes of what the catalogue's pages show, in the transaction of the change and whoever makes it: what
-- was rendered under another generation is forgotten. It begins with the time, so that no two databases after each
-- other have the same one.
CREATE TABLE catalogue_generation (generation BIGINT NOT NULL);
INSERT INTO catalogue_generation (generation) VALUES (CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT) * 1000000);

CREATE FUNCTION catalogue_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalogue_generation SET generation = generation + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER items_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON items
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
-- The names of sellers, and whether they can be paid. One without an item stands nowhere yet.
CREATE TRIGGER merchants_updated AFTER UPDATE ON merchants
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER categories_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON categories
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
