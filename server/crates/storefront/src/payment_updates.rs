//! The one function through which an order changes: answers of the web service, returns from the
//! Co-Branded UI, notifications and the wishes of people all come through [`apply`]. So return first,
//! notification first, or only one of them end in the same state.

mod refunds;

use crate::Shop;
use crate::merchants::{self, notices};
use crate::orders::order::{FeesTaken, Order};
use crate::orders::state::{self, Event, Happening, Refused, State, Transition};
use crate::orders::{self, OrderError, OrderId, store, terms};
use fps_protocol::ids::CallerReference;
use jiff::{SignedDuration, Timestamp};
use platform::db::WriteError;
use sqlx::AnyConnection;

/// An event on its way to an order.
#[derive(Debug, Clone)]
pub struct Update {
    pub order: OrderId,
    /// The attempt that the event is about, by its `CallerReference`. News of an attempt that was given up
    /// say nothing about the present one. Wishes are about whatever is.
    pub attempt: Option<CallerReference>,
    pub event: Event,
    /// For a notification: to be kept with its outcome, and to count once.
    pub notification: Option<Notification>,
}

/// A verified notification as it is kept.
#[derive(Debug, Clone)]
pub struct Notification {
    pub digest: String,
    pub transaction_id: String,
    /// What it said, for people: "PAY SUCCESS".
    pub summary: String,
    pub body: String,
}

/// What an event led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Changed,
    /// Known already, or overtaken by later news.
    NothingNew,
    /// This very notification was taken before.
    Repeated,
    Refused(Refused),
}

impl Outcome {
    fn words(self) -> &'static str {
        match self {
            Self::Changed => "changed the order",
            Self::NothingNew | Self::Repeated => "nothing new",
            Self::Refused(Refused::NotNow) => "refused: it does not fit the order's state",
            Self::Refused(Refused::OtherTransaction) => "refused: the order has another payment",
            Self::Refused(Refused::OtherToken) => "refused: the order was authorized with another token",
        }
    }
}

/// The order after the event.
#[derive(Debug, Clone)]
pub struct Applied {
    pub outcome: Outcome,
    pub order: Order,
}

impl WriteError for OrderError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

/// Takes an event in: order, timeline, notice, grant and notification record in one commit.
pub async fn apply(shop: &Shop, update: Update) -> Result<Applied, OrderError> {
    let now = shop.clock.now();
    // Drawn here: the action may run more than once.
    let fresh =
        Fresh { notice_id: shop.random.uuid(now).to_string(), reference: orders::new_reference(shop), now };
    let applied = shop.db.write(move |connection| {
        let (update, fresh) = (update.clone(), fresh.clone());
        Box::pin(async move { apply_in(connection, &update, &fresh).await })
    });
    let applied: Applied = applied.await?;
    let order = &applied.order;
    tracing::info!(order = %order.id, outcome = ?applied.outcome, state = ?order.state, "took news of order {}", order.id);
    Ok(applied)
}

/// Keeps a notification that is about no order of the shop, or about nothing that changes one.
pub async fn keep(shop: &Shop, notification: Notification, outcome: &'static str) -> Result<(), sqlx::Error> {
    let at = shop.clock.now_micros();
    let kept = shop.db.write(move |connection| {
        let notification = notification.clone();
        Box::pin(async move { store_notification(connection, &notification, None, outcome, at).await })
    });
    kept.await
}

/// A recipient or refund token was cancelled at Amazon Payments: the merchant who had it must register
/// again. Answers whether there is one; the same notification again changes nothing.
pub async fn forget_registration(
    shop: &Shop,
    token_id: String,
    notification: Notification,
) -> Result<bool, sqlx::Error> {
    let at = shop.clock.now_micros();
    let forgotten = shop.db.write(move |connection| {
        let (token_id, notification) = (token_id.clone(), notification.clone());
        Box::pin(async move {
            if is_known(connection, &notification.digest).await? {
                return Ok(false);
            }
            let merchants = merchants::records::forget_registration(connection, &token_id, at).await?;
            let outcome =
                if merchants > 0 { "a seller must register again" } else { "ignored: no token of this shop" };
            store_notification(connection, &notification, None, outcome, at).await?;
            Ok(merchants > 0)
        })
    });
    forgotten.await
}

/// What the outside gives to one application of an event.
#[derive(Debug, Clone)]
struct Fresh {
    notice_id: String,
    /// For a new attempt.
    reference: CallerReference,
    now: Timestamp,
}

