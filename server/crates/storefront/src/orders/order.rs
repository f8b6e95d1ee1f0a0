//! An order with all that was agreed when it was placed.

use super::gifts::Addressee;
use super::refund_terms::RefundPolicy;
use super::state::State;
use crate::catalogue::Delivery;
use crate::coupons::Discount;
use crate::ids::{
    BasketId, CallerReference, FeeRuleId, ItemId, ItemSlug, MerchantId, OrderId, TokenId, UserId,
};
use crate::merchants::{RefundRule, ShippingSpeed};
use fps_protocol::enums::{PaymentMethod, TokenType};
use jiff::Timestamp;
use money::{Money, Percent};

/// Where a physical item goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipping {
    pub name: String,
    pub line1: String,
    pub line2: String,
    pub city: String,
    pub state: String,
    pub zip: String,
    pub country: String,
    pub speed: ShippingSpeed,
}

/// An order about to be placed, with what is agreed by placing it.
#[derive(Debug, Clone)]
pub struct NewOrder {
    pub id: OrderId,
    pub buyer_id: UserId,
    pub item_id: ItemId,
    pub merchant_id: MerchantId,
    pub title: String,
    /// All that is charged: the item's price and what sending it costs.
    pub price: Money,
    /// What of the price is for sending it.
    pub shipping_price: Money,
    /// What a coupon took off; the price is without it.
    pub discount: Option<Discount>,
    pub fixed_fee: Money,
    pub variable_fee: Percent,
    /// Where these fees come from.
    pub fee_rule: Option<FeeRuleId>,
    pub recipient_token: TokenId,
    pub refund_token: Option<TokenId>,
    pub delivery: Delivery,
    pub physical: bool,
    pub shipping: Option<Shipping>,
    /// The version of the item whose files are sold; `None` where there are none.
    pub item_version: Option<i64>,
    pub refund_rule: RefundRule,
    /// Whom it is for, where that is not its buyer.
    pub gift: Option<Addressee>,
    pub caller_reference: CallerReference,
    /// The basket that it was placed with.
    pub basket: Option<BasketId>,
    /// Names what the buyer authorizes it with, where that is for other orders, too.
    pub shared_authorization: Option<CallerReference>,
    pub at: Timestamp,
    /// When Amazon is asked for the first time whether the buyer has confirmed.
    pub check_at: Option<Timestamp>,
}

/// An order as it is kept. What was sold and on what terms never changes after placing; a new attempt pays
/// the merchant as it is registered then.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, whatever the others are")]
pub struct Order {
    pub id: OrderId,
    pub buyer_id: UserId,
    pub buyer_name: String,
    /// Where a buyer without an account is written to.
    pub guest_email: Option<String>,
    pub item_id: ItemId,
    pub item_slug: ItemSlug,
    pub merchant_id: MerchantId,
    pub merchant_user_id: UserId,
    pub merchant_name: String,
    pub title: String,
    /// All that is charged: the item's price and what sending it costs.
    pub price: Money,
    /// What of the price is for sending it.
    pub shipping_price: Money,
    /// What a coupon took off; the price is without it.
    pub discount: Option<Discount>,
    /// What is charged instead of the price, since the seller cannot send all of it.
    pub charged_less: Option<Money>,
    pub fixed_fee: Money,
    pub variable_fee: Percent,
    pub recipient_token: TokenId,
    pub refund_token: Option<TokenId>,
    pub delivery: Delivery,
    pub physical: bool,
    pub shipping: Option<Shipping>,
    /// The version of the item whose files were sold; `None` where there were none.
    pub item_version: Option<i64>,
    /// One of the pieces that the seller counts is this order's.
    pub took_stock: bool,
    /// Within how many days the seller said to send it or have it ready.
    pub handling_days: Option<u8>,
    /// The seller's, as it was when the order was placed.
    pub refund_rule: RefundRule,
    /// It is for somebody else.
    pub is_gift: bool,
    /// Names the present attempt to Amazon.
    pub caller_reference: CallerReference,
    /// The basket that it was placed with.
    pub basket: Option<BasketId>,
    /// Names what the present attempt is authorized with, where that is for other orders, too.
    pub shared_authorization: Option<CallerReference>,
    pub sender_token: Option<TokenId>,
    pub payment_method: Option<PaymentMethod>,
    pub state: State,
    pub refund_attempt: i64,
    /// What the present refund asks for; `None`: all that is left.
    pub refund_amount: Option<Money>,
    /// Who bears the present refund.
    pub refund_policy: RefundPolicy,
    /// What went back in parts so far.
    pub refunded: Money,
    /// Once the money was charged for it: what is not paid is not sent.
    pub shipped_at: Option<Timestamp>,
    /// By which the parcel can be followed.
    pub tracking: Option<String>,
    /// What the seller wrote to the buyer with it.
    pub seller_message: Option<String>,
    pub paid_at: Option<Timestamp>,
    /// Amazon took the Settle of this state on: if the money is only held after that, it was declined.
    pub settle_accepted: bool,
    /// What the marketplace and Amazon took and did not give back with refunds, once it was paid and the
    /// payment method is known.
    pub fees_taken: Option<FeesTaken>,
    /// How often Amazon was asked in this state.
    pub checks: i64,
    pub placed_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeesTaken {
    pub marketplace: Money,
    pub amazon: Money,
}

/// What a merchant says in fulfilling an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fulfilment {
    /// Charge this much, less than the price; `None`: all of it.
    pub amount: Option<Money>,
    pub tracking: Option<String>,
    pub message: Option<String>,
}

impl Order {
    /// What the buyer pays: the price, or what the seller asked for in its place.
    pub fn charged(&self) -> Money {
        self.charged_less.unwrap_or(self.price)
    }

    /// The seller has the money, or what is left of it.
    pub fn is_paid(&self) -> bool {
        matches!(self.state, State::Paid { .. })
    }

    /// What the item would have cost without a coupon, and without sending it.
    pub fn list_price(&self) -> Money {
        let off = self.discount.as_ref().map_or(Money::ZERO, |discount| discount.amount);
        // Both are of one sum that was within bounds.
        self.price.sub(self.shipping_price).and_then(|price| price.add(off)).unwrap_or(self.price)
    }

    /// What was paid and did not go back.
    pub fn left(&self) -> Money {
        self.charged().sub(self.refunded).unwrap_or(Money::ZERO)
    }

    /// The reference and the kind of the token with which the buyer authorizes the present attempt.
    pub fn authorization(&self) -> (&CallerReference, TokenType) {
        match &self.shared_authorization {
            Some(reference) => (reference, TokenType::MultiUse),
            None => (&self.caller_reference, TokenType::SingleUse),
        }
    }

    /// The `CallerReference` of the present refund attempt: a refused one uses its reference up.
    pub fn refund_reference(&self) -> String {
        format!("{}{}", self.refund_reference_prefix(), self.refund_attempt)
    }

    pub fn refund_reference_prefix(&self) -> String {
        format!("{}-refund-", self.caller_reference)
    }
}
