//! What a mail is about, and how that is kept: a kind, what it refers to, and what else the moment gave.

use crate::ids::{LinkId, OrderId, RefundRequestId};
use jiff::Timestamp;
use money::Money;
use text_types::words;

words! {
    /// The kind of a mail.
    pub enum Kind {
        Welcome = "welcome",
        ConfirmSignUp = "confirm_sign_up",
        SignUpAttempt = "sign_up_attempt",
        PasswordReset = "password_reset",
        NoAccount = "no_account",
        PasswordChanged = "password_changed",
        EmailChange = "email_change",
        EmailChangeAsked = "email_change_asked",
        EmailChanged = "email_changed",
        AddressTaken = "address_taken",
        SecondFactorOn = "second_factor_on",
        SecondFactorOff = "second_factor_off",
        RecoveryCodeUsed = "recovery_code_used",
        RecoveryCodesMade = "recovery_codes_made",
        WrongCodes = "wrong_codes",
        AccountDeleted = "account_deleted",
        RegistrationCancelled = "registration_cancelled",
        Paid = "paid",
        Reserved = "reserved",
        Fulfilled = "fulfilled",
        Charged = "charged",
        NotCharged = "not_charged",
        PaymentFailed = "payment_failed",
        Cancelled = "cancelled",
        Refunded = "refunded",
        PartlyRefunded = "partly_refunded",
        RefundFailed = "refund_failed",
        RefundDeclined = "refund_declined",
        Sold = "sold",
        ToFulfil = "to_fulfil",
        FulfilBy = "fulfil_by",
        ToSend = "to_send",
        NotToSend = "not_to_send",
        SaleCancelled = "sale_cancelled",
        SaleRefunded = "sale_refunded",
        RefundRequested = "refund_requested",
        MarketplaceAsked = "marketplace_asked",
        MarketplaceGranted = "marketplace_granted",
        MarketplaceDeclined = "marketplace_declined",
        Message = "message",
        LinkAsked = "link_asked",
        Gift = "gift",
        Reviewed = "reviewed",
        ReviewAnswered = "review_answered",
    }
}

/// What a mail is about, with what its words are written from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// There is an account now.
    Welcome,
    /// There is one when the link is followed.
    ConfirmSignUp(LinkId),
    /// Somebody signed up with the address of an account.
    SignUpAttempt,
    PasswordReset(LinkId),
    /// Somebody asked for a new password where there is no account.
    NoAccount,
    PasswordChanged,
    /// To the new address: it is the account's when the link is followed.
    EmailChange(LinkId),
    /// To the old address, with the new one.
    EmailChangeAsked {
        to: String,
    },
    /// The same, once it is so.
    EmailChanged {
        to: String,
    },
    /// Somebody wanted to have the address of an account for theirs.
    AddressTaken,
    SecondFactorOn,
    SecondFactorOff,
    RecoveryCodeUsed,
    RecoveryCodesMade,
    /// Somebody who knows the password gave wrong codes.
    WrongCodes,
    /// The last one, to an address that is nobody's any more.
    AccountDeleted,
    /// To a seller: Amazon Payments says that they cannot be paid any more.
    RegistrationCancelled,
    Order(OrderId, News),
}

/// What happened to an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    // To the buyer.
    /// At once: this is the receipt.
    Paid,
    Reserved,
    Fulfilled,
    Charged,
    NotCharged {
        why: String,
    },
    PaymentFailed {
        why: String,
    },
    Cancelled,
    /// All that was left.
    Refunded(Money),
    PartlyRefunded(Money),
    RefundFailed {
        why: String,
    },
    RefundDeclined,
    /// A guest asked for a link to the order.
    LinkAsked,
    /// To whom the order is for: somebody else paid it.
    Gift,
    // To the seller.
    Sold,
    ToFulfil {
        by: Timestamp,
    },
    /// The same again, shortly before it is too late.
    FulfilBy {
        by: Timestamp,
    },
    ToSend,
    NotToSend {
        why: String,
    },
    SaleCancelled,
    SaleRefunded(Money),
    RefundRequested(RefundRequestId),
    // To either.
    /// The buyer asked the marketplace to decide on a refund.
    MarketplaceAsked {
        words: String,
    },
    /// It decided that money goes back.
    MarketplaceGranted {
        why: String,
    },
    /// It decided that none does.
    MarketplaceDeclined {
        why: String,
    },
    /// The other one wrote on the order.
    Message,
    /// To the seller: the buyer has reviewed what was bought.
    Reviewed {
        words: String,
    },
    /// To the buyer: the seller has answered that.
    ReviewAnswered {
        words: String,
    },
}

/// A mail's row does not fit together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a mail of the kind {kind} cannot be about {reference:?} with {detail:?}")]
pub struct NotAMail {
    kind: Kind,
    reference: String,
    detail: String,
}

