//! Placing an order.

use super::order_updates::{self, Update};
use super::{cbui_return, payment_terms, recorded, recovery};
use crate::Shop;
use crate::catalogue::{self, Item};
use crate::coupons::uses::{self, CouponError, Use};
use crate::coupons::{Code, Discount, Problem, discount};
use crate::fees;
use crate::ids::{CallerReference, ItemSlug, OrderId, UserId};
use crate::merchants::{self, Merchant, Registration, countries, profile_store};
use crate::orders::gifts::Addressee;
use crate::orders::state::{Event, Milestone};
use crate::orders::timeline::{self, Entry};
use crate::orders::{self, NewOrder, Order, OrderError, Shipping};
use crate::users;
use jiff::{SignedDuration, Timestamp};
use money::Money;
use platform::db::WriteError;
use shop_pages::model::{Availability, Quote};
use sqlx::AnyConnection;
use url::Url;

/// How long an order that was not confirmed stands for the same order placed again.
const SAME_ORDER: SignedDuration = SignedDuration::from_hours(1);
/// How long an attempt stands for the same button pressed again. Later it is another attempt, under another
/// reference: Amazon makes no payment under one that it has seen (fps.md §7.4).
const SAME_ATTEMPT: SignedDuration = SignedDuration::from_secs(60);

/// An order that was placed, with the Co-Branded UI's address where the buyer authorizes the payment.
#[derive(Debug, Clone)]
pub struct Placed {
    pub order: OrderId,
    pub authorize_at: Url,
}

#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    #[error("there is no such item for sale")]
    UnknownItem,
    #[error("a merchant cannot buy from themselves")]
    OwnItem,
    #[error("the buyer has deleted the account meanwhile")]
    NobodysAccount,
    #[error("a physical item needs an address")]
    ShippingMissing,
    /// At this speed, or at all.
    #[error("the seller does not send there")]
    NotSentThere,
    /// The buyer was shown something else, if anything: nothing was placed.
    #[error("the terms are others than the buyer was shown")]
    NotAsShown(Quote),
    /// The coupon takes nothing off: nothing was placed.
    #[error("the coupon cannot be used: {0}")]
    Coupon(Problem),
    #[error("the seller's items cannot be bought at present")]
    NotForSale { seller: String, availability: Availability },
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<CouponError> for PlaceError {
    fn from(error: CouponError) -> Self {
        match error {
            CouponError::Problem(problem) => Self::Coupon(problem),
            CouponError::Database(error) => Self::Database(error),
        }
    }
}

impl WriteError for PlaceError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

/// What a buyer asks for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub item: ItemSlug,
    /// Where it goes, if it is sent.
    pub shipping: Option<Shipping>,
    pub coupon: Option<Code>,
    /// Whom it is for, where that is not its buyer; of what is sent, the address says it.
    pub gift: Option<Addressee>,
    pub shown: Shown,
}

/// What the buyer chose, and what the outside gives to one order.
#[derive(Debug)]
pub(super) struct Choice {
    pub id: OrderId,
    pub reference: CallerReference,
    pub buyer: UserId,
    pub asked: Asked,
    pub now: Timestamp,
}

/// What the buyer was shown before pressing the button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It is agreed to whatever the terms are: whoever orders without our page sees them at Amazon Payments.
    Anything,
    /// `None`: no price yet, because it was not known where it goes.
    Terms(Option<Quote>),
}

/// Places an order for the item on its present terms. Nothing is paid before the buyer authorizes it.
pub async fn place(shop: &Shop, buyer: &UserId, asked: Asked) -> Result<Placed, PlaceError> {
    let choice = Choice::new(shop, buyer, asked);
    let now = choice.now;
    let (order, begun) = shop.db.transact(choice, |c, choice| Box::pin(place_in(c, choice))).await?;
    let order =
        if now.duration_since(begun) < SAME_ATTEMPT { order } else { begin_anew(shop, order).await? };
    recorded::placed(shop, &order);
    let authorize_at = shop.fps.single_use_url(&payment_terms::payment(&order), cbui_return::PATH);
    Ok(Placed { order: order.id, authorize_at })
}

impl Choice {
    pub(super) fn new(shop: &Shop, buyer: &UserId, asked: Asked) -> Self {
        let (id, reference) = (shop.new_id(), shop.new_id());
        Self { id, reference, buyer: buyer.clone(), asked, now: shop.clock.now() }
    }
}

/// Whoever was faster has begun the new attempt: it is theirs, too.
async fn begin_anew(shop: &Shop, order: Order) -> Result<Order, OrderError> {
    let attempt = Some(order.caller_reference);
    let update =
        Update { order: order.id, attempt, event: Event::Restart, notification: None, calls: Vec::new() };
    Ok(order_updates::apply(shop, update).await?.order)
}

/// The order, and when its present attempt began.
async fn place_in(connection: &mut AnyConnection, choice: &Choice) -> Result<(Order, Timestamp), PlaceError> {
    // Whoever presses the button twice at once gets one order.
    if !users::store::lock(connection, &choice.buyer).await? {
        return Err(PlaceError::NobodysAccount);
    }
    let offer = Offer::look_up(connection, choice).await?;
    let coupon = choice.asked.coupon.as_ref();
    let discount =
        discounts(connection, coupon, &choice.buyer, std::slice::from_ref(&offer), choice.now).await?;
    let new = offer.agree(connection, choice, discount.into_iter().next().flatten()).await?;
    let since = choice.now.saturating_sub(SAME_ORDER).unwrap_or(Timestamp::UNIX_EPOCH);
    let (id, begun) = if let Some(same) = orders::store::lock_same_as(connection, &new, since).await? {
        same
    } else {
        insert(connection, &new).await?;
        (new.id, choice.now)
    };
    let order = orders::store::load(connection, &id).await?.ok_or(PlaceError::UnknownItem)?;
    Ok((order, begun))
}

