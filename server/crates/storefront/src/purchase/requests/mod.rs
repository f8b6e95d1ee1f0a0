//! What the shop asks Amazon for: sends what an order's state calls for, and asks again after what stays pending
//! or unknown.
//!
//! No answer means *unknown*, never *failed*: the same request with the same `CallerReference` is sent
//! again, or the transaction's status is asked for, with growing waits, until it is known.

pub mod answers;
pub mod missed_refunds;

use super::order_updates::{self, Applied, Outcome, Update};
use super::{failure_messages, payment_terms};
use crate::Shop;
use crate::fps_client::{Call, FpsClient, Reply};
use crate::ids::{OrderId, TransactionId};
use crate::orders::state::{Event, State};
use crate::orders::{self, Order, OrderError};
use answers::{payment_event, payment_told, refund_told};
use fps_protocol::ErrorCode;
use fps_protocol::enums::TransactionStatus;
use fps_protocol::responses::{TransactionResult, TransactionStatusResult};
use jiff::{SignedDuration, Timestamp};
use missed_refunds::Missed;
use sqlx::AnyConnection;

/// An order never has more to do at once than settle, refund and a look at each.
const MOST_REQUESTS: usize = 6;

/// Sends what the order's new state calls for, right after somebody brought it into that state.
pub async fn send(shop: &Shop, order: Order) -> Result<(), OrderError> {
    advance(shop, order, Sent::Never).await
}

/// The same some time later: it can have been sent before, and more can have become of it since.
pub async fn send_again(shop: &Shop, id: &OrderId) -> Result<(), OrderError> {
    advance(shop, orders::find(&shop.db, id).await?, Sent::Maybe).await
}

/// Whether a request of this state can have been sent before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    Never,
    Maybe,
}

/// What is known after asking Amazon once.
enum Finding {
    Event(Event),
    /// Not known, or pending as before: look again later.
    Later,
}

async fn advance(shop: &Shop, order: Order, sent: Sent) -> Result<(), OrderError> {
    let (mut order, mut sent) = (order, sent);
    for _ in 0..MOST_REQUESTS {
        let (fps, record) = shop.fps.recorded();
        let Some(finding) = ask_for_next(shop, &fps, &order, sent).await? else { return Ok(()) };
        let calls = record.take();
        let Finding::Event(event) = finding else { return look_again(shop, order, calls).await };
        let attempt = Some(order.caller_reference.clone());
        let update = Update { order: order.id.clone(), attempt, event, notification: None, calls };
        let Applied { outcome, order: changed, .. } = order_updates::apply(shop, update).await?;
        match outcome {
            // The new state may call for the next request: refund after settle.
            Outcome::Changed => (order, sent) = (changed, Sent::Never),
            Outcome::NothingNew | Outcome::Repeated => return look_again(shop, order, Vec::new()).await,
            Outcome::Refused(refused) => {
                let id = &order.id;
                tracing::error!(order = %id, %refused, "Amazon's answer about order {id} contradicts it");
                return look_again(shop, order, Vec::new()).await;
            }
        }
    }
    Ok(())
}

