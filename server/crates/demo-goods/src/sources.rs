//! The sources that goods are made of: texts, scripts of games, programs.

use crate::GoodsError;

/// A name and what it stands for.
pub type Source = (&'static str, &'static str);

/// The source of this name.
pub fn find(sources: &[Source], name: &str) -> Result<&'static str, GoodsError> {
    sources
        .iter()
        .find(|source| source.0 == name)
        .map(|source| source.1)
        .ok_or_else(|| GoodsError::Data(format!("there is no source named {name}")))
}

pub const GAME: &str = include_str!("../data/games/shell.html");
/// What a game has in addition where it is a demo.
pub const DEMO: &str = include_str!("../data/games/demo.js");
pub const PROGRAM: &str = include_str!("../data/programs/shell.html");

/// Books and courses.
pub const TEXTS: [Source; 32] = [
    ("a-field-guide-to-kitchen-light", include_str!("../data/texts/a-field-guide-to-kitchen-light.md")),
    ("a-garden-on-a-balcony", include_str!("../data/texts/a-garden-on-a-balcony.md")),
    ("a-year-in-the-hedge", include_str!("../data/texts/a-year-in-the-hedge.md")),
    ("bookkeeping-in-one-evening", include_str!("../data/texts/bookkeeping-in-one-evening.md")),
    ("bread-in-eleven-arguments", include_str!("../data/texts/bread-in-eleven-arguments.md")),
    ("drawing-what-is-there", include_str!("../data/texts/drawing-what-is-there.md")),
    ("how-to-complain", include_str!("../data/texts/how-to-complain.md")),
    ("instructions-for-a-lighthouse", include_str!("../data/texts/instructions-for-a-lighthouse.md")),
    ("knots-you-will-use", include_str!("../data/texts/knots-you-will-use.md")),
    ("letters-set-by-hand", include_str!("../data/texts/letters-set-by-hand.md")),
    ("marked-essays", include_str!("../data/texts/marked-essays.md")),
    ("ninety-nine-gates", include_str!("../data/texts/ninety-nine-gates.md")),
    ("numbers-worth-knowing", include_str!("../data/texts/numbers-worth-knowing.md")),
    ("proof-of-the-pudding", include_str!("../data/texts/proof-of-the-pudding.md")),
    ("reading-a-weather-map", include_str!("../data/texts/reading-a-weather-map.md")),
    ("reading-old-handwriting", include_str!("../data/texts/reading-old-handwriting.md")),
    ("record-it-at-home", include_str!("../data/texts/record-it-at-home.md")),
    ("salt-for-the-winter", include_str!("../data/texts/salt-for-the-winter.md")),
    ("small-repairs", include_str!("../data/texts/small-repairs.md")),
    ("songs-for-the-stairs", include_str!("../data/texts/songs-for-the-stairs.md")),
    ("soup-for-one-to-forty", include_str!("../data/texts/soup-for-one-to-forty.md")),
    ("sourdough-on-a-schedule", include_str!("../data/texts/sourdough-on-a-schedule.md")),
    (
        "spoken-portuguese-first-forty-hours",
        include_str!("../data/texts/spoken-portuguese-first-forty-hours.md"),
    ),
    ("spreadsheets-for-a-choir", include_str!("../data/texts/spreadsheets-for-a-choir.md")),
    ("sql-without-fear", include_str!("../data/texts/sql-without-fear.md")),
    ("tea-briefly", include_str!("../data/texts/tea-briefly.md")),
    ("the-beekeepers-year", include_str!("../data/texts/the-beekeepers-year.md")),
    ("the-cartographers-apprentice", include_str!("../data/texts/the-cartographers-apprentice.md")),
    ("the-ferrymans-arithmetic", include_str!("../data/texts/the-ferrymans-arithmetic.md")),
    ("the-museum-of-unsent-letters", include_str!("../data/texts/the-museum-of-unsent-letters.md")),
    ("the-small-engine-repairer", include_str!("../data/texts/the-small-engine-repairer.md")),
    ("walks-you-already-know", include_str!("../data/texts/walks-you-already-know.md")),
];

