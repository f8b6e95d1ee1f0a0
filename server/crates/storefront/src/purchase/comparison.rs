//! Whether Amazon says of an order what the shop believes. What Amazon knows more goes the way of all news, through
//! [`order_updates`]; what still differs then is told to the operator, and no money is moved for it.

use super::order_updates::{self, Outcome, Update};
use super::requests::{self, answers, missed_refunds};
use crate::Shop;
use crate::fps_client::Reply;
use crate::ids::{OrderId, TransactionId};
use crate::orders::differences::{self, Difference};
use crate::orders::state::{Event, State};
use crate::orders::{self, Order, OrderError, refunds, store};
use fps_protocol::ErrorCode;
use fps_protocol::enums::TransactionStatus;
use fps_protocol::responses::TransactionDetail;
use jiff::{SignedDuration, Timestamp};
use missed_refunds::Missed;
use money::Money;
use sqlx::AnyConnection;

const SOON: SignedDuration = SignedDuration::from_secs(60);
const HOURLY: SignedDuration = SignedDuration::from_hours(1);
const DAILY: SignedDuration = SignedDuration::from_hours(24);

/// Pieces of news in one comparison: the payment's, and its refunds'. What there is more comes the next time.
const MOST_NEWS: usize = 6;

/// How long until an order that has just changed is compared, after `asked` questions that nobody had answered;
/// `None` while there is no payment.
pub fn first_look(order: &Order, asked: i64) -> Option<SignedDuration> {
    order.state.transaction()?;
    // The fees are known only with the payment method, which a lost return did not tell.
    Some(if asked > 0 || order.payment_method.is_none() { SOON } else { HOURLY })
}

/// How a comparison went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// As before: both sides agree, or they differ as is known.
    AsBefore,
    /// The order went on, or the operator has something else to read.
    News,
    /// Amazon could not be asked.
    NotKnown,
}

/// Compares an order that is due, and puts the next comparison off.
pub async fn compare(shop: &Shop, id: &OrderId) -> Result<Compared, OrderError> {
    let due = shop.clock.now();
    let mut news = false;
    for _ in 0..MOST_NEWS {
        let order = orders::find(&shop.db, id).await?;
        let Some(transaction) = order.state.transaction() else {
            put_off(shop, id, None, due).await?;
            return Ok(Compared::AsBefore);
        };
        let found = match shop.fps.transaction(transaction).await {
            Reply::Known(detail) => Some(detail),
            Reply::Refused(Some(ErrorCode::InvalidTransactionId)) => None,
            Reply::Refused(_) | Reply::Unknown => {
                put_off(shop, id, Some(SOON), due).await?;
                return Ok(Compared::NotKnown);
            }
        };
        if let Some(detail) = &found
            && tell(shop, &order, detail).await?
        {
            news = true;
            continue;
        }
        let difference = difference(shop, &order, found.as_ref()).await?;
        news |= settle_accounts(shop, order, difference, due).await?;
        break;
    }
    Ok(if news { Compared::News } else { Compared::AsBefore })
}

/// For an order whose row cannot be read: out of the way for a day.
pub async fn postpone(shop: &Shop, id: &OrderId) -> Result<(), sqlx::Error> {
    put_off(shop, id, Some(DAILY), shop.clock.now()).await
}

/// Takes what Amazon says in like any news. Answers whether it was some.
async fn tell(shop: &Shop, order: &Order, detail: &TransactionDetail) -> Result<bool, OrderError> {
    let payment = Event::Payment {
        transaction: detail.transaction_id.clone(),
        status: answers::payment_status(detail.transaction_status, detail.status_code.as_deref()),
        method: Some(detail.payment_method),
    };
    if apply(shop, order, payment).await? {
        return Ok(true);
    }
    // The shop's own refund is looked after by those who asked for it.
    if !matches!(order.state, State::Paid { .. }) {
        return Ok(false);
    }
    match missed_refunds::uncounted(shop, order, detail).await? {
        Missed::One(refund) => apply(shop, order, refund).await,
        Missed::Nothing | Missed::NotKnown => Ok(false),
    }
}

async fn apply(shop: &Shop, order: &Order, event: Event) -> Result<bool, OrderError> {
    let attempt = Some(order.caller_reference.clone());
    let update = Update { order: order.id.clone(), attempt, event, notification: None, calls: Vec::new() };
    let applied = order_updates::apply(shop, update).await?;
    if applied.outcome != Outcome::Changed {
        return Ok(false);
    }
    requests::send(shop, applied.order).await?;
    Ok(true)
}

