-- Counts what changes of what the catalogue's pages show, in the transaction of the change and whoever makes it: what
-- was rendered under another generation is forgotten. It begins with the time, so that no two databases after each
-- other have the same one.
CREATE TABLE catalogue_generation (generation BIGINT NOT NULL);
INSERT INTO catalogue_generation (generation) VALUES (CAST(strftime('%s', 'now') AS INTEGER) * 1000000);

CREATE TRIGGER items_inserted AFTER INSERT ON items
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;
CREATE TRIGGER items_updated AFTER UPDATE ON items
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;
CREATE TRIGGER items_deleted AFTER DELETE ON items
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;

-- The names of sellers, and whether they can be paid. One without an item stands nowhere yet.
CREATE TRIGGER merchants_updated AFTER UPDATE ON merchants
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;

CREATE TRIGGER categories_inserted AFTER INSERT ON categories
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;
CREATE TRIGGER categories_updated AFTER UPDATE ON categories
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;
CREATE TRIGGER categories_deleted AFTER DELETE ON categories
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;
