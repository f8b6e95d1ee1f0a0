//! Users with their shops, as the operator looks for them.

use crate::ids::{MerchantId, UserId};
use crate::users::store::select_users;
use crate::users::{Hold, User};
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use platform::paging::{self, Part, Place};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, FromRow};
use text_types::sql::placeholders;
use text_types::words;

words! {
    /// Who is listed.
    pub enum Show {
        Everybody = "everybody",
        Sellers = "sellers",
        /// Whose account is closed.
        Closed = "closed",
        /// Whose shop is held.
        Held = "held",
    }
}

/// A user, and their shop where they have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub user: User,
    pub closed: Option<Hold>,
    /// When they deleted the account.
    pub deleted_at: Option<Timestamp>,
    pub joined_at: Timestamp,
    /// When what the list is about began: the account, or the shop.
    pub listed_at: Timestamp,
    pub shop: Option<Shop>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shop {
    pub id: MerchantId,
    pub name: String,
    pub registered: bool,
    pub held: Option<Hold>,
}

/// Users and their shops; what the list is in the order of comes with the rest of the statement.
macro_rules! select_people {
    ($listed_at:literal, $join:literal) => {
        select_users!(
            concat!(
                ", u.held_at, u.held_reason, u.deleted_at, u.created_at, ",
                $listed_at,
                " AS listed_at, m.id AS merchant_id, m.name AS shop, m.registered_at, m.held_at AS shop_held_at, \
                 m.held_reason AS shop_held_reason"
            ),
            concat!($join, " merchants m ON m.user_id = u.id ")
        )
    };
}

const USERS: &str = select_people!("u.created_at", "LEFT JOIN");
const SELLERS: &str = select_people!("m.created_at", "JOIN");

impl FromRow<'_, AnyRow> for Person {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let shop = match row.optional("merchant_id", Columns::parsed)? {
            Some(id) => Some(Shop {
                id,
                name: row.text("shop")?,
                registered: row.optional("registered_at", Columns::time)?.is_some(),
                held: match row.optional("shop_held_at", Columns::time)? {
                    Some(at) => Some(Hold { at, reason: row.text("shop_held_reason")? }),
                    None => None,
                },
            }),
            None => None,
        };
        Ok(Self {
            user: User::from_row(row)?,
            closed: Hold::from_row(row)?,
            deleted_at: row.optional("deleted_at", Columns::time)?,
            joined_at: row.time("created_at")?,
            listed_at: row.time("listed_at")?,
            shop,
        })
    }
}

/// The statement of a part of a list; `$1` and `$2` are the place, `$3` the limit.
fn statement(show: Show, newer: bool) -> String {
    let (select, condition, key) = match show {
        Show::Everybody => (USERS, "", "u.created_at, u.id"),
        Show::Closed => (USERS, "u.held_at IS NOT NULL AND ", "u.created_at, u.id"),
        Show::Sellers => (SELLERS, "", "m.created_at, m.user_id"),
        Show::Held => (SELLERS, "m.held_at IS NOT NULL AND ", "m.created_at, m.user_id"),
    };
    let (beyond, order) = if newer { (">", "ASC") } else { ("<", "DESC") };
    let in_order = key.replace(',', &format!(" {order},"));
    format!("{select}WHERE {condition}({key}) {beyond} ($1, $2) ORDER BY {in_order} {order} LIMIT $3")
}

/// What the operator's page asks.
#[cfg(test)]
pub fn first_pages() -> Vec<String> {
    Show::ALL.iter().map(|show| statement(*show, false)).collect()
}

/// Up to `limit` people of a part of a list, the newest first.
pub async fn of_page(
    db: &Database,
    show: Show,
    part: &Part<Place<UserId>>,
    limit: i64,
) -> Result<Vec<Person>, sqlx::Error> {
    paging::rows_where(db, |newer| statement(show, newer), Vec::new(), part, limit).await
}

/// Those of these users that there are, the newest first.
pub async fn of_ids(db: &Database, ids: &[UserId]) -> Result<Vec<Person>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "{USERS}WHERE u.id IN ({}) ORDER BY u.created_at DESC, u.id DESC",
        placeholders(1, ids.len())
    );
    let query = sqlx::query_as(AssertSqlSafe(sql));
    ids.iter().fold(query, |query, id| query.bind(id.as_str())).fetch_all(db.readers()).await
}
