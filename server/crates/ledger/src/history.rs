use crate::Account;
use crate::rows::time;
use jiff::Timestamp;
use money::Money;
use sqlx::{AnyExecutor, AssertSqlSafe};
use std::collections::BTreeMap;
use text_types::sql::rows_of_placeholders;

/// The balance after the last movement of the latest moment until `moments.at`. Moments can come twice, where the
/// clock was set back meanwhile.
pub(crate) const BALANCE_AT: &str = "SELECT m.balance FROM ledger_movements m \
     WHERE m.account_number = (SELECT number FROM ledger_accounts WHERE id = $1) \
     AND m.posted_at <= moments.at ORDER BY m.posted_at DESC, m.sequence DESC LIMIT 1";

/// What a stored account had after all that was posted until each of these moments; before its first movement
/// nothing. Each is looked up, however long the account's past is; ask for some hundreds at once, at the most.
pub async fn balances_at<'c>(
    reader: impl AnyExecutor<'c>,
    account: &Account,
    moments: impl IntoIterator<Item = Timestamp>,
) -> Result<BTreeMap<Timestamp, Money>, sqlx::Error> {
    let mut moments: Vec<i64> = moments.into_iter().map(Timestamp::as_microsecond).collect();
    moments.sort_unstable();
    moments.dedup();
    if moments.is_empty() {
        return Ok(BTreeMap::new());
    }
    let balance_at = BALANCE_AT.replace("$1", &format!("${}", moments.len() + 1));
    let statement = format!(
        "WITH moments (at) AS (VALUES {}) SELECT moments.at, COALESCE(({balance_at}), 0) FROM moments",
        rows_of_placeholders(moments.len(), 1)
    );
    let mut query = sqlx::query_as(AssertSqlSafe(statement));
    for moment in moments {
        query = query.bind(moment);
    }
    let rows: Vec<(i64, i64)> = query.bind(account.id()).fetch_all(reader).await?;
    rows.into_iter().map(|(at, balance)| Ok((time("at", at)?, Money::from_micros(balance)))).collect()
}
