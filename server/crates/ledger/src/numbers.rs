//! What the numbers in rows of the books stand for, for whoever sees rows and no names.

use crate::name::ROLES;
use crate::{Account, Kind, Origin};
use sqlx::AnyExecutor;

/// The account that has this number in the books' rows.
pub async fn account_numbered<'c>(
    reader: impl AnyExecutor<'c>,
    number: i64,
) -> Result<Option<Account>, sqlx::Error> {
    let row: Option<(String, String)> =
        sqlx::query_as("SELECT id, kind FROM ledger_accounts WHERE number = $1")
            .bind(number)
            .fetch_optional(reader)
            .await?;
    row.map(|(id, kind)| Ok(Account::of_kind(id, Kind::from_column(&kind)?))).transpose()
}

/// What the transaction that has this number in the books' rows belongs to.
pub async fn origin_numbered<'c>(
    reader: impl AnyExecutor<'c>,
    transaction_number: i64,
) -> Result<Origin, sqlx::Error> {
    let roles = i64::from(ROLES);
    if transaction_number.rem_euclid(roles) != 0 {
        return Ok(Origin::of(transaction_number, None));
    }
    let words: Option<(String,)> = sqlx::query_as("SELECT id FROM ledger_names WHERE number = $1")
        .bind(transaction_number.div_euclid(roles))
        .fetch_optional(reader)
        .await?;
    Ok(Origin::of(transaction_number, words.map(|(words,)| words)))
}
