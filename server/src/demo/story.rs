//! Who does what, and when. The same story every time: its dice are seeded.

use super::people::{PEOPLE, address_of};
use super::reviews;
use jiff::{SignedDuration, Timestamp};
use money::Money;
use platform::Random;
use std::collections::BTreeSet;
use storefront::DemoItem;

/// Purchases of the ninety days.
const SALES: usize = 520;
const SEED: u64 = 7;
/// Of which a dollar can go back.
const A_FEW_DOLLARS: Money = Money::from_cents(300);
/// Who shows how it is done: at the end nothing waits for them, and all news are read.
const DEMO_MERCHANT: &str = "merchant@example.com";
/// Nothing is fulfilled any more that was ordered so late: it waits at the end.
const STILL_WAITS: SignedDuration = SignedDuration::from_hours(3 * 24);
/// Paid with when a purchase is to fail: a balance of nothing.
const EMPTY_BALANCE: &str = "ABT";

/// What happens at a moment.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    pub at: Timestamp,
    /// Of which purchase, counted from 0.
    pub sale: usize,
    pub act: Act,
}

/// What somebody does with a purchase.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// Places the order and confirms it at Amazon Payments.
    Buy {
        buyer: String,
        item: DemoItem,
        method: &'static str,
    },
    /// Places it and goes no further than Amazon's page, which the buyer leaves.
    Leave {
        buyer: String,
        item: DemoItem,
    },
    Download,
    /// The seller has it ready.
    Fulfil,
    Cancel,
    /// The buyer wants the money back, and gives a reason: a word of the form, and details.
    Refund {
        reason: (&'static str, &'static str),
    },
    /// The same at Amazon's account site.
    AskRefund {
        reason: &'static str,
    },
    /// The seller sends a dollar back unasked.
    GiveADollar,
    /// Somebody writes to the other about it.
    Write {
        by_seller: bool,
        text: &'static str,
    },
    DeclineRequest,
    GrantRequest,
    /// The buyer calls the marketplace in.
    AskMarketplace {
        words: &'static str,
    },
    /// The buyer says how they find it; no words: stars alone.
    Review {
        stars: u8,
        words: &'static str,
    },
    /// The seller answers that.
    AnswerReview {
        words: &'static str,
    },
    /// A seller has seen what happened, on the desk and in the mail.
    ReadNews {
        seller: String,
    },
}

/// What becomes of a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    Left,
    Failed,
    Cancelled,
    /// Nobody fulfils it; Amazon lets the money go after seven days.
    Forgotten,
    Refunded,
    GivenADollar,
    Requested,
    Declined,
    Granted,
}

const REASONS: &[(&str, &str)] = &[
    ("by-mistake", "I bought it twice."),
    ("not-as-described", "I expected more of it from the description."),
    ("does-not-work", "It does not open on my computer."),
    ("changed-mind", "I found that I do not need it after all."),
    ("other", "It was meant as a present, and they have it already."),
];

/// What the marketplace is told by those whom a seller refused.
const APPEALS: &[&str] = &[
    "I wrote within a day of buying it, and it is not what the page shows.",
    "The seller says that it works. Here it does not, on two computers.",
    "I have not used it, and would rather have the money back than the file.",
];

/// What buyers write, and what they are answered: about a parcel, about something to print, about anything else.
const ABOUT_PARCELS: &[(&str, &str)] = &[
    ("Thank you, it arrived sooner than I thought.", "Glad to hear it. Enjoy!"),
    ("Could you send it to my new address? 14 Elm Street, same town.", "Done, it goes to number 14."),
    (
        "Is it wrapped as a present?",
        "In plain brown paper. A card goes in if you tell me what it should say.",
    ),
];
const ABOUT_PRINTING: &[(&str, &str)] = &[
    (
        "Does it print on Letter as well as on A4?",
        "Yes: choose \"fit to page\", the margins are wide enough for both.",
    ),
    (
        "My printer leaves a white edge. Is that in the file?",
        "No, most printers cannot reach it. A print shop can.",
    ),
    ("May I print it for a whole class?", "Yes, for your own class. Please do not pass the file on."),
];
const ABOUT_FILES: &[(&str, &str)] = &[
    ("May I use this in a classroom?", "Yes, with your own class. Please do not pass the file on."),
    ("Will there be more of these?", "One more this winter, if all goes well."),
    ("Exactly what I was looking for. Thank you!", "That is good to read. Thank you for writing."),
    ("I have changed computers. Can I download it again?", "As often as you like: it stays in your library."),
];

