//! What a refund would do: who decides on it, and who gives how much of it back.

use super::order::{FeesTaken, Order};
use super::terms;
use crate::merchants::RefundRule;
use jiff::{SignedDuration, Timestamp};
use money::{Money, MoneyError};
use text_types::words;

words! {
    /// Who bears a refund. Amazon gives back its fee in proportion with either. That the marketplace alone gives its fee
    /// to the seller, and the buyer gets nothing, is no refund of an order: it is not the seller's to choose.
    pub enum RefundPolicy {
        /// Seller and marketplace each give back what they got of it.
        Shared = "shared",
        /// The marketplace keeps its fee, and the seller gives that back, too.
        SellerAlone = "seller_alone",
    }
}

/// What becomes of a buyer's wish to have the money back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is paid back without asking anybody.
    AtOnce,
    BySeller(Because),
}

/// Why the seller is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    OnRequest,
    DaysOver,
    Downloaded,
}

/// Who decides now, by the rule that the order was made under; `fetched_at` is when its file was first fetched.
pub fn decision(order: &Order, fetched_at: Option<Timestamp>, now: Timestamp) -> Decision {
    let RefundRule::AtOnce { days, unless_downloaded } = order.refund_rule else {
        return Decision::BySeller(Because::OnRequest);
    };
    let days = SignedDuration::from_hours(24 * i64::from(days));
    // What is not paid yet has all its days before it.
    let over = order.paid_at.is_some_and(|paid_at| now.duration_since(paid_at) > days);
    match (over, unless_downloaded && fetched_at.is_some()) {
        (true, _) => Decision::BySeller(Because::DaysOver),
        (false, true) => Decision::BySeller(Because::Downloaded),
        (false, false) => Decision::AtOnce,
    }
}

/// What the buyer gets, and who gives how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundParts {
    pub buyer: Money,
    pub merchant: Money,
    pub marketplace: Money,
    pub amazon: Money,
}

/// How a refund of this much would be borne: fees go back in proportion to all that went back by then, so that parts add
/// up to the whole. `None` while it is not known how it was paid.
pub fn parts(order: &Order, amount: Money, policy: RefundPolicy) -> Result<Option<RefundParts>, MoneyError> {
    let (Some(whole), Some(taken)) = (whole_fees(order)?, order.fees_taken) else { return Ok(None) };
    let (charged, before) = (order.charged(), order.refunded);
    let after = before.add(amount)?;
    let share = |fee: Money| fee.proportion(after, charged)?.sub(fee.proportion(before, charged)?);
    let marketplace = match policy {
        RefundPolicy::Shared => share(whole.marketplace)?.min(taken.marketplace),
        RefundPolicy::SellerAlone => Money::ZERO,
    };
    let amazon = share(whole.amazon)?;
    let merchant = amount.sub(marketplace)?.sub(amazon)?;
    Ok(Some(RefundParts { buyer: amount, merchant, marketplace, amazon }))
}

/// What is taken off what was charged, if it is known how it was paid.
pub fn whole_fees(order: &Order) -> Result<Option<FeesTaken>, MoneyError> {
    let Some(method) = order.payment_method else { return Ok(None) };
    let split = terms::split(order.charged(), order.fixed_fee, order.variable_fee, method)?;
    Ok(Some(FeesTaken { marketplace: split.marketplace, amazon: split.amazon }))
}
