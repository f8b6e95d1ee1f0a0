//! Lists of an account's transactions, as callers ask for them through the API and people on the account site.

use crate::domain::accounts::AccountId;
use crate::domain::place::Place;
use crate::domain::transactions::record::Transaction;
use crate::domain::transactions::row::select_transactions;
use fps_protocol::enums::{FpsOperation, PaymentMethod, TransactionStatus, TransactionalRole};
use jiff::Timestamp;
use platform::Database;
use sqlx::AssertSqlSafe;
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

/// What its accounts have mail of from its beginning on: a refund, and what is paid or held within the call. The word of
/// an index for each role, as there is one for all others (migration 0011).
pub const MAILED: &str = "(t.operation = 'Refund' \
    OR (t.parent IS NULL AND t.payment_method IN ('ABT', 'Prepaid', 'Debt')))";

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

    /// What it asks of a transaction `t`. Its words stand in the text: a database that sees them knows how few they leave.
    fn conditions(&self) -> String {
        let mut conditions = String::new();
        let mut and = |condition: &str| conditions.extend([" AND ", condition]);
        if let Some(operation) = self.operation {
            let of_this = format!("t.operation = '{operation}'");
            if operation == FpsOperation::Settle {
                and(&format!("({of_this} OR (t.operation = 'Reserve' AND t.settle_amount IS NOT NULL))"));
            } else {
                and(&of_this);
            }
        }
        if let Some(category) = self.category {
            and(&format!(
                "CASE WHEN t.operation NOT IN ('Pay', 'Reserve', 'Settle') THEN t.operation \
                 WHEN t.parent IS NOT NULL THEN 'MarketplaceFee' ELSE 'Payment' END = '{category}'"
            ));
        }
        if let Some(method) = self.payment_method {
            and(&format!("t.payment_method = '{method}'"));
        }
        if let Some(status) = self.status {
            and(&format!("t.status = '{status}'"));
        }
        conditions
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

/// How a piece is read from its place on.
#[derive(Debug, Clone, Copy)]
struct Direction {
    /// What a moment of receipt must be to the moment at which the list ends.
    before_the_end: &'static str,
    /// What a transaction must be to the place.
    beyond: &'static str,
    order: &'static str,
}

const OLDER: Direction =
    Direction { before_the_end: ">=", beyond: "<", order: "t.received_at DESC, t.place DESC" };
const NEWER: Direction = Direction { before_the_end: "<", beyond: ">", order: "t.received_at, t.place" };
const FROM: Direction = Direction { beyond: ">=", ..NEWER };

/// What of the account `$1` is on the page that ends at the moment `$2` and begins beyond the moment `$3` and the id
/// `$4`: of each role as many transactions as the page has by an index of its own, and of those together as many again.
/// It is one statement for each filter and limit, with nothing in it that is not asked for. With all of them as arguments
/// PostgreSQL planned it anew for each page, since what it planned for any of them was worse, and that took longer than
/// to read the page.
fn page(filter: &Filter, Direction { before_the_end, beyond, order }: Direction, limit: i64) -> String {
    let conditions = filter.conditions();
    let roles = filter.roles.iter().flat_map(|role| {
        let of_account = "(SELECT a.number FROM accounts a WHERE a.id = $1)";
        // Those of a sender or recipient stand in two indexes.
        let halves = |role: &str| {
            vec![
                format!("t.{role} = {of_account} AND {MAILED}"),
                format!("t.{role} = {of_account} AND NOT {MAILED}"),
            ]
        };
        match role {
            TransactionalRole::Sender => halves("sender"),
            TransactionalRole::Recipient => halves("recipient"),
            TransactionalRole::Caller => {
                vec!["t.caller = (SELECT k.number FROM callers k WHERE k.account_id = $1)".to_owned()]
            }
        }
    });
    let roles = roles.map(|role| {
        format!(
            "SELECT received_at, place FROM (SELECT t.received_at, t.place FROM transactions t \
             WHERE {role}{conditions} AND t.received_at {before_the_end} $2 \
             AND (t.received_at, t.place) {beyond} ($3, {PLACE}) ORDER BY {order} LIMIT {limit}) AS of_role"
        )
    });
    let roles = roles.collect::<Vec<_>>().join(" UNION ");
    format!(
        "{}t.number IN (SELECT t.place FROM ({roles}) AS t ORDER BY {order} LIMIT {limit}) ORDER BY {order}",
        select_transactions!("WHERE ")
    )
}

/// Those of one moment stand in the order in which they came. An id of which only the beginning is known means the first
/// that it can be; none at all comes before all of the moment.
const PLACE: &str = "CASE WHEN $4 = '' THEN 0 ELSE COALESCE( \
    (SELECT p.number FROM transactions p WHERE p.id >= $4 ORDER BY p.id LIMIT 1), 9223372036854775807) END";

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
    let (direction, bound, place) = match piece {
        Piece::Newest => (OLDER, from, end),
        Piece::OlderThan(place) => (OLDER, from, place.clone().min(end)),
        Piece::NewerThan(place) => (NEWER, before, place.clone().max(first)),
        Piece::From(place) => (FROM, before, place.clone().max(first)),
    };
    if filter.roles.is_empty() {
        return Ok(Vec::new());
    }
    sqlx::query_as(AssertSqlSafe(page(filter, direction, limit)))
        .bind(account_id.as_str())
        .bind(bound.as_microsecond())
        .bind(place.at.as_microsecond())
        .bind(place.id)
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
        let all = Filter::all(TransactionalRole::ALL);
        let some = Filter {
            operation: Some(FpsOperation::Settle),
            category: Some(Category::Payment),
            payment_method: Some(PaymentMethod::Cc),
            status: Some(TransactionStatus::Success),
            ..all.clone()
        };
        let queries = [(&all, OLDER), (&all, NEWER), (&all, FROM), (&some, OLDER), (&some, FROM)];
        let queries = queries.map(|(filter, direction)| page(filter, direction, 20));
        for (query, plan) in query_plans(&queries.each_ref().map(String::as_str)).await {
            let steps: Vec<&str> = plan.iter().map(String::as_str).collect();
            for index in [
                "sender (sender",
                "sender_mailed (sender",
                "recipient (recipient",
                "recipient_mailed (recipient",
                "caller (caller",
            ] {
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
            let (of_roles, of_page) = scans.split_at(5);
            assert!(of_roles.iter().all(|step| **step == "SCAN of_role"), "{steps:#?}");
            assert_eq!(of_page, [&"SCAN t"], "{steps:#?}");
            let sorts = steps.iter().filter(|step| step.contains("TEMP B-TREE FOR ORDER BY")).count();
            assert_eq!((sorts, steps.contains(&"CO-ROUTINE t")), (2, true), "{steps:#?}");
        }
    }
}