fn conversations(item: &DemoItem) -> &'static [(&'static str, &'static str)] {
    match item.category.as_str() {
        _ if item.physical => ABOUT_PARCELS,
        "art" | "paper" => ABOUT_PRINTING,
        _ => ABOUT_FILES,
    }
}

pub(super) struct Story {
    dice: Random,
    /// Of their own: whoever has something to say changes nothing of who buys what.
    reviewers: Random,
    /// How many have said something so far, so that none says what the one before did.
    said: usize,
    /// Places in the list of items, the most popular first.
    popular: Vec<usize>,
    start: Timestamp,
    end: Timestamp,
    scenes: Vec<Scene>,
}

impl Story {
    /// All scenes in the order of time.
    pub(super) fn told(items: &[DemoItem], start: Timestamp, end: Timestamp) -> Vec<Scene> {
        let dice = Random::seeded(SEED);
        let mut popular: Vec<usize> = (0..items.len()).collect();
        popular.sort_by_cached_key(|_| dice.next_u64());
        let reviewers = Random::seeded(SEED + 1);
        let mut story = Self { dice, reviewers, said: 0, popular, start, end, scenes: Vec::new() };
        for sale in 0..SALES {
            story.tell(sale, items);
        }
        story.news(items);
        let mut scenes = story.scenes;
        scenes.sort_by_key(|scene| (scene.at, scene.sale));
        scenes
    }

    fn tell(&mut self, sale: usize, items: &[DemoItem]) {
        let placed = self.moment(sale);
        let item = self.item(items, placed);
        let (name, method) = PEOPLE[self.below(PEOPLE.len())];
        let buyer = address_of(name);
        let fate = match self.fate(&item) {
            Fate::Requested if item.seller == DEMO_MERCHANT => Fate::Granted,
            fate => fate,
        };
        if fate == Fate::Left {
            return self.add(placed, sale, Act::Leave { buyer, item });
        }
        let method = if fate == Fate::Failed { EMPTY_BALANCE } else { method };
        let (manual, dear) = (item.manual, item.price > A_FEW_DOLLARS);
        let conversations = conversations(&item);
        let reviewed = item.clone();
        self.add(placed, sale, Act::Buy { buyer, item, method });
        if fate != Fate::Failed {
            self.talk(sale, placed, conversations);
            let fate = if fate == Fate::GivenADollar && !dear { Fate::Kept } else { fate };
            if fate == Fate::Kept {
                self.review(sale, placed, &reviewed);
            }
            self.afterwards(sale, placed, fate, manual);
        }
    }

    /// One in nine buyers writes; most are answered.
    fn talk(&mut self, sale: usize, placed: Timestamp, conversations: &[(&'static str, &'static str)]) {
        if self.below(9) != 0 {
            return;
        }
        let (question, answer) = conversations[self.below(conversations.len())];
        let asked = self.after(placed, 1, 30);
        self.add(asked, sale, Act::Write { by_seller: false, text: question });
        if self.below(5) != 0 {
            let answered = self.after(asked, 1, 20);
            self.add(answered, sale, Act::Write { by_seller: true, text: answer });
        }
    }

    /// Two in five of those who keep it say how they find it, some days later and most of them in words; every other
    /// one is answered.
    fn review(&mut self, sale: usize, placed: Timestamp, item: &DemoItem) {
        let dice = [5, 100, 5, 400, 2, 90].map(|bound| self.reviewers.next_u64() % bound);
        let [speaks, liking, words, hours, answers, later] = dice;
        let (speaks, wordless, answers) = (speaks < 2, words == 0, answers == 0);
        if !speaks {
            return;
        }
        let stars = match liking {
            0..52 => 5,
            52..82 => 4,
            82..94 => 3,
            94..98 => 2,
            _ => 1,
        };
        let words = if wordless { "" } else { reviews::said(item, stars, self.said) };
        // After whatever is made by hand has come.
        let at = placed + SignedDuration::from_hours(80 + i64::try_from(hours).unwrap_or(0));
        self.add(at, sale, Act::Review { stars, words });
        if answers && !wordless {
            let words = reviews::answered(stars, self.said);
            let at = at + SignedDuration::from_hours(2 + i64::try_from(later).unwrap_or(0));
            self.add(at, sale, Act::AnswerReview { words });
        }
        self.said += 1;
    }

