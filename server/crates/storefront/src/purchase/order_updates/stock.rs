//! Pieces of what a seller counts.
//!
//! A piece is taken in the transaction that takes the buyer's authorization in, before Amazon is asked to pay: who only
//! looks at Amazon's pages holds nothing back, and there are never more payments than pieces. Of two who confirm the last
//! one the second's authorization is refused there, and nothing is charged. It is given back when no money is taken after
//! all; not when what was sent is refunded, since it is with the buyer: the seller counts it again when it has come back.

use super::Decision;
use crate::catalogue::store::{self as items, Taken};
use crate::orders::state::{Event, Milestone, State, Transition};
use crate::orders::{Order, OrderError};
use sqlx::AnyConnection;

/// What a buyer reads who was second.
const GONE: &str = "The last one was sold while you confirmed. Nothing was charged.";

/// Takes a piece for an order that is authorized, or gives it back; the order has the state that it is about to get.
pub(super) async fn settle(
    connection: &mut AnyConnection,
    order: &mut Order,
    decision: Decision,
) -> Result<Decision, OrderError> {
    let Decision::Move(transition) = decision else { return Ok(decision) };
    if transition.milestone == Milestone::Authorized && !order.took_stock {
        match items::take_piece(connection, &order.item_id).await? {
            Taken::Piece => order.took_stock = true,
            Taken::NotCounted => {}
            Taken::SoldOut => return Ok(Decision::Move(sold_out(order))),
        }
    } else if order.took_stock && gives_back(order) {
        items::return_piece(connection, &order.item_id).await?;
        order.took_stock = false;
    }
    Ok(Decision::Move(transition))
}

/// The attempt was authorized once, when no piece was left: its buyer was told that nothing is charged, and a repeated
/// return does not change that though there may be pieces again.
pub(super) fn was_refused(order: &Order, event: &Event) -> bool {
    let refused = matches!(order.state, State::AuthorizationFailed { .. }) && order.sender_token.is_some();
    refused && matches!(event, Event::Authorized { .. })
}

fn sold_out(order: &mut Order) -> Transition {
    order.state = State::AuthorizationFailed { why: GONE.to_owned() };
    let (to, milestone) = (order.state.clone(), Milestone::AuthorizationFailed);
    Transition { to, milestone, detail: GONE.to_owned(), notice: None, grant: None }
}

/// No money is taken, or it went back before anything was sent.
fn gives_back(order: &Order) -> bool {
    match order.state {
        State::PaymentFailed { .. } | State::Cancelled { .. } => true,
        State::Refunded { .. } => order.shipped_at.is_none(),
        _ => false,
    }
}
