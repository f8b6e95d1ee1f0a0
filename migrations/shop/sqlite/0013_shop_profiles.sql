-- A seller's own page and what it says.
-- The address below /sellers. NULL until it is made from the name, when the shop starts.
ALTER TABLE merchants ADD COLUMN slug TEXT;
ALTER TABLE merchants ADD COLUMN picture_key TEXT;
ALTER TABLE merchants ADD COLUMN about TEXT NOT NULL DEFAULT '';
-- Addresses elsewhere, each a line.
ALTER TABLE merchants ADD COLUMN links TEXT NOT NULL DEFAULT '';
-- While it is not NULL nothing can be bought, and buyers are told these words.
ALTER TABLE merchants ADD COLUMN vacation TEXT;

-- All addresses that sellers ever had: an old one leads to the present one, and nobody else gets it.
CREATE TABLE merchant_slugs (
    slug TEXT PRIMARY KEY,
    merchant_id TEXT NOT NULL REFERENCES merchants (id)
);

-- What a seller asks for sending a thing: all of the regions and speeds, or nothing yet, which is that sending is free.
CREATE TABLE shipping_rates (
    merchant_id TEXT NOT NULL REFERENCES merchants (id),
    region TEXT NOT NULL CHECK (region IN ('united-states', 'canada', 'europe', 'world')),
    speed TEXT NOT NULL CHECK (speed IN ('standard', 'express')),
    -- NULL: not sent there at that speed.
    price BIGINT CHECK (price >= 0),
    PRIMARY KEY (merchant_id, region, speed)
);
-- An item's page shows them.
CREATE TRIGGER shipping_rates_inserted AFTER INSERT ON shipping_rates
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;
CREATE TRIGGER shipping_rates_updated AFTER UPDATE ON shipping_rates
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;
CREATE TRIGGER shipping_rates_deleted AFTER DELETE ON shipping_rates
BEGIN UPDATE catalogue_generation SET generation = generation + 1; END;

-- What of an order's price is for sending it.
ALTER TABLE orders ADD COLUMN shipping_price BIGINT NOT NULL DEFAULT 0;
