//! The mail that Amazon writes to its accounts. Kept is what kind it is and what it is about; its words are written when
//! it is read, from what is then known, and none of it leaves the machine.
//!
//! What a transaction begins with is not even that: it follows from the transaction itself ([`mailbox`]), and so a Pay
//! writes nothing for the two mails that it makes. What becomes of one later, and what is allowed and taken back, has a
//! row for each mail, in the same commit as that ([`store`]): none of it is on Pay's way.

pub mod mailbox;
pub mod store;

pub use mailbox::{page, unread};
pub use store::{NewMail, mark_all_read, mark_read, write, write_changes, write_on};

use crate::domain::tokens::TokenRole;
use crate::domain::transactions::{Kind, Life, Transaction};
use fps_protocol::enums::TokenType;
use fps_protocol::ids::{TokenId, TransactionId};
use platform::paging::Place;
use std::fmt;
use std::str::FromStr;
use text_types::{InvalidId, words};

words! {
    /// What a mail tells. The first half is to who pays, the second to who is paid, the last of the account itself; a charge
    /// that failed is told to both.
    pub enum MailKind {
        PaymentReserved = "PaymentReserved",
        PaymentMade = "PaymentMade",
        PaymentFailed = "PaymentFailed",
        PaymentCancelled = "PaymentCancelled",
        RefundReceived = "RefundReceived",
        AuthorizationGiven = "AuthorizationGiven",
        AuthorizationCancelled = "AuthorizationCancelled",
        /// The card or bank account behind a reserve was not charged, and the reserve goes on.
        ChargeFailed = "ChargeFailed",
        /// The quick start's step 3: "Amazon FPS notifies the merchant that a purchase has been authorized".
        PurchaseAuthorized = "PurchaseAuthorized",
        PurchaseCancelled = "PurchaseCancelled",
        PaymentReceived = "PaymentReceived",
        RefundGiven = "RefundGiven",
        RefundAsked = "RefundAsked",
        RegistrationMade = "RegistrationMade",
        RegistrationCancelled = "RegistrationCancelled",
        /// Somebody filled in the form for new accounts with the account's address.
        SignUpAttempted = "SignUpAttempted",
    }
}

impl MailKind {
    /// Of a token that its account has given; `None` for those of which there is no mail: what is for one payment is told
    /// of by that payment, and a refund token goes with its recipient token.
    pub fn of_new_token(role: TokenRole, token_type: TokenType) -> Option<Self> {
        match (role, token_type) {
            (TokenRole::Recipient, _) => Some(Self::RegistrationMade),
            (TokenRole::Sender, TokenType::MultiUse | TokenType::Recurring | TokenType::Unrestricted) => {
                Some(Self::AuthorizationGiven)
            }
            (TokenRole::Sender, TokenType::SingleUse) | (TokenRole::Refund | TokenRole::Caller, _) => None,
        }
    }

    /// Of a token that is cancelled.
    pub fn of_cancelled_token(role: TokenRole, token_type: TokenType) -> Option<Self> {
        match Self::of_new_token(role, token_type)? {
            Self::RegistrationMade => Some(Self::RegistrationCancelled),
            _ => Some(Self::AuthorizationCancelled),
        }
    }

    /// Of a transaction that has changed: to who pays and to who is paid. A recipient hears of what was reserved; what was
    /// only pending they never knew of.
    fn of_change(changed: &Transaction) -> [Option<Self>; 2] {
        // Reserved by its first change is what the processor has let pass.
        let first = changed.version <= 1;
        let was_reserved = changed.kind == Kind::Reserve && (changed.payment_method.is_immediate() || !first);
        match (&changed.kind, &changed.life) {
            (Kind::Refund { .. } | Kind::MarketplaceFee { .. }, _)
            | (_, Life::Pending { .. } | Life::Settling { .. } | Life::Follows { .. }) => [None, None],
            (_, Life::Reserved { .. }) if first => {
                [Some(Self::PaymentReserved), Some(Self::PurchaseAuthorized)]
            }
            (_, Life::Reserved { .. }) => [Some(Self::ChargeFailed), Some(Self::ChargeFailed)],
            (_, Life::Completed { .. }) => [Some(Self::PaymentMade), Some(Self::PaymentReceived)],
            (_, Life::Failed { .. }) => [Some(Self::PaymentFailed), None],
            (_, Life::Cancelled { .. }) => {
                [Some(Self::PaymentCancelled), was_reserved.then_some(Self::PurchaseCancelled)]
            }
        }
    }

