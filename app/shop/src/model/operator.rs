//! What the operator's pages show.

use super::{ItemCard, MessageThread, OrderStatus, OrderSummary, Paging, RefundAnswer, RefundRequestRow};
use app::form::FormState;
use jiff::Timestamp;
use money::Money;

#[derive(Debug, Clone)]
pub struct OperatorPage {
    pub orders: Vec<OrderSummary>,
    pub fees_earned: Money,
    pub orders_total: u32,
    /// What buyers paid ahead and have not spent, where there is any and Amazon says it.
    pub credit: Option<Money>,
    /// Refunds that buyers asked the marketplace to decide on.
    pub to_decide: usize,
    pub refund_requests: Vec<RefundRequestRow>,
    /// The oldest of them, and how many there are.
    pub differences: Vec<OrderDifference>,
    pub differences_total: u32,
    pub notifications: Vec<ReceivedNotification>,
    /// The states that orders are in, with how many.
    pub by_status: Vec<(OrderStatus, u32)>,
}

/// An order of which Amazon says something else than the shop.
#[derive(Debug, Clone)]
pub struct OrderDifference {
    pub order_id: String,
    pub title: String,
    /// What the shop believes, and what Amazon says, each in a few words.
    pub believed: String,
    pub found: String,
    pub since: Timestamp,
}

#[derive(Debug, Clone)]
pub struct ReceivedNotification {
    pub at: Timestamp,
    pub transaction_id: String,
    pub order_id: Option<String>,
    /// What it said: "PAY SUCCESS".
    pub summary: String,
    pub outcome: String,
}

/// A choice of a list: what the form sends, and what a person reads.
pub type Choice = (String, String);

/// `/operator/audit`. The filter's fields: `who deed subject from to`.
#[derive(Debug, Clone, Default)]
pub struct AuditPage {
    pub entries: Vec<AuditRow>,
    pub form: FormState,
    pub deeds: Vec<Choice>,
    /// The filter as a query again; empty where nothing is filtered.
    pub query: String,
    pub paging: Paging,
}

#[derive(Debug, Clone)]
pub struct AuditRow {
    pub at: Timestamp,
    pub who: String,
    /// The person's page; none for the shop itself.
    pub who_path: Option<String>,
    pub deed: String,
    pub subject: String,
    pub subject_path: Option<String>,
    pub old: String,
    pub new: String,
    pub reason: String,
}

/// `/operator/users`. The filter's fields: `q show`.
#[derive(Debug, Clone, Default)]
pub struct PeoplePage {
    pub people: Vec<PersonRow>,
    pub form: FormState,
    pub shows: Vec<Choice>,
    pub query: String,
    pub paging: Paging,
    /// More are found than are shown: the words must say more.
    pub more: bool,
}

#[derive(Debug, Clone)]
pub struct PersonRow {
    pub id: String,
    pub name: String,
    pub email: String,
    pub joined_at: Timestamp,
    pub closed: bool,
    /// When they deleted the account; there is no address then.
    pub deleted_at: Option<Timestamp>,
    pub shop: Option<String>,
    pub shop_held: bool,
}

/// Since when something is held, and why.
#[derive(Debug, Clone)]
pub struct HoldView {
    pub at: Timestamp,
    pub reason: String,
}

/// `/operator/users/{id}`. Closing posts `reason` to `…/close` and `…/open`; holding the shop posts `shop_reason` to
/// `/operator/sellers/{merchant}/hold` and `…/release`.
#[derive(Debug, Clone)]
pub struct PersonPage {
    pub person: PersonRow,
    pub operator: bool,
    pub closed: Option<HoldView>,
    /// Signing in asks for a code. Field of the form that turns it off: `factor_reason`.
    pub second_factor: bool,
    pub shop: Option<SellerView>,
    pub bought: Vec<OrderSummary>,
    pub sold: Vec<OrderSummary>,
    pub history: Vec<AuditRow>,
    pub form: FormState,
}

#[derive(Debug, Clone)]
pub struct SellerView {
    pub id: String,
    pub name: String,
    pub registered: bool,
    pub held: Option<HoldView>,
    /// What is taken of each sale, and the most that was agreed to.
    pub fee_words: String,
    pub cap_words: String,
    pub earned: Money,
}

/// `/operator/items`. The filter's fields: `q show`.
#[derive(Debug, Clone, Default)]
pub struct ItemsPage {
    pub items: Vec<ItemRow>,
    pub form: FormState,
    pub shows: Vec<Choice>,
    pub query: String,
    pub paging: Paging,
    pub more: bool,
}

#[derive(Debug, Clone)]
pub struct ItemRow {
    pub card: ItemCard,
    pub listed_at: Timestamp,
    pub held: bool,
}

