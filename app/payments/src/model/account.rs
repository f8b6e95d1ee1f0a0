//! The data of the account site's pages. Every form posts to the address that stands with its data, and
//! is answered with a redirect or, if something is wrong with it, with the same page and what was typed.

use super::NewInstrument;
pub use app::components::paging::Paging;
use app::components::security::SessionEntry;
use app::form::FormState;
use jiff::Timestamp;
use money::{Money, Percent};

/// The account site's sign-in: fields `email`, `password`, hidden `next`; posted to `/account/sign-in`.
#[derive(Debug, Clone, Default)]
pub struct SignInPage {
    pub form: FormState,
    pub next: String,
    pub show_demo: bool,
}

/// `/account/create`: fields `name`, `email`, `password`, `business_name` (optional), hidden `next`.
#[derive(Debug, Clone, Default)]
pub struct CreateAccountPage {
    pub form: FormState,
    pub next: String,
}

/// `/account`: what the account has, and its activity. The filter is a GET form with the fields `status`,
/// `kind`, `role`, `from`, `to` (dates); the same query at `/account/activity.csv` gives a file.
#[derive(Debug, Clone)]
pub struct AccountPage {
    pub balance: Money,
    pub held: Money,
    /// The filter as it was asked for, with what is wrong with it.
    pub filter: FormState,
    /// The same as a query, without the page; empty without a filter.
    pub query: String,
    pub activity: Vec<ActivityRow>,
    /// Rows found in all; None where they are more than a page.
    pub total: Option<u32>,
    pub paging: Paging,
}

/// A transaction with what belongs to it: a payment and its fees are one row, a refund names its payment.
#[derive(Debug, Clone)]
pub struct ActivityRow {
    pub row: TransactionRow,
    /// What was bought, in the caller's words. Shown as plain text.
    pub bought: Option<String>,
    /// None where it is undone, or no fee concerns this account.
    pub fees: Option<FeeBreakdown>,
    /// Of a refund: the payment's id, and when it was made.
    pub payment: Option<(String, Timestamp)>,
}

#[derive(Debug, Clone)]
pub struct TransactionRow {
    pub id: String,
    pub at: Timestamp,
    /// "Payment to …", "Refund from …".
    pub description: String,
    pub status: String,
    /// Signed, from this account's side.
    pub amount: Money,
    /// The account is neither side but the caller: the amount is not its own, and has no sign.
    pub between_others: bool,
    pub outcome: Outcome,
}

/// Whether a transaction's amount counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Moved,
    /// Pending, or held.
    Open,
    /// It failed or was cancelled: nothing moved.
    Undone,
}

/// `/account/transactions/{id}`.
#[derive(Debug, Clone)]
pub struct TransactionPage {
    pub row: TransactionRow,
    /// Who pays, who is paid and which caller asked for it, in these words: "You" for the viewer.
    pub sender: String,
    pub recipient: String,
    pub caller: String,
    /// What happens next by itself, in a sentence: a reserve that ends.
    pub ahead: Option<String>,
    /// "Visa ending in 1111"; the recipient does not see it.
    pub instrument: Option<String>,
    /// The fees; None where none concern this account.
    pub fees: Option<FeeBreakdown>,
    /// What went back so far; None when nothing did.
    pub refunded: Option<Money>,
    /// What the caller said about it. Shown as plain text.
    pub reason: Option<String>,
    pub caller_reference: Option<String>,
    /// In time order.
    pub history: Vec<HistoryEntry>,
    /// The payment of a refund, the refunds of a payment.
    pub related: Vec<TransactionRow>,
    pub action: TransactionAction,
    /// What was typed into the action's form, and what is wrong with it.
    pub form: FormState,
}

/// The one thing that this account can do with the transaction now, if anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransactionAction {
    Nothing,
    /// Posted to `…/cancel`.
    Cancel,
    /// Fields `amount`, `note`, hidden `reference` (counts the form once); posted to `…/refund`.
    Refund {
        left: Money,
        reference: String,
    },
    /// Fields `amount`, `reason`; posted to `…/refund-request`.
    AskForRefund {
        left: Money,
    },
    /// Asked already.
    Asked {
        amount: Money,
        reason: String,
        at: Timestamp,
    },
    /// The shop takes no requests here.
    AskElsewhere,
}

