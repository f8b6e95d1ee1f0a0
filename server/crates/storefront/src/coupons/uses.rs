//! Which orders a coupon lowers: the SQL of `coupon_uses`.
//!
//! A use is an order. It is taken in the transaction that places the order, while the coupon is locked, so that the last
//! one goes to one alone; it is confirmed with the buyer's authorization, and given back when no money is taken after all.
//! What a buyer placed and did not confirm makes way for what they place next.

use super::{Code, Coupon, Discount, Problem, discount, store};
use crate::catalogue::Item;
use crate::fees;
use crate::ids::{CouponId, OrderId, UserId};
use crate::merchants::Merchant;
use jiff::Timestamp;
use money::Money;
use platform::Database;
use platform::db::{Columns, WriteError};
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::HashMap;
use text_types::sql::placeholders;

#[derive(Debug, thiserror::Error)]
pub enum CouponError {
    #[error(transparent)]
    Problem(#[from] Problem),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for CouponError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Problem(_) => None,
        }
    }
}

/// How often a coupon can still be used; `None`: any number of times.
#[derive(Debug, Clone, Copy)]
struct Left {
    in_all: Option<i64>,
    of_buyer: Option<i64>,
}

impl Left {
    fn problem(self) -> Option<Problem> {
        if self.of_buyer.is_some_and(|left| left <= 0) {
            Some(Problem::UsedByYou)
        } else if self.in_all.is_some_and(|left| left <= 0) {
            Some(Problem::UsedUp)
        } else {
            None
        }
    }

    fn after_one_more(self) -> Self {
        let less = |left: Option<i64>| left.map(|left| left - 1);
        Self { in_all: less(self.in_all), of_buyer: less(self.of_buyer) }
    }
}

/// What the code takes off each of these, the dearest first where it cannot be used for all of them; an error where it
/// takes nothing off any. Nothing is taken yet.
pub async fn apply(
    connection: &mut AnyConnection,
    code: &Code,
    buyer: Option<&UserId>,
    wanted: &[(&Item, &Merchant)],
    now: Timestamp,
) -> Result<Vec<Option<Discount>>, CouponError> {
    let mut dearest_first: Vec<usize> = (0..wanted.len()).collect();
    dearest_first.sort_by_key(|at| std::cmp::Reverse(wanted[*at].0.price));
    let mut left: HashMap<CouponId, Left> = HashMap::new();
    let mut discounts = vec![None; wanted.len()];
    let mut problem = Problem::Unknown;
    for at in dearest_first {
        let (item, merchant) = wanted[at];
        let book = fees::in_force(&mut *connection, Some(merchant), now).await?;
        for coupon in store::of_code(&mut *connection, code, &merchant.id).await? {
            let uses = match left.get(&coupon.id) {
                Some(left) => *left,
                None => left_of(connection, &coupon, buyer, Counted::WithoutWhatMakesWay).await?,
            };
            let why = coupon.misfit(&item.id, &merchant.id, now).or_else(|| uses.problem());
            let off = match why {
                None => discount::of(&coupon, &book, &item.category, item.price).ok_or(Problem::NothingOff),
                Some(why) => Err(why),
            };
            match off {
                Ok(off) => {
                    left.insert(coupon.id, uses.after_one_more());
                    discounts[at] = Some(off);
                    break;
                }
                Err(why) => problem = more_telling(problem, why),
            }
        }
    }
    if discounts.iter().any(Option::is_some) { Ok(discounts) } else { Err(problem.into()) }
}

/// Of several reasons, the first that says most.
fn more_telling(known: Problem, why: Problem) -> Problem {
    match known {
        Problem::Unknown => why,
        Problem::OtherItem if why != Problem::Unknown => why,
        _ => known,
    }
}

/// Which uses count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    All,
    /// Without what the buyer has not confirmed, which makes way.
    WithoutWhatMakesWay,
}

