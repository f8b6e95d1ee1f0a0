//! The checkout of one item.

use super::{CreditOffer, DiscountView, ItemCard, RateRow, Seller, WaySplit};
use app::form::FormState;
use money::Money;

/// Fields: `ship_name ship_line1 ship_line2 ship_city ship_state ship_zip ship_country ship_speed`
/// (physical items; speeds `standard`, `express`), `coupon`, of what is
/// not sent `gift_email`, `gift_name`, `gift_message`, and `payment_method` (`amazon-payments`, `credit`); hidden `attempt`,
/// and `shown` or `shown_standard` and `shown_express`: the [`Quote`]s that the page shows. The buttons `update` only show it
/// anew.
#[derive(Debug, Clone)]
pub struct CheckoutPage {
    pub card: ItemCard,
    pub instant: bool,
    pub seller: Seller,
    /// Of what is sent.
    pub shipping: Option<ShippingOffer>,
    /// What the coupon that was typed takes off.
    pub discount: Option<DiscountView>,
    /// How what is charged divides by each way to pay; of a parcel with the first speed that there is, if it is known.
    pub splits: Vec<WaySplit>,
    /// The viewer has it already, by this order.
    pub owned_order: Option<String>,
    pub credit: CreditOffer,
    /// Whoever buys has no account, or does not use it. Fields beside the others: `email`; hidden `guest`.
    pub guest: bool,
    /// Names what the form places.
    pub attempt: String,
    pub form: FormState,
}

impl CheckoutPage {
    /// What the item costs with the coupon, without sending it.
    pub fn price(&self) -> Money {
        let off = self.discount.as_ref().map_or(Money::ZERO, |discount| discount.amount);
        self.card.price.sub(off).unwrap_or(self.card.price)
    }
}

/// What sending an item costs.
#[derive(Debug, Clone)]
pub struct ShippingOffer {
    /// Those that can be chosen.
    pub countries: Vec<&'static str>,
    /// Of the country that was chosen; `None` while that is no country.
    pub rates: Option<RateRow>,
    /// Where the buyer had something sent before: in words, and the address of this page with it filled in.
    pub known: Vec<(String, String)>,
}