/// Asks Amazon for what the order's state calls for; `None` when nothing is open.
async fn ask_for_next(
    shop: &Shop,
    fps: &FpsClient,
    order: &Order,
    sent: Sent,
) -> Result<Option<Finding>, OrderError> {
    Ok(match &order.state {
        State::Authorized { token } => {
            Some(match fps.take_payment(payment_terms::payment(order), token).await {
                Reply::Known(result) => payment_finding(result),
                Reply::Refused(code) => {
                    let why = failure_messages::payment_refused(code).to_owned();
                    Finding::Event(Event::PaymentRefused { why })
                }
                Reply::Unknown => Finding::Later,
            })
        }
        State::Paying { .. } | State::Refunding { refund: Some(_), .. } if sent == Sent::Never => {
            Some(Finding::Later)
        }
        State::Paying { transaction } => Some(ask_status(fps, transaction).await),
        State::Reserved { transaction } | State::SettleFailed { transaction, .. } => match sent {
            Sent::Never => None,
            Sent::Maybe => Some(ask_status(fps, transaction).await),
        },
        State::Fulfilling { transaction } => Some(settle(fps, order, transaction, sent).await),
        // Somebody else's Settle may be pending already.
        State::SettlingToRefund { transaction } => Some(settle(fps, order, transaction, Sent::Maybe).await),
        State::Cancelling { transaction } => Some(cancel(fps, transaction, sent).await),
        State::Refunding { transaction, refund: None } => Some(refund(shop, fps, order, transaction).await?),
        State::Refunding { refund: Some(refund), .. } => Some(match fps.status(refund).await {
            Reply::Known(result) => {
                let code = result.status_code.as_deref();
                Finding::Event(refund_told(result.transaction_id, result.transaction_status, code))
            }
            Reply::Refused(_) | Reply::Unknown => Finding::Later,
        }),
        State::AwaitingAuthorization
        | State::Abandoned
        | State::AuthorizationFailed { .. }
        | State::PaymentFailed { .. }
        | State::Paid { .. }
        | State::Cancelled { .. }
        | State::Refunded { .. } => None,
    })
}

async fn refund(
    shop: &Shop,
    fps: &FpsClient,
    order: &Order,
    payment: &TransactionId,
) -> Result<Finding, OrderError> {
    let Some(terms) = payment_terms::refund(order, payment) else {
        tracing::error!(order = %order.id, "order {} has no CallerReference for a refund", order.id);
        return Ok(Finding::Later);
    };
    Ok(match fps.refund(terms).await {
        Reply::Known(result) => {
            Finding::Event(refund_told(result.transaction_id, result.transaction_status, None))
        }
        Reply::Refused(code) => refund_refused(shop, order, code).await?,
        Reply::Unknown => Finding::Later,
    })
}

/// What is back with the buyer already may be news to the shop.
async fn refund_refused(shop: &Shop, order: &Order, code: Option<ErrorCode>) -> Result<Finding, OrderError> {
    let missed = match code {
        Some(ErrorCode::TransactionFullyRefundedAlready | ErrorCode::RefundAmountExceeded) => {
            missed_refunds::find(shop, order).await?
        }
        _ => Missed::Nothing,
    };
    Ok(match missed {
        Missed::One(event) => Finding::Event(event),
        Missed::NotKnown => Finding::Later,
        Missed::Nothing => {
            let why = failure_messages::refund_refused(code).to_owned();
            Finding::Event(Event::RefundRefused { why })
        }
    })
}

/// Settle and Cancel have no `CallerReference`: where one may have been sent before, the status says
/// whether it still needs to be, which it does while it is one that the request `takes`. `Some` when it does
/// not, or when that cannot be known now.
async fn overtaken(
    fps: &FpsClient,
    transaction: &TransactionId,
    sent: Sent,
    takes: &[TransactionStatus],
) -> Option<Finding> {
    if sent == Sent::Never {
        return None;
    }
    match fps.status(transaction).await {
        Reply::Known(result) if takes.contains(&result.transaction_status) => None,
        Reply::Known(result) => Some(status_finding(result)),
        Reply::Refused(_) | Reply::Unknown => Some(Finding::Later),
    }
}

async fn settle(fps: &FpsClient, order: &Order, transaction: &TransactionId, sent: Sent) -> Finding {
    if let Some(finding) = overtaken(fps, transaction, sent, &[TransactionStatus::Reserved]).await {
        return finding;
    }
    // Amazon took it on, and the money is only held again: it was declined. To try once more is the seller's to say.
    if order.settle_accepted {
        return Finding::Event(Event::SettleRefused { why: failure_messages::settle_declined().to_owned() });
    }
    match fps.settle(transaction, order.charged_less).await {
        Reply::Known(result) => payment_finding(result),
        Reply::Unknown => Finding::Later,
        Reply::Refused(code) => {
            let why = failure_messages::not_charged(code).to_owned();
            still_reserved(fps, transaction, Event::SettleRefused { why }).await
        }
    }
}

