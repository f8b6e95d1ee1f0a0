use money::Money;
use sqlx::AnyPool;

/// What an account had at each moment of a time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// The balance before the first movement.
    opening: Money,
    /// The balance after the movements of each moment, in time order.
    balances: Vec<(i64, Money)>,
}

impl History {
    /// The balance after all that was posted until this moment.
    pub fn balance_at(&self, at: i64) -> Money {
        let until = self.balances.partition_point(|(posted_at, _)| *posted_at <= at);
        until.checked_sub(1).map_or(self.opening, |last| self.balances[last].1)
    }
}

/// An account's balances from one moment to another; both are microseconds, and both count.
pub async fn history(readers: &AnyPool, id: &str, from: i64, to: i64) -> Result<History, sqlx::Error> {
    let (mut balance,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(p.amount), 0) AS BIGINT) \
         FROM ledger_postings p JOIN ledger_transactions t ON t.id = p.transaction_id \
         WHERE p.account_id = $1 AND t.posted_at < $2",
    )
    .bind(id)
    .bind(from)
    .fetch_one(readers)
    .await?;
    let movements: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT t.posted_at, CAST(SUM(p.amount) AS BIGINT) \
         FROM ledger_postings p JOIN ledger_transactions t ON t.id = p.transaction_id \
         WHERE p.account_id = $1 AND t.posted_at >= $2 AND t.posted_at <= $3 \
         GROUP BY t.posted_at ORDER BY t.posted_at",
    )
    .bind(id)
    .bind(from)
    .bind(to)
    .fetch_all(readers)
    .await?;
    let opening = Money::from_micros(balance);
    let after = |(posted_at, amount)| {
        balance += amount;
        (posted_at, Money::from_micros(balance))
    };
    Ok(History { opening, balances: movements.into_iter().map(after).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balance_stands_until_the_next_movement() {
        let cents = Money::from_cents;
        let history = History { opening: cents(5), balances: vec![(10, cents(7)), (20, cents(3))] };
        let balances = [9, 10, 19, 20, 99].map(|at| history.balance_at(at));
        assert_eq!(balances, [cents(5), cents(7), cents(7), cents(3), cents(3)]);
        assert_eq!(History::default().balance_at(0), Money::ZERO);
    }
}
