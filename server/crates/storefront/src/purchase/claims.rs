//! What somebody bought without an account: links to it, and how it becomes somebody's with one.

use super::order_mail::{self, Side};
use crate::Shop;
use crate::baskets;
use crate::coupons::uses;
use crate::ids::{OrderId, UserId};
use crate::links;
use crate::mail::{News, Stamp, store as mails};
use crate::messages;
use crate::orders::{self, Order};
use crate::users::{self, User, guests};
use jiff::Timestamp;
use platform::db::WriteError;
use platform::throttle::NotNow;
use sqlx::AnyConnection;
use std::net::IpAddr;

#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// Somebody has claimed it, or there never was anything.
    #[error("there is nothing to claim")]
    Nothing,
    /// A merchant cannot buy from themselves.
    #[error("it was bought from the one who claims it")]
    OwnSale,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for ClaimError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Nothing | Self::OwnSale => None,
        }
    }
}

/// All that the guest bought is this user's from now on, with what was written about it.
pub async fn claim(shop: &Shop, guest: &UserId, by: &UserId) -> Result<(), ClaimError> {
    let input = (guest.clone(), by.clone(), shop.clock.now());
    shop.db.transact(input, |c, (guest, by, now)| Box::pin(claim_in(c, guest, by, *now))).await?;
    tracing::info!(%guest, user = %by, "what a guest bought was claimed");
    Ok(())
}

async fn claim_in(
    connection: &mut AnyConnection,
    guest: &UserId,
    by: &UserId,
    now: Timestamp,
) -> Result<(), ClaimError> {
    users::store::lock(&mut *connection, by).await?;
    if !guests::claim(&mut *connection, guest, by, now).await? {
        return Err(ClaimError::Nothing);
    }
    if orders::store::bought_of(&mut *connection, guest, by).await? {
        return Err(ClaimError::OwnSale);
    }
    orders::store::change_buyer(&mut *connection, guest, by).await?;
    baskets::store::change_buyer(&mut *connection, guest, by).await?;
    uses::change_buyer(&mut *connection, guest, by).await?;
    messages::change_buyer(&mut *connection, guest, by).await?;
    Ok(mails::change_owner(connection, guest, by).await?)
}

/// The guest whose order the link opens; `None` where it is over, is no link of ours, or the order was claimed.
pub async fn follow(
    shop: &Shop,
    id: &OrderId,
    link: (i64, &str),
) -> Result<Option<(Order, User)>, sqlx::Error> {
    if !links::opens_order(&shop.config.secret, id, link, shop.clock.now()) {
        return Ok(None);
    }
    let Some(order) = orders::store::load(shop.db.readers(), id).await? else { return Ok(None) };
    let guest = guests::find(shop.db.readers(), &order.buyer_id).await?;
    Ok(guest.map(|guest| (order, guest)))
}

#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    #[error(transparent)]
    NotNow(#[from] NotNow),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Writes a link to the guest whose order this is, if it is one of this address. Nobody who asks is told. Each address has
/// a few of these, then one a minute.
pub async fn send_link(shop: &Shop, id: &str, email: &str, from: IpAddr) -> Result<(), LinkError> {
    shop.throttle.admit(&format!("a link to an order of {email}"), from).await?.failed();
    let Ok(id) = id.trim().parse::<OrderId>() else { return Ok(()) };
    let order = orders::store::load(shop.db.readers(), &id).await?;
    let theirs = |order: &Order| order.guest_email.as_ref().is_some_and(|known| known == email);
    if let Some(order) = order.filter(theirs) {
        let input = (order, shop.mail_stamp());
        shop.db.transact(input, |c, (order, stamp)| Box::pin(write_link(c, order, stamp))).await?;
    }
    Ok(())
}

async fn write_link(connection: &mut AnyConnection, order: &Order, stamp: &Stamp) -> Result<(), sqlx::Error> {
    order_mail::tell(connection, Side::Buyer, order, News::LinkAsked, stamp).await
}