impl About {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Welcome => Kind::Welcome,
            Self::ConfirmSignUp(_) => Kind::ConfirmSignUp,
            Self::SignUpAttempt => Kind::SignUpAttempt,
            Self::PasswordReset(_) => Kind::PasswordReset,
            Self::NoAccount => Kind::NoAccount,
            Self::PasswordChanged => Kind::PasswordChanged,
            Self::EmailChange(_) => Kind::EmailChange,
            Self::EmailChangeAsked { .. } => Kind::EmailChangeAsked,
            Self::EmailChanged { .. } => Kind::EmailChanged,
            Self::AddressTaken => Kind::AddressTaken,
            Self::SecondFactorOn => Kind::SecondFactorOn,
            Self::SecondFactorOff => Kind::SecondFactorOff,
            Self::RecoveryCodeUsed => Kind::RecoveryCodeUsed,
            Self::RecoveryCodesMade => Kind::RecoveryCodesMade,
            Self::WrongCodes => Kind::WrongCodes,
            Self::AccountDeleted => Kind::AccountDeleted,
            Self::RegistrationCancelled => Kind::RegistrationCancelled,
            Self::Order(_, news) => news.kind(),
        }
    }

    /// The column `reference`.
    pub fn reference(&self) -> &str {
        match self {
            Self::ConfirmSignUp(link) | Self::PasswordReset(link) | Self::EmailChange(link) => link.as_str(),
            Self::Order(order, _) => order.as_str(),
            Self::Welcome
            | Self::SignUpAttempt
            | Self::NoAccount
            | Self::PasswordChanged
            | Self::EmailChangeAsked { .. }
            | Self::EmailChanged { .. }
            | Self::AddressTaken
            | Self::SecondFactorOn
            | Self::SecondFactorOff
            | Self::RecoveryCodeUsed
            | Self::RecoveryCodesMade
            | Self::WrongCodes
            | Self::AccountDeleted
            | Self::RegistrationCancelled => "",
        }
    }

    /// The column `detail`.
    pub fn detail(&self) -> String {
        let news = match self {
            Self::Order(_, news) => news,
            Self::EmailChangeAsked { to } | Self::EmailChanged { to } => return to.clone(),
            _ => return String::new(),
        };
        match news {
            News::NotCharged { why }
            | News::PaymentFailed { why }
            | News::RefundFailed { why }
            | News::NotToSend { why }
            | News::MarketplaceAsked { words: why }
            | News::MarketplaceGranted { why }
            | News::MarketplaceDeclined { why }
            | News::Reviewed { words: why }
            | News::ReviewAnswered { words: why } => why.clone(),
            News::Refunded(amount) | News::PartlyRefunded(amount) | News::SaleRefunded(amount) => {
                amount.micros().to_string()
            }
            News::RefundRequested(request) => request.to_string(),
            News::Paid
            | News::Reserved
            | News::Fulfilled
            | News::Charged
            | News::Cancelled
            | News::RefundDeclined
            | News::Sold
            | News::ToFulfil { .. }
            | News::FulfilBy { .. }
            | News::ToSend
            | News::SaleCancelled
            | News::LinkAsked
            | News::Gift
            | News::Message => String::new(),
        }
    }

    /// The column `due_at`: by when something is to be done.
    pub fn due_at(&self) -> Option<Timestamp> {
        match self {
            Self::Order(_, News::ToFulfil { by } | News::FulfilBy { by }) => Some(*by),
            _ => None,
        }
    }

    /// From the columns.
    pub fn from_columns(
        kind: Kind,
        reference: String,
        detail: String,
        due_at: Option<Timestamp>,
    ) -> Result<Self, NotAMail> {
        let about = match kind {
            Kind::Welcome => Some(Self::Welcome),
            Kind::ConfirmSignUp => reference.parse().ok().map(Self::ConfirmSignUp),
            Kind::SignUpAttempt => Some(Self::SignUpAttempt),
            Kind::PasswordReset => reference.parse().ok().map(Self::PasswordReset),
            Kind::NoAccount => Some(Self::NoAccount),
            Kind::PasswordChanged => Some(Self::PasswordChanged),
            Kind::EmailChange => reference.parse().ok().map(Self::EmailChange),
            Kind::EmailChangeAsked => Some(Self::EmailChangeAsked { to: detail.clone() }),
            Kind::EmailChanged => Some(Self::EmailChanged { to: detail.clone() }),
            Kind::AddressTaken => Some(Self::AddressTaken),
            Kind::SecondFactorOn => Some(Self::SecondFactorOn),
            Kind::SecondFactorOff => Some(Self::SecondFactorOff),
            Kind::RecoveryCodeUsed => Some(Self::RecoveryCodeUsed),
            Kind::RecoveryCodesMade => Some(Self::RecoveryCodesMade),
            Kind::WrongCodes => Some(Self::WrongCodes),
            Kind::AccountDeleted => Some(Self::AccountDeleted),
            Kind::RegistrationCancelled => Some(Self::RegistrationCancelled),
            _ => reference
                .parse()
                .ok()
                .zip(News::of(kind, &detail, due_at))
                .map(|(id, news)| Self::Order(id, news)),
        };
        about.ok_or(NotAMail { kind, reference, detail })
    }
}

