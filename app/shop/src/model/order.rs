//! An order and what comes of it: its page, receipt, messages and files.

use super::{
    DiscountView, FileFacts, GiftView, GuestView, ItemCard, OrderCall, Paging, RefundDecision,
    RefundRequestView, RefundRule,
};
use app::form::FormState;
use jiff::Timestamp;
use money::{Money, Percent};

/// Where an order stands, for words and colours. The storefront's state machine has more detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderStatus {
    /// Sent to Amazon Payments; nothing came back yet.
    AwaitingAuthorization,
    /// Authorized or paid, Amazon has not said how it ended yet.
    PaymentPending,
    /// The money is reserved; the merchant fulfils.
    Reserved,
    /// The seller is ready to deliver; Amazon has not said that the money moved yet.
    SettlePending,
    /// The seller was ready to deliver, but the money that is held was not charged.
    NotCharged,
    Paid,
    CancelPending,
    Cancelled,
    RefundPending,
    Refunded,
    /// The buyer left Amazon Payments without confirming.
    Abandoned,
    Failed,
}

/// Which buttons can work now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each button can or cannot work, whatever the others can")]
pub struct OrderActions {
    /// Abandoned or failed before any money moved: try again.
    pub restart: bool,
    pub cancel: bool,
    pub refund: bool,
    pub fulfil: bool,
    /// What was bought can be reviewed, by its buyer.
    pub review: bool,
}

#[derive(Debug, Clone)]
pub struct TimelineEntry {
    pub at: Timestamp,
    /// "Authorized", "Reserved", "Fulfilled" …
    pub title: String,
    pub detail: String,
}

/// How the price is divided. The three parts sum to `total`.
#[derive(Debug, Clone, Copy)]
pub struct PriceSplit {
    pub total: Money,
    pub merchant: Money,
    pub marketplace: Money,
    pub amazon: Money,
}

impl PriceSplit {
    /// The parts in whole cents that sum to the price. The merchant's is the amount as the account at Amazon Payments shows
    /// it; Amazon's is what is left.
    #[must_use]
    pub fn in_cents(&self) -> Self {
        let [merchant, marketplace, amazon] =
            self.total.parts_in_cents([self.merchant, self.marketplace, self.amazon]);
        Self { total: self.total, merchant, marketplace, amazon }
    }
}

/// How what a buyer pays for an order is divided, by the way that is used.
#[derive(Debug, Clone, Copy)]
pub struct Divided {
    /// "Card".
    pub way: &'static str,
    pub paid: PriceSplit,
    /// It is charged: before that it is held, or under way.
    pub charged: bool,
    /// What of it did not go back, where something did.
    pub left: Option<PriceSplit>,
}

/// How a price is divided when it is paid in one way.
#[derive(Debug, Clone)]
pub struct WaySplit {
    /// "Card".
    pub label: &'static str,
    /// `None`: there is no price, or the fees would eat it up.
    pub split: Option<PriceSplit>,
    /// What Amazon takes, for the script: below which amount, its share, and so much, and the least.
    pub rules: Vec<(Option<Money>, Percent, Money, Money)>,
}

#[derive(Debug, Clone)]
pub struct OrderSummary {
    pub id: String,
    pub title: String,
    pub item_slug: String,
    pub seller: String,
    pub buyer: String,
    pub price: Money,
    pub status: OrderStatus,
    pub placed_at: Timestamp,
    pub actions: OrderActions,
    /// Messages that the viewer has not read, where the list says so.
    pub unread_messages: u32,
}

/// `/orders/{id}/receipt`, of what was paid.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub order_id: String,
    pub title: String,
    pub seller: String,
    pub buyer: String,
    /// Where it was sent, a line each; none where nothing was.
    pub address: Vec<String>,
    pub ordered_at: Timestamp,
    pub paid_at: Timestamp,
    /// Without sending it, and without a coupon.
    pub price: Money,
    /// What a coupon took off that.
    pub discount: Option<DiscountView>,
    /// Where something was sent.
    pub shipping: Option<Money>,
    /// What was ordered and not charged.
    pub not_charged: Option<Money>,
    pub charged: Money,
    /// What went back.
    pub refunded: Option<Money>,
    /// "Card".
    pub paid_with: Option<&'static str>,
    /// How what was charged was divided, where that is known.
    pub split: Option<PriceSplit>,
    pub transaction_id: Option<String>,
}