async fn left_of(
    connection: &mut AnyConnection,
    coupon: &Coupon,
    buyer: Option<&UserId>,
    counted: Counted,
) -> Result<Left, sqlx::Error> {
    if coupon.most_uses.is_none() && coupon.most_each.is_none() {
        return Ok(Left { in_all: None, of_buyer: None });
    }
    let row = sqlx::query(
        "SELECT COUNT(*) AS in_all, CAST(COALESCE(SUM(CASE WHEN buyer_id = $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS of_buyer, \
         CAST(COALESCE(SUM(CASE WHEN buyer_id = $2 AND confirmed = 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS waiting \
         FROM coupon_uses WHERE coupon_id = $1",
    )
    .bind(coupon.id.as_str())
    .bind(buyer.map_or("", UserId::as_str))
    .fetch_one(connection)
    .await?;
    let waiting = row.integer("waiting")?;
    let left = |most: Option<u32>, used: i64| {
        let used = if counted == Counted::All { used } else { used - waiting };
        most.map(|most| i64::from(most) - used)
    };
    Ok(Left {
        in_all: left(coupon.most_uses, row.integer("in_all")?),
        of_buyer: left(coupon.most_each, row.integer("of_buyer")?),
    })
}

/// An order that a coupon lowers.
#[derive(Debug, Clone, Copy)]
pub struct Use<'a> {
    pub order: &'a OrderId,
    /// The basket's id, or the order's where it is alone.
    pub purchase: &'a str,
    pub buyer: &'a UserId,
    pub discount: &'a Discount,
}

/// Takes a use, if there is one left.
pub async fn take(connection: &mut AnyConnection, used: Use<'_>, at: Timestamp) -> Result<(), CouponError> {
    let coupon = store::lock(&mut *connection, &used.discount.coupon).await?.ok_or(Problem::Unknown)?;
    let (buyer, all) = (Some(used.buyer), Counted::All);
    if left_of(connection, &coupon, buyer, all).await?.problem().is_some() {
        make_way(connection, used).await?;
    }
    if let Some(problem) = left_of(connection, &coupon, buyer, all).await?.problem() {
        return Err(problem.into());
    }
    sqlx::query(
        "INSERT INTO coupon_uses (order_id, coupon_id, buyer_id, purchase, discount, at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(used.order.as_str())
    .bind(coupon.id.as_str())
    .bind(used.buyer.as_str())
    .bind(used.purchase)
    .bind(used.discount.amount.micros())
    .bind(at.as_microsecond())
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives back what the buyer's other purchases hold that were not confirmed.
async fn make_way(connection: &mut AnyConnection, used: Use<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "DELETE FROM coupon_uses WHERE coupon_id = $1 AND buyer_id = $2 AND confirmed = 0 AND purchase <> $3",
    )
    .bind(used.discount.coupon.as_str())
    .bind(used.buyer.as_str())
    .bind(used.purchase)
    .execute(connection)
    .await?;
    Ok(())
}

/// The buyer has allowed the payment. Answers `false` where the use was given back before.
pub async fn confirm(connection: &mut AnyConnection, order: &OrderId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE coupon_uses SET confirmed = 1 WHERE order_id = $1")
        .bind(order.as_str())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Nothing is paid: somebody else can use it. Changes nothing where it was given back before.
pub async fn give_back(connection: &mut AnyConnection, order: &OrderId) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM coupon_uses WHERE order_id = $1")
        .bind(order.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// What a guest used is somebody's with an account now.
pub async fn change_buyer(
    connection: &mut AnyConnection,
    from: &UserId,
    to: &UserId,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE coupon_uses SET buyer_id = $1 WHERE buyer_id = $2")
        .bind(to.as_str())
        .bind(from.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// How often a coupon was used, and what it took off in all: of orders whose payment was allowed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Used {
    pub orders: u32,
    pub off: Money,
}

pub async fn of_coupons(db: &Database, ids: &[&CouponId]) -> Result<HashMap<CouponId, Used>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT coupon_id, COUNT(*) AS orders, CAST(SUM(discount) AS BIGINT) AS off_all FROM coupon_uses \
         WHERE confirmed = 1 AND coupon_id IN ({}) GROUP BY coupon_id",
        placeholders(1, ids.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for id in ids {
        query = query.bind(id.as_str());
    }
    let rows = query.fetch_all(db.readers()).await?;
    rows.iter()
        .map(|row| {
            let orders = u32::try_from(row.integer("orders")?).unwrap_or(u32::MAX);
            Ok((row.parsed("coupon_id")?, Used { orders, off: row.money("off_all")? }))
        })
        .collect()
}