async fn apply_in(
    connection: &mut AnyConnection,
    update: &Update,
    fresh: &Fresh,
) -> Result<Applied, OrderError> {
    let mut order = store::lock(connection, &update.order).await?.ok_or(OrderError::NotFound)?;
    let at = fresh.now.as_microsecond();
    if let Some(notification) = &update.notification
        && is_known(connection, &notification.digest).await?
    {
        return Ok(Applied { outcome: Outcome::Repeated, order });
    }
    let event = refunds::sized(&order, &update.event);
    let decision = if refunds::is_counted(connection, &order, &update.event).await? {
        Decision::Nothing
    } else if refunds::answers_nothing(connection, &order, &update.event).await? {
        Decision::Refuse(Refused::NotNow)
    } else {
        decide(&mut order, update, &event, fresh)?
    };
    let outcome = match decision {
        Decision::Move(transition) => {
            store::save(connection, &order, check_at(&order.state, update, fresh), at).await?;
            if transition.happening == Happening::Restarted {
                store::add_attempt(connection, &order.id, &order.caller_reference).await?;
                store::renew_recipient(connection, &order.id).await?;
                order = store::lock(connection, &order.id).await?.ok_or(OrderError::NotFound)?;
            }
            write_transition(connection, &order, &transition, fresh).await?;
            refunds::write(connection, &order, &transition, (&update.event, &event), at).await?;
            Outcome::Changed
        }
        Decision::LearnOnly => {
            store::save(connection, &order, check_at(&order.state, update, fresh), at).await?;
            Outcome::NothingNew
        }
        Decision::Nothing => Outcome::NothingNew,
        Decision::Refuse(refused) => Outcome::Refused(refused),
    };
    if let Some(notification) = &update.notification {
        store_notification(connection, notification, Some(&order.id), outcome.words(), at).await?;
    }
    Ok(Applied { outcome, order })
}

enum Decision {
    Move(Transition),
    /// The state stays; something beside it became known.
    LearnOnly,
    Nothing,
    Refuse(Refused),
}

/// Changes `order` as the event says.
fn decide(order: &mut Order, update: &Update, event: &Event, fresh: &Fresh) -> Result<Decision, OrderError> {
    if update.attempt.as_ref().is_some_and(|attempt| *attempt != order.caller_reference) {
        return Ok(Decision::Nothing);
    }
    if let (Event::Authorized { token, .. }, Some(known)) = (event, &order.sender_token)
        && token != known
    {
        return Ok(Decision::Refuse(Refused::OtherToken));
    }
    let transition = match state::next(&order.state, event) {
        Ok(transition) => transition,
        Err(refused) => return Ok(Decision::Refuse(refused)),
    };
    let before = order.clone();
    learn(order, event);
    if let Some(transition) = &transition {
        enter(order, transition, event, fresh);
    }
    note_fees(order)?;
    if let Some(transition) = &transition {
        refunds::return_fees(order, &before, transition, event)?;
    }
    Ok(match transition {
        Some(transition) => Decision::Move(transition),
        None if *order != before => Decision::LearnOnly,
        None => Decision::Nothing,
    })
}

/// What an event tells beside the state, in whatever order it comes.
fn learn(order: &mut Order, event: &Event) {
    match event {
        Event::Authorized { token, method } => {
            order.sender_token.get_or_insert_with(|| token.clone());
            order.payment_method.get_or_insert(*method);
        }
        Event::Payment { method: Some(method), .. } => {
            order.payment_method.get_or_insert(*method);
        }
        _ => {}
    }
}

fn enter(order: &mut Order, transition: &Transition, event: &Event, fresh: &Fresh) {
    order.state = transition.to.clone();
    order.checks = 0;
    match transition.happening {
        Happening::Fulfilled => {
            order.shipped_at.get_or_insert(fresh.now);
        }
        Happening::Restarted => {
            order.caller_reference.clone_from(&fresh.reference);
            order.sender_token = None;
            order.payment_method = None;
            order.fees_taken = None;
        }
        _ => {}
    }
    match event {
        Event::RefundedInPart { amount, own } => {
            order.refunded = order.refunded.add(*amount).unwrap_or(order.price).min(order.price);
            if *own {
                order.refund_amount = None;
            }
        }
        Event::GrantRefund { amount, .. } => {
            order.refund_amount = Some(*amount).filter(|amount| *amount < order.left());
        }
        Event::AskRefund => order.refund_amount = None,
        _ => {}
    }
    let is_asked_for =
        matches!(transition.happening, Happening::RefundAsked | Happening::RefundGranted | Happening::Paid);
    if is_asked_for && matches!(order.state, State::Refunding { refund: None, .. }) {
        order.refund_attempt += 1;
    }
}

