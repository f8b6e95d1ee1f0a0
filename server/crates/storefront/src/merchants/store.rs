//! The SQL of `merchants`.

use super::{FeeCaps, Merchant, Profile, RefundRule, Registration};
use crate::ids::{CallerReference, MerchantId, SellerSlug, TokenId, UserId};
use crate::users::store::{self as users, select_users};
use crate::users::{Hold, User, hold_statements};
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};

/// Merchants, and what follows in the statement.
macro_rules! select_merchants {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, name, registration_reference, recipient_token_id, refund_token_id, registered_at, \
             cancelled_at, refund_days, refund_unless_downloaded, slug, picture_key, about, links, vacation, held_at, \
             held_reason, max_fixed_fee, max_variable_fee FROM merchants ",
            $rest
        )
    };
}

/// The merchant whose id is `$id`, as `m` beside the rows of another table.
macro_rules! join_merchant {
    ($id:literal) => {
        concat!("JOIN merchants m ON m.id = ", $id, " ")
    };
}
pub(crate) use join_merchant;

impl FromRow<'_, AnyRow> for Merchant {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.parsed("id")?,
            user_id: row.parsed("user_id")?,
            name: row.text("name")?,
            registration_reference: row.optional("registration_reference", Columns::parsed)?,
            registration: registration(row)?,
            cancelled_at: row.optional("cancelled_at", Columns::time)?,
            refund_rule: RefundRule::from_row(row)?,
            slug: row.optional("slug", Columns::parsed)?,
            profile: Profile {
                picture_key: row.optional("picture_key", Columns::text)?,
                about: row.text("about")?,
                links: row.text("links")?.lines().map(str::to_owned).collect(),
            },
            vacation: row.optional("vacation", Columns::text)?,
            hold: Hold::from_row(row)?,
            fee_caps: FeeCaps {
                fixed: row.money("max_fixed_fee")?,
                variable: row.percent("max_variable_fee")?,
            },
        })
    }
}

fn registration(row: &AnyRow) -> Result<Option<Registration>, sqlx::Error> {
    let recipient_token = row.optional("recipient_token_id", Columns::parsed)?;
    let refund_token = row.optional("refund_token_id", Columns::parsed)?;
    match (recipient_token, refund_token, row.optional("registered_at", Columns::time)?) {
        (None, None, None) => Ok(None),
        (Some(recipient_token), refund_token, Some(at)) => {
            Ok(Some(Registration { recipient_token, refund_token, at }))
        }
        _ => Err(sqlx::Error::Decode(format!("half a registration of {}", row.text("id")?).into())),
    }
}

/// `None` for somebody who does not sell.
pub async fn by_user(db: &Database, user_id: &UserId) -> Result<Option<Merchant>, sqlx::Error> {
    of_user(db.readers(), user_id).await
}

/// The same, also in a transaction.
pub async fn of_user(
    executor: impl AnyExecutor<'_>,
    user_id: &UserId,
) -> Result<Option<Merchant>, sqlx::Error> {
    sqlx::query_as(select_merchants!("WHERE user_id = $1"))
        .bind(user_id.as_str())
        .fetch_optional(executor)
        .await
}

/// The merchant, who must be there: items and orders name no other.
pub async fn by_id(executor: impl AnyExecutor<'_>, id: &MerchantId) -> Result<Merchant, sqlx::Error> {
    sqlx::query_as(select_merchants!("WHERE id = $1")).bind(id.as_str()).fetch_one(executor).await
}

/// `None` where there is no such merchant.
pub async fn find(executor: impl AnyExecutor<'_>, id: &MerchantId) -> Result<Option<Merchant>, sqlx::Error> {
    sqlx::query_as(select_merchants!("WHERE id = $1")).bind(id.as_str()).fetch_optional(executor).await
}

/// The merchant whose registration the callerReference names.
pub async fn by_registration_reference(
    db: &Database,
    reference: &CallerReference,
) -> Result<Option<Merchant>, sqlx::Error> {
    sqlx::query_as(select_merchants!("WHERE registration_reference = $1"))
        .bind(reference.as_str())
        .fetch_optional(db.readers())
        .await
}

/// A user, and whether they sell.
#[derive(Debug)]
pub struct UserAndShop {
    pub user: User,
    pub merchant_id: Option<MerchantId>,
}

impl FromRow<'_, AnyRow> for UserAndShop {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self { user: User::from_row(row)?, merchant_id: row.optional("merchant_id", Columns::parsed)? })
    }
}

/// `None` also for somebody whose account is closed or deleted. One statement, because it runs for every page that a signed-in
/// person opens.
pub async fn user_and_shop(db: &Database, id: &UserId) -> Result<Option<UserAndShop>, sqlx::Error> {
    sqlx::query_as(select_users!(
        ", m.id AS merchant_id",
        "LEFT JOIN merchants m ON m.user_id = u.id WHERE u.id = $1 AND u.held_at IS NULL AND u.deleted_at IS NULL"
    ))
    .bind(id.as_str())
    .fetch_optional(db.readers())
    .await
}

