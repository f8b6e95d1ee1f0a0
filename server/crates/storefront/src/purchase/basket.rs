//! Several items in one purchase. Each is an order of its own, with a payment of its own, so that parts succeed and fail
//! alone, and each is cancelled and refunded by its seller's rule; what they share is the buyer's confirmation.
//!
//! With Amazon Payments that is one visit to the Co-Branded UI for a token of several payments (`MultiUse`, fps.md §7.2): it
//! pays the sellers of the basket and nobody else, no more than the dearest order at a time and no more than all of them
//! together. Once each order had its try the token is given back; what it reserved can be settled all the same. With credit
//! there is no visit.

use super::cbui_return::{self, ReturnError};
use super::order_updates::{self, Outcome, Update};
use super::place::{self, Asked, Choice, Offer, PlaceError, Shown};
use super::{cart, credit, provenance, recorded, requests};
use crate::Shop;
use crate::baskets::{Basket, BasketId, store};
use crate::cart::{CartOwner, List};
use crate::coupons::uses::CouponError;
use crate::coupons::{Code, Problem};
use crate::fps_client::{BasketTerms, Reply};
use crate::ids::{ItemId, ItemSlug, OrderId, TokenId, UserId};
use crate::orders::gifts::Addressee;
use crate::orders::state::{Event, State};
use crate::orders::{self, NewOrder, Order, OrderError, Shipping};
use crate::users;
use fps_protocol::cbui::CbuiStatus;
use fps_protocol::enums::TokenType;
use jiff::{SignedDuration, Timestamp};
use money::Money;
use platform::db::WriteError;
use shop_pages::model::Quote;
use sqlx::AnyConnection;
use std::time::Duration;
use url::Url;

/// The returnURL's path.
pub const RETURN_PATH: &str = "/cart/return";

/// How long a token is good at the most: what is reserved is settled within seven days.
const VALID_FOR: SignedDuration = SignedDuration::from_hours(8 * 24);
/// How long a basket that was not confirmed stands for the same form sent again.
const SAME_BASKET: SignedDuration = SignedDuration::from_hours(1);
/// How long ago a buyer may have left a basket that is asked after when they check out again.
const STILL_MEANT: SignedDuration = SignedDuration::from_hours(24);
const MOST_AT_CHECKOUT: i64 = 3;
const PATIENCE: Duration = Duration::from_secs(3);
/// How long the orders have to be tried before a token is looked at.
const A_MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// What a buyer asks for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The form names it: sent twice, it means one.
    pub id: BasketId,
    pub buyer: UserId,
    pub items: Vec<ItemSlug>,
    /// Where those go that are sent.
    pub shipping: Option<Shipping>,
    /// Takes something off each of them that it is for.
    pub coupon: Option<Code>,
    /// Whom it is for, where that is not the buyer.
    pub gift: Option<Addressee>,
    /// Of all of it together.
    pub shown: Shown,
    pub with: PaidWith,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaidWith {
    AmazonPayments,
    Credit,
}

/// A basket that was placed, and where its buyer goes next.
#[derive(Debug, Clone)]
pub struct Placed {
    pub basket: BasketId,
    pub orders: Vec<OrderId>,
    /// The Co-Branded UI's address where they authorize the payments; `None`: it is paid, as far as it could be.
    pub authorize_at: Option<Url>,
}

#[derive(Debug, thiserror::Error)]
pub enum BasketError {
    #[error("there is nothing in it")]
    Empty,
    /// It is another buyer's.
    #[error("there is no such basket")]
    Unknown,
    #[error("{item} cannot be ordered: {why}")]
    Part { item: ItemSlug, why: PlaceError },
    /// The buyer was shown something else, if anything: nothing was placed.
    #[error("the terms are others than the buyer was shown")]
    NotAsShown(Quote),
    /// The coupon takes nothing off: nothing was placed.
    #[error("the coupon cannot be used: {0}")]
    Coupon(Problem),
    /// The orders cannot all be paid, each out of one credit.
    #[error("the credit does not suffice")]
    CreditTooSmall,
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<CouponError> for BasketError {
    fn from(error: CouponError) -> Self {
        match error {
            CouponError::Problem(problem) => Self::Coupon(problem),
            CouponError::Database(error) => Self::Database(error),
        }
    }
}

impl WriteError for BasketError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Order(error) => error.database_error(),
            Self::Part { why, .. } => why.database_error(),
            Self::Empty | Self::Unknown | Self::NotAsShown(_) | Self::Coupon(_) | Self::CreditTooSmall => {
                None
            }
        }
    }
}

