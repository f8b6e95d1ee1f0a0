//! Mail about orders: what buyer and seller are told of a change, in the transaction of the change.

use crate::Shop;
use crate::catalogue::Delivery;
use crate::ids::TokenId;
use crate::mail::reminders::{self, Reminder};
use crate::mail::{About, News, Stamp, store as mails};
use crate::merchants;
use crate::orders::notices::NoticeKind;
use crate::orders::state::{Answerer, Event, Milestone, State, Transition};
use crate::orders::{self, Order, OrderError};
use jiff::Timestamp;
use sqlx::AnyConnection;

/// Who of an order is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Buyer,
    Seller,
}

/// Of a change each side is told once at the most.
pub type Stamps = [Stamp; 2];

/// For the mails of a change that happens now.
pub fn stamps(shop: &Shop) -> Stamps {
    [shop.mail_stamp(), shop.mail_stamp()]
}

/// Writes what comes with a change of an order.
pub async fn write(
    connection: &mut AnyConnection,
    order: &Order,
    transition: &Transition,
    event: &Event,
    [to_buyer, to_seller]: &Stamps,
) -> Result<(), sqlx::Error> {
    if let Some(news) = buyers_news(order, transition, event) {
        tell(connection, Side::Buyer, order, news, to_buyer).await?;
    }
    if let Some(news) = sellers_news(order, transition, event, to_seller.at) {
        tell(connection, Side::Seller, order, news, to_seller).await?;
    }
    if transition.milestone == Milestone::Reserved {
        reminders::plan(connection, &order.id, to_seller.at).await?;
    }
    Ok(())
}

/// Writes to one side of an order; also what is no change of it, such as a new message.
pub async fn tell(
    connection: &mut AnyConnection,
    side: Side,
    order: &Order,
    news: News,
    stamp: &Stamp,
) -> Result<(), sqlx::Error> {
    let user = match side {
        Side::Buyer => &order.buyer_id,
        Side::Seller => &order.merchant_user_id,
    };
    mails::add(connection, user, &About::Order(order.id.clone(), news), stamp).await
}

fn buyers_news(order: &Order, transition: &Transition, event: &Event) -> Option<News> {
    let why = || transition.detail.clone();
    Some(match transition.milestone {
        // What is charged only to be paid back at once is told by the refund.
        Milestone::Paid if !matches!(order.state, State::Paid { .. }) => return None,
        Milestone::Paid if order.delivery == Delivery::Instant => News::Paid,
        Milestone::Paid => News::Charged,
        Milestone::Reserved => News::Reserved,
        Milestone::Fulfilled => News::Fulfilled,
        Milestone::SettleFailed => News::NotCharged { why: why() },
        Milestone::PaymentFailed => News::PaymentFailed { why: why() },
        Milestone::Cancelled => News::Cancelled,
        Milestone::Refunded => News::Refunded(order.left()),
        Milestone::PartlyRefunded => match event {
            Event::RefundedInPart { amount, .. } => News::PartlyRefunded(*amount),
            _ => return None,
        },
        Milestone::RefundFailed => News::RefundFailed { why: why() },
        Milestone::RefundDeclined => match event {
            Event::DeclineRefund { by: Answerer::Marketplace(_), .. } => {
                News::MarketplaceDeclined { why: why() }
            }
            _ => News::RefundDeclined,
        },
        Milestone::RefundGranted => match event {
            Event::GrantRefund { by: Answerer::Marketplace(_), .. } => {
                News::MarketplaceGranted { why: why() }
            }
            _ => return None,
        },
        Milestone::MarketplaceAsked => News::MarketplaceAsked { words: why() },
        Milestone::Placed
        | Milestone::Restarted
        | Milestone::Abandoned
        | Milestone::AuthorizationFailed
        | Milestone::Authorized
        | Milestone::PaymentPending
        | Milestone::CancelAsked
        | Milestone::CancelRefused
        | Milestone::RefundAsked
        | Milestone::RefundRequested
        | Milestone::RefundGiven
        | Milestone::TokenCancelled => return None,
    })
}

/// The seller is written to when there is a notice, and when a part of the money goes back.
fn sellers_news(order: &Order, transition: &Transition, event: &Event, now: Timestamp) -> Option<News> {
    if let (Milestone::PartlyRefunded, Event::RefundedInPart { amount, .. }) = (transition.milestone, event) {
        return Some(News::SaleRefunded(*amount));
    }
    Some(match transition.notice? {
        NoticeKind::Reserved => News::ToFulfil { by: reminders::held_until(now) },
        NoticeKind::Sold if order.delivery == Delivery::Instant => News::Sold,
        NoticeKind::Sold | NoticeKind::Charged => News::ToSend,
        NoticeKind::NotCharged => News::NotToSend { why: transition.detail.clone() },
        NoticeKind::Cancelled => News::SaleCancelled,
        NoticeKind::Refunded => News::SaleRefunded(order.left()),
        NoticeKind::RefundRequested => match event {
            Event::RefundRequested { request } => News::RefundRequested(request.id.clone()),
            _ => return None,
        },
        NoticeKind::MarketplaceAsked => News::MarketplaceAsked { words: transition.detail.clone() },
        NoticeKind::MarketplaceGranted => News::MarketplaceGranted { why: transition.detail.clone() },
        NoticeKind::MarketplaceDeclined => News::MarketplaceDeclined { why: transition.detail.clone() },
    })
}

/// Tells the seller whose registration this token is of, before it is forgotten.
pub async fn tell_of_registration(
    connection: &mut AnyConnection,
    token: &TokenId,
    stamp: &Stamp,
) -> Result<(), sqlx::Error> {
    let Some(merchant) = merchants::store::by_token(&mut *connection, token).await? else { return Ok(()) };
    mails::add(connection, &merchant.user_id, &About::RegistrationCancelled, stamp).await
}

/// Reminds sellers of orders that wait for them; answers how many reminders were looked at.
pub async fn remind(shop: &Shop, limit: usize) -> Result<usize, OrderError> {
    let due = reminders::due(&shop.db, shop.clock.now(), limit).await?;
    for reminder in &due {
        let input = (reminder.clone(), shop.mail_stamp());
        shop.db.transact(input, |c, (reminder, stamp)| Box::pin(remind_of(c, reminder, stamp))).await?;
    }
    Ok(due.len())
}

/// Unless the order has moved on, or the time is over already.
async fn remind_of(
    connection: &mut AnyConnection,
    reminder: &Reminder,
    stamp: &Stamp,
) -> Result<(), OrderError> {
    let order = orders::store::lock(connection, &reminder.order).await?.ok_or(OrderError::NotFound)?;
    let waits = matches!(order.state, State::Reserved { .. } | State::SettleFailed { .. });
    if reminders::take(connection, reminder).await? && waits && stamp.at < reminder.fulfil_by {
        let news = News::FulfilBy { by: reminder.fulfil_by };
        tell(connection, Side::Seller, &order, news, stamp).await?;
    }
    Ok(())
}
