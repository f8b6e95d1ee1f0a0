//! Getting to know how things ended at Amazon: sends what an order's state calls for, and asks again
//! after what stays pending or unknown.
//!
//! No answer means *unknown*, never *failed*: the same request with the same `CallerReference` is sent
//! again, or the transaction's status is asked for, with growing waits, until it is known.

mod missed_refunds;

use crate::Shop;
use crate::fps_client::Reply;
use crate::orders::order::Order;
use crate::orders::state::{Event, PaymentStatus, RefundStatus, State};
use crate::orders::{OrderError, OrderId, TransactionId, store, words};
use crate::payment_updates::{self, Applied, Outcome, Update};
use async_trait::async_trait;
use fps_protocol::ErrorCode;
use fps_protocol::enums::TransactionStatus;
use fps_protocol::responses::{TransactionResult, TransactionStatusResult};
use jiff::{SignedDuration, Timestamp};
use missed_refunds::Missed;
use platform::jobs::{DueWork, JobError};

/// Orders read at once.
const BATCH: usize = 50;
/// An order never has more to do at once than settle, refund and a look at each.
const MOST_STEPS: usize = 6;

/// The background job.
#[derive(Debug)]
pub struct Tracking {
    shop: Shop,
}

impl Tracking {
    pub fn new(shop: Shop) -> Self {
        Self { shop }
    }
}

#[async_trait]
impl DueWork for Tracking {
    fn name(&self) -> &'static str {
        "payment tracking"
    }

    async fn run_due(&self) -> Result<usize, JobError> {
        let mut done = 0;
        loop {
            let due = store::due(&self.shop.db, self.shop.clock.now_micros(), BATCH).await?;
            for id in &due {
                // One order that cannot be read must not keep the others waiting.
                if let Err(error) = advance(&self.shop, id, Manner::Again).await {
                    tracing::error!(order = %id, %error, "tracking order {id} failed");
                    postpone(&self.shop, id).await?;
                }
            }
            done += due.len();
            // Whatever was looked at is put off, so the next batch has others.
            if due.len() < BATCH {
                return Ok(done);
            }
        }
    }
}

/// Sends what the order's new state calls for, right after somebody brought it into that state.
pub async fn pursue(shop: &Shop, id: &OrderId) -> Result<(), OrderError> {
    advance(shop, id, Manner::First).await
}

/// Whether a request of this state can have been sent before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    First,
    Again,
}

/// What one step found out.
enum Finding {
    Event(Event),
    /// Not known, or pending as before: look again later.
    Later,
}

async fn advance(shop: &Shop, id: &OrderId, manner: Manner) -> Result<(), OrderError> {
    let mut manner = manner;
    for _ in 0..MOST_STEPS {
        let order = crate::orders::load(shop, id).await?;
        let Some(finding) = step(shop, &order, manner).await? else { return Ok(()) };
        let Finding::Event(event) = finding else { return look_again(shop, order).await };
        let attempt = Some(order.caller_reference.clone());
        let update = Update { order: id.clone(), attempt, event, notification: None };
        let Applied { outcome, .. } = payment_updates::apply(shop, update).await?;
        match outcome {
            // The new state may call for the next request: refund after settle.
            Outcome::Changed => manner = Manner::First,
            Outcome::NothingNew | Outcome::Repeated => return look_again(shop, order).await,
            Outcome::Refused(refused) => {
                tracing::error!(order = %id, %refused, "Amazon's answer about order {id} contradicts it");
                return look_again(shop, order).await;
            }
        }
    }
    Ok(())
}