/// Places an order for each item on its present terms, all or none of them. With Amazon Payments nothing is paid before the
/// buyer authorizes it; with credit each is paid now.
pub async fn place(shop: &Shop, wanted: Wanted) -> Result<Placed, BasketError> {
    let wanted = match placed_before(shop, &wanted).await? {
        Before::Nothing => wanted,
        Before::Placed(placed) => return Ok(placed),
        Before::GivenUp => Wanted { id: shop.new_id(), ..wanted },
    };
    let plan = Plan::new(shop, wanted);
    let tokens = plan.credit(shop).await?;
    let (basket, paid_ahead) = (plan.basket.id.clone(), plan.basket.caller_reference.is_none());
    let orders = shop.db.transact(plan, |c, plan| Box::pin(plan.carry_out(c))).await?;
    let authorize_at = if paid_ahead {
        for (order, token) in orders.iter().zip(tokens) {
            credit::pay(shop, order, token).await?;
        }
        forget_cart(shop, &orders).await?;
        None
    } else {
        Some(authorization(shop, &orders)?)
    };
    Ok(Placed { basket, orders: orders.into_iter().map(|order| order.id).collect(), authorize_at })
}

/// What a form that was sent before has led to.
enum Before {
    Nothing,
    Placed(Placed),
    /// The buyer left Amazon Payments, or it is long ago: it is placed anew, under another name.
    GivenUp,
}

async fn placed_before(shop: &Shop, wanted: &Wanted) -> Result<Before, BasketError> {
    let Some(basket) = store::load(shop.db.readers(), &wanted.id).await? else { return Ok(Before::Nothing) };
    if basket.buyer_id != wanted.buyer {
        return Err(BasketError::Unknown);
    }
    let orders = orders::store::of_basket(shop.db.readers(), &basket.id).await?;
    let waits = basket.caller_reference.is_some() && basket.sender_token.is_none();
    let is_fresh = shop.clock.now().duration_since(basket.at) < SAME_BASKET
        && orders.iter().all(|order| order.state == State::AwaitingAuthorization);
    if waits && !is_fresh {
        return Ok(Before::GivenUp);
    }
    let authorize_at = if waits { Some(authorization(shop, &orders)?) } else { None };
    let orders = orders.into_iter().map(|order| order.id).collect();
    Ok(Before::Placed(Placed { basket: basket.id, orders, authorize_at }))
}

/// What is to be placed, with what the outside gives to it.
#[derive(Debug)]
struct Plan {
    basket: Basket,
    choices: Vec<Choice>,
    coupon: Option<Code>,
    shown: Shown,
}

impl Plan {
    fn new(shop: &Shop, wanted: Wanted) -> Self {
        let Wanted { id, buyer, items, shipping, coupon, gift, shown, with } = wanted;
        let choice = |item| {
            // What was shown, and the coupon, are of all together.
            let (shipping, gift) = (shipping.clone(), gift.clone());
            let asked = Asked { item, shipping, coupon: None, gift, shown: Shown::Anything };
            Choice::new(shop, &buyer, asked)
        };
        let choices = items.into_iter().map(choice).collect();
        let caller_reference = (with == PaidWith::AmazonPayments).then(|| shop.new_id());
        let basket = Basket {
            id,
            buyer_id: buyer,
            caller_reference,
            sender_token: None,
            closed_at: None,
            close_at: None,
            at: shop.clock.now(),
        };
        Self { basket, choices, coupon, shown }
    }