/// Adds the merchant and answers `true`, or `false` when the user is one already.
pub async fn insert(
    connection: &mut AnyConnection,
    merchant: &Merchant,
    created_at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let registration = merchant.registration.as_ref();
    let (refund_days, unless_downloaded) = merchant.refund_rule.columns();
    let inserted = sqlx::query(
        "INSERT INTO merchants (id, user_id, name, registration_reference, recipient_token_id, refund_token_id, \
         registered_at, created_at, refund_days, refund_unless_downloaded, max_fixed_fee, max_variable_fee) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
    )
    .bind(merchant.id.as_str())
    .bind(merchant.user_id.as_str())
    .bind(&merchant.name)
    .bind(merchant.registration_reference.as_ref().map(CallerReference::as_str))
    .bind(registration.map(|registration| registration.recipient_token.as_str()))
    .bind(registration.and_then(|registration| registration.refund_token.as_ref()).map(TokenId::as_str))
    .bind(registration.map(|registration| registration.at.as_microsecond()))
    .bind(created_at.as_microsecond())
    .bind(refund_days)
    .bind(unless_downloaded)
    .bind(merchant.fee_caps.fixed.micros())
    .bind(merchant.fee_caps.variable.ten_thousandths())
    .execute(&mut *connection)
    .await?;
    let is_new = inserted.rows_affected() == 1;
    if is_new {
        users::find_by(connection, &merchant.user_id, &merchant.name).await?;
    }
    Ok(is_new)
}

/// The merchant whose page it is, or was under an earlier name.
pub async fn by_slug(db: &Database, slug: &SellerSlug) -> Result<Option<Merchant>, sqlx::Error> {
    sqlx::query_as(select_merchants!(
        "WHERE id = (SELECT s.merchant_id FROM merchant_slugs s WHERE s.slug = $1)"
    ))
    .bind(slug.as_str())
    .fetch_optional(db.readers())
    .await
}

/// Addresses of sellers' pages, the oldest first.
pub async fn slugs(db: &Database, limit: i64) -> Result<Vec<SellerSlug>, sqlx::Error> {
    let rows =
        sqlx::query("SELECT slug FROM merchants WHERE slug IS NOT NULL ORDER BY created_at, id LIMIT $1")
            .bind(limit)
            .fetch_all(db.readers())
            .await?;
    rows.iter().map(|row| row.parsed("slug")).collect()
}

/// Those that have no address yet, the oldest first.
pub async fn without_slug(db: &Database) -> Result<Vec<Merchant>, sqlx::Error> {
    sqlx::query_as(select_merchants!("WHERE slug IS NULL ORDER BY created_at, id"))
        .fetch_all(db.readers())
        .await
}

/// Gives the merchant the looks of its name in place of those it had; answers `false` when another has one of them. Then
/// the transaction must be undone.
pub async fn change_name(connection: &mut AnyConnection, merchant: &Merchant) -> Result<bool, sqlx::Error> {
    sqlx::query("DELETE FROM merchant_names WHERE merchant_id = $1")
        .bind(merchant.id.as_str())
        .execute(&mut *connection)
        .await?;
    sqlx::query("UPDATE merchants SET name = $1 WHERE id = $2")
        .bind(&merchant.name)
        .bind(merchant.id.as_str())
        .execute(&mut *connection)
        .await?;
    claim_name(connection, merchant).await
}

/// Gives the merchant all looks of its name; answers `false` when another has one of them. Then the transaction must
/// be undone.
pub async fn claim_name(connection: &mut AnyConnection, merchant: &Merchant) -> Result<bool, sqlx::Error> {
    let mut free = true;
    for look in identity::looks(&merchant.name) {
        free &= claim_look(&mut *connection, &look, &merchant.id).await?;
    }
    Ok(free)
}

