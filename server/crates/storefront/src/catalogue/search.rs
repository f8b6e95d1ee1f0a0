//! Searches of the catalogue, and the catalogue itself as the search for everything.
//!
//! What is found is looked up by the letters of the words (SQLite: FTS5 with trigrams; PostgreSQL: `pg_trgm`, where it
//! can be had), and in no more items than [`COUNTED`]. What more than those have is found in the order in which it is
//! shown, until a page is full.

use super::Item;
use super::store::select_items;
use crate::ids::CategorySlug;
use platform::Database;
use platform::db::Backend;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::QueryAs;
use sqlx::{AssertSqlSafe, FromRow};

/// The words of a search that count; more are ignored.
pub const WORDS: usize = 5;
/// Items that are counted of what a search finds.
pub const COUNTED: u32 = 1_000;
/// Shorter words are in too many items to be looked up by their letters.
const LETTERS: usize = 3;

/// The lead item first, the others by title; an index has it, by category too.
macro_rules! in_order {
    () => {
        " ORDER BY CASE WHEN i.featured_rank = 1 THEN 0 ELSE 1 END, LOWER(i.title), i.slug "
    };
}

/// What a search looks for: a category, and words that all must be there, in any order and inside of others.
#[derive(Debug, Clone)]
pub struct Search {
    category: Option<CategorySlug>,
    /// In lower case, as what they are looked for in.
    words: Vec<String>,
}

/// How much a search finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    Exactly(u32),
    /// More than [`COUNTED`].
    Many,
}

/// SQL with its values, `$1` and on.
#[derive(Debug)]
pub struct Statement {
    pub sql: String,
    values: Vec<String>,
}

impl Statement {
    /// One more condition of a `WHERE`, on a value of a number.
    fn and(&mut self, condition: impl FnOnce(usize) -> String, value: String) {
        self.values.push(value);
        self.sql.push_str(" AND ");
        self.sql.push_str(&condition(self.values.len()));
    }

    /// A page of a query on the condition. The numbers stand in the text: PostgreSQL prepares for a tenth of all rows where
    /// it cannot see them.
    fn paged(self, (limit, offset): (u32, u32), query: impl FnOnce(&str) -> String) -> Self {
        Self { sql: format!("{} LIMIT {limit} OFFSET {offset}", query(&self.sql)), ..self }
    }

    fn ask<R: for<'r> FromRow<'r, AnyRow>>(self) -> QueryAs<'static, sqlx::Any, R, AnyArguments> {
        self.values.into_iter().fold(sqlx::query_as(AssertSqlSafe(self.sql)), QueryAs::bind)
    }
}

impl Search {
    /// Words in any case and order; `%` and `_` stand for themselves.
    pub fn new(category: Option<CategorySlug>, words: &str) -> Self {
        Self { category, words: words.split_whitespace().take(WORDS).map(str::to_lowercase).collect() }
    }

    /// Without words everything is found.
    pub const fn is_for_everything(&self) -> bool {
        self.words.is_empty()
    }

    /// What must be true of an item `i`.
    fn condition(&self) -> Statement {
        let mut condition =
            Statement { sql: String::from("WHERE i.state = 'Published'"), values: Vec::new() };
        if let Some(category) = &self.category {
            condition.and(|n| format!("i.category = ${n}"), category.to_string());
        }
        for word in &self.words {
            condition.and(|n| format!("i.search_text LIKE ${n} ESCAPE '!'"), pattern(word));
        }
        condition
    }

    /// The ids of what is found, looked up by letters. PostgreSQL does so by itself; on SQLite they come one after the
    /// other, so that a limit ends it.
    fn looked_up(&self, db: &Database) -> Statement {
        let mut condition = self.condition();
        let long = self.words.iter().filter(|word| word.chars().count() >= LETTERS);
        let phrases: Vec<_> = long.map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect();
        let mut items = "items i";
        if db.backend() == Backend::Sqlite && !phrases.is_empty() {
            items = "item_search s CROSS JOIN item_numbers n ON n.number = s.rowid CROSS JOIN items i ON i.id = n.item_id";
            condition.and(|n| format!("s.item_search MATCH ${n}"), phrases.join(" "));
        }
        Statement { sql: format!("SELECT i.id FROM {items} {}", condition.sql), ..condition }
    }

    /// How many are found, but one more than [`COUNTED`] at the most.
    pub fn counting(&self, db: &Database) -> Statement {
        let found = self.looked_up(db).paged((COUNTED + 1, 0), str::to_owned);
        Statement { sql: format!("SELECT COUNT(*) FROM ({}) found", found.sql), ..found }
    }

    /// The items of a page of what is found.
    pub fn showing(&self, db: &Database, count: Count, page: (u32, u32)) -> Statement {
        match count {
            // All of them first, whatever the planner thinks how many they are.
            Count::Exactly(_) if !self.is_for_everything() => self.looked_up(db).paged(page, |found| {
                let items = concat!(select_items!("JOIN found ON found.id = i.id"), in_order!());
                format!("WITH found AS MATERIALIZED ({found}) {items}")
            }),
            Count::Exactly(_) | Count::Many => self
                .condition()
                .paged(page, |condition| format!("{}{condition}{}", select_items!(""), in_order!())),
        }
    }

    pub async fn count(&self, db: &Database) -> Result<Count, sqlx::Error> {
        let (found,): (i64,) = self.counting(db).ask().fetch_one(db.readers()).await?;
        Ok(u32::try_from(found).ok().filter(|found| *found <= COUNTED).map_or(Count::Many, Count::Exactly))
    }

    /// Up to `limit` items of what is found, from `offset` on. `count` is what was counted, and says how to look: a
    /// wrong one costs time only.
    pub async fn items(
        &self,
        db: &Database,
        count: Count,
        limit_and_offset: (u32, u32),
    ) -> Result<Vec<Item>, sqlx::Error> {
        self.showing(db, count, limit_and_offset).ask().fetch_all(db.readers()).await
    }
}

/// What is `LIKE` a text with the word in it.
fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for letter in word.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_search_words_stand_for_themselves() {
        let search = Search::new(None, "  100%  a_b Ünd! ");
        assert_eq!(
            search.words.iter().map(|word| pattern(word)).collect::<Vec<_>>(),
            ["%100!%%", "%a!_b%", "%ünd!!%"]
        );
    }
}