/// Asks Amazon what the order's state calls for; `None` when nothing is open.
async fn step(shop: &Shop, order: &Order, manner: Manner) -> Result<Option<Finding>, OrderError> {
    Ok(match &order.state {
        State::Authorized { token } => Some(match shop.fps.take_payment(order, token).await {
            Reply::Known(result) => payment_event(result),
            Reply::Refused(code) => {
                Finding::Event(Event::PaymentRefused { why: words::payment_refused(code).to_owned() })
            }
            Reply::Unknown => Finding::Later,
        }),
        State::Paying { .. } | State::Refunding { refund: Some(_), .. } if manner == Manner::First => {
            Some(Finding::Later)
        }
        State::Paying { transaction } => Some(ask(shop, transaction).await),
        State::Reserved { transaction } | State::SettleFailed { transaction, .. } => match manner {
            Manner::First => None,
            Manner::Again => Some(ask(shop, transaction).await),
        },
        State::Fulfilling { transaction } => Some(settle(shop, transaction, manner).await),
        // Somebody else's Settle may be pending already.
        State::SettlingToRefund { transaction } => Some(settle(shop, transaction, Manner::Again).await),
        State::Cancelling { transaction } => Some(cancel(shop, transaction, manner).await),
        State::Refunding { refund: None, .. } => Some(match shop.fps.refund(order).await {
            Reply::Known(result) => refund_event(result.transaction_id, result.transaction_status, None),
            Reply::Refused(code) => refund_refused(shop, order, code).await?,
            Reply::Unknown => Finding::Later,
        }),
        State::Refunding { refund: Some(refund), .. } => Some(match shop.fps.status(refund).await {
            Reply::Known(result) => {
                let code = result.status_code.as_deref();
                refund_event(result.transaction_id, result.transaction_status, code)
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
            Finding::Event(Event::RefundRefused { why: words::refund_refused(code).to_owned() })
        }
    })
}

/// Settle and Cancel have no `CallerReference`: where one may have been sent before, the status says
/// whether it still needs to be, which it does while it is one that the request `takes`. `Some` when it does not, or when that cannot be known now.
async fn overtaken(
    shop: &Shop,
    transaction: &TransactionId,
    manner: Manner,
    takes: &[TransactionStatus],
) -> Option<Finding> {
    if manner != Manner::Again {
        return None;
    }
    match shop.fps.status(transaction).await {
        Reply::Known(result) if takes.contains(&result.transaction_status) => None,
        Reply::Known(result) => Some(status_event(result)),
        Reply::Refused(_) | Reply::Unknown => Some(Finding::Later),
    }
}

async fn settle(shop: &Shop, transaction: &TransactionId, manner: Manner) -> Finding {
    if let Some(finding) = overtaken(shop, transaction, manner, &[TransactionStatus::Reserved]).await {
        return finding;
    }
    match shop.fps.settle(transaction).await {
        Reply::Known(result) => payment_event(result),
        Reply::Unknown => Finding::Later,
        Reply::Refused(code) => {
            still_reserved(
                shop,
                transaction,
                Event::SettleRefused { why: words::not_charged(code).to_owned() },
            )
            .await
        }
    }
}

async fn cancel(shop: &Shop, transaction: &TransactionId, manner: Manner) -> Finding {
    // Nothing is charged yet in either (REFERENCE §5).
    let takes = [TransactionStatus::Reserved, TransactionStatus::Pending];
    if let Some(finding) = overtaken(shop, transaction, manner, &takes).await {
        return finding;
    }
    match shop.fps.cancel(transaction).await {
        Reply::Known(result) => payment_event(result),
        Reply::Unknown => Finding::Later,
        Reply::Refused(code) => {
            still_reserved(
                shop,
                transaction,
                Event::CancelRefused { why: words::not_cancelled(code).to_owned() },
            )
            .await
        }
    }
}

/// A refused request may have been overtaken by another: the transaction's status decides.
async fn still_reserved(shop: &Shop, transaction: &TransactionId, refused: Event) -> Finding {
    match shop.fps.status(transaction).await {
        Reply::Known(result) if result.transaction_status == TransactionStatus::Reserved => {
            Finding::Event(refused)
        }
        Reply::Known(result) => status_event(result),
        Reply::Refused(_) | Reply::Unknown => Finding::Later,
    }
}

async fn ask(shop: &Shop, transaction: &TransactionId) -> Finding {
    match shop.fps.status(transaction).await {
        Reply::Known(result) => status_event(result),
        Reply::Refused(_) | Reply::Unknown => Finding::Later,
    }
}

fn payment_event(result: TransactionResult) -> Finding {
    payment_told(result.transaction_id, result.transaction_status, None)
}

fn status_event(result: TransactionStatusResult) -> Finding {
    payment_told(result.transaction_id, result.transaction_status, result.status_code.as_deref())
}

fn payment_told(transaction: TransactionId, status: TransactionStatus, code: Option<&str>) -> Finding {
    let status = payment_status(status, code);
    Finding::Event(Event::Payment { transaction, status, method: None })
}

/// Where a payment stands, in the shop's terms.
pub(crate) fn payment_status(status: TransactionStatus, code: Option<&str>) -> PaymentStatus {
    match status {
        TransactionStatus::Pending => PaymentStatus::Pending,
        TransactionStatus::Reserved => PaymentStatus::Reserved,
        TransactionStatus::Success => PaymentStatus::Success,
        TransactionStatus::Failure => PaymentStatus::Failure { why: words::failed(code).to_owned() },
        TransactionStatus::Cancelled => PaymentStatus::Cancelled,
    }
}

fn refund_event(refund: TransactionId, status: TransactionStatus, code: Option<&str>) -> Finding {
    Finding::Event(Event::Refund { refund, status: refund_status(status, code), amount: None })
}

/// Where a refund stands, in the shop's terms.
pub(crate) fn refund_status(status: TransactionStatus, code: Option<&str>) -> RefundStatus {
    match status {
        TransactionStatus::Pending | TransactionStatus::Reserved => RefundStatus::Pending,
        TransactionStatus::Success => RefundStatus::Success,
        TransactionStatus::Failure | TransactionStatus::Cancelled => {
            RefundStatus::Failure { why: words::refund_failed(code).to_owned() }
        }
    }
}

/// Waits grow from two seconds to an hour.
fn wait(checks: i64) -> SignedDuration {
    let doublings = u32::try_from(checks.clamp(0, 11)).unwrap_or(11);
    SignedDuration::from_secs(2i64.pow(doublings + 1).min(3600))
}

async fn look_again(shop: &Shop, order: Order) -> Result<(), OrderError> {
    // In a state that rests until somebody acts, one look was enough for now.
    let rests = matches!(order.state, State::Reserved { .. } | State::SettleFailed { .. });
    let wait = if rests { SignedDuration::from_hours(1) } else { wait(order.checks) };
    let check_at = shop.clock.now().saturating_add(wait).map(Timestamp::as_microsecond);
    let Ok(check_at) = check_at else { return Ok(()) };
    shop.db
        .write(move |connection| {
            let order = order.clone();
            Box::pin(async move { store::reschedule(connection, &order, check_at).await })
        })
        .await?;
    Ok(())
}

/// For an order whose row cannot be read: out of the way for an hour.
async fn postpone(shop: &Shop, id: &OrderId) -> Result<(), sqlx::Error> {
    let check_at =
        shop.clock.now_micros().saturating_add(SignedDuration::from_hours(1).as_secs() * 1_000_000);
    let id = id.clone();
    shop.db
        .write(move |connection| {
            let id = id.clone();
            Box::pin(async move { store::postpone(connection, &id, check_at).await })
        })
        .await
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