impl News {
    fn kind(&self) -> Kind {
        match self {
            Self::Paid => Kind::Paid,
            Self::Reserved => Kind::Reserved,
            Self::Fulfilled => Kind::Fulfilled,
            Self::Charged => Kind::Charged,
            Self::NotCharged { .. } => Kind::NotCharged,
            Self::PaymentFailed { .. } => Kind::PaymentFailed,
            Self::Cancelled => Kind::Cancelled,
            Self::Refunded(_) => Kind::Refunded,
            Self::PartlyRefunded(_) => Kind::PartlyRefunded,
            Self::RefundFailed { .. } => Kind::RefundFailed,
            Self::RefundDeclined => Kind::RefundDeclined,
            Self::Sold => Kind::Sold,
            Self::ToFulfil { .. } => Kind::ToFulfil,
            Self::FulfilBy { .. } => Kind::FulfilBy,
            Self::ToSend => Kind::ToSend,
            Self::NotToSend { .. } => Kind::NotToSend,
            Self::SaleCancelled => Kind::SaleCancelled,
            Self::SaleRefunded(_) => Kind::SaleRefunded,
            Self::RefundRequested(_) => Kind::RefundRequested,
            Self::MarketplaceAsked { .. } => Kind::MarketplaceAsked,
            Self::MarketplaceGranted { .. } => Kind::MarketplaceGranted,
            Self::MarketplaceDeclined { .. } => Kind::MarketplaceDeclined,
            Self::Message => Kind::Message,
            Self::LinkAsked => Kind::LinkAsked,
            Self::Gift => Kind::Gift,
            Self::Reviewed { .. } => Kind::Reviewed,
            Self::ReviewAnswered { .. } => Kind::ReviewAnswered,
        }
    }

    /// `None` for a kind that is about no order, and for a detail or a time that is not of its kind.
    fn of(kind: Kind, detail: &str, due_at: Option<Timestamp>) -> Option<Self> {
        let why = || detail.to_owned();
        let amount = || detail.parse().ok().map(Money::from_micros);
        Some(match kind {
            Kind::Paid => Self::Paid,
            Kind::Reserved => Self::Reserved,
            Kind::Fulfilled => Self::Fulfilled,
            Kind::Charged => Self::Charged,
            Kind::NotCharged => Self::NotCharged { why: why() },
            Kind::PaymentFailed => Self::PaymentFailed { why: why() },
            Kind::Cancelled => Self::Cancelled,
            Kind::Refunded => Self::Refunded(amount()?),
            Kind::PartlyRefunded => Self::PartlyRefunded(amount()?),
            Kind::RefundFailed => Self::RefundFailed { why: why() },
            Kind::RefundDeclined => Self::RefundDeclined,
            Kind::Sold => Self::Sold,
            Kind::ToFulfil => Self::ToFulfil { by: due_at? },
            Kind::FulfilBy => Self::FulfilBy { by: due_at? },
            Kind::ToSend => Self::ToSend,
            Kind::NotToSend => Self::NotToSend { why: why() },
            Kind::SaleCancelled => Self::SaleCancelled,
            Kind::SaleRefunded => Self::SaleRefunded(amount()?),
            Kind::RefundRequested => Self::RefundRequested(detail.parse().ok()?),
            Kind::MarketplaceAsked => Self::MarketplaceAsked { words: why() },
            Kind::MarketplaceGranted => Self::MarketplaceGranted { why: why() },
            Kind::MarketplaceDeclined => Self::MarketplaceDeclined { why: why() },
            Kind::Message => Self::Message,
            Kind::LinkAsked => Self::LinkAsked,
            Kind::Gift => Self::Gift,
            Kind::Reviewed => Self::Reviewed { words: why() },
            Kind::ReviewAnswered => Self::ReviewAnswered { words: why() },
            Kind::Welcome
            | Kind::ConfirmSignUp
            | Kind::SignUpAttempt
            | Kind::PasswordReset
            | Kind::NoAccount
            | Kind::PasswordChanged
            | Kind::EmailChange
            | Kind::EmailChangeAsked
            | Kind::EmailChanged
            | Kind::AddressTaken
            | Kind::SecondFactorOn
            | Kind::SecondFactorOff
            | Kind::RecoveryCodeUsed
            | Kind::RecoveryCodesMade
            | Kind::WrongCodes
            | Kind::AccountDeleted
            | Kind::RegistrationCancelled => return None,
        })
    }
}
