//! What really happened around one purchase, as it is drawn.

use jiff::Timestamp;

/// The page: a drawing of what was chosen, or what can be chosen.
#[derive(Debug, Clone, Default)]
pub struct FollowPage {
    pub drawing: Option<Drawing>,
    /// The latest purchases, the newest first.
    pub latest: Vec<Purchase>,
    /// The order or transaction that was asked for, as it was typed.
    pub asked: String,
    /// Why nothing is drawn of what was asked for: a sentence that says what to do.
    pub refused: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase {
    pub title: String,
    /// A name, or nothing where it is not known.
    pub buyer: String,
    /// `$0.99`.
    pub amount: String,
    /// In words: "Paid".
    pub state: String,
    pub at: Timestamp,
    /// `/lab/follow?order=…`.
    pub href: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// What was bought, or what the transaction did.
    pub title: String,
    /// `order=…` or `transaction=…`: what the page was asked for, encoded.
    pub query: String,
    /// How it stands now: "Paid".
    pub state: String,
    /// From left to right.
    pub lanes: Vec<Lane>,
    /// In the order in which one thing led to another.
    pub steps: Vec<Step>,
    pub balances: Vec<Balance>,
    /// The calls of the web service among the arrows, in their order.
    pub calls: Vec<Call>,
    /// Where the shop is and what of it was bought: what a test of the browser needs.
    pub shop: Option<ShopWay>,
}

/// Who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    pub name: String,
    /// Who or what that is: "John Doe".
    pub words: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Arrow(Arrow),
    /// Time went by between two arrows, because it was let or because somebody moved the clock: "7 days later".
    Gap {
        words: String,
        by_hand: bool,
    },
}

/// One thing that happened. From a lane to itself it is a note on that lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    /// Unique in the drawing, and the same whenever it is drawn: `e12-0`.
    pub id: String,
    pub at: Timestamp,
    /// Indices of the drawing's lanes.
    pub from: usize,
    pub to: usize,
    /// "Shop asks Amazon: Pay".
    pub label: String,
    /// `$0.99`.
    pub amount: Option<String>,
    pub kind: ArrowKind,
    /// Whether it did not arrive.
    pub is_lost: bool,
    /// Where its request, posting or notification is shown.
    pub href: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrowKind {
    /// Somebody presses something.
    Press,
    Redirect,
    Call,
    Answer,
    Notification,
    /// Money moves.
    Posting,
    /// Something changes where it is.
    State,
    Clock,
    /// Something was made to go wrong.
    Fault,
    /// Something went wrong.
    Failure,
}

impl ArrowKind {
    pub const ALL: [Self; 10] = [
        Self::Press,
        Self::Redirect,
        Self::Call,
        Self::Answer,
        Self::Notification,
        Self::Posting,
        Self::State,
        Self::Clock,
        Self::Fault,
        Self::Failure,
    ];

    /// What it is called in classes.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Press => "press",
            Self::Redirect => "redirect",
            Self::Call => "call",
            Self::Answer => "answer",
            Self::Notification => "notification",
            Self::Posting => "posting",
            Self::State => "state",
            Self::Clock => "clock",
            Self::Fault => "fault",
            Self::Failure => "failure",
        }
    }

    /// What it is called by people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Press => "Somebody acts",
            Self::Redirect => "Redirect of the browser",
            Self::Call => "Call",
            Self::Answer => "Answer",
            Self::Notification => "Notification",
            Self::Posting => "Money moves",
            Self::State => "Something changes",
            Self::Clock => "The clock is moved",
            Self::Fault => "Made to go wrong",
            Self::Failure => "Goes wrong",
        }
    }
}

/// What somebody had before the first movement of this purchase and after its last one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// "John Doe".
    pub name: String,
    /// "Amazon Payments balance".
    pub account: String,
    /// Where the account's statement is.
    pub href: String,
    /// Amounts as text; `None` where it is not known.
    pub before: Option<String>,
    /// With its sign: `−$0.99`.
    pub change: String,
    pub after: Option<String>,
    /// What else changed it in that time, if anything did.
    pub others: Option<String>,
}

/// A call that can be made again. Its secret, signature and time are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its arrow's.
    pub id: String,
    pub action: String,
    /// `GET` or `POST`.
    pub method: String,
    /// `http://127.0.0.1:8081/`.
    pub url: String,
    /// Decoded, in the order in which they were sent.
    pub parameters: Vec<(String, String)>,
    /// `Success`, or FPS's error code.
    pub code: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopWay {
    /// `http://localhost:8080`.
    pub url: String,
    /// The path of the page where it is bought: `/items/now-and-forever`.
    pub item: Option<String>,
    /// The path of the order: `/orders/…`.
    pub order: Option<String>,
}

impl Drawing {
    pub fn arrows(&self) -> impl Iterator<Item = &Arrow> {
        self.steps.iter().filter_map(|step| match step {
            Step::Arrow(arrow) => Some(arrow),
            Step::Gap { .. } => None,
        })
    }

    /// A lane's name; there is one for each index that an arrow has.
    pub fn lane(&self, index: usize) -> &str {
        self.lanes.get(index).map_or("?", |lane| &lane.name)
    }
}
