//! Lists of an account's transactions, as callers ask for them through the API and people on the account site.

use crate::domain::accounts::AccountId;
use crate::domain::place::Place;
use crate::domain::transactions::record::Transaction;
use crate::domain::transactions::row::select_transactions;
use fps_protocol::enums::{FpsOperation, PaymentMethod, TransactionStatus, TransactionalRole};
use jiff::Timestamp;
use platform::Database;
use text_types::words;

words! {
    /// What a transaction is to people: a reserve is a payment like others, and a marketplace fee is none.
    pub enum Category {
        Payment = "Payment",
        Refund = "Refund",
        MarketplaceFee = "MarketplaceFee",
        FundPrepaid = "FundPrepaid",
        SettleDebt = "SettleDebt",
        WriteOffDebt = "WriteOffDebt",
    }
}

/// Received from the first of these moments on, and before the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub from: Timestamp,
    pub before: Timestamp,
}

impl Range {
    pub const ALWAYS: Self = Self { from: Timestamp::MIN, before: Timestamp::MAX };
}

/// Which of an account's transactions are asked for; `None` is any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// What the account is in them: one of these.
    pub roles: Vec<TransactionalRole>,
    /// A reserve that is settled keeps its operation, and is found as a Settle, too.
    pub operation: Option<FpsOperation>,
    pub category: Option<Category>,
    pub payment_method: Option<PaymentMethod>,
    pub status: Option<TransactionStatus>,
    pub received: Range,
}

impl Filter {
    /// Everything in which the account is one of these.
    pub fn all(roles: &[TransactionalRole]) -> Self {
        Self {
            roles: roles.to_vec(),
            operation: None,
            category: None,
            payment_method: None,
            status: None,
            received: Range::ALWAYS,
        }
    }

    fn asks_for(&self, role: TransactionalRole) -> i64 {
        i64::from(self.roles.contains(&role))
    }
}

/// A piece of a list, read from a place on in one direction. Whatever is received meanwhile, a list that is read
/// piece by piece repeats nothing and leaves nothing out that was there when it was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The newest first, from the end of the list.
    Newest,
    /// The newest first.
    OlderThan(Place),
    /// The oldest first.
    NewerThan(Place),
    /// The oldest first, with what stands at the place itself.
    From(Place),
}

/// What of the account `$1` is on the page that begins beyond the moment `$10` and the id `$11`, and has `$12`
/// transactions at the most: of each role as many by an index of its own, and of those together as many again.
macro_rules! page {
    ($bounds:expr, $order:literal) => {
        concat!(
            select_transactions!("WHERE t.number IN (SELECT t.place FROM ("),
            in_role!(
                "$2 = 1 AND t.sender = (SELECT a.number FROM accounts a WHERE a.id = $1)",
                $bounds,
                $order
            ),
            " UNION ",
            in_role!(
                "$3 = 1 AND t.recipient = (SELECT a.number FROM accounts a WHERE a.id = $1)",
                $bounds,
                $order
            ),
            " UNION ",
            in_role!(
                "$4 = 1 AND t.caller = (SELECT k.number FROM callers k WHERE k.account_id = $1)",
                $bounds,
                $order
            ),
            ") AS t ORDER BY ",
            $order,
            " LIMIT $12) ORDER BY ",
            $order
        )
    };
}

macro_rules! in_role {
    ($role:literal, $bounds:expr, $order:literal) => {
        concat!(
            "SELECT received_at, place FROM (SELECT t.received_at, t.place FROM transactions t WHERE ",
            $role,
            " AND ($5 = '' OR t.operation = $5 \
                 OR ($5 = 'Settle' AND t.operation = 'Reserve' AND t.settle_amount IS NOT NULL)) \
             AND ($6 = '' OR $6 = CASE WHEN t.operation NOT IN ('Pay', 'Reserve', 'Settle') THEN t.operation \
                 WHEN t.parent IS NOT NULL THEN 'MarketplaceFee' ELSE 'Payment' END) \
             AND ($7 = '' OR t.payment_method = $7) AND ($8 = '' OR t.status = $8) AND ",
            $bounds,
            " ORDER BY ",
            $order,
            " LIMIT $12) AS of_role"
        )
    };
}

