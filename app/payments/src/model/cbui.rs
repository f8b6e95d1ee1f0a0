//! The Co-Branded UI's data.
//!
//! The pages link to these addresses of an authorization beside the forms that they post:
//! `GET /cobranded-ui/{id}` (the step that the person is at), `GET /cobranded-ui/{id}/create-account` (step 1
//! with the form for a new account), `GET /cobranded-ui/{id}/sign-in` (back from there), and
//! `GET /cobranded-ui/{id}/instrument` and `…/address` (from the last step back to what was chosen). Every
//! step has the forms `POST …/cancel` and, once signed in, `POST …/switch-account`.

use app::form::FormState;
use jiff::Timestamp;
use money::{Money, Percent};

/// Who asks, and for what: always in sight.
#[derive(Debug, Clone)]
pub struct Authorization {
    pub id: String,
    /// The caller's name as it registered it.
    pub caller: String,
    pub branding: Branding,
    pub ask: Ask,
    /// What the caller says it is for. Shown as plain text.
    pub reason: Option<String>,
    /// Who is paid, where the caller named them.
    pub recipients: Vec<String>,
    /// The caller named nobody, and can have anybody paid.
    pub pays_anybody: bool,
    pub valid_from: Option<Timestamp>,
    pub valid_until: Option<Timestamp>,
    /// The caller wants to know where to ship to.
    pub collects_address: bool,
    /// Where the caller says that it ships to, as lines; empty when it says nothing, or asks.
    pub ships_to: Vec<String>,
}

impl Authorization {
    /// One that says no more than what is asked.
    pub fn new(id: impl Into<String>, caller: impl Into<String>, ask: Ask) -> Self {
        Self {
            id: id.into(),
            caller: caller.into(),
            branding: Branding::default(),
            ask,
            reason: None,
            recipients: Vec::new(),
            pays_anybody: false,
            valid_from: None,
            valid_until: None,
            collects_address: false,
            ships_to: Vec::new(),
        }
    }
}

/// How the caller shows itself.
#[derive(Debug, Clone, Default)]
pub struct Branding {
    /// Who is shown instead of the caller, if the caller wants that: who is paid.
    pub recipient: Option<String>,
    /// The address of an image that may be shown.
    pub image: Option<String>,
    pub is_banner: bool,
    /// The site that Cancel leads back to, in the caller's words.
    pub website: Option<String>,
}

#[derive(Debug, Clone)]
pub enum Ask {
    /// The sender allows one payment.
    SingleUse {
        amount: Money,
        /// Item total, shipping, … as the caller sent them; a discount is negative.
        breakdown: Vec<(String, Money)>,
        /// The money is set aside first.
        reserve: bool,
    },
    /// The sender allows payments within limits.
    MultiUse { each: Option<EachPayment>, limits: Vec<UsageLimit> },
    /// The sender allows the same payment again and again. `period`: "month", "6 months".
    Recurring { amount: Money, period: String },
    /// The recipient lets the caller collect payments and fees for it.
    Recipient { max_fixed_fee: Option<Money>, max_variable_fee: Option<Percent>, recipient_pays_fee: bool },
    /// The sender fills a balance that purchases are paid from.
    SetupPrepaid { funding: Money },
    /// The sender buys now and settles later.
    SetupPostpaid { credit_limit: Money, limits: Vec<UsageLimit> },
    /// The sender chooses what pays from now on. `allows`: what was allowed, in words; `pays_now`: "Visa
    /// ending in 1111".
    EditToken { allows: String, pays_now: Option<String> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EachPayment {
    Exactly(Money),
    AtLeast(Money),
    AtMost(Money),
}

/// In each period ("month", "6 months"); without one, in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageLimit {
    pub most: Most,
    pub period: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Most {
    Amount(Money),
    Payments(u32),
}

/// The steps that a person sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    SignIn,
    /// Payment method; a recipient has none to choose.
    Choose,
    /// Where to ship to, if the caller asks.
    Address,
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
    pub addable: Addable,
    pub form: FormState,
}

/// What the caller takes and a person can add on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Addable {
    pub card: bool,
    pub bank_account: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewInstrument {
    /// Fields `card_number`, `expiry`; posted to `/cobranded-ui/{id}/add-card`.
    Card,
    /// Fields `routing_number`, `account_number`; posted to `/cobranded-ui/{id}/add-bank-account`.
    BankAccount,
}

/// A card or bank account added on the way. Numbers never come back in the form.
#[derive(Debug, Clone)]
pub struct CbuiNewInstrument {
    pub authorization: Authorization,
    pub kind: NewInstrument,
    pub form: FormState,
    /// Numbers to try things out with, where that is what people do.
    pub show_test_numbers: bool,
}

#[derive(Debug, Clone)]
pub struct SavedAddress {
    pub id: String,
    /// As on a label, the name first.
    pub lines: Vec<String>,
}

/// Where to ship to: field `address` (an id, or `new`), and for a new one `full_name`, `line1`, `line2`,
/// `city`, `state`, `zip`, `country`, `phone`; posted to `/cobranded-ui/{id}/address`.
#[derive(Debug, Clone)]
pub struct CbuiAddress {
    pub authorization: Authorization,
    pub addresses: Vec<SavedAddress>,
    pub form: FormState,
}

/// What is shown of an authorization that is over.
#[derive(Debug, Clone)]
pub struct CbuiOver {
    pub caller: String,
    /// The front of the caller's site.
    pub home: String,
    /// Something came of it.
    pub confirmed: bool,
}

/// Which choices a person looks at, by their ids; empty where there is nothing to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reviewed {
    pub account: String,
    pub instrument: String,
    pub address: String,
}

/// The last step: posted to `/cobranded-ui/{id}/confirm`, with what is [`Reviewed`] in hidden fields of
/// these names. A recipient goes from sign-in straight to this.
#[derive(Debug, Clone)]
pub struct CbuiConfirm {
    pub authorization: Authorization,
    pub reviewed: Reviewed,
    /// What was to be confirmed is not what is chosen by now: in another tab, say.
    pub changed: bool,
    /// None for a recipient.
    pub instrument: Option<Instrument>,
    /// The address that was chosen, as on a label; empty where none was asked for.
    pub ship_to: Vec<String>,
    /// Something that the person should know before confirming.
    pub note: Option<String>,
    /// Something went wrong since (the card expired, the balance is short): say so, offer another.
    pub problem: Option<String>,
}
