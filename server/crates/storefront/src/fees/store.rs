//! The SQL of `fee_rules`.

use super::{Fee, FeeBook, FeeRule, Reach};
use crate::ids::FeeRuleId;
use crate::merchants::Merchant;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};

/// Rules that were not withdrawn, and what follows in the statement.
macro_rules! select_rules {
    ($rest:literal) => {
        concat!(
            "SELECT id, merchant_id, category, fixed, variable, least, most, begins_at, made_at FROM fee_rules \
             WHERE withdrawn_at IS NULL ",
            $rest
        )
    };
}

impl FromRow<'_, AnyRow> for FeeRule {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let seller = row.optional("merchant_id", Columns::parsed)?;
        let category = row.optional("category", Columns::parsed)?;
        let reach = match (seller, category) {
            (None, None) => Reach::All,
            (None, Some(category)) => Reach::Category(category),
            (Some(seller), None) => Reach::Seller(seller),
            (Some(_), Some(_)) => return Err(sqlx::Error::Decode("a fee rule of two reaches".into())),
        };
        let fee = Fee {
            fixed: row.money("fixed")?,
            variable: row.percent("variable")?,
            least: row.optional("least", Columns::money)?,
            most: row.optional("most", Columns::money)?,
        };
        let (begins_at, made_at) = (row.time("begins_at")?, row.time("made_at")?);
        Ok(Self { id: row.parsed("id")?, reach, fee, begins_at, made_at })
    }
}

/// The rules that have begun: those for a seller with what they agreed to, or the general ones and those of categories.
pub async fn in_force(
    executor: impl AnyExecutor<'_>,
    seller: Option<&Merchant>,
    at: Timestamp,
) -> Result<FeeBook, sqlx::Error> {
    let rules = sqlx::query_as(select_rules!(
        "AND begins_at <= $1 AND (merchant_id IS NULL OR merchant_id = $2) \
         ORDER BY begins_at DESC, made_at DESC, id DESC"
    ))
    .bind(at.as_microsecond())
    .bind(seller.map_or("", |seller| seller.id.as_str()))
    .fetch_all(executor)
    .await?;
    Ok(FeeBook::new(rules, seller.map(|seller| seller.fee_caps)))
}

/// All that have begun, of every seller too: for the operator.
pub async fn all_in_force(db: &Database, at: Timestamp) -> Result<FeeBook, sqlx::Error> {
    let rules =
        sqlx::query_as(select_rules!("AND begins_at <= $1 ORDER BY begins_at DESC, made_at DESC, id DESC"))
            .bind(at.as_microsecond())
            .fetch_all(db.readers())
            .await?;
    Ok(FeeBook::new(rules, None))
}

/// Those that have not begun, the first to begin first.
pub async fn to_come(executor: impl AnyExecutor<'_>, at: Timestamp) -> Result<Vec<FeeRule>, sqlx::Error> {
    sqlx::query_as(select_rules!("AND begins_at > $1 ORDER BY begins_at, made_at, id"))
        .bind(at.as_microsecond())
        .fetch_all(executor)
        .await
}

/// `None` where there is no such rule, or none any more.
pub async fn find(connection: &mut AnyConnection, id: &FeeRuleId) -> Result<Option<FeeRule>, sqlx::Error> {
    sqlx::query_as(select_rules!("AND id = $1")).bind(id.as_str()).fetch_optional(connection).await
}

pub async fn insert(connection: &mut AnyConnection, rule: &FeeRule) -> Result<(), sqlx::Error> {
    let (seller, category) = match &rule.reach {
        Reach::All => (None, None),
        Reach::Category(slug) => (None, Some(slug.as_str())),
        Reach::Seller(id) => (Some(id.as_str()), None),
    };
    sqlx::query(
        "INSERT INTO fee_rules (id, merchant_id, category, fixed, variable, least, most, begins_at, made_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(rule.id.as_str())
    .bind(seller)
    .bind(category)
    .bind(rule.fee.fixed.micros())
    .bind(rule.fee.variable.ten_thousandths())
    .bind(rule.fee.least.map(money::Money::micros))
    .bind(rule.fee.most.map(money::Money::micros))
    .bind(rule.begins_at.as_microsecond())
    .bind(rule.made_at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes back a rule that has not begun; answers `false` where it has, or is withdrawn already.
pub async fn withdraw(
    connection: &mut AnyConnection,
    id: &FeeRuleId,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query(
        "UPDATE fee_rules SET withdrawn_at = $1 WHERE id = $2 AND withdrawn_at IS NULL AND begins_at > $1",
    )
    .bind(at.as_microsecond())
    .bind(id.as_str())
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}