#[derive(Debug, Clone)]
pub struct HistoryEntry {
    pub at: Timestamp,
    pub status: String,
    /// None where it is told by the transaction that it belongs to.
    pub amount: Option<Money>,
}

/// What fees do to this account's balance.
#[derive(Debug, Clone)]
pub struct FeeBreakdown {
    pub title: String,
    /// By name, signed: "Marketplace fee", "Amazon Payments fee".
    pub lines: Vec<(String, Money)>,
    /// What they leave: "Left for you".
    pub total: (String, Money),
}

/// `/account/tokens`: what this account has allowed callers to do.
#[derive(Debug, Clone, Default)]
pub struct TokensPage {
    /// All that can be used.
    pub active: Vec<TokenCard>,
    /// Used, expired and cancelled ones, the newest first, and which page of them.
    pub past: Vec<TokenCard>,
    pub paging: Paging,
}

/// An authorization. Cancelled with a post to `/account/tokens/{id}/cancel`.
#[derive(Debug, Clone)]
pub struct TokenCard {
    pub id: String,
    pub caller: String,
    /// "One payment", "Payments", "Payments every month", "Being paid".
    pub kind: String,
    /// "Active", "Used", "Expired", "Cancelled".
    pub state: String,
    /// What the caller said about it.
    pub reason: Option<String>,
    pub made: Timestamp,
    pub expires: Option<Timestamp>,
    /// What it allows, in words: "At most $10.00 each", "Paid from Visa ending in 1111".
    pub terms: Vec<String>,
    pub limits: Vec<TokenLimit>,
    /// What cancelling does, in a sentence; None where it cannot be cancelled any more.
    pub cancel: Option<String>,
}

/// How much of a limit is used: "$40.00 of $100.00 in 6 months".
#[derive(Debug, Clone)]
pub struct TokenLimit {
    pub used: String,
    pub limit: String,
    /// "in 1 month"; None for the token's whole life.
    pub period: Option<String>,
}

/// `/account/instruments`: what this account pays with. New ones are added at `…/add-card` and
/// `…/add-bank-account`; `…/{id}/remove` takes one away.
#[derive(Debug, Clone, Default)]
pub struct InstrumentsPage {
    pub instruments: Vec<InstrumentCard>,
}

#[derive(Debug, Clone)]
pub struct InstrumentCard {
    pub id: String,
    /// "Visa ending in 1111", "Account balance".
    pub label: String,
    /// "Good until 08/2034", "With DigitalDownload".
    pub note: Option<String>,
    /// What it has, or what is owed, in a word and an amount: "Available", "Owed".
    pub amount: Option<(String, Money)>,
    /// It expired.
    pub unusable: bool,
    /// What removing it does, in a sentence; None where it stays.
    pub remove: Option<String>,
}

/// A card or bank account to add, with the fields of the Co-Branded UI's step. Numbers never come back in
/// the form.
#[derive(Debug, Clone)]
pub struct NewInstrumentPage {
    pub kind: NewInstrument,
    pub form: FormState,
    /// Numbers to try things out with, where that is what people do.
    pub show_test_numbers: bool,
}

/// `/account/balance`. Deposits: fields `deposit_amount`, `deposit_bank` (an instrument's id), hidden
/// `reference`; posted to `…/deposit`. Withdrawals: `withdraw_amount`, …; posted to `…/withdraw`.
#[derive(Debug, Clone)]
pub struct BalancePage {
    pub balance: Money,
    pub held: Money,
    /// Bank accounts: id and label.
    pub banks: Vec<(String, String)>,
    pub deposit: TransferForm,
    pub withdraw: TransferForm,
    /// The newest first, and which page of them.
    pub statement: Vec<StatementLine>,
    pub paging: Paging,
}

