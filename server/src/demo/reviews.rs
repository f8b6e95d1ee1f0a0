//! What buyers of the demo data say of what they bought, by its kind, and what sellers answer.

use storefront::DemoItem;

/// Those who like it, those who find it all right, those who do not: texts that fit everything of a kind.
struct Words {
    good: &'static [&'static str],
    middling: &'static [&'static str],
    bad: &'static [&'static str],
}

const MUSIC: Words = Words {
    good: &[
        "Played it four times on the first evening. It sounds as if somebody left a window open, and I mean that kindly.",
        "Short, and it knows it. Nothing in here is filler.",
        "Bought it for one tune and kept listening to the end.",
        "My father, who likes nothing made after 1974, asked what this was.",
        "Recorded close, no gloss on it. You can hear a chair.",
        "The preview does not show how it ends. Let it run.",
        "Exactly right for the tram home.",
        "I have the other ones by them, too. This is the one that I would begin with.",
    ],
    middling: &[
        "The first half is lovely. Then it goes on a little longer than it has things to say.",
        "Good tune. I would have liked a FLAC beside the file that comes.",
    ],
    bad: &["Not for me. It is as the preview says, so I have only myself to blame."],
};

const SOUNDS: Words = Words {
    good: &[
        "Clean, and every file begins where it should. No trimming needed.",
        "Used it in a short film the day I bought it. The names of the files make sense, which is rarer than it sounds.",
        "Dry enough to put one's own room around it.",
        "Loops without a click. I checked at the seam, with headphones.",
        "I expected half of it to be padding, and it is not.",
        "Levels match from file to file. Whoever made this has had to use such things.",
    ],
    middling: &["All usable, some of it much alike. I would have taken fewer and paid less."],
    bad: &["I needed it at 96 kHz, and the page does not say that it is not."],
};

const GAMES: Words = Words {
    good: &[
        "One file, opens in a browser, no account, no advertisement. I had forgotten that this is possible.",
        "My daughter finished it before I understood it.",
        "Small and complete. The kind of thing one plays while the kettle boils, and then the tea is cold.",
        "Runs on the old laptop in the kitchen without a fan to be heard.",
        "It does one thing, and that well. I lost an evening to it.",
        "Works with the keyboard alone, thank you for that.",
        "Harder than it looks in the picture, and fair about it.",
    ],
    middling: &[
        "Clever idea. After an hour I had seen what there is.",
        "Good, though I wish it would keep my place when I close the window.",
    ],
    bad: &["It did not hold me. Others may have more patience."],
};

const SOFTWARE: Words = Words {
    good: &[
        "Does what the page says and nothing behind my back.",
        "Read the source before running it. It is short, and it is commented.",
        "Replaced a subscription of mine. It took ten minutes to set up.",
        "Starts at once, and quits when told. I would like to see more of that.",
        "The read-me answers the questions that I had, in the order in which I had them.",
        "Has run here every night for three weeks. I have stopped checking.",
    ],
    middling: &["It works. A picture in the instructions would have saved me half an hour."],
    bad: &["I could not get it to run on my machine, and gave up after a while."],
};

const BOOKS: Words = Words {
    good: &[
        "Read it in two sittings, the second one on purpose slowly.",
        "Well set, which one notices only because the others are not.",
        "I have given it to three people already, each time with a different reason.",
        "Dry, exact and now and then very funny.",
        "The EPUB is clean: chapters, notes, no stray hyphens on my reader.",
        "It is shorter than I thought and stays longer than I thought.",
        "Somebody has clearly done this for years before writing about it.",
    ],
    middling: &[
        "Good chapters in the middle. The beginning could have been a page.",
        "I liked it and do not know yet whether I will open it again.",
    ],
    bad: &["I had hoped for more of the subject and less of the author."],
};

const COURSES: Words = Words {
    good: &[
        "Did it in the evenings of one week. The exercises come just when one would begin to nod.",
        "It assumes nothing and does not talk down either.",
        "I had tried twice with books. With this I got through.",
        "The examples are real ones, with the mess left in.",
        "Worth it for the third part alone.",
        "I keep going back to the page of mistakes. Mine are all on it.",
    ],
    middling: &["Solid. The pace is uneven: a long start, and then much at once."],
    bad: &["Too basic for me; the page could say more clearly for whom it is."],
};

const FONTS: Words = Words {
    good: &[
        "Set a whole programme in it, and nobody complained about legibility for once.",
        "The figures line up. I could stop there.",
        "Holds together at nine points on bad paper.",
        "Plain in the best sense. It does not ask to be looked at.",
        "All the accents that I need for Czech and for Polish, and they sit well.",
        "Installed without a fuss on three systems.",
    ],
    middling: &["Handsome at large sizes; in text I find it a little loose."],
    bad: &["I miss small capitals, which I took for granted."],
};

