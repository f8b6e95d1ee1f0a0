//! Several items in one purchase, and what was paid ahead.

use super::{Availability, DiscountView, ItemCard, OrderSummary, Seller, ShippingOffer};
use app::form::FormState;
use jiff::Timestamp;
use money::Money;

/// What the viewer has paid ahead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CreditOffer {
    pub total: Money,
    /// The most that one payment can take of it.
    pub largest: Money,
}

/// `/cart`. Posted to it: `add` or `remove`, a slug.
#[derive(Debug, Clone)]
pub struct CartPage {
    /// In the order in which they were put there.
    pub parts: Vec<CartPart>,
    /// Of those that can be bought, without what sending costs.
    pub total: Money,
}

/// `/wishlist`. Posted to it: `add` or `remove`, a slug.
#[derive(Debug, Clone)]
pub struct WishListPage {
    /// What was wished for last first.
    pub parts: Vec<CartPart>,
}

/// An item that somebody put aside, as it can be bought now.
#[derive(Debug, Clone)]
pub struct CartPart {
    pub card: ItemCard,
    pub seller: Seller,
    pub availability: Availability,
    /// The viewer sells it.
    pub own_item: bool,
    /// The viewer has it already, by this order.
    pub owned_order: Option<String>,
    /// What the coupon that was typed at the checkout takes off.
    pub discount: Option<DiscountView>,
}

impl CartPart {
    pub fn can_be_bought(&self) -> bool {
        self.availability == Availability::ForSale && !self.own_item
    }
}

/// `/cart/checkout`. Fields as those of [`CheckoutPage`](super::CheckoutPage), for all of it together.
#[derive(Debug, Clone)]
pub struct CartCheckoutPage {
    /// What can be bought of the cart.
    pub parts: Vec<CartPart>,
    /// Of all of them with the coupon, without what sending costs.
    pub price: Money,
    /// Where a thing is among them: what sending costs in all, at the speeds that every seller offers.
    pub shipping: Option<ShippingOffer>,
    pub credit: CreditOffer,
    /// As in [`CheckoutPage`](super::CheckoutPage).
    pub guest: bool,
    /// Names what the form places.
    pub attempt: String,
    pub form: FormState,
}

/// `/cart/{id}`: what became of a cart that was ordered.
#[derive(Debug, Clone)]
pub struct BasketPage {
    pub id: String,
    pub orders: Vec<OrderSummary>,
    /// It is paid with credit, and nothing was allowed at Amazon Payments.
    pub with_credit: bool,
    /// The buyer has confirmed at Amazon Payments.
    pub confirmed: bool,
    /// What was allowed there is given back.
    pub given_back: bool,
}

/// `/credit`. Fields: `amount`; hidden `next`, the page to go on to.
#[derive(Debug, Clone)]
pub struct CreditPage {
    pub offer: CreditOffer,
    /// The newest first.
    pub credits: Vec<CreditRow>,
    pub form: FormState,
}

#[derive(Debug, Clone)]
pub struct CreditRow {
    pub at: Timestamp,
    pub amount: Money,
    pub left: Money,
    pub status: CreditStatus,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreditStatus {
    /// Amazon has not said yet how the charging ended.
    Pending,
    Ready,
    /// A sentence for people.
    Failed {
        why: String,
    },
    /// The buyer took back at Amazon Payments what was allowed.
    Cancelled,
}