/// What games do.
pub const GAMES: [Source; 16] = [
    ("dicegarden", include_str!("../data/games/dicegarden.js")),
    ("echo", include_str!("../data/games/echo.js")),
    ("herd", include_str!("../data/games/herd.js")),
    ("liars", include_str!("../data/games/liars.js")),
    ("lights", include_str!("../data/games/lights.js")),
    ("merge", include_str!("../data/games/merge.js")),
    ("mines", include_str!("../data/games/mines.js")),
    ("moth", include_str!("../data/games/moth.js")),
    ("picture", include_str!("../data/games/picture.js")),
    ("push", include_str!("../data/games/push.js")),
    ("shelves", include_str!("../data/games/shelves.js")),
    ("story", include_str!("../data/games/story.js")),
    ("tram", include_str!("../data/games/tram.js")),
    ("turncoat", include_str!("../data/games/turncoat.js")),
    ("wall", include_str!("../data/games/wall.js")),
    ("worm", include_str!("../data/games/worm.js")),
];

/// What some of them are given: stories, rooms.
pub const GAME_DATA: [Source; 4] = [
    ("castle", include_str!("../data/games/castle.json")),
    ("cat", include_str!("../data/games/cat.json")),
    ("clerk", include_str!("../data/games/clerk.json")),
    ("lighthouse", include_str!("../data/games/lighthouse.json")),
];

/// Programs that are a page.
pub const PAGES: [Source; 9] = [
    ("contrast", include_str!("../data/programs/contrast.js")),
    ("hearthclock", include_str!("../data/programs/hearthclock.js")),
    ("invoice", include_str!("../data/programs/invoice.js")),
    ("ledgerling", include_str!("../data/programs/ledgerling.js")),
    ("passphrase", include_str!("../data/programs/passphrase.js")),
    ("quiet", include_str!("../data/programs/quiet.js")),
    ("tallymark", include_str!("../data/programs/tallymark.js")),
    ("timers", include_str!("../data/programs/timers.js")),
    ("units", include_str!("../data/programs/units.js")),
];

/// Programs for a command line.
pub const SCRIPTS: [Source; 4] = [
    ("cartwheel", include_str!("../data/programs/cartwheel.py")),
    ("inkwell", include_str!("../data/programs/inkwell.py")),
    ("sextant", include_str!("../data/programs/sextant.py")),
    ("tidy", include_str!("../data/programs/tidy.py")),
];

/// What games and programs look like while they run: pictures that a browser took once (`end2end/screens.mjs`).
pub const SCREENS: [(&str, &[u8]); 28] = [
    ("a-village-of-liars", include_bytes!("../data/screens/a-village-of-liars.png")),
    ("castle-inventory", include_bytes!("../data/screens/castle-inventory.png")),
    ("cellar-shelves", include_bytes!("../data/screens/cellar-shelves.png")),
    ("cloud-herding", include_bytes!("../data/screens/cloud-herding.png")),
    ("dice-garden", include_bytes!("../data/screens/dice-garden.png")),
    ("echo-in-the-stairwell", include_bytes!("../data/screens/echo-in-the-stairwell.png")),
    ("eight-thousand-words", include_bytes!("../data/screens/eight-thousand-words.png")),
    ("form-nine", include_bytes!("../data/screens/form-nine.png")),
    ("four-burners", include_bytes!("../data/screens/four-burners.png")),
    ("hearthclock", include_bytes!("../data/screens/hearthclock.png")),
    ("ledgerling", include_bytes!("../data/screens/ledgerling.png")),
    ("legible", include_bytes!("../data/screens/legible.png")),
    ("long-worm-short-garden", include_bytes!("../data/screens/long-worm-short-garden.png")),
    ("moth-and-lamp", include_bytes!("../data/screens/moth-and-lamp.png")),
    ("parcel", include_bytes!("../data/screens/parcel.png")),
    ("pictures-by-their-edges", include_bytes!("../data/screens/pictures-by-their-edges.png")),
    ("plain-invoice", include_bytes!("../data/screens/plain-invoice.png")),
    ("quiet-hours", include_bytes!("../data/screens/quiet-hours.png")),
    ("site-licence-by-hand", include_bytes!("../data/screens/site-licence-by-hand.png")),
    ("stairwell", include_bytes!("../data/screens/stairwell.png")),
    ("tallymark", include_bytes!("../data/screens/tallymark.png")),
    ("the-last-tram", include_bytes!("../data/screens/the-last-tram.png")),
    ("the-lighthouse-rota", include_bytes!("../data/screens/the-lighthouse-rota.png")),
    ("the-warehouse-cat", include_bytes!("../data/screens/the-warehouse-cat.png")),
    ("turncoat", include_bytes!("../data/screens/turncoat.png")),
    ("twice-as-many", include_bytes!("../data/screens/twice-as-many.png")),
    ("unit-drawer", include_bytes!("../data/screens/unit-drawer.png")),
    ("wall-without-a-house", include_bytes!("../data/screens/wall-without-a-house.png")),
];