    /// The token that pays each order, where they are paid with credit.
    async fn credit(&self, shop: &Shop) -> Result<Vec<TokenId>, BasketError> {
        if self.basket.caller_reference.is_some() {
            return Ok(Vec::new());
        }
        let agreed: Vec<NewOrder> = shop.db.snapshot(self, |c, plan| Box::pin(plan.agree(c))).await?;
        let prices: Vec<Money> = agreed.iter().map(|new| new.price).collect();
        let credits = credit::spendable(shop, &self.basket.buyer_id).await?;
        credit::tokens_for(&credits, &prices).ok_or(BasketError::CreditTooSmall)
    }

    async fn agree(&self, connection: &mut AnyConnection) -> Result<Vec<NewOrder>, BasketError> {
        let refused = |choice: &Choice, why| BasketError::Part { item: choice.asked.item.clone(), why };
        let mut offers = Vec::new();
        for choice in &self.choices {
            let offer = Offer::look_up(connection, choice).await;
            offers.push(offer.map_err(|why| refused(choice, why))?);
        }
        let (buyer, now) = (&self.basket.buyer_id, self.basket.at);
        let discounts = place::discounts(connection, self.coupon.as_ref(), buyer, &offers, now).await?;
        let mut agreed = Vec::new();
        for ((choice, offer), discount) in self.choices.iter().zip(offers).zip(discounts) {
            let new = offer.agree(connection, choice, discount).await;
            let new = new.map_err(|why| refused(choice, why))?;
            agreed.push(NewOrder {
                basket: Some(self.basket.id.clone()),
                shared_authorization: self.basket.caller_reference.clone(),
                shipping: new.shipping.filter(|_| new.physical),
                ..new
            });
        }
        if agreed.is_empty() {
            return Err(BasketError::Empty);
        }
        let quote = quote(&agreed)?;
        match self.shown {
            Shown::Terms(shown) if shown != Some(quote) => Err(BasketError::NotAsShown(quote)),
            _ => Ok(agreed),
        }
    }

    /// Who sends the form twice at once gets one basket.
    async fn carry_out(&self, connection: &mut AnyConnection) -> Result<Vec<Order>, BasketError> {
        if !users::store::lock(connection, &self.basket.buyer_id).await? {
            // The account was deleted meanwhile, and its cart with it.
            return Err(BasketError::Empty);
        }
        if store::load(&mut *connection, &self.basket.id).await?.is_none() {
            let agreed = self.agree(connection).await?;
            store::insert(connection, &self.basket).await?;
            for new in &agreed {
                place::insert(connection, new).await?;
            }
        }
        Ok(orders::store::of_basket(connection, &self.basket.id).await?)
    }
}

/// What all of it costs.
fn quote(orders: &[NewOrder]) -> Result<Quote, OrderError> {
    let sum = |parts: &mut dyn Iterator<Item = Money>| Money::sum(parts).map_err(|_| bad_sum());
    let shipping = sum(&mut orders.iter().map(|new| new.shipping_price))?;
    let total = sum(&mut orders.iter().map(|new| new.price))?;
    Ok(Quote { price: total.sub(shipping).map_err(|_| bad_sum())?, shipping })
}

fn bad_sum() -> OrderError {
    OrderError::Inconsistent("a basket's sum or reference".to_owned())
}

/// Where the buyer confirms all of them at once.
fn authorization(shop: &Shop, orders: &[Order]) -> Result<Url, BasketError> {
    let reference = orders.iter().find_map(|order| order.shared_authorization.clone()).ok_or_else(bad_sum)?;
    let total = Money::sum(orders.iter().map(|order| order.price)).map_err(|_| bad_sum())?;
    let largest = orders.iter().map(|order| order.price).max().ok_or_else(bad_sum)?;
    let mut recipient_tokens: Vec<TokenId> = Vec::new();
    for order in orders {
        if !recipient_tokens.contains(&order.recipient_token) {
            recipient_tokens.push(order.recipient_token.clone());
        }
    }
    let began = orders.iter().map(|order| order.placed_at).min().unwrap_or_else(|| shop.clock.now());
    let terms = BasketTerms {
        reference,
        largest,
        total,
        recipient_tokens,
        reason: reason(orders),
        expires: began.checked_add(VALID_FOR).unwrap_or(Timestamp::MAX),
    };
    for order in orders {
        recorded::placed(shop, order);
    }
    Ok(shop.fps.multi_use_url(&terms, RETURN_PATH))
}

