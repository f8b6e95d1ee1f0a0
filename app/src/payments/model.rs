//! The data that Amazon Payments' pages show.

use crate::form::FormState;
use jiff::Timestamp;
use money::{Money, Percent};

/// What every page needs beside its own data.
#[derive(Debug, Clone, Default)]
pub struct Chrome {
    /// Signed in as.
    pub viewer: Option<Viewer>,
    pub path: String,
}

#[derive(Debug, Clone)]
pub struct Viewer {
    pub name: String,
    pub email: String,
}

/// Who asks, and for what: always in sight in the Co-Branded UI.
///
/// The pages link to these addresses of an authorization beside the forms that they post:
/// `GET /cobranded-ui/{id}` (the step that the person is at), `GET /cobranded-ui/{id}/create-account` (step 1
/// with the form for a new account), `GET /cobranded-ui/{id}/sign-in` (back from there) and
/// `GET /cobranded-ui/{id}/instrument` (from step 3 back to the choice). Every step has the forms
/// `POST …/cancel` and, once signed in, `POST …/switch-account`.
#[derive(Debug, Clone)]
pub struct Authorization {
    pub id: String,
    /// The caller's name as it registered it.
    pub caller: String,
    pub ask: Ask,
}

#[derive(Debug, Clone)]
pub enum Ask {
    /// The sender allows one payment.
    SingleUse {
        amount: Money,
        reason: Option<String>,
        /// Who is paid, when the caller named a recipient token.
        recipient: Option<String>,
        /// Item total, shipping, … as the caller sent them; a discount is negative.
        breakdown: Vec<(String, Money)>,
    },
    /// The recipient lets the caller collect payments and fees for it.
    Recipient { max_fixed_fee: Option<Money>, max_variable_fee: Option<Percent>, recipient_pays_fee: bool },
}

/// The three steps that a person sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    SignIn,
    /// Payment method; for a recipient: the terms.
    Choose,
    Confirm,
}

/// Step 1. Fields `email`, `password`; posted to `/cobranded-ui/{id}/sign-in`. Creating an account:
/// `name`, `email`, `password`, `business_name` (optional), posted to `/cobranded-ui/{id}/create-account`.
#[derive(Debug, Clone)]
pub struct CbuiSignIn {
    pub authorization: Authorization,
    pub form: FormState,
    pub creating: bool,
    pub show_demo: bool,
}

#[derive(Debug, Clone)]
pub struct Instrument {
    pub id: String,
    /// "Visa ending in 1111", "Account balance".
    pub label: String,
    /// "Credit card", "Bank account", "Balance".
    pub kind: String,
    /// The account's balance, for the balance.
    pub available: Option<Money>,
    /// Why it cannot be chosen.
    pub unusable: Option<String>,
}

/// Step 2 of a payment: field `instrument` (an id; the form's value is the one chosen before); posted to
/// `/cobranded-ui/{id}/instrument`.
#[derive(Debug, Clone)]
pub struct CbuiInstrument {
    pub authorization: Authorization,
    pub instruments: Vec<Instrument>,
    pub form: FormState,
}

/// Step 3: posted to `/cobranded-ui/{id}/confirm`. A recipient goes from sign-in straight to this.
#[derive(Debug, Clone)]
pub struct CbuiConfirm {
    pub authorization: Authorization,
    /// None for a recipient.
    pub instrument: Option<Instrument>,
    /// Something went wrong since (the card expired, the balance is short): say so, offer another.
    pub problem: Option<String>,
}

/// The account site's sign-in: fields `email`, `password`, hidden `next`; posted to `/account/sign-in`.
#[derive(Debug, Clone, Default)]
pub struct SignInPage {
    pub form: FormState,
    pub next: String,
    pub show_demo: bool,
}

/// `/account`: balance and latest transactions. The rest of the account site comes later.
#[derive(Debug, Clone)]
pub struct AccountPage {
    pub balance: Money,
    pub held: Money,
    pub transactions: Vec<TransactionRow>,
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
}

/// `/account/transactions/{id}`, read-only.
#[derive(Debug, Clone)]
pub struct TransactionPage {
    pub row: TransactionRow,
    /// Who is on the other side, and which caller asked for it.
    pub counterparty: String,
    pub caller: String,
    /// "Visa ending in 1111"; the recipient does not see it.
    pub instrument: Option<String>,
    /// What was taken from this account's share, by name: "Marketplace fee", "Amazon Payments fee".
    pub fees: Vec<(String, Money)>,
    /// What the caller said about it. Shown as plain text.
    pub reason: Option<String>,
    /// In time order.
    pub history: Vec<HistoryEntry>,
    /// Refunds and the like: only their ids and words are shown.
    pub related: Vec<TransactionRow>,
}

#[derive(Debug, Clone)]
pub struct HistoryEntry {
    pub at: Timestamp,
    pub status: String,
    pub amount: Money,
}

/// An error page: Amazon's own, or a request that the Co-Branded UI cannot follow.
#[derive(Debug, Clone)]
pub struct ErrorPage {
    pub status: u16,
    pub title: String,
    pub detail: String,
    pub request_id: String,
}