    fn afterwards(&mut self, sale: usize, placed: Timestamp, fate: Fate, manual: bool) {
        let late = self.end.duration_since(placed) < STILL_WAITS;
        match fate {
            Fate::Cancelled => {
                let at = self.after(placed, 1, 20);
                return self.add(at, sale, Act::Cancel);
            }
            Fate::Forgotten => return,
            _ if manual && late => return,
            _ => {}
        }
        let mut at = placed;
        if manual {
            at = self.after(at, 3, 60);
            self.add(at, sale, Act::Fulfil);
        }
        at = self.after(at, 1, 12);
        if self.below(10) < 8 {
            self.add(at, sale, Act::Download);
        }
        let reason = REASONS[self.below(REASONS.len())];
        at = self.after(at, 5, 90);
        match fate {
            Fate::Refunded => self.add(at, sale, Act::Refund { reason }),
            Fate::GivenADollar => self.add(at, sale, Act::GiveADollar),
            Fate::Requested | Fate::Declined | Fate::Granted => {
                self.add(at, sale, Act::AskRefund { reason: reason.1 });
                at = self.after(at, 4, 40);
                match fate {
                    Fate::Declined => self.refuse(sale, at),
                    Fate::Granted => self.add(at, sale, Act::GrantRequest),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// Every other buyer does not leave it at that.
    fn refuse(&mut self, sale: usize, at: Timestamp) {
        self.add(at, sale, Act::DeclineRequest);
        let asked = self.after(at, 2, 40);
        if self.below(2) == 0 {
            let words = APPEALS[self.below(APPEALS.len())];
            self.add(asked, sale, Act::AskMarketplace { words });
        }
    }

    fn fate(&mut self, item: &DemoItem) -> Fate {
        let roll = self.below(100);
        match roll {
            0..4 => Fate::Left,
            4..7 => Fate::Failed,
            7..11 => Fate::Refunded,
            11..13 => Fate::Requested,
            13 => Fate::Declined,
            14 => Fate::Granted,
            15 => Fate::GivenADollar,
            16..24 if item.manual => Fate::Cancelled,
            24..28 if item.manual => Fate::Forgotten,
            _ => Fate::Kept,
        }
    }

    /// More and more of them, by day, seldom at night; no two in the same minute.
    fn moment(&mut self, sale: usize) -> Timestamp {
        let seconds = self.end.duration_since(self.start).as_secs();
        let days = seconds / (24 * 3600);
        // The further on, the closer to each other: the day is the root of an even spread.
        let spread = (sale as u64 * 1_000_000 / SALES as u64).isqrt();
        let day = i64::try_from(spread).unwrap_or(0) * days / 1_000;
        let hour = 6 + i64::try_from(self.below(16)).unwrap_or(0);
        let second = i64::try_from(self.below(3_600)).unwrap_or(0);
        let at = self.start + SignedDuration::from_secs(day * 24 * 3_600 + hour * 3_600 + second);
        at.min(self.end - SignedDuration::from_secs(3_600 + second))
    }

    /// Some are bought much more often than others. Towards the end more of those that somebody must fulfil.
    fn item(&mut self, items: &[DemoItem], placed: Timestamp) -> DemoItem {
        let late = self.end.duration_since(placed) < STILL_WAITS;
        let manual = self.below(if late { 2 } else { 5 }) == 0;
        loop {
            let (one, other) = (self.below(items.len()), self.below(items.len()));
            let item = &items[self.popular[one.min(other)]];
            let waits = item.manual && late && item.seller == DEMO_MERCHANT;
            if item.manual == manual && !waits {
                return item.clone();
            }
        }
    }

    /// Each seller looks at the desk once a week.
    fn news(&mut self, items: &[DemoItem]) {
        let sellers: BTreeSet<String> = items.iter().map(|item| item.seller.clone()).collect();
        for seller in sellers {
            let mut at = self.after(self.start, 100, 48);
            while at < self.end - STILL_WAITS {
                self.add(at, SALES, Act::ReadNews { seller: seller.clone() });
                at = self.after(at, 150, 36);
            }
        }
        let last = self.end - SignedDuration::from_secs(1);
        self.add(last, SALES, Act::ReadNews { seller: DEMO_MERCHANT.to_owned() });
    }

    fn after(&mut self, at: Timestamp, least_hours: u64, more_hours: usize) -> Timestamp {
        let minutes = least_hours * 60 + self.below(more_hours * 60) as u64;
        at + SignedDuration::from_mins(i64::try_from(minutes).unwrap_or(0))
    }

    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(1).max(1);
        usize::try_from(self.dice.next_u64() % bound).unwrap_or(0)
    }

    /// What would happen after the end has not happened yet.
    fn add(&mut self, at: Timestamp, sale: usize, act: Act) {
        if at < self.end {
            self.scenes.push(Scene { at, sale, act });
        }
    }
}