/// A link to a file that was bought, for whoever has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadLink {
    pub url: String,
    /// The file's name.
    pub name: String,
    pub expires_at: Timestamp,
    pub uses_left: u32,
}

#[derive(Debug, Clone)]
pub struct OrderPage {
    pub order: OrderSummary,
    /// While the money is held.
    pub promise: Option<Promise>,
    pub physical: bool,
    pub instant: bool,
    pub timeline: Vec<TimelineEntry>,
    /// Name, lines, city … each a line; empty for digital goods.
    pub shipping: Vec<String>,
    /// What of the price is for sending it.
    pub shipping_price: Money,
    /// What a coupon took off; the price is without it.
    pub discount: Option<DiscountView>,
    pub shipping_speed: Option<String>,
    /// Where the files can be fetched now.
    pub downloads: Vec<Download>,
    /// Those to the files for other devices, which the buyer made and which still work.
    pub links: Vec<DownloadLink>,
    /// What a program asks its buyer for.
    pub licence_key: Option<String>,
    /// To the buyer of what is for somebody else.
    pub gift: Option<GiftView>,
    /// To a buyer without an account.
    pub guest: Option<GuestView>,
    /// The purchase of several things that it is a part of.
    pub basket: Option<String>,
    /// Where its receipt is, once something was paid.
    pub receipt: Option<String>,
    /// Why it failed, in a sentence for people.
    pub failure: Option<String>,
    pub transaction_id: Option<String>,
    /// For the merchant and the operator; its buyer has `divided`.
    pub split: Option<PriceSplit>,
    /// For the buyer, once it is known how it is paid.
    pub divided: Option<Divided>,
    /// What the buyer asked for, while it is open or was declined.
    pub refund_request: Option<RefundRequestView>,
    /// The seller's rule for refunds, and what it comes to now.
    pub refund_rule: RefundRule,
    pub refund_decision: RefundDecision,
    /// What is on its way back.
    pub refunding: Option<Money>,
    /// What was ordered, where less is charged.
    pub ordered: Option<Money>,
    /// What the seller said in fulfilling it.
    pub tracking: Option<String>,
    pub seller_message: Option<String>,
    /// What Amazon was asked, for those who sell and operate; the buyer does not see it.
    pub calls: Vec<OrderCall>,
    /// What was typed to fulfil it: fields `tracking`, `message`, `amount`.
    pub form: FormState,
    /// What went back, in parts or whole; None when nothing did.
    pub refunded: Option<Money>,
    /// What buyer and seller wrote to each other; on the order's page only.
    pub messages: Option<MessageThread>,
    /// Thank-you page only.
    pub suggestions: Vec<ItemCard>,
}

/// Until when what is held for is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// As the seller said when it was ordered.
    pub ready_by: Option<Timestamp>,
    /// Then the money is no longer held.
    pub held_until: Timestamp,
}

/// A page of an order's messages. Its form (field `text`) posts to `/orders/{order}/messages`.
#[derive(Debug, Clone, Default)]
pub struct MessageThread {
    /// The oldest first.
    pub messages: Vec<MessageView>,
    pub paging: Paging,
    pub form: FormState,
    pub may_write: bool,
    /// Who reads what is written: "Right Here Records".
    pub reader: String,
}

#[derive(Debug, Clone)]
pub struct MessageView {
    pub author: String,
    /// The viewer wrote it.
    pub own: bool,
    pub text: String,
    pub at: Timestamp,
}

/// The same in a list of what waits for an answer.
#[derive(Debug, Clone)]
pub struct RefundRequestRow {
    pub order_id: String,
    pub title: String,
    pub buyer: String,
    pub amount: Money,
    pub reason: String,
    pub at: Timestamp,
}

#[derive(Debug, Clone)]
pub struct Download {
    pub href: String,
    pub file: FileFacts,
}

/// `/library`: a page of it, the newest first.
#[derive(Debug, Clone, Default)]
pub struct LibraryPage {
    pub entries: Vec<LibraryEntry>,
    pub paging: Paging,
}

#[derive(Debug, Clone)]
pub struct LibraryEntry {
    pub order_id: String,
    /// Somebody else paid for it: there is a page of the gift in place of the order's.
    pub is_gift: bool,
    pub card: ItemCard,
    pub downloads: Vec<Download>,
    pub granted_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}
