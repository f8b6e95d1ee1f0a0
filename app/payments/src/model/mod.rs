//! The data that Amazon Payments' pages show.

mod account;
mod cbui;
mod mail;

pub use account::{
    AccountPage, ActivityRow, BalancePage, CallerSite, CreateAccountPage, DeveloperCaller, DeveloperPage,
    DeveloperPart, FeeBreakdown, HistoryEntry, InstrumentCard, InstrumentsPage, MerchantTerms,
    NewInstrumentPage, NotificationCard, Outcome, Paging, ProfilePage, SecurityPage, SignInPage,
    StatementLine, TokenCard, TokenLimit, TokensPage, TransactionAction, TransactionPage, TransactionRow,
    TransferForm,
};
pub use cbui::{
    Addable, Ask, Authorization, Branding, CbuiAddress, CbuiConfirm, CbuiInstrument, CbuiNewInstrument,
    CbuiOver, CbuiSignIn, EachPayment, Instrument, Most, NewInstrument, Reviewed, SavedAddress, Step,
    UsageLimit,
};
pub use mail::{Letter, LetterLink, MailPage, MailRow};

/// What every page needs beside its own data.
#[derive(Debug, Clone, Default)]
pub struct Chrome {
    /// Signed in as.
    pub viewer: Option<Viewer>,
    pub path: String,
    /// A one-off message after a redirect ("The payment was cancelled."), on the account site and where people sign in.
    pub notice: Option<String>,
    /// Mails that the account has not read, up to [`MANY_UNREAD`].
    pub unread: u32,
    /// Whether there is a lab to look behind.
    pub lab: bool,
}

/// Stands for as many unread mails and more.
pub const MANY_UNREAD: u32 = 100;

#[derive(Debug, Clone)]
pub struct Viewer {
    pub name: String,
    pub email: String,
}

/// An error page: Amazon's own, or a request that the Co-Branded UI cannot follow.
#[derive(Debug, Clone)]
pub struct ErrorPage {
    pub status: u16,
    pub title: String,
    pub detail: String,
    pub request_id: String,
}
