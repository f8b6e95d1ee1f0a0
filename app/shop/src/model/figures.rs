//! What the pages of figures show: what was sold in a time, by the shop's books and by Amazon's.

use super::{CouponSums, OrderStatus};
use app::form::FormState;
use jiff::Timestamp;
use jiff::civil::Date;
use money::Money;

/// What sales amount to. A sale counts on the day of its order, and so does what became of it later.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    pub sold: u32,
    pub gross: Money,
    /// How many had money sent back, all or a part, and how much.
    pub refunds: u32,
    pub refunded: Money,
    /// Less what was given back with refunds.
    pub marketplace_fees: Money,
    pub amazon_fees: Money,
    /// Sales of which Amazon has not said yet how they were paid: their fees are in no sum.
    pub fees_unknown: u32,
}

impl Sums {
    /// What the sellers have of it.
    pub fn left(&self) -> Money {
        let taken = [self.refunded, self.marketplace_fees, self.amazon_fees];
        taken.into_iter().try_fold(self.gross, Money::sub).unwrap_or(Money::ZERO)
    }
}

/// What one bar of the chart is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Day,
    Week,
    Month,
}

impl Unit {
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// As in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

/// One bar: its days, both included, and what was sold in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub from: Date,
    pub to: Date,
    pub sums: Sums,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopItem {
    pub slug: String,
    pub title: String,
    pub sold: u32,
    pub gross: Money,
    pub refunded: Money,
}

/// The figures of a time: of one seller, or of the market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalesFigures {
    pub from: Date,
    pub to: Date,
    pub unit: Unit,
    pub spans: Vec<Span>,
    pub total: Sums,
    /// The best first.
    pub top_items: Vec<TopItem>,
}

/// A sale of which money went back.
#[derive(Debug, Clone)]
pub struct RefundedSale {
    pub order_id: String,
    pub title: String,
    pub buyer: String,
    pub placed_at: Timestamp,
    pub price: Money,
    pub refunded: Money,
}

/// `/sell/figures`. Fields of the form, which asks with GET: `from`, `to` (`2026-11-23`, both included) and `by`.
#[derive(Debug, Clone)]
pub struct FiguresPage {
    pub form: FormState,
    /// `None` where the time that was asked for cannot be read.
    pub figures: Option<SalesFigures>,
    /// The newest of those in the time.
    pub refunds: Vec<RefundedSale>,
    pub coupons: CouponSums,
}

/// `/operator/figures`: the market's, asked for by the same form.
#[derive(Debug, Clone)]
pub struct MarketFiguresPage {
    pub form: FormState,
    pub figures: Option<SalesFigures>,
    pub coupons: CouponSums,
}

/// `/sell/figures/amazon`: the shop's books of a time beside what Amazon Payments says.
#[derive(Debug, Clone)]
pub struct AmazonFiguresPage {
    pub form: FormState,
    pub compared: Option<AmazonComparison>,
    /// The account site, which alone knows balance and withdrawals.
    pub account_url: String,
}

#[derive(Debug, Clone)]
pub struct AmazonComparison {
    pub from: Date,
    pub to: Date,
    pub shop: Paid,
    /// `None` where Amazon Payments did not answer.
    pub amazon: Option<AmazonSays>,
}

/// What was paid, by one of the two books.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Paid {
    pub payments: u32,
    pub charged: Money,
    pub refunded: Money,
    /// Less what was given back.
    pub amazon_fees: Money,
}

#[derive(Debug, Clone)]
pub struct AmazonSays {
    pub paid: Paid,
    pub differences: Vec<PaymentDifference>,
    /// Amazon's list was longer than the shop reads of it: refunds and fees are not compared, and what came later was asked for one by one.
    pub read_until: Option<Timestamp>,
    /// The shop has more orders in the time than it compares.
    pub too_many_orders: bool,
    /// Orders that are not in what was read of Amazon's list, and were not asked for one by one.
    pub not_compared: u32,
    /// Transactions of Amazon's list that were read, of all sellers.
    pub read: u32,
}

/// An order of which Amazon says something else than the shop.
#[derive(Debug, Clone)]
pub struct PaymentDifference {
    /// `None` for a payment of which the shop knows no order.
    pub order_id: Option<String>,
    pub title: String,
    pub status: Option<OrderStatus>,
    /// What the shop believes, and what Amazon says, each in a few words.
    pub believed: String,
    pub found: String,
}
