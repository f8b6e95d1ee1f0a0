//! The data that the shop's pages show. Plain types: the storefront fills them, the pages read them.

mod account;
mod cart;
mod catalogue;
mod coupons;
mod desk;
mod figures;
mod gifts;
mod guests;
mod mail;
mod operator;
mod orders;
mod reviews;
mod seller;

pub use account::*;
pub use app::components::paging::Paging;
use app::form::FormState;
pub use cart::*;
pub use catalogue::*;
pub use coupons::*;
pub use desk::*;
pub use figures::*;
pub use gifts::*;
pub use guests::*;
use jiff::Timestamp;
pub use mail::*;
use money::{Money, Percent};
pub use operator::*;
pub use orders::*;
pub use reviews::*;
pub use seller::*;
use std::sync::Arc;

/// What every page of the shop needs beside its own data.
#[derive(Debug, Clone, Default)]
pub struct Chrome {
    pub viewer: Option<Viewer>,
    /// Path and query of this page, for the sign-in link's way back and for `aria-current`.
    pub path: String,
    /// A one-off message after a redirect ("The order was cancelled").
    pub notice: Option<String>,
    /// What this visitor opened last, on pages that show it.
    pub seen: Vec<ItemCard>,
    /// The shop's own URL without a slash at the end, for what others show of a page (`OpenGraph` wants
    /// absolute addresses). Empty: then nothing of the kind is said.
    pub site_url: String,
}

/// What stands in a page's head, and the words in the search field.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// What the tab shows before the shop's name.
    pub title: String,
    pub query: String,
    /// What others show when somebody shares the page.
    pub preview: Option<Preview>,
}

#[derive(Debug, Clone)]
pub struct Preview {
    pub description: String,
    /// Path of a picture.
    pub image: String,
}

/// The main part of a page that is the same for every visitor: rendered once, kept, and put into a page
/// with `pages::complete`.
#[derive(Debug, Clone)]
pub struct Fragment {
    pub head: Head,
    pub html: Arc<str>,
}

#[derive(Debug, Clone)]
pub struct Viewer {
    pub name: String,
    pub merchant: bool,
    pub operator: bool,
    /// Unread merchant notices; more than [`MOST_UNREAD`] are not told apart.
    pub unread: u32,
    /// Mails not read yet; the same.
    pub unread_mail: u32,
    /// Items in the cart.
    pub in_cart: u32,
}

/// As many unread notices are counted for a page.
pub const MOST_UNREAD: u32 = 99;

#[derive(Debug, Clone)]
pub struct Category {
    pub slug: String,
    pub name: String,
    pub items: u32,
}

/// An item as it stands in a grid.
#[derive(Debug, Clone)]
pub struct ItemCard {
    pub slug: String,
    pub title: String,
    pub creator: String,
    pub seller: String,
    pub category: String,
    pub price: Money,
    pub physical: bool,
    /// Within how many days of an order it is sent or ready, where its seller says so and it is not delivered at once.
    pub handling_days: Option<u8>,
    pub rating: Rating,
}

#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each says something of the item, whatever the others say")]
pub struct ItemPage {
    pub card: ItemCard,
    pub category_name: String,
    pub description: Description,
    pub licence: String,
    pub instant: bool,
    pub files: Vec<FileFacts>,
    pub tags: Vec<String>,
    pub has_preview: bool,
    /// How long it is, once somebody has looked at its waveform.
    pub preview_seconds: Option<u64>,
    /// It has fonts that visitors can set their words in.
    pub type_tester: bool,
    /// What its pictures show.
    pub shown: Shown,
    /// Beside the cover.
    pub pictures: Vec<Picture>,
    /// Where a page of it can be read.
    pub sample: Option<String>,
    /// What runs in a frame, to be tried.
    pub demo: Option<String>,
    /// What is new in the version that is sold now; empty where nothing is.
    pub news: String,
    pub more_by_seller: Vec<ItemCard>,
    /// The newest of them.
    pub reviews: Vec<ReviewView>,
    /// The viewer has paid for it, and can review it.
    pub may_review: bool,
    /// The viewer has it already: link to the order instead of a second purchase by mistake.
    pub owned_order: Option<String>,
    /// The viewer sells it.
    pub own_item: bool,
    /// It is on the viewer's wish list.
    pub wished: bool,
    pub availability: Availability,
    pub seller: Seller,
    /// What sending it costs; empty for what is downloaded.
    pub rates: Vec<RateRow>,
    /// How the price divides by each way to pay.
    pub splits: Vec<WaySplit>,
    /// Why the operator holds the item or the shop; its seller alone is told.
    pub hold_reason: Option<String>,
}

