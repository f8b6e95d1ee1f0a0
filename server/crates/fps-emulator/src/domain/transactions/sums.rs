//! Sums over transactions: what is on its way, and what was earned.

use crate::domain::accounts::AccountId;
use fps_protocol::ids::{AccessKey, InstrumentId};
use money::Money;
use platform::Database;
use sqlx::AnyExecutor;

/// What pending payments will bring to an account and take from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    pub into_account: Money,
    pub out_of_account: Money,
}

const PENDING: &str = "SELECT CAST(COALESCE(SUM(CASE WHEN t.recipient = own.number AND t.operation <> 'FundPrepaid' THEN \
             COALESCE(t.settle_amount, t.amount) - t.marketplace_fee \
             - t.fps_fee * t.recipient_pays_fee ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN c.account_id = own.id THEN t.marketplace_fee ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN c.account_id = own.id AND t.recipient_pays_fee = 0 THEN t.fps_fee ELSE 0 END), \
             0) AS BIGINT) \
     FROM accounts own, transactions t JOIN callers c ON c.number = t.caller \
     WHERE own.id = $1 AND t.status = 'Pending' AND t.parent IS NULL \
         AND (t.operation IN ('Pay', 'FundPrepaid', 'SettleDebt') \
             OR (t.operation = 'Reserve' AND t.settle_amount IS NOT NULL)) \
         AND (t.recipient = own.number OR c.account_id = own.id)";

/// A reserve brings nothing before it is settled, and what funds a prepaid balance does not come here.
/// Refunds have left the account already, and those to cards do not come to a balance.
pub async fn pending(db: &Database, account_id: &AccountId) -> Result<Pending, sqlx::Error> {
    let (paid, marketplace_fees, fps_fees): (i64, i64, i64) =
        sqlx::query_as(PENDING).bind(account_id.as_str()).fetch_one(db.readers()).await?;
    Ok(Pending {
        into_account: Money::from_micros(paid.saturating_add(marketplace_fees)),
        out_of_account: Money::from_micros(fps_fees),
    })
}

/// The pending funding of what the condition takes.
macro_rules! pending_funding_where {
    ($condition:literal) => {
        concat!(
            "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM transactions WHERE ",
            $condition,
            " AND operation = 'FundPrepaid' AND status = 'Pending'"
        )
    };
}

/// What cards and bank accounts are to bring to a prepaid balance.
pub async fn pending_funding<'c>(
    reader: impl AnyExecutor<'c>,
    instrument_id: &InstrumentId,
) -> Result<Money, sqlx::Error> {
    sum(
        reader,
        pending_funding_where!("stored_value = (SELECT i.number FROM instruments i WHERE i.id = $1)"),
        instrument_id.as_str(),
    )
    .await
}

const OF_CALLER: &str =
    pending_funding_where!("+caller = (SELECT c.number FROM callers c WHERE c.access_key = $1)");

/// The same of all the prepaid balances with a caller. The sign keeps SQLite from looking through all of the caller's:
/// what is pending has an index.
pub async fn pending_funding_with_caller<'c>(
    reader: impl AnyExecutor<'c>,
    access_key: &AccessKey,
) -> Result<Money, sqlx::Error> {
    sum(reader, OF_CALLER, access_key.as_str()).await
}

/// Marketplace fees that the caller took and kept.
pub async fn fees_earned(db: &Database, access_key: &AccessKey) -> Result<Money, sqlx::Error> {
    let sql = "SELECT CAST(COALESCE(SUM(marketplace_fee - marketplace_fee_refunded), 0) AS BIGINT) \
         FROM transactions \
         WHERE caller = (SELECT c.number FROM callers c WHERE c.access_key = $1) \
             AND status = 'Success' AND operation IN ('Pay', 'Reserve') AND parent IS NULL";
    sum(db.readers(), sql, access_key.as_str()).await
}

/// One sum, in micros, of what `$1` names.
async fn sum<'c>(reader: impl AnyExecutor<'c>, sql: &'static str, of: &str) -> Result<Money, sqlx::Error> {
    let (micros,): (i64,) = sqlx::query_as(sql).bind(of).fetch_one(reader).await?;
    Ok(Money::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::payments::tests::query_plans;

    /// What is pending is found among that, however much has happened before.
    #[tokio::test]
    async fn what_is_pending_is_found_by_an_index() {
        for (query, plan) in query_plans(&[PENDING, OF_CALLER]).await {
            let by_index = plan.iter().any(|step| step.contains("USING INDEX transactions_pending"));
            let others =
                plan.iter().filter(|step| step.starts_with("SCAN") && !step.contains("transactions_pending"));
            assert!(by_index && others.count() == 0, "{query}: {plan:#?}");
        }
    }
}
