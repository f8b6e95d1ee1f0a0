//! What is drawn for each order, and how it has to end: reckoned from docs/fps.md (§4 and §5) and the marketplace's fee,
//! never from what either site says.

use crate::model::books::{CENT, Method, Micros, fps_fee, percent, share};
use crate::model::dice::Dice;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
/// What the marketplace takes of a sale: five cents and ten percent.
const FIXED_FEE: Micros = 5 * CENT;
const VARIABLE_FEE: i64 = 1_000;

/// What people do with an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Story {
    PaidAtOnce,
    Settled,
    SettledInPart,
    CancelledByBuyer,
    CancelledBySeller,
    LeftToExpire,
    GivenBack,
    GivenBackInParts,
    /// The buyer confirmed, and the way back to the shop was lost.
    ReturnLost,
    /// The buyer went to the Co-Branded UI and never came back.
    NeverConfirmed,
    /// By the processor of cards and bank accounts.
    Declined,
    /// Pay or Reserve itself is answered with an error.
    Refused,
}

/// As often as each is drawn.
const STORIES: [Story; 24] = [
    Story::PaidAtOnce,
    Story::PaidAtOnce,
    Story::PaidAtOnce,
    Story::PaidAtOnce,
    Story::Settled,
    Story::Settled,
    Story::Settled,
    Story::SettledInPart,
    Story::SettledInPart,
    Story::SettledInPart,
    Story::CancelledByBuyer,
    Story::CancelledBySeller,
    Story::LeftToExpire,
    Story::LeftToExpire,
    Story::GivenBack,
    Story::GivenBack,
    Story::GivenBackInParts,
    Story::GivenBackInParts,
    Story::GivenBackInParts,
    Story::ReturnLost,
    Story::ReturnLost,
    Story::NeverConfirmed,
    Story::Declined,
    Story::Refused,
];

/// Something for sale.
#[derive(Debug, Clone)]
pub struct Item {
    pub slug: String,
    pub price: Micros,
    /// Made by its seller when it is ordered: reserved first.
    pub by_hand: bool,
}

#[derive(Debug, Clone)]
pub struct Plan {
    pub story: Story,
    pub item: Item,
    pub method: Method,
    /// Of what goes wrong meanwhile.
    pub seed: u64,
    /// What is charged, or goes back first, in the stories that have parts.
    pub part: Micros,
    /// The rest goes back, too.
    pub all_of_it: bool,
    /// The seller gives the marketplace's fee back as well.
    pub seller_alone: bool,
    /// The buyer reloads the page that Amazon led to.
    pub comes_back_twice: bool,
    /// How far the clock is moved before the next order.
    pub pause: i64,
}

/// How an order has to end.
#[derive(Debug)]
pub struct Ending {
    /// The shop's word.
    pub state: &'static str,
    /// Amazon's status and code; `None` where there is no transaction.
    pub transaction: Option<(&'static str, &'static str)>,
}

#[derive(Debug, Clone, Copy)]
pub struct Fees {
    pub market: Micros,
    pub amazon: Micros,
}

/// Money that goes back.
#[derive(Debug, Clone, Copy)]
pub struct Refund {
    pub amount: Micros,
    /// What of it the marketplace and Amazon bear.
    pub borne: Fees,
}

/// What an order does to balances.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    pub buyer: Micros,
    pub seller: Micros,
    pub market: Micros,
    pub amazon: Micros,
}

impl Plan {
    pub fn draw(dice: &mut Dice, items: &[Item]) -> Self {
        let story = *dice.pick(&STORIES).unwrap();
        let fitting: Vec<&Item> = items.iter().filter(|item| story.sells(item)).collect();
        let item = (*dice.pick(&fitting).unwrap()).clone();
        // A balance is not declined.
        let methods: &[Method] = match story {
            Story::Declined => &[Method::Cc, Method::Ach],
            _ => &[Method::Abt, Method::Abt, Method::Cc, Method::Ach],
        };
        let method = *dice.pick(methods).unwrap();
        let cents = item.price / CENT;
        // So that something is left when all fees are paid.
        let least = if story == Story::SettledInPart { cents / 2 } else { 1 };
        let part = dice.between(least, cents - 1) * CENT;
        let longest = if dice.one_in(30) { 2 * DAY } else { *dice.pick(&[90, 90, 3 * HOUR]).unwrap() };
        Self {
            story,
            item,
            method,
            // Numbers of JSON are exact so far.
            seed: dice.next() >> 12,
            part,
            all_of_it: dice.one_in(2),
            seller_alone: dice.one_in(2),
            comes_back_twice: dice.one_in(4),
            // For an hour the shop takes the next order of the same item for this one.
            pause: if story == Story::NeverConfirmed { HOUR + MINUTE } else { dice.between(1, longest) },
        }
    }

