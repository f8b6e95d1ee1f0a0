//! Buying without an account.

use app::form::FormState;

/// What a buyer without an account is told on the order's pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestView {
    /// Where they are written to.
    pub email: String,
    /// The mailbox of the lab.
    pub mailbox: Option<String>,
}

/// `/guest/orders/{id}`: where the link in a guest's mail leads. Posted to it: hidden `until`, `key`; `claim`.
#[derive(Debug, Clone)]
pub struct GuestOrderPage {
    /// Its id and what was ordered; `None` where the link is over, or was none.
    pub order: Option<(String, String)>,
    pub until: i64,
    pub key: String,
    /// The name of whoever is signed in.
    pub account: Option<String>,
}

/// `/guest/claim`, posted to it; hidden `next`, the page to go on to.
#[derive(Debug, Clone)]
pub struct ClaimPage {
    /// What was bought without an account.
    pub titles: Vec<String>,
    pub next: String,
}

/// `/guest/link`. Fields: `order`, `email`.
#[derive(Debug, Clone)]
pub struct GuestLinkPage {
    pub form: FormState,
    /// It was asked for, with this address.
    pub written_to: Option<String>,
    /// The mailbox can be opened here.
    pub lab: bool,
}