/// Those of one moment stand in the order in which they came. An id of which only the beginning is known means the first
/// that it can be; none at all comes before all of the moment.
macro_rules! beyond {
    ($bound:literal, $comparison:literal) => {
        concat!(
            $bound,
            " AND (t.received_at, t.place) ",
            $comparison,
            " ($10, CASE WHEN $11 = '' THEN 0 ELSE COALESCE( \
                 (SELECT p.number FROM transactions p WHERE p.id >= $11 ORDER BY p.id LIMIT 1), 9223372036854775807) END)"
        )
    };
}

const OLDER: &str = page!(beyond!("t.received_at >= $9", "<"), "t.received_at DESC, t.place DESC");
const NEWER: &str = page!(beyond!("t.received_at < $9", ">"), "t.received_at, t.place");
const FROM: &str = page!(beyond!("t.received_at < $9", ">="), "t.received_at, t.place");

/// Up to `limit` transactions of a piece of the account's list, by the time of receipt, in the direction of the piece.
pub async fn of_account(
    db: &Database,
    account_id: &AccountId,
    filter: &Filter,
    piece: &Piece,
    limit: i64,
) -> Result<Vec<Transaction>, sqlx::Error> {
    let Range { from, before } = filter.received;
    let (first, end) = (Place::before(from), Place::before(before));
    let (sql, bound, place) = match piece {
        Piece::Newest => (OLDER, from, end),
        Piece::OlderThan(place) => (OLDER, from, place.clone().min(end)),
        Piece::NewerThan(place) => (NEWER, before, place.clone().max(first)),
        Piece::From(place) => (FROM, before, place.clone().max(first)),
    };
    sqlx::query_as(sql)
        .bind(account_id.as_str())
        .bind(filter.asks_for(TransactionalRole::Sender))
        .bind(filter.asks_for(TransactionalRole::Recipient))
        .bind(filter.asks_for(TransactionalRole::Caller))
        .bind(filter.operation.map_or("", FpsOperation::as_str))
        .bind(filter.category.map_or("", Category::as_str))
        .bind(filter.payment_method.map_or("", PaymentMethod::as_str))
        .bind(filter.status.map_or("", TransactionStatus::as_str))
        .bind(bound.as_microsecond())
        .bind(place.at.as_microsecond())
        .bind(place.id)
        .bind(limit)
        .fetch_all(db.readers())
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::payments::tests::query_plans;

    /// A page costs what it shows, however long the list is: each role by its index, without sorting more than
    /// the page.
    #[tokio::test]
    async fn pages_are_found_by_indexes() {
        for (query, plan) in query_plans(&[OLDER, NEWER, FROM]).await {
            let steps: Vec<&str> = plan.iter().map(String::as_str).collect();
            for index in ["sender (sender", "recipient (recipient", "caller (caller"] {
                let by = format!("SEARCH t USING COVERING INDEX transactions_by_{index}=?");
                let by = [by.clone(), by.replace("COVERING ", "")];
                assert!(
                    steps.iter().any(|step| by.iter().any(|by| step.starts_with(by))
                        && step.contains("(received_at,place)")),
                    "{query}: {steps:#?}"
                );
            }
            // What is looked through is what the roles brought, and the page of it.
            let scans: Vec<_> = steps.iter().filter(|step| step.starts_with("SCAN")).collect();
            assert_eq!(scans, [&"SCAN of_role", &"SCAN of_role", &"SCAN of_role", &"SCAN t"], "{steps:#?}");
            let sorts = steps.iter().filter(|step| step.contains("TEMP B-TREE FOR ORDER BY")).count();
            assert_eq!((sorts, steps.contains(&"CO-ROUTINE t")), (2, true), "{steps:#?}");
        }
    }
}