pub(super) async fn insert(connection: &mut AnyConnection, new: &NewOrder) -> Result<(), CouponError> {
    orders::store::insert(connection, new).await?;
    if let Some(discount) = &new.discount {
        let purchase = new.basket.as_ref().map_or(new.id.as_str(), |basket| basket.as_str());
        let used = Use { order: &new.id, purchase, buyer: &new.buyer_id, discount };
        uses::take(connection, used, new.at).await?;
    }
    let paid_ahead = new.basket.is_some() && new.shared_authorization.is_none();
    let detail =
        if paid_ahead { "To be paid with the buyer\u{2019}s credit.".to_owned() } else { String::new() };
    let entry = Entry { at: new.at, milestone: Milestone::Placed, detail };
    Ok(timeline::add(connection, &new.id, &entry).await?)
}

/// What the coupon takes off each of these; none without one.
pub(super) async fn discounts(
    connection: &mut AnyConnection,
    coupon: Option<&Code>,
    buyer: &UserId,
    offers: &[Offer],
    now: Timestamp,
) -> Result<Vec<Option<Discount>>, CouponError> {
    let Some(code) = coupon else { return Ok(vec![None; offers.len()]) };
    let wanted: Vec<_> = offers.iter().map(|offer| (&offer.item, &offer.merchant)).collect();
    uses::apply(connection, code, Some(buyer), &wanted, now).await
}

/// What is sold and by whom, as the item's and the merchant's rows say now.
#[derive(Debug)]
pub(super) struct Offer {
    item: Item,
    merchant: Merchant,
    registration: Registration,
    shipping_price: Money,
}

impl Offer {
    pub(super) async fn look_up(connection: &mut AnyConnection, choice: &Choice) -> Result<Self, PlaceError> {
        let item = catalogue::store::by_slug(&mut *connection, &choice.asked.item).await?;
        let item = item.ok_or(PlaceError::UnknownItem)?;
        let merchant = merchants::store::by_id(&mut *connection, &item.merchant_id).await?;
        if merchant.user_id == choice.buyer {
            return Err(PlaceError::OwnItem);
        }
        let held = catalogue::holds::of_item(&mut *connection, &item.id).await?.is_some();
        let availability = if held { Availability::Held } else { item.availability(&merchant) };
        let (Availability::ForSale, Some(registration)) = (&availability, &merchant.registration) else {
            return Err(PlaceError::NotForSale { seller: merchant.name, availability });
        };
        let registration = registration.clone();
        let shipping_price = if item.physical {
            shipping_price(&mut *connection, &merchant, choice).await?
        } else {
            Money::ZERO
        };
        Ok(Self { item, merchant, registration, shipping_price })
    }

    /// On what terms, and whether those are what the buyer was shown.
    pub(super) async fn agree(
        self,
        connection: &mut AnyConnection,
        choice: &Choice,
        discount: Option<Discount>,
    ) -> Result<NewOrder, PlaceError> {
        let Self { item, merchant, registration, shipping_price } = self;
        let bad_sum = |error: money::MoneyError| OrderError::Inconsistent(error.to_string());
        let before = item.price.add(shipping_price).map_err(bad_sum)?;
        let off = discount.as_ref().map_or(Money::ZERO, |discount| discount.amount);
        let (price, total) = (item.price.sub(off).map_err(bad_sum)?, before.sub(off).map_err(bad_sum)?);
        let quote = Quote { price, shipping: shipping_price };
        if matches!(choice.asked.shown, Shown::Terms(shown) if shown != Some(quote)) {
            return Err(PlaceError::NotAsShown(quote));
        }
        let book = fees::in_force(connection, Some(&merchant), choice.now).await?;
        let fee = discount::fee(&book, &item.category, before, discount.as_ref());
        Ok(NewOrder {
            id: choice.id.clone(),
            buyer_id: choice.buyer.clone(),
            item_id: item.id,
            merchant_id: merchant.id,
            title: item.title,
            price: total,
            shipping_price,
            discount,
            fixed_fee: fee.fixed,
            variable_fee: fee.variable,
            fee_rule: fee.rule,
            recipient_token: registration.recipient_token,
            refund_token: registration.refund_token,
            delivery: item.delivery,
            physical: item.physical,
            shipping: choice.asked.shipping.clone(),
            item_version: item.version,
            refund_rule: merchant.refund_rule,
            gift: choice.asked.gift.clone().filter(|_| !item.physical),
            caller_reference: choice.reference.clone(),
            basket: None,
            shared_authorization: None,
            at: choice.now,
            check_at: recovery::next_look(0).and_then(|wait| choice.now.checked_add(wait).ok()),
        })
    }
}

/// What the seller asks for sending it where the buyer said, as fast as the buyer chose.
async fn shipping_price(
    connection: &mut AnyConnection,
    merchant: &Merchant,
    choice: &Choice,
) -> Result<Money, PlaceError> {
    let to = choice.asked.shipping.as_ref().ok_or(PlaceError::ShippingMissing)?;
    let country = countries::named(&to.country).ok_or(PlaceError::NotSentThere)?;
    let rates = profile_store::rates_of(connection, &merchant.id).await?;
    rates.price(country.region, to.speed).ok_or(PlaceError::NotSentThere)
}