const PRINTS: Words = Words {
    good: &[
        "Printed it on uncoated paper, as advised. It hangs in the hall now.",
        "The colours come out as they are on the screen, which never happens to me.",
        "Sharp at any size: the copy shop asked where it was from.",
        "I look at it every morning and have found something new twice.",
        "Framed with a wide border it looks like three times the price.",
        "Bought it as a present, and then kept it and bought another present.",
    ],
    middling: &["Beautiful, but darker in print than I had thought. Make a proof first."],
    bad: &["On my wall it is too busy. The picture here is small, and it looks calmer."],
};

const PAPER: Words = Words {
    good: &[
        "Printed twice already. The margins leave room for the holes, somebody has thought of that.",
        "Came out clean on an old laser printer, no grey where there should be white.",
        "Just what I used to draw by hand with a ruler each month.",
        "My mother does one of these a day now and has stopped ringing before ten.",
        "Fits Letter as well as A4. Thank you for saying so on the page.",
        "Simple, and exactly enough of it.",
    ],
    middling: &["Fine. The lines could be a touch lighter for my taste."],
    bad: &["I thought there would be more pages for this."],
};

const MODELS: Words = Words {
    good: &[
        "Printed at the first go, no supports, 0.2 mm, ordinary PLA.",
        "The sizes in the description are the sizes of the thing. Measured it.",
        "Sliced without a single complaint.",
        "Made a second one in another colour because the first one disappeared from my desk.",
        "Walls are thick enough to be used and not only looked at.",
        "A good one to try a new filament on.",
    ],
    middling: &["Prints well. I had to slow down for the overhang near the top."],
    bad: &["Came out too tight with my printer. There could be a looser version in the archive."],
};

const TEMPLATES: Words = Words {
    good: &[
        "Opened it, changed the colours, done before lunch.",
        "Everything is named and on its own layer, bless whoever did that.",
        "I check such tables before I use them. These were right.",
        "Saved me a day, and it looks as if I had taken two.",
        "Plain files, no macros, opens in everything that I have.",
        "I use it each week and have stopped noticing it, which is the point.",
    ],
    middling: &["Useful. A line on how the files are ordered would help."],
    bad: &["I could have made this myself, as it turned out. That may be praise."],
};

const PARCELS: Words = Words {
    good: &[
        "Came in four days, packed as if by somebody who has had to open parcels.",
        "Heavier and better made than in the picture.",
        "A handwritten note was in it. I had not expected that.",
        "It is in use every day and shows no sign of it yet.",
        "Well made, no plastic in the parcel, nothing rattled.",
        "The real thing is warmer in colour than here. I like it more.",
    ],
    middling: &["Lovely, but it took two weeks. The seller answered when I asked."],
    bad: &["One corner was bent. A stiffer envelope would have done it."],
};

/// What sellers answer to those who like it, and to the others.
const THANKS: &[&str] = &[
    "Thank you. That made somebody's morning here.",
    "Good to read, thank you for taking the time.",
    "Thank you! The next one is on the table already.",
    "This is what it was made for. Thank you.",
];
const EXPLANATIONS: &[&str] = &[
    "Fair. I will say it more clearly on the page.",
    "Thank you for saying so. If you write to me about your order, I will see what can be done.",
    "That is a good point, and it goes on the list for the next version.",
    "I am sorry that it was not what you hoped for. The refund rule on the page holds for you, too.",
];

fn words_for(item: &DemoItem) -> &'static Words {
    match item.category.as_str() {
        _ if item.physical => &PARCELS,
        "music" => &MUSIC,
        "sounds" => &SOUNDS,
        "games" => &GAMES,
        "software" => &SOFTWARE,
        "courses" => &COURSES,
        "fonts" => &FONTS,
        "art" => &PRINTS,
        "paper" => &PAPER,
        "models" => &MODELS,
        "templates" => &TEMPLATES,
        _ => &BOOKS,
    }
}

/// What is said of it with so many stars; `which` chooses among what fits.
pub(super) fn said(item: &DemoItem, stars: u8, which: usize) -> &'static str {
    let words = words_for(item);
    let fitting = match stars {
        4 | 5 => words.good,
        3 => words.middling,
        _ => words.bad,
    };
    fitting[which % fitting.len()]
}

pub(super) fn answered(stars: u8, which: usize) -> &'static str {
    let fitting = if stars >= 4 { THANKS } else { EXPLANATIONS };
    fitting[which % fitting.len()]
}
