use crate::Account;
use crate::rows::time;
use jiff::Timestamp;
use money::Money;
use sqlx::AnyExecutor;

/// What an account had at each moment of a time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// The balance before the first movement.
    opening: Money,
    /// The balance after the movements of each moment, in time order.
    balances: Vec<(Timestamp, Money)>,
}

impl History {
    /// The balance after all that was posted until this moment.
    pub fn balance_at(&self, at: Timestamp) -> Money {
        let until = self.balances.partition_point(|(posted_at, _)| *posted_at <= at);
        until.checked_sub(1).map_or(self.opening, |last| self.balances[last].1)
    }
}

/// An account's balances from one moment to another; both count.
pub async fn history<'c>(
    reader: impl AnyExecutor<'c> + Copy,
    account: &Account,
    from: Timestamp,
    to: Timestamp,
) -> Result<History, sqlx::Error> {
    let (mut balance,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(p.amount), 0) AS BIGINT) \
         FROM ledger_postings p JOIN ledger_transactions t ON t.id = p.transaction_id \
         WHERE p.account_id = $1 AND t.posted_at < $2",
    )
    .bind(account.id())
    .bind(from.as_microsecond())
    .fetch_one(reader)
    .await?;
    let movements: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT t.posted_at, CAST(SUM(p.amount) AS BIGINT) \
         FROM ledger_postings p JOIN ledger_transactions t ON t.id = p.transaction_id \
         WHERE p.account_id = $1 AND t.posted_at >= $2 AND t.posted_at <= $3 \
         GROUP BY t.posted_at ORDER BY t.posted_at",
    )
    .bind(account.id())
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .fetch_all(reader)
    .await?;
    let opening = Money::from_micros(balance);
    let after = |(posted_at, amount)| {
        balance += amount;
        Ok((time("posted_at", posted_at)?, Money::from_micros(balance)))
    };
    let balances: Result<_, sqlx::Error> = movements.into_iter().map(after).collect();
    Ok(History { opening, balances: balances? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balance_stands_until_the_next_movement() {
        let cents = Money::from_cents;
        let at = |second| Timestamp::from_second(second).unwrap();
        let history = History { opening: cents(5), balances: vec![(at(10), cents(7)), (at(20), cents(3))] };
        let balances = [9, 10, 19, 20, 99].map(|second| history.balance_at(at(second)));
        assert_eq!(balances, [cents(5), cents(7), cents(7), cents(3), cents(3)]);
        assert_eq!(History::default().balance_at(at(0)), Money::ZERO);
    }
}