/// "3 items: Now and Forever, …", as far as Amazon's page takes it.
fn reason(orders: &[Order]) -> String {
    let titles: Vec<&str> = orders.iter().map(|order| order.title.as_str()).collect();
    match titles.as_slice() {
        [one] => (*one).to_owned(),
        several => format!("{} items: {}", several.len(), several.join(", ")),
    }
}

/// Takes the query of a return. On the first one that authorizes the basket each order is paid; the same return again leads
/// to the same basket and changes nothing.
pub async fn accept_return(shop: &Shop, query: &str) -> Result<BasketId, ReturnError> {
    let back = cbui_return::read(shop, RETURN_PATH, query).await?;
    let reference = cbui_return::reference(&back)?;
    let basket = store::by_reference(&shop.db, &reference).await?.ok_or(ReturnError::UnknownOrder)?;
    let authorization = (&reference, TokenType::MultiUse);
    let found = match (back.status, &basket.sender_token) {
        // It is also said of a reference that was used: of a basket that the buyer has confirmed already.
        (CbuiStatus::PaymentNotPossible, None) => provenance::token_given_for(shop, authorization).await?,
        _ => None,
    };
    let event = match found {
        Some(token) => Event::Authorized { token, method: None },
        None => cbui_return::event(&back)?,
    };
    if let Event::Authorized { token, .. } = &event {
        let is_known = basket.sender_token.as_ref() == Some(token);
        let is_ours = is_known
            || basket.sender_token.is_none() && provenance::is_our_token(shop, token, &reference).await?;
        if !is_ours {
            tracing::warn!(basket = %basket.id, "a return for basket {} has a token that does not fit", basket.id);
            return Err(ReturnError::DoesNotFit);
        }
        confirmed(shop, &basket.id, token).await?;
    }
    tell_orders(shop, &basket, &event).await?;
    close_if_tried(shop, &basket.id).await?;
    Ok(basket.id)
}

/// One after the other: what one seller cannot be paid keeps the next from nothing.
async fn tell_orders(shop: &Shop, basket: &Basket, event: &Event) -> Result<(), OrderError> {
    for order in orders::store::of_basket(shop.db.readers(), &basket.id).await? {
        if order.shared_authorization.is_none() {
            continue;
        }
        let attempt = Some(order.caller_reference);
        let (id, event) = (order.id, event.clone());
        let update = Update { order: id.clone(), attempt, event, notification: None, calls: Vec::new() };
        let applied = order_updates::apply(shop, update).await?;
        match applied.outcome {
            Outcome::Changed => requests::send(shop, applied.order).await?,
            Outcome::NothingNew | Outcome::Repeated => {}
            Outcome::Refused(refused) => {
                tracing::warn!(order = %id, %refused, "a return of a basket was refused for order {id}");
            }
        }
    }
    Ok(())
}

/// The buyer has confirmed: the token is kept, to be given back, and what is being bought is in no cart any more.
pub(super) async fn confirmed(shop: &Shop, basket: &BasketId, token: &TokenId) -> Result<(), sqlx::Error> {
    let close_at = shop.clock.now().checked_add(A_MINUTE).unwrap_or(Timestamp::MAX);
    let input = (basket.clone(), token.clone(), close_at);
    shop.db
        .transact(input, |c, (basket, token, close_at)| Box::pin(store::confirm(c, basket, token, *close_at)))
        .await?;
    forget_cart(shop, &orders::store::of_basket(shop.db.readers(), basket).await?).await
}