async fn claim_look(
    connection: &mut AnyConnection,
    look: &str,
    id: &MerchantId,
) -> Result<bool, sqlx::Error> {
    let claimed =
        sqlx::query("INSERT INTO merchant_names (look, merchant_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(look)
            .bind(id.as_str())
            .execute(connection)
            .await?;
    Ok(claimed.rows_affected() == 1)
}

/// Keeps the looks of names that are not kept yet, the oldest merchant's first: those of the demo data, and those
/// from before looks were kept. Where two look alike, both keep their names.
pub async fn claim_missing_names(db: &Database) -> Result<(), sqlx::Error> {
    let missing: Vec<Merchant> = sqlx::query_as(select_merchants!(
        "m WHERE NOT EXISTS (SELECT 1 FROM merchant_names n WHERE n.merchant_id = m.id) ORDER BY created_at, id"
    ))
    .fetch_all(db.readers())
    .await?;
    db.transact(missing, |c, missing| {
        Box::pin(async move {
            for merchant in missing {
                claim_name(&mut *c, merchant).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Remembers under which callerReference a registration was begun, and what it offers.
pub async fn begin_registration(
    connection: &mut AnyConnection,
    id: &MerchantId,
    reference: &CallerReference,
    offered: FeeCaps,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE merchants SET registration_reference = $1, max_fixed_fee = $2, max_variable_fee = $3 \
         WHERE id = $4 AND registered_at IS NULL",
    )
    .bind(reference.as_str())
    .bind(offered.fixed.micros())
    .bind(offered.variable.ten_thousandths())
    .bind(id.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// Holds the shop, or releases it; answers `false` where it is so already.
pub async fn set_hold(
    connection: &mut AnyConnection,
    id: &MerchantId,
    hold: Option<&Hold>,
) -> Result<bool, sqlx::Error> {
    Hold::set(connection, hold_statements!("merchants"), id.as_str(), hold).await
}

/// Sellers who registered for less than these fees: how many, and the names of the first of them.
pub async fn capped_below(
    connection: &mut AnyConnection,
    needed: FeeCaps,
    only: Option<&MerchantId>,
    names: usize,
) -> Result<(usize, Vec<String>), sqlx::Error> {
    let rows = sqlx::query(
        "SELECT name FROM merchants WHERE registered_at IS NOT NULL AND (max_fixed_fee < $1 OR max_variable_fee < $2) \
         AND ($3 = '' OR id = $3) ORDER BY created_at, user_id",
    )
    .bind(needed.fixed.micros())
    .bind(needed.variable.ten_thousandths())
    .bind(only.map_or("", MerchantId::as_str))
    .fetch_all(connection)
    .await?;
    let first = rows.iter().take(names).map(|row| row.text("name")).collect::<Result<_, _>>()?;
    Ok((rows.len(), first))
}

/// Forgets a registration whose recipient or refund token was cancelled at Amazon Payments; answers who had it. Its
/// reference goes too: the way back from it must not bring it back.
pub async fn forget_registration(
    connection: &mut AnyConnection,
    token: &TokenId,
    at: Timestamp,
) -> Result<Vec<Merchant>, sqlx::Error> {
    let had_it: Vec<Merchant> =
        sqlx::query_as(select_merchants!("WHERE recipient_token_id = $1 OR refund_token_id = $1"))
            .bind(token.as_str())
            .fetch_all(&mut *connection)
            .await?;
    sqlx::query(
        "UPDATE merchants SET recipient_token_id = NULL, refund_token_id = NULL, registered_at = NULL, \
             registration_reference = NULL, cancelled_at = $1 \
         WHERE recipient_token_id = $2 OR refund_token_id = $2",
    )
    .bind(at.as_microsecond())
    .bind(token.as_str())
    .execute(connection)
    .await?;
    Ok(had_it)
}

/// The merchant who has this recipient or refund token.
pub async fn by_token(
    connection: &mut AnyConnection,
    token: &TokenId,
) -> Result<Option<Merchant>, sqlx::Error> {
    sqlx::query_as(select_merchants!(
        "WHERE recipient_token_id = $1 OR refund_token_id = $1 ORDER BY created_at, id LIMIT 1"
    ))
    .bind(token.as_str())
    .fetch_optional(connection)
    .await
}

/// Whether the merchant's items can be bought.
pub async fn is_registered(db: &Database, id: &MerchantId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query("SELECT 1 FROM merchants WHERE id = $1 AND recipient_token_id IS NOT NULL")
        .bind(id.as_str())
        .fetch_optional(db.readers())
        .await?;
    Ok(found.is_some())
}

/// Keeps the tokens of the Recipient pipeline; answers `false` when the merchant is registered already.
pub async fn complete_registration(
    connection: &mut AnyConnection,
    id: &MerchantId,
    registration: &Registration,
) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query(
        "UPDATE merchants SET recipient_token_id = $1, refund_token_id = $2, registered_at = $3, \
             cancelled_at = NULL WHERE id = $4 AND registered_at IS NULL",
    )
    .bind(registration.recipient_token.as_str())
    .bind(registration.refund_token.as_ref().map(TokenId::as_str))
    .bind(registration.at.as_microsecond())
    .bind(id.as_str())
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// The id of the shop of this user, who must have one.
pub async fn id_of_user(connection: &mut AnyConnection, user_id: &UserId) -> Result<MerchantId, sqlx::Error> {
    let row = sqlx::query("SELECT id FROM merchants WHERE user_id = $1")
        .bind(user_id.as_str())
        .fetch_one(connection)
        .await?;
    row.parsed("id")
}