/// `/operator/items/{slug}`. Holding posts `reason` to `…/hold` and `…/release`.
#[derive(Debug, Clone)]
pub struct ItemOversight {
    pub row: ItemRow,
    /// The seller's page here.
    pub seller_path: String,
    pub seller_held: bool,
    pub held: Option<HoldView>,
    pub history: Vec<AuditRow>,
    pub form: FormState,
}

/// `/operator/orders`. The filter's fields: `status seller buyer q`.
#[derive(Debug, Clone, Default)]
pub struct OrdersPage {
    pub orders: Vec<OrderSummary>,
    pub form: FormState,
    pub states: Vec<Choice>,
    pub query: String,
    pub paging: Paging,
}

/// `/operator/fees`. Fields: `reach category seller fixed variable least most from`; a rule that has not begun is
/// withdrawn at `/operator/fees/{id}/withdraw`.
#[derive(Debug, Clone, Default)]
pub struct FeesPage {
    pub present: Vec<FeeRuleRow>,
    pub coming: Vec<FeeRuleRow>,
    pub categories: Vec<Choice>,
    pub form: FormState,
}

#[derive(Debug, Clone)]
pub struct FeeRuleRow {
    pub id: String,
    /// "All sellers", a category's or a seller's name.
    pub reach: String,
    pub words: String,
    /// None: from the beginning.
    pub begins_at: Option<Timestamp>,
    /// What is taken of $1, $10 and $100.
    pub examples: [Money; 3],
}

/// `/operator/disputes`: requests for a refund that wait or were declined.
#[derive(Debug, Clone, Default)]
pub struct DisputesPage {
    /// The marketplace has to decide; with when and in which words it was asked.
    pub escalated: Vec<DisputeRow>,
    pub waiting: Vec<DisputeRow>,
    pub declined: Vec<DisputeRow>,
}

#[derive(Debug, Clone)]
pub struct DisputeRow {
    pub request: RefundRequestRow,
    pub seller: String,
}

/// `/operator/disputes/{order}`. Fields: `request`, `amount` (of `grant`), `reason` and the button's `decision` (`grant`,
/// `decline`).
#[derive(Debug, Clone)]
pub struct DisputePage {
    pub row: DisputeRow,
    pub request_id: String,
    pub answer: RefundAnswer,
    /// One that was declined is the seller's alone to grant, until the buyer asks the marketplace.
    pub may_decide: bool,
    pub price: Money,
    /// What buyer and seller wrote to each other.
    pub messages: MessageThread,
    pub form: FormState,
}

/// `/operator/health`. An order that differs is compared again at `/operator/health/orders/{id}/mend`.
#[derive(Debug, Clone, Default)]
pub struct HealthPage {
    pub jobs: Vec<JobRow>,
    pub differences: Vec<OrderDifference>,
    pub differences_total: u32,
    pub to_compare: CompareCounts,
    pub counts: NotificationCounts,
    pub notifications: Vec<ReceivedNotification>,
    pub mail: UnsentMail,
}

/// Mail that could not be sent, the newest first. Each is tried again by `/operator/health/mails/{id}/send`.
#[derive(Debug, Clone, Default)]
pub struct UnsentMail {
    /// Without a mail server mail stays in the mailboxes, and nothing fails.
    pub has_server: bool,
    pub rows: Vec<UnsentRow>,
    pub paging: Paging,
}

#[derive(Debug, Clone)]
pub struct UnsentRow {
    pub id: String,
    pub address: String,
    pub subject: String,
    pub at: Timestamp,
    pub attempts: i64,
    /// What the mail server said last.
    pub failure: String,
    /// When it is tried next by itself; None: it was given up.
    pub next: Option<Timestamp>,
    pub can_send: bool,
}

/// How the comparison with Amazon's side stands.
#[derive(Debug, Clone, Default)]
pub struct CompareCounts {
    pub orders: u32,
    /// The comparison that is due next, or the longest overdue.
    pub next: Option<Timestamp>,
    pub overdue: bool,
}

/// What became of the newest notifications.
#[derive(Debug, Clone, Copy, Default)]
pub struct NotificationCounts {
    pub of: u32,
    pub changed: u32,
    /// The shop knew it already: they came late, or twice.
    pub late: u32,
    pub refused: u32,
    /// About nothing that the shop knows.
    pub ignored: u32,
    /// Not signed by Amazon, since the program started; none of them is kept.
    pub forged: u64,
}

#[derive(Debug, Clone)]
pub struct JobRow {
    pub name: String,
    pub what: String,
    /// "every 2 s"
    pub every: String,
    /// "3 s ago, 2 things in 14 ms"
    pub last: String,
    pub running: bool,
    pub failing: bool,
    pub runs: u64,
    pub failures: u64,
    /// When and why it failed last.
    pub failure: Option<String>,
}
