//! Users who sell, and their registration as recipients at Amazon Payments.

pub mod countries;
pub mod people;
pub mod profile_store;
mod rates;
mod refund_rule;
pub mod store;
mod view;

pub use rates::{Rate, Region, ShippingRates, ShippingSpeed};
pub use refund_rule::RefundRule;

use crate::ids::{CallerReference, MerchantId, SellerSlug, TokenId, UserId};
use crate::users::Hold;
use jiff::Timestamp;
use money::{Money, Percent};

/// A user who sells. Can list items once registered as a recipient at Amazon Payments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merchant {
    pub id: MerchantId,
    pub user_id: UserId,
    pub name: String,
    /// Names the registration under way, or the last one, to Amazon: the Recipient pipeline's callerReference.
    pub registration_reference: Option<CallerReference>,
    pub registration: Option<Registration>,
    /// The registration was taken back at Amazon Payments, and there is no new one.
    pub cancelled_at: Option<Timestamp>,
    /// For orders that are placed from now on.
    pub refund_rule: RefundRule,
    /// `None` until the shop has started once since it had none.
    pub slug: Option<SellerSlug>,
    pub profile: Profile,
    /// Nothing can be bought meanwhile: why and until when, in the seller's words. Open orders go on.
    pub vacation: Option<String>,
    /// The operator holds the shop: nothing of it can be bought.
    pub hold: Option<Hold>,
    /// What the marketplace may take at the most, as agreed with the registration, or offered with the one under way.
    pub fee_caps: FeeCaps,
}

/// What the seller's page says beside the name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// Where the picture stands among the [`Files`](crate::files::Files).
    pub picture_key: Option<String>,
    pub about: String,
    /// Addresses elsewhere.
    pub links: Vec<String>,
}

/// The most that a marketplace may take of each sale: the Recipient pipeline's maxFixedFee and maxVariableFee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeCaps {
    pub fixed: Money,
    pub variable: Percent,
}

impl Default for FeeCaps {
    /// What every seller agreed to before fees had rules.
    fn default() -> Self {
        Self { fixed: Money::from_cents(5), variable: Percent::from_ten_thousandths(100_000) }
    }
}

/// What the Recipient pipeline gave to the shop, so that the merchant can be paid and can pay back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    pub recipient_token: TokenId,
    /// Only the return names it: `None` where the return was lost and the registration found again. Refunds do
    /// without it.
    pub refund_token: Option<TokenId>,
    pub at: Timestamp,
}

impl Merchant {
    /// One who has only chosen a name so far.
    pub fn new(id: MerchantId, user_id: UserId, name: String) -> Self {
        Self {
            id,
            user_id,
            name,
            registration_reference: None,
            registration: None,
            cancelled_at: None,
            refund_rule: RefundRule::default(),
            slug: None,
            profile: Profile::default(),
            vacation: None,
            hold: None,
            fee_caps: FeeCaps::default(),
        }
    }

    pub fn is_registered(&self) -> bool {
        self.registration.is_some()
    }
}