async fn forget_cart(shop: &Shop, orders: &[Order]) -> Result<(), sqlx::Error> {
    let Some(first) = orders.first() else { return Ok(()) };
    let items: Vec<ItemId> = orders.iter().map(|order| order.item_id.clone()).collect();
    cart::take_out(shop, List::Cart, CartOwner::user(&first.buyer_id), items).await
}

/// Gives the token back once no order waits for its try any more. What is pending or reserved goes on without it.
pub async fn close_if_tried(shop: &Shop, id: &BasketId) -> Result<(), sqlx::Error> {
    let Some(basket) = store::load(shop.db.readers(), id).await? else { return Ok(()) };
    let (Some(token), Some(_)) = (basket.sender_token, basket.close_at) else { return Ok(()) };
    let orders = orders::store::of_basket(shop.db.readers(), id).await?;
    let waits = |order: &Order| {
        let untried = matches!(order.state, State::AwaitingAuthorization | State::Authorized { .. });
        untried && order.shared_authorization.is_some()
    };
    let given_back = if orders.iter().any(waits) {
        false
    } else {
        begin_to_close(shop, id).await?;
        let reason = "Each payment that it was for has been made or tried";
        // A refusal says that it is of no use to anybody any more.
        !matches!(shop.fps.cancel_token(&token, reason).await, Reply::Unknown)
    };
    let next = if given_back { None } else { shop.clock.now().checked_add(A_MINUTE).ok() };
    let input = (id.clone(), next);
    shop.db.transact(input, |c, (id, next)| Box::pin(store::look_again(c, id, *next))).await
}

/// Kept before Amazon is asked: it tells of every token that is cancelled, also by the shop itself.
async fn begin_to_close(shop: &Shop, id: &BasketId) -> Result<(), sqlx::Error> {
    let input = (id.clone(), shop.clock.now());
    shop.db.transact(input, |c, (id, now)| Box::pin(store::close(c, id, *now))).await
}

/// The buyer is about to buy what is in the cart: a basket that they confirmed before and that nobody told the shop of.
pub async fn confirmed_before(shop: &Shop, buyer: &UserId) -> Result<Option<BasketId>, ReturnError> {
    let since = shop.clock.now().saturating_sub(STILL_MEANT).unwrap_or(Timestamp::UNIX_EPOCH);
    for basket in store::unconfirmed(&shop.db, buyer, since, MOST_AT_CHECKOUT).await? {
        let Some(reference) = &basket.caller_reference else { continue };
        let asking = provenance::token_given_for(shop, (reference, TokenType::MultiUse));
        let Ok(Ok(Some(token))) = tokio::time::timeout(PATIENCE, asking).await else { continue };
        confirmed(shop, &basket.id, &token).await?;
        tell_orders(shop, &basket, &Event::Authorized { token, method: None }).await?;
        close_if_tried(shop, &basket.id).await?;
        return Ok(Some(basket.id));
    }
    Ok(None)
}

/// What the buyer sees of a basket: its orders as they stand.
pub async fn find(shop: &Shop, buyer: &UserId, id: &BasketId) -> Result<(Basket, Vec<Order>), OrderError> {
    let basket = store::load(shop.db.readers(), id).await?.filter(|basket| basket.buyer_id == *buyer);
    let basket = basket.ok_or(OrderError::NotFound)?;
    let orders = orders::store::of_basket(shop.db.readers(), id).await?;
    Ok((basket, orders))
}

/// A token that was cancelled is of a basket: the orders that the news is for. `None`: of no basket; none: the shop gave it
/// back itself.
pub(super) async fn of_cancelled_token(
    shop: &Shop,
    token: &TokenId,
) -> Result<Option<Vec<OrderId>>, sqlx::Error> {
    let Some(basket) = store::by_sender_token(&shop.db, token).await? else { return Ok(None) };
    if basket.closed_at.is_some() {
        return Ok(Some(Vec::new()));
    }
    let orders = orders::store::of_basket(shop.db.readers(), &basket.id).await?;
    Ok(Some(orders.into_iter().map(|order| order.id).collect()))
}