    pub fn ending(&self) -> Ending {
        let (state, transaction) = match self.story {
            Story::PaidAtOnce | Story::Settled | Story::SettledInPart | Story::ReturnLost => {
                ("Paid", Some(("Success", "Success")))
            }
            Story::GivenBackInParts if !self.all_of_it => ("Paid", Some(("Success", "Success"))),
            Story::GivenBack | Story::GivenBackInParts => ("Refunded", Some(("Success", "Success"))),
            Story::CancelledByBuyer | Story::CancelledBySeller => {
                ("Cancelled", Some(("Cancelled", "Canceled")))
            }
            Story::LeftToExpire => ("Cancelled", Some(("Cancelled", "Expired"))),
            Story::NeverConfirmed => ("AwaitingAuthorization", None),
            Story::Declined => ("PaymentFailed", Some(("Failure", "TransactionDenied"))),
            Story::Refused => ("PaymentFailed", None),
        };
        Ending { state, transaction }
    }

    /// What is charged in the end.
    pub fn charged(&self) -> Micros {
        match self.story {
            Story::SettledInPart => self.part,
            Story::PaidAtOnce
            | Story::Settled
            | Story::GivenBack
            | Story::GivenBackInParts
            | Story::ReturnLost => self.item.price,
            _ => 0,
        }
    }

    /// Of what is charged.
    pub fn fees(&self) -> Fees {
        match self.charged() {
            0 => Fees { market: 0, amazon: 0 },
            charged => Fees {
                market: FIXED_FEE + percent(charged, VARIABLE_FEE),
                amazon: fps_fee(self.method, charged),
            },
        }
    }

    /// Fees go back in proportion to all that went back by then, the marketplace's where it shares.
    pub fn refunds(&self) -> Vec<Refund> {
        let amounts = match self.story {
            Story::GivenBack => vec![self.item.price],
            Story::GivenBackInParts if self.all_of_it => vec![self.part, self.item.price - self.part],
            Story::GivenBackInParts => vec![self.part],
            _ => Vec::new(),
        };
        // By the seller's rule a buyer is paid back at once, and both give back what they got.
        let seller_alone = self.story == Story::GivenBackInParts && self.seller_alone;
        let (fees, charged) = (self.fees(), self.charged());
        let mut before = 0;
        let refund = |amount| {
            let after = before + amount;
            let part = |fee| share(fee, after, charged) - share(fee, before, charged);
            let market = if seller_alone { 0 } else { part(fees.market) };
            let borne = Fees { market, amazon: part(fees.amazon) };
            before = after;
            Refund { amount, borne }
        };
        amounts.into_iter().map(refund).collect()
    }

    pub fn moved(&self) -> Moved {
        let (charged, fees) = (self.charged(), self.fees());
        let mut moved = Moved {
            buyer: if self.method == Method::Abt { -charged } else { 0 },
            seller: charged - fees.market - fees.amazon,
            market: fees.market,
            amazon: fees.amazon,
        };
        for Refund { amount, borne } in self.refunds() {
            // What a bank account paid goes back to the balance.
            moved.buyer += if self.method == Method::Cc { 0 } else { amount };
            moved.seller -= amount - borne.market - borne.amazon;
            moved.market -= borne.market;
            moved.amazon -= borne.amazon;
        }
        moved
    }
}

impl Story {
    fn sells(self, item: &Item) -> bool {
        match self {
            Self::PaidAtOnce | Self::ReturnLost => !item.by_hand,
            Self::Settled
            | Self::SettledInPart
            | Self::CancelledByBuyer
            | Self::CancelledBySeller
            | Self::LeftToExpire => item.by_hand,
            Self::GivenBack
            | Self::GivenBackInParts
            | Self::NeverConfirmed
            | Self::Declined
            | Self::Refused => true,
        }
    }
}

impl std::ops::AddAssign for Moved {
    fn add_assign(&mut self, other: Self) {
        self.buyer += other.buyer;
        self.seller += other.seller;
        self.market += other.market;
        self.amazon += other.amazon;
    }
}
