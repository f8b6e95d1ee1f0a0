//! Everybody's orders as the operator looks for them.

use super::order::Order;
use super::rows::select_orders;
use super::state::Phase;
use crate::ids::{ItemId, MerchantId, OrderId, UserId};
use platform::Database;
use platform::paging::{self, Part, Place};
use std::fmt::Write;
use text_types::sql::placeholders;

/// What is looked for; nothing of it means every order. An empty list finds nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub phase: Option<Phase>,
    pub merchants: Option<Vec<MerchantId>>,
    pub buyers: Option<Vec<UserId>>,
    pub about: Option<About>,
}

/// The order's or its payment's id, or any of these items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub id: String,
    pub items: Vec<ItemId>,
}

impl Wanted {
    /// The condition, and its values from `$4` on.
    fn condition(&self) -> (String, Vec<String>) {
        let (mut sql, mut values) = (String::new(), Vec::new());
        if let Some(phase) = self.phase {
            values.push(phase.as_str().to_owned());
            sql.push_str(" AND o.state = $4");
        }
        let merchants = self.merchants.as_ref().map(|ids| ids.iter().map(ToString::to_string).collect());
        let buyers = self.buyers.as_ref().map(|ids| ids.iter().map(ToString::to_string).collect());
        for (column, ids) in [("o.merchant_id", merchants), ("o.buyer_id", buyers)] {
            let Some(ids): Option<Vec<String>> = ids else { continue };
            sql.push_str(&any_of(column, values.len(), ids.len()));
            values.extend(ids);
        }
        if let Some(about) = &self.about {
            let number = values.len() + 4;
            values.push(about.id.clone());
            let items = match about.items.len() {
                0 => String::new(),
                items => format!(" OR o.item_id IN ({})", placeholders(number + 1, items)),
            };
            values.extend(about.items.iter().map(ToString::to_string));
            // Writing to a String cannot fail.
            let _ = write!(sql, " AND (o.id = ${number} OR o.transaction_id = ${number}{items})");
        }
        (sql, values)
    }
}

fn any_of(column: &str, before: usize, ids: usize) -> String {
    match ids {
        0 => " AND 1 = 0".to_owned(),
        ids => format!(" AND {column} IN ({})", placeholders(before + 4, ids)),
    }
}

/// The statement of a part of the list; `$1` and `$2` are the place, `$3` the limit.
fn statement(condition: &str, newer: bool) -> String {
    let (beyond, order) = if newer { (">", "ASC") } else { ("<", "DESC") };
    format!(
        "{}WHERE (o.created_at, o.id) {beyond} ($1, $2){condition} ORDER BY o.created_at {order}, o.id {order} LIMIT $3",
        select_orders!("")
    )
}

/// What the operator's page asks: of all orders, in a state, of a seller, of a buyer.
#[cfg(test)]
pub fn first_pages() -> Vec<String> {
    let wanted = [
        Wanted::default(),
        Wanted { phase: Some(Phase::Paid), ..Wanted::default() },
        Wanted { merchants: Some(vec!["m".parse().unwrap()]), ..Wanted::default() },
        Wanted { buyers: Some(vec!["b".parse().unwrap()]), ..Wanted::default() },
    ];
    wanted.iter().map(|wanted| statement(&wanted.condition().0, false)).collect()
}

/// Up to `limit` orders of a part of what is looked for, the newest first.
pub async fn of_page(
    db: &Database,
    wanted: &Wanted,
    part: &Part<Place<OrderId>>,
    limit: i64,
) -> Result<Vec<Order>, sqlx::Error> {
    let (condition, values) = wanted.condition();
    paging::rows_where(db, |newer| statement(&condition, newer), values, part, limit).await
}