    fn about(self, reference: &str) -> Result<About, InvalidId> {
        match self {
            Self::AuthorizationGiven
            | Self::AuthorizationCancelled
            | Self::RegistrationMade
            | Self::RegistrationCancelled => Ok(About::Token(reference.parse()?)),
            Self::SignUpAttempted => Ok(About::Account),
            _ => Ok(About::Transaction(reference.parse()?)),
        }
    }
}

/// What a mail is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    Transaction(TransactionId),
    Token(TokenId),
    /// The one that it is written to.
    Account,
}

/// A mail of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub id: MailId,
    pub kind: MailKind,
    pub about: About,
    pub unread: bool,
}

/// Names a mail among those of its account: its place there.
pub type MailId = Place<MailNumber>;

/// Of two mails of one moment the second stands higher: what a transaction begins with comes before what is written later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MailNumber {
    /// The number of a transaction that begins.
    Begun(i64),
    /// That of a mail's own row.
    Written(i64),
}

impl MailNumber {
    /// Above all of this moment.
    pub const LAST: Self = Self::Written(i64::MAX);

    /// The place among transactions, and that among rows.
    const fn bounds(self) -> (i64, i64) {
        match self {
            Self::Begun(number) => (number, 0),
            Self::Written(number) => (i64::MAX, number),
        }
    }

    const fn above(self) -> Self {
        match self {
            Self::Begun(number) => Self::Begun(number.saturating_add(1)),
            Self::Written(number) => Self::Written(number.saturating_add(1)),
        }
    }
}

/// As in addresses.
impl fmt::Display for MailNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begun(number) => write!(f, "t{number}"),
            Self::Written(number) => write!(f, "m{number}"),
        }
    }
}

impl FromStr for MailNumber {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let number = |digits: &str| digits.parse().ok().filter(|number| *number > 0).ok_or(InvalidId);
        match (text.strip_prefix('t'), text.strip_prefix('m')) {
            (Some(digits), _) => number(digits).map(Self::Begun),
            (_, Some(digits)) => number(digits).map(Self::Written),
            (None, None) => Err(InvalidId),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::transactions::record::tests::paid;
    use fps_protocol::enums::{PaymentMethod, StatusCode};
    use jiff::Timestamp;
    use money::Money;

    #[test]
    fn a_mails_address_leads_back_to_it() {
        for (text, number) in [("1000-t7", MailNumber::Begun(7)), ("1000-m7", MailNumber::Written(7))] {
            let id: MailId = text.parse().unwrap();
            assert_eq!((id.at.as_microsecond(), id.id), (1000, number));
            assert_eq!(id.to_string(), text);
        }
        for nonsense in
            ["1000-7", "1000-t", "1000-t0", "1000-m-7", "1000-x7", "1000-m99999999999999999999", "t7"]
        {
            assert!(nonsense.parse::<MailId>().is_err(), "{nonsense}");
        }
        assert!(MailNumber::Begun(9) < MailNumber::Written(1) && MailNumber::Written(8) < MailNumber::LAST);
    }

    #[test]
    fn who_never_knew_of_a_payment_does_not_hear_of_its_end() {
        let at = Timestamp::UNIX_EPOCH;
        let cancelled = |kind: Kind, method: PaymentMethod, version: i64| Transaction {
            kind,
            version,
            payment_method: method,
            life: Life::Cancelled { code: StatusCode::Canceled, at },
            ..paid(Money::from_cents(100), Money::ZERO, Money::ZERO)
        };
        let told = |transaction| MailKind::of_change(&transaction)[1];
        let both = Some(MailKind::PurchaseCancelled);
        assert_eq!(told(cancelled(Kind::Reserve, PaymentMethod::Abt, 1)), both);
        assert_eq!(told(cancelled(Kind::Reserve, PaymentMethod::Cc, 2)), both);
        assert_eq!(told(cancelled(Kind::Reserve, PaymentMethod::Cc, 1)), None, "it was pending");
        assert_eq!(told(cancelled(Kind::Payment, PaymentMethod::Cc, 1)), None);
    }
}
