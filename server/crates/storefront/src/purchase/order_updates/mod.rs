//! The one function through which an order changes: answers of the web service, returns from the
//! Co-Branded UI, notifications and the commands of people all come through [`apply`]. So return first,
//! notification first, or only one of them end in the same state.

mod coupons;
mod refunds;
mod stock;

use crate::Shop;
use crate::audit::{self, Deed, Kind, Subject, Who};
use crate::catalogue::Delivery;
use crate::fps_client::Call;
use crate::ids::{AuditId, CallerReference, NoticeId, OrderId, TokenId};
use crate::mail::Stamp;
use crate::merchants;
use crate::orders::notices::{self, NewNotice};
use crate::orders::received_notifications::{self, Notification};
use crate::orders::refund_terms::{RefundPolicy, whole_fees};
use crate::orders::state::{self, Event, GrantChange, Milestone, PaymentStatus, Refused, State, Transition};
use crate::orders::store::NextLooks;
use crate::orders::timeline::{self, Entry};
use crate::orders::{Order, OrderError, calls, download_grants, store};
use crate::purchase::order_mail::{self, Stamps};
use crate::purchase::{comparison, gifts, recorded, recovery};
use crate::reviews;
use jiff::{SignedDuration, Timestamp};
use money::Money;
use sqlx::AnyConnection;