/// `/items/{slug}/type`. Query: `try`, the words.
#[derive(Debug, Clone)]
pub struct TypeTesterPage {
    pub card: ItemCard,
    pub words: String,
    /// The names of the files that they are set in.
    pub fonts: Vec<String>,
}

/// What a seller wrote, in Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description {
    /// As HTML in which nothing is left that could do harm: it is put into the page as it is.
    pub html: String,
    /// As plain text, on one line.
    pub text: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shown {
    /// Of a book, to be read.
    Pages,
    /// Of a game or a program while it runs.
    Screens,
    #[default]
    Pictures,
}

/// A picture of an item, beside its cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub src: String,
    pub alt: String,
}

/// Whether an item can be bought at present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Availability {
    ForSale,
    /// It was never on sale, or was taken off for a while: its seller sees it, and who has bought it.
    Draft,
    /// Its seller sells it no more.
    Archived,
    /// No piece of it is left.
    SoldOut,
    /// Its seller cannot be paid: it took its registration with Amazon Payments back.
    SellerNotRegistered,
    /// Its seller is away; the words are the seller's own, and can be empty.
    OnVacation {
        words: String,
    },
    /// The operator holds the shop that it is of.
    SellerHeld,
    /// The operator holds it.
    Held,
}

#[derive(Debug, Clone)]
pub struct FileFacts {
    pub name: String,
    /// What a person calls the type: "MP3 audio".
    pub format: String,
    pub bytes: u64,
    /// Of its content, in hexadecimal digits, where it is known.
    pub sha256: Option<String>,
}

/// Fields: `ship_name ship_line1 ship_line2 ship_city ship_state ship_zip ship_country ship_speed`
/// (physical items; speeds `standard`, `express`), `coupon`, of what is
/// not sent `gift_email`, `gift_name`, `gift_message`, and `payment_method` (`amazon-payments`, `credit`); hidden `attempt`,
/// and `shown` or `shown_standard` and `shown_express`: the [`Quote`]s that the page shows. The buttons `update` only show it
/// anew.
#[derive(Debug, Clone)]
pub struct CheckoutPage {
    pub card: ItemCard,
    pub instant: bool,
    pub seller: Seller,
    /// Of what is sent.
    pub shipping: Option<ShippingOffer>,
    /// What the coupon that was typed takes off.
    pub discount: Option<DiscountView>,
    /// How what is charged divides by each way to pay; of a parcel with the first speed that there is, if it is known.
    pub splits: Vec<WaySplit>,
    /// The viewer has it already, by this order.
    pub owned_order: Option<String>,
    pub credit: CreditOffer,
    /// Whoever buys has no account, or does not use it. Fields beside the others: `email`; hidden `guest`.
    pub guest: bool,
    /// Names what the form places.
    pub attempt: String,
    pub form: FormState,
}

impl CheckoutPage {
    /// What the item costs with the coupon, without sending it.
    pub fn price(&self) -> Money {
        let off = self.discount.as_ref().map_or(Money::ZERO, |discount| discount.amount);
        self.card.price.sub(off).unwrap_or(self.card.price)
    }
}

/// What sending an item costs.
#[derive(Debug, Clone)]
pub struct ShippingOffer {
    /// Those that can be chosen.
    pub countries: Vec<&'static str>,
    /// Of the country that was chosen; `None` while that is no country.
    pub rates: Option<RateRow>,
    /// Where the buyer had something sent before: in words, and the address of this page with it filled in.
    pub known: Vec<(String, String)>,
}

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

/// `/sign-in` (fields `email`, `password`) and `/sign-up` (`name`, `email`, `password`).
#[derive(Debug, Clone, Default)]
pub struct SignPage {
    pub form: FormState,
    /// Where the person was going: a path of this site, kept in a hidden field `next`.
    pub next: String,
    /// The demo accounts may be shown (lab mode).
    pub show_demo: bool,
}

/// An error page. `detail` says what to do; never an internal message.
#[derive(Debug, Clone)]
pub struct ErrorPage {
    pub status: u16,
    pub title: String,
    pub detail: String,
    pub request_id: String,
    /// What somebody may have looked for who came to a page that there is not.
    pub suggestions: Vec<ItemCard>,
}