async fn cancel(fps: &FpsClient, transaction: &TransactionId, sent: Sent) -> Finding {
    // Nothing is charged yet in either (fps.md §5).
    let takes = [TransactionStatus::Reserved, TransactionStatus::Pending];
    if let Some(finding) = overtaken(fps, transaction, sent, &takes).await {
        return finding;
    }
    match fps.cancel(transaction).await {
        Reply::Known(result) => payment_finding(result),
        Reply::Unknown => Finding::Later,
        Reply::Refused(code) => {
            let why = failure_messages::not_cancelled(code).to_owned();
            still_reserved(fps, transaction, Event::CancelRefused { why }).await
        }
    }
}

/// A refused request may have been overtaken by another: the transaction's status decides.
async fn still_reserved(fps: &FpsClient, transaction: &TransactionId, refused: Event) -> Finding {
    match fps.status(transaction).await {
        Reply::Known(result) if result.transaction_status == TransactionStatus::Reserved => {
            Finding::Event(refused)
        }
        Reply::Known(result) => status_finding(result),
        Reply::Refused(_) | Reply::Unknown => Finding::Later,
    }
}

async fn ask_status(fps: &FpsClient, transaction: &TransactionId) -> Finding {
    match fps.status(transaction).await {
        Reply::Known(result) => status_finding(result),
        Reply::Refused(_) | Reply::Unknown => Finding::Later,
    }
}

fn payment_finding(result: TransactionResult) -> Finding {
    Finding::Event(payment_event(result))
}

fn status_finding(result: TransactionStatusResult) -> Finding {
    let code = result.status_code.as_deref();
    Finding::Event(payment_told(result.transaction_id, result.transaction_status, code))
}

/// Waits grow from two seconds to an hour.
pub(super) fn wait(checks: i64) -> SignedDuration {
    let doublings = u32::try_from(checks.clamp(0, 11)).unwrap_or(11);
    SignedDuration::from_secs(2i64.pow(doublings + 1).min(3600))
}

async fn look_again(shop: &Shop, order: Order, calls: Vec<Call>) -> Result<(), OrderError> {
    // In a state that rests until somebody acts, one look was enough for now.
    let rests = matches!(order.state, State::Reserved { .. } | State::SettleFailed { .. });
    let wait = if rests { SignedDuration::from_hours(1) } else { wait(order.checks) };
    let now = shop.clock.now();
    let check_at = now.checked_add(wait).ok();
    let input = (order, check_at, calls, now);
    shop.db
        .transact(input, |c, (order, check_at, calls, now)| {
            Box::pin(put_off(c, order, *check_at, calls, *now))
        })
        .await?;
    Ok(())
}

async fn put_off(
    connection: &mut AnyConnection,
    order: &Order,
    check_at: Option<Timestamp>,
    calls: &[Call],
    now: Timestamp,
) -> Result<(), OrderError> {
    if !calls.is_empty() {
        // Who else keeps some of this order waits.
        orders::store::lock(&mut *connection, &order.id).await?;
        orders::calls::keep(&mut *connection, &order.id, calls, now).await?;
    }
    Ok(orders::store::reschedule(connection, order, check_at, order.checks + 1).await?)
}

/// For an order whose row cannot be read: out of the way for an hour.
pub async fn postpone(shop: &Shop, id: &OrderId) -> Result<(), sqlx::Error> {
    let Ok(check_at) = shop.clock.now().checked_add(SignedDuration::from_hours(1)) else { return Ok(()) };
    let input = (id.clone(), check_at);
    shop.db.transact(input, |c, (id, check_at)| Box::pin(orders::store::postpone(c, id, *check_at))).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_an_hour() {
        let seconds: Vec<i64> = (0..14).map(|checks| wait(checks).as_secs()).collect();
        assert_eq!(seconds[..4], [2, 4, 8, 16]);
        assert_eq!(seconds[11..], [3600, 3600, 3600]);
    }
}