/// What the shop believes against what Amazon says of the payment; `found` is `None` where Amazon does not know it.
async fn difference(
    shop: &Shop,
    order: &Order,
    found: Option<&TransactionDetail>,
) -> Result<Option<Difference>, sqlx::Error> {
    let expected = expected(&order.state);
    let believed = || format!("{}, {}", words(expected), amount_at(order, expected.first().copied()));
    let differs = |believed, found| Ok(Some(Difference { believed, found }));
    let Some(detail) = found else {
        return differs(believed(), "There is no such payment.".to_owned());
    };
    if !expected.contains(&detail.transaction_status)
        || detail.transaction_amount != amount_at(order, Some(detail.transaction_status))
    {
        let said = format!("{}, {}", detail.transaction_status, detail.transaction_amount);
        return differs(believed(), said);
    }
    let told: Vec<&TransactionId> = missed_refunds::refunds_of(detail).collect();
    let unknown: Vec<(TransactionId, Money)> = refunds::of_order(&shop.db, &order.id).await?;
    let unknown: Vec<String> = unknown
        .into_iter()
        .filter(|(refund, _)| !told.contains(&refund))
        .map(|(refund, amount)| format!("a refund of {amount} ({refund})"))
        .collect();
    if unknown.is_empty() {
        return Ok(None);
    }
    differs(unknown.join(", "), "There is no such refund.".to_owned())
}

/// Where the payment can stand at Amazon while the order is in this state.
fn expected(state: &State) -> &'static [TransactionStatus] {
    use TransactionStatus as At;
    match state {
        State::Reserved { .. } | State::SettleFailed { .. } => &[At::Reserved],
        State::Paying { .. } => &[At::Pending],
        State::Fulfilling { .. } | State::SettlingToRefund { .. } | State::Cancelling { .. } => {
            &[At::Reserved, At::Pending]
        }
        State::Paid { .. } | State::Refunding { .. } | State::Refunded { .. } => &[At::Success],
        State::Cancelled { .. } => &[At::Cancelled],
        State::PaymentFailed { .. } => &[At::Failure],
        State::AwaitingAuthorization
        | State::Abandoned
        | State::AuthorizationFailed { .. }
        | State::Authorized { .. } => &[],
    }
}

/// How much the payment is of at Amazon while it stands so: less than the price from Settle on, if that asked for less.
fn amount_at(order: &Order, status: Option<TransactionStatus>) -> Money {
    match status {
        Some(TransactionStatus::Success | TransactionStatus::Pending) => order.charged(),
        _ => order.price,
    }
}

fn words(statuses: &[TransactionStatus]) -> String {
    let words: Vec<&str> = statuses.iter().map(|status| status.as_str()).collect();
    words.join(" or ")
}

/// How long until the next comparison of an order that rests in its state.
fn next_look(state: &State) -> SignedDuration {
    match state {
        State::Paid { .. }
        | State::PaymentFailed { .. }
        | State::Cancelled { .. }
        | State::Refunded { .. } => DAILY,
        _ => HOURLY,
    }
}

/// Writes down what came of it, unless the order changed while Amazon was asked: then nothing is known. Answers
/// whether the operator has something else to read.
async fn settle_accounts(
    shop: &Shop,
    order: Order,
    difference: Option<Difference>,
    due: Timestamp,
) -> Result<bool, OrderError> {
    let input = (order.clone(), difference.clone(), shop.clock.now());
    let changed = shop
        .db
        .transact(input, |c, (order, difference, at)| Box::pin(write(c, order, difference.as_ref(), *at)))
        .await?;
    put_off(shop, &order.id, Some(next_look(&order.state)), due).await?;
    let id = &order.id;
    match (&difference, changed) {
        (Some(Difference { believed, found }), true) => {
            tracing::error!(order = %id, believed, found, "order {id} differs from what Amazon says of it");
        }
        (None, true) => tracing::info!(order = %id, "order {id} agrees with Amazon again"),
        (_, false) => {}
    }
    Ok(changed)
}

async fn write(
    connection: &mut AnyConnection,
    compared: &Order,
    difference: Option<&Difference>,
    at: Timestamp,
) -> Result<bool, OrderError> {
    let order = store::lock(connection, &compared.id).await?.ok_or(OrderError::NotFound)?;
    if order.state != compared.state || order.refunded != compared.refunded {
        return Ok(false);
    }
    Ok(match difference {
        Some(difference) => differences::keep(connection, &order.id, difference, at).await?,
        None => differences::forget(connection, &order.id).await?,
    })
}

async fn put_off(
    shop: &Shop,
    id: &OrderId,
    wait: Option<SignedDuration>,
    due: Timestamp,
) -> Result<(), sqlx::Error> {
    let now = shop.clock.now();
    let compare_at = wait.and_then(|wait| now.checked_add(wait).ok());
    let input = (id.clone(), compare_at, due);
    shop.db
        .transact(input, |c, (id, compare_at, due)| {
            Box::pin(store::put_off_comparison(c, id, *compare_at, *due))
        })
        .await
}
