//! The data that the shop's pages show. Plain types: the storefront fills them, the pages read them.

mod desk;
mod figures;
mod operator;

pub use app::components::paging::Paging;
use app::components::security::SessionEntry;
use app::form::FormState;
pub use desk::*;
pub use figures::*;
use jiff::Timestamp;
use money::Money;
pub use operator::*;
use std::sync::Arc;

/// What every page of the shop needs beside its own data.
#[derive(Debug, Clone, Default)]
pub struct Chrome {
    pub viewer: Option<Viewer>,
    /// Path and query of this page, for the sign-in link's way back and for `aria-current`.
    pub path: String,
    /// A one-off message after a redirect ("The order was cancelled").
    pub notice: Option<String>,
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
}

#[derive(Debug, Clone, Default)]
pub struct HomePage {
    pub categories: Vec<Category>,
    /// The chosen category's slug and the search words, if any; then `new` and `popular` are empty.
    pub category: Option<String>,
    pub query: String,
    pub new: Vec<ItemCard>,
    pub popular: Vec<ItemCard>,
    pub items: Vec<ItemCard>,
    /// Items found in all; pages count from 1.
    pub total: u32,
    /// There are more than that.
    pub more: bool,
    pub page: u32,
    pub pages: u32,
}

#[derive(Debug, Clone)]
pub struct ItemPage {
    pub card: ItemCard,
    pub category_name: String,
    pub description: String,
    pub licence: String,
    pub instant: bool,
    pub file: Option<FileFacts>,
    pub has_preview: bool,
    pub more_by_seller: Vec<ItemCard>,
    /// The viewer has it already: link to the order instead of a second purchase by mistake.
    pub owned_order: Option<String>,
    /// The viewer sells it.
    pub own_item: bool,
    pub availability: Availability,
}

/// Whether an item can be bought at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    ForSale,
    /// Its seller cannot be paid: it took its registration with Amazon Payments back.
    SellerNotRegistered,
}

#[derive(Debug, Clone)]
pub struct FileFacts {
    pub name: String,
    /// What a person calls the type: "MP3 audio".
    pub format: String,
    pub bytes: u64,
}

/// Fields: `ship_name ship_line1 ship_line2 ship_city ship_state ship_zip ship_country ship_speed`
/// (physical items; speeds `standard`, `express`) and `payment_method` (`amazon-payments`).
#[derive(Debug, Clone)]
pub struct CheckoutPage {
    pub card: ItemCard,
    pub instant: bool,
    /// The viewer has it already, by this order.
    pub owned_order: Option<String>,
    pub form: FormState,
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

#[derive(Debug, Clone)]
pub struct OrderPage {
    pub order: OrderSummary,
    pub physical: bool,
    pub instant: bool,
    pub timeline: Vec<TimelineEntry>,
    /// Name, lines, city … each a line; empty for digital goods.
    pub shipping: Vec<String>,
    pub shipping_speed: Option<String>,
    /// Where the file can be fetched now.
    pub download: Option<Download>,
    /// Why it failed, in a sentence for people.
    pub failure: Option<String>,
    pub transaction_id: Option<String>,
    /// The merchant and the operator see it, the buyer does not.
    pub split: Option<PriceSplit>,
    /// What the buyer asked for at Amazon Payments, while it is open or was declined.
    pub refund_request: Option<RefundRequestView>,
    /// What went back, in parts or whole; None when nothing did.
    pub refunded: Option<Money>,
    /// What buyer and seller wrote to each other; on the order's page only.
    pub messages: Option<MessageThread>,
    /// Thank-you page only.
    pub suggestions: Vec<ItemCard>,
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

/// A request for a refund. Whoever may answer posts to `/orders/{order}/refund-requests/{id}/grant` or
/// `…/decline`.
#[derive(Debug, Clone)]
pub struct RefundRequestView {
    pub id: String,
    pub amount: Money,
    /// In the buyer's own words.
    pub reason: String,
    pub at: Timestamp,
    /// Waits for an answer; otherwise it was declined.
    pub open: bool,
    /// One that was declined can only be granted.
    pub may_answer: bool,
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
    pub card: ItemCard,
    pub download: Option<Download>,
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

/// `/account`: who the person is here, their password, and where they are signed in.
#[derive(Debug, Clone)]
pub struct AccountPage {
    pub name: String,
    pub email: String,
    /// Of the form for a new password: fields `current_password`, `new_password`; posted to `/account/password`.
    pub form: FormState,
    /// Ended at `/account/sessions/{handle}/end` and `/account/sessions/end-others`.
    pub sessions: Vec<SessionEntry>,
}

/// An error page. `detail` says what to do; never an internal message.
#[derive(Debug, Clone)]
pub struct ErrorPage {
    pub status: u16,
    pub title: String,
    pub detail: String,
    pub request_id: String,
}
