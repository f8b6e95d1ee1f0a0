//! The end of an account, at its owner's wish. What makes it a person's goes; what the books, buyers and sellers need stays,
//! under a name that is nobody's.

use super::second_factor::{self, Proof};
use super::{AccountError, end_what_was_begun, invalid};
use crate::Shop;
use crate::audit::{self, Deed, Entry, Kind, Subject, Who};
use crate::cart::{self, CartOwner};
use crate::ids::UserId;
use crate::mail::{About, Stamp, store as mails};
use crate::merchants::{Merchant, Profile, profile_store, store as merchants};
use crate::orders::leaving::{self, Of, UnderWay};
use crate::users::store::{self, DELETED};
use crate::users::{User, second_factors};
use crate::{catalogue, credit};
use jiff::Timestamp;
use money::Money;
use platform::sessions;
use sqlx::AnyConnection;

/// What has to be seen through, or given up, before an account can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// So many orders of theirs are under way.
    Orders(i64),
    /// So many of their requests for money back wait for an answer.
    Requests(i64),
    /// So many orders of their shop are under way.
    Sales(i64),
    /// So many buyers of their shop wait for an answer about money back.
    RequestsOfBuyers(i64),
    /// So many of their items are on sale.
    OnSale(i64),
    /// Their shop can be paid.
    Registered,
    /// A credit is being charged.
    Charging,
    /// Nobody else runs the marketplace.
    LastOperator,
}

/// Where somebody stands who thinks of leaving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub obstacles: Vec<Obstacle>,
    /// Credit that they would lose: it is not paid back.
    pub unspent: Money,
    pub sells: bool,
}

/// As the database says at one moment.
pub async fn standing(shop: &Shop, user: &User) -> Result<Standing, sqlx::Error> {
    shop.db.transact(user.clone(), |c, user| Box::pin(look(c, user))).await
}

async fn look(c: &mut AnyConnection, user: &User) -> Result<Standing, sqlx::Error> {
    let merchant = merchants::of_user(&mut *c, &user.id).await?;
    let mut found = Vec::new();
    let mut count = |number: i64, obstacle: fn(i64) -> Obstacle| {
        found.extend((number > 0).then(|| obstacle(number)));
    };
    let UnderWay { orders, requests } = leaving::under_way(&mut *c, Of::Buyer(&user.id)).await?;
    count(orders, Obstacle::Orders);
    count(requests, Obstacle::Requests);
    if let Some(merchant) = &merchant {
        let UnderWay { orders, requests } = leaving::under_way(&mut *c, Of::Seller(&merchant.id)).await?;
        count(orders, Obstacle::Sales);
        count(requests, Obstacle::RequestsOfBuyers);
        count(catalogue::store::published_by(&mut *c, &merchant.id).await?, Obstacle::OnSale);
        found.extend(merchant.is_registered().then_some(Obstacle::Registered));
    }
    let (unspent, charging) = credit::store::left_of(&mut *c, &user.id).await?;
    found.extend(charging.then_some(Obstacle::Charging));
    if user.operator && !store::is_another_operator(&mut *c, &user.id).await? {
        found.push(Obstacle::LastOperator);
    }
    Ok(Standing { obstacles: found, unspent, sells: merchant.is_some() })
}

/// Why an account is not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeletionError {
    /// They have seen where they stand, or do so now.
    #[error("something is in the way of deleting the account")]
    InTheWay,
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl From<sqlx::Error> for DeletionError {
    fn from(error: sqlx::Error) -> Self {
        Self::Account(error.into())
    }
}

/// What the transaction needs.
struct Wish {
    user: User,
    loses_credit: bool,
    audit: audit::AuditId,
    now: Timestamp,
    stamp: Stamp,
}

/// Deletes the account, in one transaction, after the password and, where a second factor is on, a code. `loses_credit`:
/// they know that what they have not spent is lost.
pub async fn delete(shop: &Shop, user: &User, proof: Proof, loses_credit: bool) -> Result<(), DeletionError> {
    let standing = standing(shop, user).await?;
    if !standing.obstacles.is_empty() {
        return Err(DeletionError::InTheWay);
    }
    if standing.unspent > Money::ZERO && !loses_credit {
        return Err(invalid("lose_credit", "Say that you give your credit up, or spend it first.").into());
    }
    second_factor::ask(shop, user, proof).await?;
    let (audit, now, stamp) = (shop.new_id(), shop.clock.now(), shop.mail_stamp());
    let wish = Wish { user: user.clone(), loses_credit, audit, now, stamp };
    let gone = shop.db.transact(wish, |c, wish| Box::pin(carry_out(c, wish))).await?;
    if !gone {
        return Err(DeletionError::InTheWay);
    }
    tracing::info!(user = %user.id, "an account was deleted by its owner");
    // Their name stood beside reviews.
    shop.shared_pages.forget();
    Ok(())
}

/// Answers `false`, and changes nothing, where something came in the way meanwhile.
async fn carry_out(c: &mut AnyConnection, wish: &Wish) -> Result<bool, sqlx::Error> {
    let Wish { user, loses_credit, audit, now, stamp } = wish;
    // Whoever places an order waits for it: what is looked at then stays so.
    if !store::lock(&mut *c, &user.id).await? {
        return Ok(false);
    }
    let Standing { obstacles, unspent, .. } = look(&mut *c, user).await?;
    if !obstacles.is_empty() || unspent > Money::ZERO && !loses_credit {
        return Ok(false);
    }
    let email = store::by_id(&mut *c, &user.id).await?.ok_or(sqlx::Error::RowNotFound)?.email;
    forget_access(&mut *c, &user.id).await?;
    cart::clear(&mut *c, &CartOwner::user(&user.id)).await?;
    mails::forget(&mut *c, &user.id, &email).await?;
    leaving::forget_buyer(&mut *c, &user.id).await?;
    if let Some(merchant) = merchants::of_user(&mut *c, &user.id).await? {
        forget_profile(&mut *c, merchant).await?;
    }
    store::forget(&mut *c, &user.id, *now).await?;
    let who = Who::Person { id: user.id.clone(), name: DELETED.to_owned() };
    let subject = Subject::new(Kind::User, &user.id, DELETED);
    let lost = if unspent > Money::ZERO { format!("{unspent} of credit given up") } else { String::new() };
    let entry = Entry::new(audit.clone(), *now, who, Deed::AccountDeleted, subject).changed(lost, "deleted");
    audit::record(&mut *c, &entry).await?;
    mails::add_to_stranger(c, &email, &About::AccountDeleted, stamp).await?;
    Ok(true)
}

/// All that lets somebody in.
async fn forget_access(c: &mut AnyConnection, user: &UserId) -> Result<(), sqlx::Error> {
    end_what_was_begun(&mut *c, user).await?;
    second_factors::turn_off(&mut *c, user).await?;
    // No session has an empty handle.
    sessions::end_others(c, user.as_str(), "").await
}

/// What the shop's page said. Its name stays on what it sold.
async fn forget_profile(c: &mut AnyConnection, merchant: Merchant) -> Result<(), sqlx::Error> {
    profile_store::save_picture(&mut *c, &merchant.id, None).await?;
    let profile = Profile { picture_key: None, about: String::new(), links: Vec::new() };
    profile_store::save(c, &Merchant { profile, vacation: None, ..merchant }).await
}
