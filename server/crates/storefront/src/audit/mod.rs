//! What was done to the marketplace, by whom, with what was before and after: a log that is only ever added to.

mod changes;
mod lists;
pub mod store;
#[cfg(test)]
mod tests;

pub use changes::{Change, Stamp, record_changes};
pub use lists::{By, Filter, of_page};
pub use store::record;

pub use crate::ids::AuditId;
use crate::ids::UserId;
use jiff::Timestamp;
use text_types::words;

words! {
    /// What was done.
    pub enum Deed {
        UserClosed = "user-closed",
        UserOpened = "user-opened",
        SellerHeld = "seller-held",
        SellerReleased = "seller-released",
        ItemHeld = "item-held",
        ItemReleased = "item-released",
        ReviewHidden = "review-hidden",
        ReviewShown = "review-shown",
        FeeRuleMade = "fee-rule-made",
        FeeRuleWithdrawn = "fee-rule-withdrawn",
        CouponMade = "coupon-made",
        CouponWithdrawn = "coupon-withdrawn",
        RefundGranted = "refund-granted",
        RefundDeclined = "refund-declined",
        OrderCompared = "order-compared",
        MailSentAgain = "mail-sent-again",
        BecameSeller = "became-seller",
        Registered = "registered",
        RegistrationTakenBack = "registration-taken-back",
        PriceChanged = "price-changed",
        TitleChanged = "title-changed",
        /// Published, taken off sale, archived.
        SaleChanged = "sale-changed",
        DeliveryChanged = "delivery-changed",
        LicenceChanged = "licence-changed",
        StockChanged = "stock-changed",
        FilesChanged = "files-changed",
        ShopRenamed = "shop-renamed",
        RefundRuleChanged = "refund-rule-changed",
        RatesChanged = "rates-changed",
        VacationChanged = "vacation-changed",
        OperatorSignedIn = "operator-signed-in",
        SecondFactorOn = "second-factor-on",
        SecondFactorOff = "second-factor-off",
        AccountDeleted = "account-deleted",
    }
}

impl Deed {
    /// A few words for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::UserClosed => "Closed an account",
            Self::UserOpened => "Opened an account again",
            Self::SellerHeld => "Held a seller",
            Self::SellerReleased => "Released a seller",
            Self::ItemHeld => "Held an item",
            Self::ItemReleased => "Released an item",
            Self::ReviewHidden => "Hid a review",
            Self::ReviewShown => "Showed a review again",
            Self::FeeRuleMade => "Made a fee rule",
            Self::FeeRuleWithdrawn => "Withdrew a fee rule",
            Self::CouponMade => "Made a coupon",
            Self::CouponWithdrawn => "Withdrew a coupon",
            Self::RefundGranted => "Granted a refund",
            Self::RefundDeclined => "Declined a refund",
            Self::OrderCompared => "Compared an order with Amazon Payments",
            Self::MailSentAgain => "Had a mail sent again",
            Self::BecameSeller => "Began to sell",
            Self::Registered => "Registered with Amazon Payments",
            Self::RegistrationTakenBack => "Took the registration back",
            Self::PriceChanged => "Changed a price",
            Self::TitleChanged => "Changed a title",
            Self::SaleChanged => "Put on sale or took off",
            Self::DeliveryChanged => "Changed a delivery",
            Self::LicenceChanged => "Changed a licence",
            Self::StockChanged => "Changed a stock",
            Self::FilesChanged => "Changed files",
            Self::ShopRenamed => "Renamed a shop",
            Self::RefundRuleChanged => "Changed a refund rule",
            Self::RatesChanged => "Changed shipping rates",
            Self::VacationChanged => "Began or ended a vacation",
            Self::OperatorSignedIn => "Signed in as operator",
            Self::SecondFactorOn => "Turned a second factor on",
            Self::SecondFactorOff => "Turned a second factor off",
            Self::AccountDeleted => "Deleted their account",
        }
    }
}

words! {
    /// What a deed was done to.
    pub enum Kind {
        User = "user",
        Seller = "seller",
        Item = "item",
        Order = "order",
        FeeRule = "fee-rule",
        Coupon = "coupon",
        Mail = "mail",
        Review = "review",
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    Person {
        id: UserId,
        name: String,
    },
    /// The shop by itself, on the word of Amazon Payments.
    Shop,
}

/// What it was done to, by a name that is still read when there is no such thing any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub kind: Kind,
    pub id: String,
    pub title: String,
}

impl Subject {
    pub fn new(kind: Kind, id: &impl ToString, title: impl Into<String>) -> Self {
        Self { kind, id: id.to_string(), title: title.into() }
    }
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: AuditId,
    pub at: Timestamp,
    pub who: Who,
    pub deed: Deed,
    pub subject: Subject,
    /// In words for people; empty where there was nothing before, or is nothing after.
    pub old: String,
    pub new: String,
    /// Of those who must give one; empty for others.
    pub reason: String,
}

impl Entry {
    pub const fn new(id: AuditId, at: Timestamp, who: Who, deed: Deed, subject: Subject) -> Self {
        Self { id, at, who, deed, subject, old: String::new(), new: String::new(), reason: String::new() }
    }

    #[must_use]
    pub fn changed(self, old: impl Into<String>, new: impl Into<String>) -> Self {
        Self { old: old.into(), new: new.into(), ..self }
    }

    #[must_use]
    pub fn because(self, reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), ..self }
    }
}