/// Money in or out, with a reference that counts the form once.
#[derive(Debug, Clone)]
pub struct TransferForm {
    pub reference: String,
    pub form: FormState,
}

#[derive(Debug, Clone)]
pub struct StatementLine {
    pub at: Timestamp,
    pub description: String,
    /// The transaction that it belongs to.
    pub transaction_id: Option<String>,
    pub amount: Money,
    /// The balance after it.
    pub balance: Money,
}

/// `/account/profile`. Fields `name` and, of a business, `business_name`; posted to the page's own
/// address. In lab mode, buttons post to `/account/profile/lab` with the field `set`.
#[derive(Debug, Clone)]
pub struct ProfilePage {
    pub form: FormState,
    pub email: String,
    pub business: bool,
    pub email_verified: bool,
    /// "Active", "Suspended", "Closed".
    pub status: String,
    pub since: Timestamp,
    pub lab: bool,
}

/// `/account/security`: the password, and where the person is signed in.
#[derive(Debug, Clone)]
pub struct SecurityPage {
    pub email: String,
    /// Of the form for a new password: fields `current_password`, `new_password`; posted to
    /// `/account/security/password`.
    pub form: FormState,
    /// Ended at `/account/security/sessions/{handle}/end` and `/account/security/sessions/end-others`.
    pub sessions: Vec<SessionEntry>,
}

/// The developer's pages: `/account/developer` and those below it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DeveloperPart {
    #[default]
    Keys,
    Settings,
    Sites,
    Notifications,
    Calling,
}

impl DeveloperPart {
    pub const ALL: [Self; 5] = [Self::Keys, Self::Settings, Self::Sites, Self::Notifications, Self::Calling];

    pub const fn path(self) -> &'static str {
        match self {
            Self::Keys => "/account/developer",
            Self::Settings => "/account/developer/settings",
            Self::Sites => "/account/developer/sites",
            Self::Notifications => "/account/developer/notifications",
            Self::Calling => "/account/developer/calling",
        }
    }
}

/// One of the developer's pages, for those whose programs call the Query API.
#[derive(Debug, Clone, Default)]
pub struct DeveloperPage {
    pub part: DeveloperPart,
    /// The site's own address, which programs call.
    pub address: String,
    pub caller: Option<DeveloperCaller>,
    /// Of the form for a first access key: field `display_name`; posted to `/account/developer`.
    pub form: FormState,
}

/// One access key with what belongs to it. Its forms post below `/account/developer/{access key}/`:
/// `settings` (fields `display_name`, `ipn_url`, `cobranding_url`, checkboxes `marketplace` and
/// `refund_requests`), `sites` (field `site`), `sites/remove` (field `site`) and `secret`.
#[derive(Debug, Clone)]
pub struct DeveloperCaller {
    pub access_key: String,
    pub display_name: String,
    /// Only when it was asked for just now.
    pub secret: Option<String>,
    pub sites: Vec<CallerSite>,
    pub settings: FormState,
    pub site_form: FormState,
    pub fees_earned: Money,
    /// Marketplace fees that merchants have agreed to: the merchant and its caps.
    pub merchants: Vec<MerchantTerms>,
    pub notifications: Vec<NotificationCard>,
    /// Its sites and its notification address are set anew from the configuration at every start.
    pub from_configuration: bool,
}

#[derive(Debug, Clone)]
pub struct CallerSite {
    pub url: String,
    pub any_loopback: bool,
}

#[derive(Debug, Clone)]
pub struct MerchantTerms {
    pub name: String,
    pub max_fixed_fee: Option<Money>,
    pub max_variable_fee: Option<Percent>,
}

#[derive(Debug, Clone)]
pub struct NotificationCard {
    pub kind: String,
    pub subject_id: String,
    pub url: String,
    /// "Delivered", "Pending", "Given up".
    pub state: String,
    pub at: Timestamp,
    /// When and how each attempt ended: "200", "cannot connect".
    pub attempts: Vec<(Timestamp, String)>,
}
