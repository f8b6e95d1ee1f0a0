//! SQL texts that are put together, with their values.

use super::meaning::Word;
use super::words::Range;
use super::{Criteria, Sort};
use platform::Database;
#[cfg(test)]
use platform::db::Columns;
use sqlx::AssertSqlSafe;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use std::sync::LazyLock;
use text_types::sql::placeholders;

/// So many numbers are asked for at once: a list is filled up to the next of these.
const LISTS: [usize; 4] = [1, 32, 128, 256];
/// Their placeholders.
static PLACEHOLDERS: LazyLock<[String; 4]> = LazyLock::new(|| LISTS.map(|length| placeholders(1, length)));

/// SQL with its values, `$1` and on.
#[derive(Debug, Default)]
pub struct Statement {
    pub sql: String,
    values: Vec<Value>,
}

#[derive(Debug, Clone)]
pub enum Value {
    Text(String),
    Integer(i64),
}

impl Statement {
    pub fn new(sql: String, values: Vec<Value>) -> Self {
        Self { sql, values }
    }

    /// One more part of the text, made for the number of its first value.
    pub fn push<const N: usize>(&mut self, part: impl FnOnce(usize) -> String, values: [Value; N]) {
        self.sql.push_str(&part(self.values.len() + 1));
        self.values.extend(values);
    }

    /// Inside of another, which has no values of its own.
    #[must_use]
    pub fn around(self, start: &str, end: &str) -> Self {
        Self { sql: format!("{start}{}{end}", self.sql), ..self }
    }

    pub fn query(&self) -> Query<'static, sqlx::Any, AnyArguments> {
        let query = sqlx::query(AssertSqlSafe(self.sql.clone()));
        self.values.iter().fold(query, |query, value| match value {
            Value::Text(text) => query.bind(text.clone()),
            Value::Integer(number) => query.bind(*number),
        })
    }

    /// SQLite's steps.
    #[cfg(test)]
    pub async fn plan(&self, db: &Database) -> Result<Vec<String>, sqlx::Error> {
        let explain = Self { sql: format!("EXPLAIN QUERY PLAN {}", self.sql), values: self.values.clone() };
        explain.rows(db).await?.iter().map(|row| row.text("detail")).collect()
    }

    pub async fn rows(&self, db: &Database) -> Result<Vec<AnyRow>, sqlx::Error> {
        self.query().fetch_all(db.readers()).await
    }

    pub fn and_range(&mut self, column: &str, range: &Range) {
        let values = [Value::Text(range.from.clone()), Value::Text(range.to.clone())];
        self.push(|n| format!(" AND {column} >= ${n} AND {column} < ${}", n + 1), values);
    }

    /// A page of it: so many, after so many.
    pub fn in_order(&mut self, sort: Sort, (limit, offset): (u32, u32)) {
        self.sql.push_str(match sort {
            Sort::Best | Sort::Title => " ORDER BY l.rank, l.title, l.number",
            Sort::Newest => " ORDER BY l.listed_at DESC, l.number DESC",
            Sort::Cheapest => " ORDER BY l.price, l.number",
            Sort::Dearest => " ORDER BY l.price DESC, l.number DESC",
            Sort::MostSold => " ORDER BY l.sold DESC, l.number DESC",
        });
        let page = [limit, offset].map(|number| Value::Integer(number.into()));
        self.push(|n| format!(" LIMIT ${n} OFFSET ${}", n + 1), page);
    }

    pub fn and_word(&mut self, word: &Word) {
        self.sql.push_str(" AND EXISTS (SELECT 1 FROM item_words o WHERE o.number = l.number");
        self.and_range("o.word", &word.range);
        // With the limit SQLite makes no join of it, of which an OFFSET would count each row: an item can have a word more
        // than once.
        self.sql.push_str(" LIMIT 1)");
    }

    pub fn and_facet(&mut self, (facet, value): (&'static str, String)) {
        self.push(
            |n| format!(" AND EXISTS (SELECT 1 FROM item_facets f WHERE f.facet = '{facet}' AND f.value = ${n} AND f.number = l.number)"),
            [Value::Text(value)],
        );
    }

    /// What an item `l` itself says; of its price as `price` says it.
    pub fn and_own(&mut self, criteria: &Criteria, price: &'static str) {
        if let Some(category) = &criteria.category {
            self.push(|n| format!(" AND l.category = ${n}"), [Value::Text(category.to_string())]);
        }
        if let Some(seller) = &criteria.seller {
            self.push(|n| format!(" AND l.merchant_id = ${n}"), [Value::Text(seller.to_string())]);
        }
        if criteria.price != (None, None) {
            let (least, most) = criteria.price;
            let values = [least.map_or(0, money::Money::micros), most.map_or(i64::MAX, money::Money::micros)];
            self.push(
                |n| format!(" AND {price} >= ${n} AND {price} <= ${}", n + 1),
                values.map(Value::Integer),
            );
        }
    }
}

/// A statement on these numbers. The list is filled up with the last of them, so that there are few texts.
pub fn among(start: &str, numbers: &[i64], end: impl FnOnce(&mut Statement)) -> Statement {
    let list = LISTS.iter().zip(&*PLACEHOLDERS).find(|(length, _)| numbers.len() <= **length);
    let (length, list) = list.map_or_else(
        || (numbers.len(), placeholders(1, numbers.len())),
        |(length, list)| (*length, list.clone()),
    );
    let filled = numbers.iter().copied().chain(std::iter::repeat(numbers.last().copied().unwrap_or(0)));
    let values = filled.take(length).map(Value::Integer).collect();
    let mut statement = Statement::new(format!("{start} ({list})"), values);
    end(&mut statement);
    statement
}
