//! Returns that were lost: the buyer confirmed at Amazon Payments, and the way back did not reach the shop. Amazon is
//! asked for the token by the reference that the shop gave (fps.md §5): a job asks for all orders that wait, and
//! whoever looks at their own order asks at once. What is found goes on as a return would have.

use super::order_updates::{self, Outcome, Update};
use super::provenance::{self, NotNow};
use super::{basket, requests};
use crate::Shop;
use crate::coupons::uses;
use crate::ids::{ItemId, OrderId, TokenId, UserId};
use crate::orders::state::{Event, State};
use crate::orders::{self, Order, OrderError, store};
use jiff::{SignedDuration, Timestamp};
use sqlx::AnyConnection;
use std::time::Duration;

/// How long a page waits for Amazon's word; the job asks again anyway.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long ago a buyer may have left a checkout that is asked after when they check out again.
const STILL_MEANT: SignedDuration = SignedDuration::from_hours(24);
/// As many of one buyer's unconfirmed orders of one item are asked after at once.
const MOST_AT_CHECKOUT: i64 = 3;

/// Looks within a minute of each other: as many as fill three hours, in which an authorization that was begun
/// is confirmed or over.
const FREQUENT_LOOKS: i64 = 180;
/// Then the waits double up to an hour, for a day.
const MOST_LOOKS: i64 = FREQUENT_LOOKS + 28;

/// How long until an order that waits is asked after, once it was `looks` times; `None`: no more, unless its buyer
/// comes. It is counted in looks and not in time, so that a clock that leaps changes nothing.
pub fn next_look(looks: i64) -> Option<SignedDuration> {
    if looks >= MOST_LOOKS {
        return None;
    }
    let doubled = |seconds: i64, times: i64| seconds << times.clamp(0, 6);
    let seconds = match looks - FREQUENT_LOOKS {
        ..0 => doubled(10, looks).min(60),
        rare => doubled(120, rare).min(3600),
    };
    Some(SignedDuration::from_secs(seconds))
}

/// What asking Amazon led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// The buyer had confirmed, and the order has gone on.
    Confirmed,
    /// Nothing was confirmed so far.
    Waiting,
    /// Amazon could not be asked.
    NotKnown,
}

/// Asks whether the buyer confirmed the order's present attempt, and goes on if so.
pub async fn ask(shop: &Shop, order: &Order) -> Result<Recovery, OrderError> {
    go_on(shop, order, provenance::token_given_for(shop, order.authorization()).await).await
}

async fn go_on(
    shop: &Shop,
    order: &Order,
    found: Result<Option<TokenId>, NotNow>,
) -> Result<Recovery, OrderError> {
    let token = match found {
        Ok(Some(token)) => token,
        Ok(None) => return Ok(Recovery::Waiting),
        Err(NotNow) => return Ok(Recovery::NotKnown),
    };
    if let (Some(basket), Some(_)) = (&order.basket, &order.shared_authorization) {
        basket::confirmed(shop, basket, &token).await?;
    }
    let update = Update {
        order: order.id.clone(),
        attempt: Some(order.caller_reference.clone()),
        event: Event::Authorized { token, method: None },
        notification: None,
        calls: Vec::new(),
    };
    let applied = order_updates::apply(shop, update).await?;
    match applied.outcome {
        Outcome::Changed => {
            metrics::counter!("shop_lost_returns_recovered_total").increment(1);
            tracing::info!(order = %order.id, "the return of order {} was lost; its authorization is found", order.id);
            requests::send(shop, applied.order).await?;
            Ok(Recovery::Confirmed)
        }
        // The return arrived meanwhile, or a new attempt began.
        Outcome::NothingNew | Outcome::Repeated | Outcome::Refused(_) => {
            let waits = applied.order.state.may_be_authorized();
            Ok(if waits { Recovery::Waiting } else { Recovery::Confirmed })
        }
    }
}

/// The job's look at an order that waits. Answers whether Amazon could be asked.
pub async fn look(shop: &Shop, id: &OrderId) -> Result<bool, OrderError> {
    let order = orders::find(&shop.db, id).await?;
    if order.state != State::AwaitingAuthorization {
        return Ok(true);
    }
    let (looks, wait) = match ask(shop, &order).await? {
        Recovery::Confirmed => return Ok(true),
        Recovery::Waiting => (order.checks + 1, next_look(order.checks + 1)),
        // It says nothing about the buyer, so it does not count.
        Recovery::NotKnown => (order.checks, Some(SignedDuration::from_secs(60))),
    };
    let asked = looks > order.checks;
    let check_at = wait.and_then(|wait| shop.clock.now().checked_add(wait).ok());
    let input = (order, check_at, looks);
    shop.db.transact(input, |c, (order, at, looks)| Box::pin(look_again(c, order, *at, *looks))).await?;
    Ok(asked)
}

/// Asks after the order again then, if ever; of one that is waited for no more the coupon can be used by others.
async fn look_again(
    connection: &mut AnyConnection,
    order: &Order,
    at: Option<Timestamp>,
    looks: i64,
) -> Result<(), sqlx::Error> {
    if at.is_none() {
        uses::give_back(&mut *connection, &order.id).await?;
    }
    store::reschedule(connection, order, at, looks).await
}

/// Somebody looks at an order; it is given as it stands then. If it is theirs and waits, it is asked after at once,
/// though not for long.
pub async fn look_of(shop: &Shop, viewer: &UserId, id: &OrderId) -> Result<Order, OrderError> {
    let order = orders::find(&shop.db, id).await?;
    if order.buyer_id != *viewer || order.state != State::AwaitingAuthorization {
        return Ok(order);
    }
    let asking = provenance::token_given_for(shop, order.authorization());
    match tokio::time::timeout(PATIENCE, asking).await {
        Ok(found) => {
            go_on(shop, &order, found).await?;
            orders::find(&shop.db, id).await
        }
        Err(_) => Ok(order),
    }
}

/// The buyer is about to buy the item: an order of it that they confirmed before and that nobody told the shop of.
pub async fn confirmed_before(
    shop: &Shop,
    buyer: &UserId,
    item: &ItemId,
) -> Result<Option<OrderId>, OrderError> {
    let since = shop.clock.now().saturating_sub(STILL_MEANT).unwrap_or(Timestamp::UNIX_EPOCH);
    for id in store::unconfirmed(&shop.db, buyer, item, since, MOST_AT_CHECKOUT).await? {
        if look_of(shop, buyer, &id).await?.state != State::AwaitingAuthorization {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_a_minute_apart_for_three_hours_and_end_after_a_day() {
        let waits: Vec<i64> = (0..).map_while(next_look).map(|wait| wait.as_secs()).collect();
        assert_eq!(waits[..5], [10, 20, 40, 60, 60]);
        let frequent: i64 = waits.iter().take_while(|wait| **wait <= 60).sum();
        assert!((10_000..12_000).contains(&frequent), "{frequent}");
        let all: i64 = waits.iter().sum();
        assert!((24 * 3600..30 * 3600).contains(&all), "{all}");
        assert_eq!(waits.last(), Some(&3600));
    }
}
