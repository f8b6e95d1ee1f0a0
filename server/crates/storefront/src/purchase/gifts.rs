//! Gifts: once one is paid its recipient is written to, and whoever accepts it has the right to download from then on.
//!
//! The link in the mail is one like those of guests: it carries until when it is good, sealed with the address that it was
//! sent to, so that a corrected address ends it.

use crate::Shop;
use crate::ids::{OrderId, UserId};
use crate::links;
use crate::mail::{About, News, Stamp, store as mails};
use crate::orders::gifts::{Gift, accept, of_order, send_to};
use crate::orders::state::State;
use crate::orders::{self, Order, OrderError, download_grants};
use crate::users;
use jiff::Timestamp;
use platform::db::WriteError;
use platform::throttle::NotNow;
use sqlx::AnyConnection;
use std::net::IpAddr;

#[derive(Debug, thiserror::Error)]
pub enum GiftError {
    /// Also for what is no business of theirs.
    #[error("there is no such gift")]
    NotFound,
    /// It was accepted, or is not paid, or the money went back.
    #[error("that cannot be done with the gift now")]
    NotNow,
    #[error(transparent)]
    TooOften(#[from] NotNow),
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for GiftError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Order(error) => error.database_error(),
            Self::NotFound | Self::NotNow | Self::TooOften(_) => None,
        }
    }
}

/// It is paid: who has accepted it has it, also again after a refund that failed; else the recipient is written to, once.
pub(super) async fn deliver(
    connection: &mut AnyConnection,
    order: &Order,
    stamp: &Stamp,
) -> Result<(), sqlx::Error> {
    let Some(gift) = of_order(&mut *connection, &order.id).await? else { return Ok(()) };
    match (&gift.accepted, gift.sent_at) {
        (Some((recipient, _)), _) => download_grants::give(connection, order, recipient, stamp.at).await,
        (None, Some(_)) => Ok(()),
        (None, None) => write(connection, order, &gift.to.email, stamp).await.map(drop),
    }
}

/// Writes to the recipient at this address; answers `false` where the gift was accepted meanwhile.
async fn write(
    connection: &mut AnyConnection,
    order: &Order,
    email: &str,
    stamp: &Stamp,
) -> Result<bool, sqlx::Error> {
    if !send_to(&mut *connection, &order.id, email, stamp.at).await? {
        return Ok(false);
    }
    let about = About::Order(order.id.clone(), News::Gift);
    match users::store::find_id(&mut *connection, email).await? {
        Some(user) => mails::add(connection, &user, &about, stamp).await?,
        None => mails::add_to_stranger(connection, email, &about, stamp).await?,
    }
    Ok(true)
}

/// The buyer has the mail sent again, to the same address or to another one.
pub async fn send_again(
    shop: &Shop,
    buyer: &UserId,
    id: &OrderId,
    email: String,
    from: IpAddr,
) -> Result<(), GiftError> {
    let order = orders::find(&shop.db, id).await?;
    if order.buyer_id != *buyer || !order.is_gift {
        return Err(GiftError::NotFound);
    }
    shop.throttle.admit(&format!("a gift for {email}"), from).await?.failed();
    let input = (order.id, email, shop.mail_stamp());
    shop.db.transact(input, |c, (id, email, stamp)| Box::pin(send_in(c, id, email, stamp))).await
}

async fn send_in(
    connection: &mut AnyConnection,
    id: &OrderId,
    email: &str,
    stamp: &Stamp,
) -> Result<(), GiftError> {
    let order = orders::store::lock(&mut *connection, id).await?.ok_or(GiftError::NotFound)?;
    let paid = matches!(order.state, State::Paid { .. });
    if paid && write(connection, &order, email, stamp).await? { Ok(()) } else { Err(GiftError::NotNow) }
}

/// What whoever has the link of the mail is shown; `None`: it is over, or no link of ours.
pub async fn follow(
    shop: &Shop,
    id: &OrderId,
    link: (i64, &str),
) -> Result<Option<(Order, Gift)>, sqlx::Error> {
    let Some(order) = orders::store::load(shop.db.readers(), id).await? else { return Ok(None) };
    let Some(gift) = of_order(shop.db.readers(), id).await? else { return Ok(None) };
    let opens = links::opens_gift(&shop.config.secret, id, &gift.to.email, link, shop.clock.now());
    Ok(opens.then_some((order, gift)))
}

/// The gift is this user's from now on, if the link is good and nobody has accepted it before.
pub async fn take(shop: &Shop, user: &UserId, id: &OrderId, link: (i64, &str)) -> Result<(), GiftError> {
    let (order, _) = follow(shop, id, link).await?.ok_or(GiftError::NotFound)?;
    let input = (order.id, user.clone(), shop.clock.now());
    shop.db.transact(input, |c, (id, user, now)| Box::pin(take_in(c, id, user, *now))).await
}

async fn take_in(
    connection: &mut AnyConnection,
    id: &OrderId,
    user: &UserId,
    now: Timestamp,
) -> Result<(), GiftError> {
    // Under the order's lock: no refund can come between.
    let order = orders::store::lock(&mut *connection, id).await?.ok_or(GiftError::NotFound)?;
    let paid = matches!(order.state, State::Paid { .. });
    if !paid || !accept(&mut *connection, id, user, now).await? {
        return Err(GiftError::NotNow);
    }
    Ok(download_grants::give(connection, &order, user, now).await?)
}

/// The gift that this user has accepted.
pub async fn accepted_by(
    shop: &Shop,
    user: &UserId,
    id: &OrderId,
) -> Result<Option<(Order, Gift)>, sqlx::Error> {
    let Some(gift) = of_order(shop.db.readers(), id).await? else { return Ok(None) };
    let theirs = gift.accepted.as_ref().is_some_and(|(recipient, _)| recipient == user);
    let order = orders::store::load(shop.db.readers(), id).await?;
    Ok(order.filter(|_| theirs).map(|order| (order, gift)))
}