/// An event on its way to an order.
#[derive(Debug, Clone)]
pub struct Update {
    pub order: OrderId,
    /// The attempt that the event is about, by its `CallerReference`. News of an attempt that was given up
    /// say nothing about the present one. Commands are about whatever is.
    pub attempt: Option<CallerReference>,
    pub event: Event,
    /// For a notification: to be kept with its outcome, and to count once.
    pub notification: Option<Notification>,
    /// What Amazon was asked and answered meanwhile, to be kept with the order.
    pub calls: Vec<Call>,
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
    /// For the operator, beside a notification.
    fn sentence(self) -> &'static str {
        match self {
            Self::Changed => "changed the order",
            Self::NothingNew | Self::Repeated => "nothing new",
            Self::Refused(Refused::NotNow | Refused::Declined) => {
                "refused: it does not fit the order's state"
            }
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
    /// The state before it.
    pub was: State,
}

/// Takes an event in: order, timeline, notice, grant and notification record in one commit.
pub async fn apply(shop: &Shop, update: Update) -> Result<Applied, OrderError> {
    // Drawn here: the action may run more than once.
    let (notice, mails) = (shop.new_id(), order_mail::stamps(shop));
    let (gift, reference) = (shop.mail_stamp(), shop.new_id());
    let fresh = Fresh { notice, mails, gift, reference, now: shop.clock.now() };
    let by = shop.config.lab_ports.records().then(|| recorded::name_of(&update.event));
    let input = (update, fresh);
    let applied = shop.db.transact(input, |c, (update, fresh)| Box::pin(apply_in(c, update, fresh))).await?;
    recorded::changed(shop, by, &applied);
    let order = &applied.order;
    tracing::info!(order = %order.id, outcome = ?applied.outcome, state = ?order.state, "took news of order {}", order.id);
    Ok(applied)
}

/// Keeps a notification that is about no order of the shop, or about nothing that changes one.
pub async fn keep(shop: &Shop, notification: Notification, outcome: &'static str) -> Result<(), sqlx::Error> {
    let input = (notification, outcome, shop.clock.now());
    shop.db
        .transact(input, |c, (notification, outcome, at)| {
            Box::pin(received_notifications::keep_unknown(c, notification, outcome, *at))
        })
        .await
}

/// A recipient or refund token was cancelled at Amazon Payments: the merchant who had it must register
/// again. Answers whether there is one; the same notification again changes nothing.
pub async fn forget_registration(
    shop: &Shop,
    token: TokenId,
    notification: Notification,
) -> Result<bool, sqlx::Error> {
    let input = (token, notification, shop.mail_stamp(), shop.new_id());
    shop.db
        .transact(input, |c, (token, notification, stamp, id)| {
            Box::pin(forget_registration_in(c, token, notification, stamp, id))
        })
        .await
}

async fn forget_registration_in(
    connection: &mut AnyConnection,
    token: &TokenId,
    notification: &Notification,
    stamp: &Stamp,
    id: &AuditId,
) -> Result<bool, sqlx::Error> {
    if received_notifications::is_known(&mut *connection, &notification.digest).await? {
        return Ok(false);
    }
    let at = stamp.at;
    order_mail::tell_of_registration(&mut *connection, token, stamp).await?;
    let sellers = merchants::store::forget_registration(&mut *connection, token, at).await?;
    // A token is one seller's.
    if let Some(seller) = sellers.first() {
        let subject = Subject::new(Kind::Seller, &seller.id, &seller.name);
        let entry = audit::Entry::new(id.clone(), at, Who::Shop, Deed::RegistrationTakenBack, subject)
            .changed("registered with Amazon Payments", "cancelled at Amazon Payments");
        audit::record(&mut *connection, &entry).await?;
    }
    let had_it = !sellers.is_empty();
    let outcome = if had_it { "a seller must register again" } else { "ignored: no token of this shop" };
    received_notifications::keep_unknown(connection, notification, outcome, at).await?;
    Ok(had_it)
}

/// What the outside gives to one application of an event.
#[derive(Debug, Clone)]
struct Fresh {
    notice: NoticeId,
    mails: Stamps,
    /// For the recipient of a gift.
    gift: Stamp,
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
    if let Some(notification) = &update.notification
        && received_notifications::is_known(&mut *connection, &notification.digest).await?
    {
        let was = order.state.clone();
        return Ok(Applied { outcome: Outcome::Repeated, order, was });
    }
    let was = order.state.clone();
    calls::keep(&mut *connection, &order.id, &update.calls, fresh.now).await?;
    let event = refunds::sized(&order, &update.event);
    let event = refunds::by_rule(&mut *connection, &order, event, fresh.now).await?;
    let asked = order.checks;
    let decision = if refunds::is_counted(connection, &order, &update.event).await? {
        Decision::Nothing
    } else if let Some(refused) = refunds::refusal(connection, &order, &event, fresh.now).await? {
        Decision::Refuse(refused)
    } else if stock::was_refused(&order, &update.event) {
        Decision::Nothing
    } else {
        decide(&mut order, update, &event, fresh)?
    };
    let decision = coupons::confirm(connection, &mut order, decision, fresh.now).await?;
    let decision = stock::settle(connection, &mut order, decision).await?;
    if matches!(decision, Decision::Move(_)) {
        coupons::give_back(connection, &order).await?;
    }
    let next = NextLooks {
        check_at: check_at(&order.state, update, fresh),
        compare_at: compare_at(&order, asked, fresh.now),
    };
    let outcome = match decision {
        Decision::Move(transition) => {
            if transition.milestone == Milestone::Restarted {
                begin_attempt(connection, &mut order).await?;
            }
            store::save(connection, &order, next, fresh.now).await?;
            write_transition(connection, &order, &transition, fresh).await?;
            order_mail::write(connection, &order, &transition, &event, &fresh.mails).await?;
            refunds::write(connection, &order, &transition, (&update.event, &event), fresh.now).await?;
            Outcome::Changed
        }
        Decision::LearnOnly => {
            store::save(connection, &order, next, fresh.now).await?;
            Outcome::NothingNew
        }
        Decision::Nothing => Outcome::NothingNew,
        Decision::Refuse(refused) => Outcome::Refused(refused),
    };
    if let Some(notification) = &update.notification {
        let sentence = outcome.sentence();
        received_notifications::keep(connection, notification, Some(&order.id), sentence, fresh.now).await?;
    }
    Ok(Applied { outcome, order, was })
}

/// A new attempt pays the merchant as it is registered now, which need not be as it was when the order was placed.
async fn begin_attempt(connection: &mut AnyConnection, order: &mut Order) -> Result<(), sqlx::Error> {
    store::add_attempt(connection, &order.id, &order.caller_reference).await?;
    let merchant = merchants::store::by_id(connection, &order.merchant_id).await?;
    if let Some(registration) = merchant.registration {
        order.recipient_token = registration.recipient_token;
        order.refund_token = registration.refund_token;
    }
    Ok(())
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
    if is_misfit(order, event) {
        return Ok(Decision::Refuse(Refused::NotNow));
    }
    let transition = match state::next(&order.state, event) {
        Ok(transition) => transition,
        Err(refused) => return Ok(Decision::Refuse(refused)),
    };
    let before = order.clone();
    learn(order, update, event);
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

/// Commands that fit the state and not the order.
fn is_misfit(order: &Order, event: &Event) -> bool {
    match event {
        // Sent before it was charged, as orders once were: nothing of it is released any more.
        Event::Cancel { .. } => order.shipped_at.is_some(),
        // It was read when more was left.
        Event::GiveRefund { amount, .. } => !amount.is_positive() || *amount > order.left(),
        Event::GrantRefund { amount, .. } => !amount.is_positive(),
        Event::Fulfil(said) => {
            said.amount.is_some_and(|amount| !amount.is_positive() || amount > order.price)
        }
        _ => false,
    }
}

/// What an event tells beside the state, in whatever order it comes.
fn learn(order: &mut Order, update: &Update, event: &Event) {
    match event {
        Event::Authorized { token, method } => {
            order.sender_token.get_or_insert_with(|| token.clone());
            order.payment_method = order.payment_method.or(*method);
        }
        Event::Payment { method, status, .. } => {
            order.payment_method = order.payment_method.or(*method);
            // An answer; a notification can be a late one about the reserve.
            let settling = matches!(order.state, State::Fulfilling { .. } | State::SettlingToRefund { .. });
            order.settle_accepted |=
                settling && *status == PaymentStatus::Pending && update.notification.is_none();
        }
        _ => {}
    }
}

fn enter(order: &mut Order, transition: &Transition, event: &Event, fresh: &Fresh) {
    order.state = transition.to.clone();
    order.checks = 0;
    match transition.milestone {
        Milestone::Fulfilled => order.settle_accepted = false,
        Milestone::Paid
            if matches!(order.state, State::Paid { .. }) && order.delivery == Delivery::Manual =>
        {
            order.shipped_at.get_or_insert(fresh.now);
        }
        Milestone::Restarted => {
            order.caller_reference.clone_from(&fresh.reference);
            order.shared_authorization = None;
            order.sender_token = None;
            order.payment_method = None;
            order.fees_taken = None;
            order.charged_less = None;
        }
        _ => {}
    }
    match event {
        Event::RefundedInPart { amount, by_shop } => {
            order.refunded = order.refunded.add(*amount).unwrap_or(order.charged()).min(order.charged());
            if *by_shop {
                order.refund_amount = None;
            }
        }
        Event::GrantRefund { amount, .. } => ask_back(order, *amount, RefundPolicy::Shared),
        Event::AskRefund { request } => ask_back(order, request.amount, RefundPolicy::Shared),
        Event::GiveRefund { amount, policy, .. } => ask_back(order, *amount, *policy),
        Event::Fulfil(said) => {
            order.charged_less = said.amount.filter(|amount| *amount < order.price);
            order.tracking.clone_from(&said.tracking);
            order.seller_message.clone_from(&said.message);
        }
        _ => {}
    }
    if matches!(order.state, State::Paid { .. } | State::Refunding { .. } | State::Refunded { .. }) {
        order.paid_at.get_or_insert(fresh.now);
    }
    let is_asked_for = matches!(
        transition.milestone,
        Milestone::RefundAsked | Milestone::RefundGranted | Milestone::RefundGiven | Milestone::Paid
    );
    if is_asked_for && matches!(order.state, State::Refunding { refund: None, .. }) {
        order.refund_attempt += 1;
    }
}

/// What the next refund is of, and who bears it; all that is left needs no amount.
fn ask_back(order: &mut Order, amount: Money, policy: RefundPolicy) {
    order.refund_amount = Some(amount).filter(|amount| *amount < order.left());
    order.refund_policy = policy;
}

/// Once it is paid and known how, it is known what was taken off.
fn note_fees(order: &mut Order) -> Result<(), OrderError> {
    if let (State::Paid { .. } | State::Refunded { .. }, None) = (&order.state, order.fees_taken) {
        order.fees_taken = whole_fees(order).map_err(|_| inconsistent_fees(order))?;
    }
    Ok(())
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
    let at = fresh.now;
    let entry = Entry { at, milestone: transition.milestone, detail: transition.detail.clone() };
    timeline::add(connection, &order.id, &entry).await?;
    if let Some(kind) = transition.notice {
        let (merchant_id, order_id) = (order.merchant_id.clone(), order.id.clone());
        let new = NewNotice { id: fresh.notice.clone(), merchant_id, order_id, kind, at };
        notices::add(connection, &new).await?;
    }
    if matches!(order.state, State::Refunded { .. }) {
        reviews::store::mark_refunded(connection, &order.id, at).await?;
    }
    match transition.grant {
        Some(GrantChange::Give) if order.is_gift => {
            gifts::deliver(connection, order, &fresh.gift).await?;
        }
        Some(GrantChange::Give) if order.item_version.is_some() => {
            download_grants::give(connection, order, &order.buyer_id, at).await?;
        }
        Some(GrantChange::Revoke) => download_grants::revoke(connection, &order.id, at).await?,
        Some(GrantChange::Give) | None => {}
    }
    Ok(())
}

/// When the payment is asked after for the first time. Who gives a command or follows a return sends the request
/// that the new state calls for, and is left the time to; after a notification nobody else does.
fn check_at(state: &State, update: &Update, fresh: &Fresh) -> Option<Timestamp> {
    let wait = first_check(state)?;
    let alone = update.notification.is_some() && wait == REQUEST_UNDER_WAY;
    let wait = if alone { SignedDuration::ZERO } else { wait };
    fresh.now.checked_add(wait).ok()
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
        State::AwaitingAuthorization => recovery::next_look(0),
        State::Abandoned
        | State::AuthorizationFailed { .. }
        | State::PaymentFailed { .. }
        | State::Paid { .. }
        | State::Cancelled { .. }
        | State::Refunded { .. } => None,
    }
}

/// When the order is first compared with what Amazon says. What had to be asked for, and what was paid in a way that
/// nobody told, is looked at soon.
fn compare_at(order: &Order, asked: i64, now: Timestamp) -> Option<Timestamp> {
    let wait = comparison::first_look(order, asked)?;
    now.checked_add(wait).ok()
}
