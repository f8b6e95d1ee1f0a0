//! The use of a coupon that lowers an order's price: confirmed with the buyer's authorization, given back when no money is
//! taken after all, and taken again by a new attempt.

use super::Decision;
use crate::coupons::uses::{self, CouponError, Use};
use crate::orders::state::{Milestone, State, Transition};
use crate::orders::{Order, OrderError};
use jiff::Timestamp;
use sqlx::AnyConnection;

/// What a buyer reads whose use went to somebody else while they were away.
const GONE: &str = "The coupon was used as often as it can be before you confirmed. Nothing was charged; the item can be ordered without it.";

/// Before a piece is taken: whoever confirms has the use, or takes one that is left. The order has the state that it is
/// about to get.
pub(super) async fn confirm(
    connection: &mut AnyConnection,
    order: &mut Order,
    decision: Decision,
    now: Timestamp,
) -> Result<Decision, OrderError> {
    let Decision::Move(transition) = &decision else { return Ok(decision) };
    match transition.milestone {
        Milestone::Authorized if order.discount.is_some() => {
            if uses::confirm(connection, &order.id).await? {
                return Ok(decision);
            }
            if take(connection, order, now).await? {
                uses::confirm(connection, &order.id).await?;
                return Ok(decision);
            }
            order.state = State::AuthorizationFailed { why: GONE.to_owned() };
            let (to, milestone) = (order.state.clone(), Milestone::AuthorizationFailed);
            Ok(Decision::Move(Transition {
                to,
                milestone,
                detail: GONE.to_owned(),
                notice: None,
                grant: None,
            }))
        }
        // What the last attempt held is as good as a new use.
        Milestone::Restarted if order.discount.is_some() => {
            uses::give_back(connection, &order.id).await?;
            if take(connection, order, now).await? { Ok(decision) } else { Err(OrderError::CouponUsedUp) }
        }
        _ => Ok(decision),
    }
}

/// After it: no money is taken, so somebody else can use it.
pub(super) async fn give_back(connection: &mut AnyConnection, order: &Order) -> Result<(), sqlx::Error> {
    let over = matches!(
        order.state,
        State::Abandoned
            | State::AuthorizationFailed { .. }
            | State::PaymentFailed { .. }
            | State::Cancelled { .. }
    );
    if over && order.discount.is_some() {
        uses::give_back(connection, &order.id).await?;
    }
    Ok(())
}

/// Whether there was a use left.
async fn take(connection: &mut AnyConnection, order: &Order, now: Timestamp) -> Result<bool, sqlx::Error> {
    let Some(discount) = &order.discount else { return Ok(true) };
    let purchase = order.basket.as_ref().map_or(order.id.as_str(), |basket| basket.as_str());
    let used = Use { order: &order.id, purchase, buyer: &order.buyer_id, discount };
    match uses::take(connection, used, now).await {
        Ok(()) => Ok(true),
        Err(CouponError::Problem(_)) => Ok(false),
        Err(CouponError::Database(error)) => Err(error),
    }
}