/// Once it is paid and known how, it is known what was taken off.
fn note_fees(order: &mut Order) -> Result<(), OrderError> {
    if let (State::Paid { .. } | State::Refunded { .. }, None) = (&order.state, order.fees_taken) {
        order.fees_taken = whole_fees(order)?;
    }
    Ok(())
}

/// What is taken off the whole price, if it is known how it was paid.
fn whole_fees(order: &Order) -> Result<Option<FeesTaken>, OrderError> {
    let Some(method) = order.payment_method else { return Ok(None) };
    let split = terms::split(order.price, order.fixed_fee, order.variable_fee, method)
        .map_err(|_| inconsistent_fees(order))?;
    Ok(Some(FeesTaken { marketplace: split.marketplace, amazon: split.amazon }))
}

fn inconsistent_fees(order: &Order) -> OrderError {
    OrderError::Inconsistent(format!("the price and fees of {}", order.id))
}

/// What comes with a change of state, beside the order's own row.
async fn write_transition(
    connection: &mut AnyConnection,
    order: &Order,
    transition: &Transition,
    fresh: &Fresh,
) -> Result<(), OrderError> {
    let at = fresh.now.as_microsecond();
    store::add_event(connection, &order.id, transition.happening, &transition.detail, at).await?;
    if let Some(kind) = transition.notice {
        notices::add(connection, &fresh.notice_id, &order.merchant_id, order.id.as_str(), kind, at).await?;
    }
    if let Some(change) = transition.grant {
        store::change_grant(connection, order, change, at).await?;
    }
    Ok(())
}

/// When the tracking job looks after the order for the first time. Who makes a wish or follows a return
/// sends the request that the new state calls for, and is left the time to; after a notification nobody
/// else does.
fn check_at(state: &State, update: &Update, fresh: &Fresh) -> Option<i64> {
    let wait = first_check(state)?;
    let alone = update.notification.is_some() && wait == REQUEST_UNDER_WAY;
    let wait = if alone { SignedDuration::ZERO } else { wait };
    fresh.now.checked_add(wait).ok().map(Timestamp::as_microsecond)
}

/// How long a request of the shop may take to be answered.
const REQUEST_UNDER_WAY: SignedDuration = SignedDuration::from_secs(30);

fn first_check(state: &State) -> Option<SignedDuration> {
    const SOON: SignedDuration = SignedDuration::from_secs(2);
    match state {
        State::Authorized { .. }
        | State::Fulfilling { .. }
        | State::SettlingToRefund { .. }
        | State::Cancelling { .. }
        | State::Refunding { refund: None, .. } => Some(REQUEST_UNDER_WAY),
        State::Paying { .. } | State::Refunding { refund: Some(_), .. } => Some(SOON),
        State::SettleFailed { .. } => Some(SignedDuration::from_hours(1)),
        // Amazon gives a reserve up after seven days, and says so; this is for when the word is lost.
        State::Reserved { .. } => Some(SignedDuration::from_hours(7 * 24 + 1)),
        State::AwaitingAuthorization
        | State::Abandoned
        | State::AuthorizationFailed { .. }
        | State::PaymentFailed { .. }
        | State::Paid { .. }
        | State::Cancelled { .. }
        | State::Refunded { .. } => None,
    }
}

async fn is_known(connection: &mut AnyConnection, digest: &str) -> Result<bool, sqlx::Error> {
    let found: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM received_notifications WHERE digest = $1")
        .bind(digest)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

async fn store_notification(
    connection: &mut AnyConnection,
    notification: &Notification,
    order: Option<&OrderId>,
    outcome: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO received_notifications (digest, transaction_id, order_id, summary, body, outcome, received_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (digest) DO NOTHING",
    )
    .bind(&notification.digest)
    .bind(&notification.transaction_id)
    .bind(order.map(OrderId::as_str))
    .bind(&notification.summary)
    .bind(&notification.body)
    .bind(outcome)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
