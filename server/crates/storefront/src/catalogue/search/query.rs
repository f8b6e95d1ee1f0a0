//! The SQL that reads what `index` has written. As few texts as can be: what varies is bound.

use super::index::{self, Field};
use super::meaning::{Wanted, Word};
use super::statement::{Statement, Value, among};
use super::words::{self, Range};
use super::{COUNTED, Count, Criteria, Facet, OFFERED, Sort};
use crate::catalogue::Item;
use crate::catalogue::store::select_items;
use crate::ids::{CategorySlug, SellerSlug};
use crate::merchants::store::join_merchant;
use platform::Database;
use platform::db::Columns;
use sqlx::FromRow;
use sqlx::any::AnyRow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::str::FromStr;
use text_types::sql::placeholders;

/// Rows in which a word was found are looked at, at the most: an item can have it more than once.
const ROWS: u32 = 2 * COUNTED;
/// Rows that are sorted for a page of them: where there are more, going through all in their order soon finds a page.
const SORTED: u32 = 2000;
/// Items that are shown which have a part of the words, at the most.
const IN_PART: usize = 240;

/// The one first that the fewest items have, as a rule.
fn chosen_facets(criteria: &Criteria) -> Vec<(&'static str, String)> {
    let tag = criteria.tag.clone().map(|tag| (index::TAG, tag));
    let format = criteria.format.map(|format| (index::FORMAT, format.to_string()));
    let rating = criteria.rating.map(|rating| (index::RATING, rating.to_string()));
    [tag, rating, format].into_iter().flatten().collect()
}

/// What is found, counted so far and no further, by the rarest of what is asked for.
pub fn collecting(wanted: &Wanted<'_>) -> Statement {
    so_far(wanted, if wanted.words.is_empty() { "" } else { ", w.word, w.field" })
}

/// The same, with what else is read of each.
fn so_far(wanted: &Wanted<'_>, further: &str) -> Statement {
    let mut statement = by_rarest(wanted, further);
    let order = if wanted.words.is_empty() { "" } else { " ORDER BY w.word, w.field, w.number" };
    statement.push(|_| format!("{order} LIMIT {}", most_rows(wanted)), []);
    statement
}

/// So many rows are read of what is found.
const fn most_rows(wanted: &Wanted<'_>) -> u32 {
    if wanted.words.is_empty() { COUNTED + 1 } else { ROWS }
}

/// Numbers of what is asked for, by the rarest of it, with what else is read of each. A join that is written `CROSS` is
/// made in this order on SQLite.
fn by_rarest(wanted: &Wanted<'_>, further: &str) -> Statement {
    let mut statement = Statement::default();
    let mut facets = chosen_facets(wanted.criteria);
    let rarest = wanted.rarest();
    statement.push(|_| format!("SELECT l.number{further} FROM "), []);
    if let Some(rarest) = rarest {
        statement.sql.push_str("item_words w CROSS JOIN listed_items l WHERE l.number = w.number");
        statement.and_range("w.word", &rarest.range);
    } else if facets.is_empty() {
        statement.sql.push_str("listed_items l WHERE 1 = 1");
    } else {
        let (facet, value) = facets.remove(0);
        statement.push(
            |n| format!("item_facets t CROSS JOIN listed_items l WHERE l.number = t.number AND t.facet = '{facet}' AND t.value = ${n}"),
            [Value::Text(value)],
        );
    }
    statement.and_own(wanted.criteria, "l.price");
    for facet in facets {
        statement.and_facet(facet);
    }
    for word in wanted.words.iter().filter(|word| !rarest.is_some_and(|rarest| std::ptr::eq(rarest, *word))) {
        statement.and_word(word);
    }
    statement
}

/// A page of what is found in an order, all of it sorted: for what is found by something that not many have.
pub fn sorting(wanted: &Wanted<'_>, page: (u32, u32)) -> Statement {
    let mut statement = by_rarest(wanted, "");
    // An item can have a word more than once.
    statement.sql.push_str(" GROUP BY l.number");
    statement.in_order(wanted.criteria.sort, page);
    statement
}

/// A page of what is found in an order, looked through in that order: for what many have.
pub fn walking(wanted: &Wanted<'_>, page: (u32, u32)) -> Statement {
    let mut statement = Statement::default();
    statement.sql.push_str("SELECT l.number FROM listed_items l WHERE 1 = 1");
    // A sum is in no index: the one of the order is gone through, whatever the planner thinks of prices.
    statement.and_own(wanted.criteria, "(l.price + 0)");
    for facet in chosen_facets(wanted.criteria) {
        statement.and_facet(facet);
    }
    for word in wanted.words {
        statement.and_word(word);
    }
    statement.in_order(wanted.criteria.sort, page);
    statement
}

/// What was found.
#[derive(Debug, Default)]
pub struct Retrieved {
    /// What fits best first, where there are words.
    pub numbers: Vec<i64>,
    /// There is more than that.
    pub many: bool,
}

impl Retrieved {
    pub fn count(&self) -> Count {
        if self.many {
            Count::Many
        } else {
            Count::Exactly(u32::try_from(self.numbers.len()).unwrap_or(u32::MAX))
        }
    }

    pub fn page(&self, limit: u32, offset: u32) -> Vec<i64> {
        let size = |number| usize::try_from(number).unwrap_or(usize::MAX);
        self.numbers.iter().skip(size(offset)).take(size(limit)).copied().collect()
    }
}

/// Items that have the words, counted up to a row more than [`ROWS`] of them.
pub async fn count(db: &Database, range: &Range) -> Result<u32, sqlx::Error> {
    counted_rows(db, ROWS, |statement| {
        statement.sql.push_str("item_words w WHERE 1 = 1");
        statement.and_range("w.word", range);
    })
    .await
}

/// Rows, counted so far.
async fn counted_rows(
    db: &Database,
    most: u32,
    from: impl FnOnce(&mut Statement),
) -> Result<u32, sqlx::Error> {
    let mut statement = Statement::default();
    statement.sql.push_str("SELECT COUNT(*) AS rows FROM (SELECT 1 FROM ");
    from(&mut statement);
    statement.push(|_| format!(" LIMIT {most}) found"), []);
    let row = statement.query().fetch_one(db.readers()).await?;
    Ok(u32::try_from(row.integer("rows")?).unwrap_or(u32::MAX))
}

pub async fn retrieve(db: &Database, wanted: &Wanted<'_>) -> Result<Retrieved, sqlx::Error> {
    if wanted.is_in_vain() {
        return Ok(Retrieved::default());
    }
    let rows = collecting(wanted).rows(db).await?;
    let most = usize::try_from(COUNTED).unwrap_or(usize::MAX);
    let Some(rarest) = wanted.rarest() else {
        let numbers = rows.iter().map(|row| row.integer("number")).collect::<Result<Vec<_>, _>>()?;
        return Ok(Retrieved { many: numbers.len() > most, numbers });
    };
    let mut scores: HashMap<i64, Score> = HashMap::new();
    rarest.score(&rows, &mut scores, Some(most + 1))?;
    let many = rows.len() == usize::try_from(ROWS).unwrap_or(usize::MAX) || scores.len() > most;
    for word in wanted.words.iter().filter(|word| !std::ptr::eq(rarest, *word)) {
        let numbers: Vec<i64> = scores.keys().copied().collect();
        word.score(&rows_of_word(db, word, &numbers).await?, &mut scores, Some(0))?;
    }
    Ok(Retrieved { numbers: ranked(db, wanted.words, scores).await?, many })
}

/// What has half of the words or more: those first that have most of them.
pub async fn retrieve_some(db: &Database, wanted: &Wanted<'_>) -> Result<Retrieved, sqlx::Error> {
    let mut scores: HashMap<i64, Score> = HashMap::new();
    for word in wanted.words.iter().filter(|word| word.items > 0) {
        let alone = Wanted { criteria: wanted.criteria, words: std::slice::from_ref(word) };
        word.score(&collecting(&alone).rows(db).await?, &mut scores, None)?;
    }
    scores.retain(|_, score| 2 * score.words >= wanted.words.len());
    let mut numbers = ranked(db, wanted.words, scores).await?;
    numbers.truncate(IN_PART);
    Ok(Retrieved { numbers, many: false })
}

/// How well an item fits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    words: usize,
    places: i64,
}

impl Word {
    /// Adds what an item has the word for: its best place, and there the word itself before a beginning of another. Up
    /// to `new` items that have no score yet get one.
    fn score(
        &self,
        rows: &[AnyRow],
        scores: &mut HashMap<i64, Score>,
        new: Option<usize>,
    ) -> Result<(), sqlx::Error> {
        let mut best: HashMap<i64, i64> = HashMap::new();
        for row in rows {
            let (word, field) = (row.text("word")?, row.integer("field")?);
            let place = 2 * (Field::Description as i64 + 1 - field) + i64::from(self.exactly.contains(&word));
            let number = row.integer("number")?;
            let full = new.is_some_and(|most| best.len() >= most);
            if full && !best.contains_key(&number) && !scores.contains_key(&number) {
                continue;
            }
            let best = best.entry(number).or_default();
            *best = place.max(*best);
        }
        for (number, place) in best {
            let score = scores.entry(number).or_default();
            score.words += 1;
            score.places += place;
        }
        Ok(())
    }
}

/// The rows of these items that a word is found in.
async fn rows_of_word(db: &Database, word: &Word, numbers: &[i64]) -> Result<Vec<AnyRow>, sqlx::Error> {
    among("SELECT o.number, o.word, o.field FROM item_words o WHERE o.number IN", numbers, |statement| {
        statement.and_range("o.word", &word.range);
    })
    .rows(db)
    .await
}

/// The best first; of those that fit alike the one whose title is just that, then what was sold more often.
async fn ranked(db: &Database, words: &[Word], scores: HashMap<i64, Score>) -> Result<Vec<i64>, sqlx::Error> {
    let numbers: Vec<i64> = scores.keys().copied().collect();
    let best = scores.values().max().copied().unwrap_or_default();
    let wanted: Vec<&str> = words.iter().map(|word| word.exactly[1].as_str()).collect();
    let mut ranked = Vec::with_capacity(numbers.len());
    let own =
        among("SELECT l.number, l.title, l.sold FROM listed_items l WHERE l.number IN", &numbers, |_| {});
    for row in own.rows(db).await? {
        let (number, title) = (row.integer("number")?, row.text("title")?);
        let score = scores.get(&number).copied().unwrap_or_default();
        let is_title = score == best && {
            let title = words::words(&title).into_iter().filter(|word| !words::is_noise(word));
            title.map(|word| words::base(&word)).eq(wanted.iter().copied())
        };
        ranked.push((Reverse((is_title, score, row.integer("sold")?)), title, number));
    }
    ranked.sort_unstable();
    Ok(ranked.into_iter().map(|(_, _, number)| number).collect())
}

/// A page of what many have, in its order.
pub async fn in_order(db: &Database, wanted: &Wanted<'_>, page: (u32, u32)) -> Result<Vec<i64>, sqlx::Error> {
    let statement = if is_by_few(db, wanted).await? { sorting(wanted, page) } else { walking(wanted, page) };
    statement.rows(db).await?.iter().map(|row| row.integer("number")).collect()
}

/// Whether something is asked for that [`SORTED`] rows have at the most.
async fn is_by_few(db: &Database, wanted: &Wanted<'_>) -> Result<bool, sqlx::Error> {
    let rows = match (wanted.rarest(), chosen_facets(wanted.criteria).into_iter().next()) {
        (Some(rarest), _) => {
            counted_rows(db, SORTED + 1, |statement| {
                statement.sql.push_str("item_words w WHERE 1 = 1");
                statement.and_range("w.word", &rarest.range);
            })
            .await?
        }
        (None, Some((facet, value))) => {
            counted_rows(db, SORTED + 1, |statement| {
                statement.push(
                    |n| format!("item_facets t WHERE t.facet = '{facet}' AND t.value = ${n}"),
                    [Value::Text(value)],
                );
            })
            .await?
        }
        (None, None) => return Ok(false),
    };
    Ok(rows <= SORTED)
}

/// A page of these in an order.
pub async fn sorted(
    db: &Database,
    numbers: &[i64],
    sort: Sort,
    page: (u32, u32),
) -> Result<Vec<i64>, sqlx::Error> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let statement = among("SELECT l.number FROM listed_items l WHERE l.number IN", numbers, |statement| {
        statement.in_order(sort, page);
    });
    statement.rows(db).await?.iter().map(|row| row.integer("number")).collect()
}

struct Numbered {
    number: i64,
    item: Item,
}

impl FromRow<'_, AnyRow> for Numbered {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self { number: row.integer("number")?, item: Item::from_row(row)? })
    }
}

/// Items with their numbers, which stand in a list behind it.
const NUMBERED: &str =
    select_items!(", l.number", "JOIN listed_items l ON l.item_id = i.id WHERE l.number IN");

/// The items, in this order.
pub async fn items(db: &Database, numbers: &[i64]) -> Result<Vec<Item>, sqlx::Error> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let rows = among(NUMBERED, numbers, |_| {}).rows(db).await?;
    let mut found = HashMap::new();
    for row in &rows {
        let Numbered { number, item } = Numbered::from_row(row)?;
        found.insert(number, item);
    }
    Ok(numbers.iter().filter_map(|number| found.remove(number)).collect())
}

/// How many of these each category has.
pub async fn categories(db: &Database, numbers: &[i64]) -> Result<HashMap<CategorySlug, u32>, sqlx::Error> {
    let statement =
        among("SELECT l.category, COUNT(*) AS items FROM listed_items l WHERE l.number IN", numbers, |all| {
            all.sql.push_str(" GROUP BY l.category");
        });
    let rows = statement.rows(db).await?;
    rows.iter().map(|row| Ok((row.parsed("category")?, counted(row)?))).collect()
}

/// How many of what is found each category has, and whether there is more than was counted.
pub async fn by_category(
    db: &Database,
    wanted: &Wanted<'_>,
) -> Result<(HashMap<CategorySlug, u32>, bool), sqlx::Error> {
    if wanted.is_in_vain() {
        return Ok((HashMap::new(), false));
    }
    let found = so_far(wanted, ", l.category");
    // An item can have a word more than once.
    let counting = found.around(
        "SELECT f.category, COUNT(DISTINCT f.number) AS items, COUNT(*) AS looked_at FROM (",
        ") f GROUP BY f.category",
    );
    let (mut categories, mut looked_at) = (HashMap::new(), 0);
    for row in counting.rows(db).await? {
        categories.insert(row.parsed("category")?, counted(&row)?);
        looked_at += row.integer("looked_at")?;
    }
    Ok((categories, looked_at >= i64::from(most_rows(wanted))))
}

/// Of numbers that stand in a list behind it: on SQLite each is looked up before its values.
const VALUES: &str = "SELECT f.facet, f.value, COUNT(*) AS items FROM listed_items l CROSS JOIN item_facets f \
                      WHERE f.number = l.number AND l.number IN";

/// The values of all facets that these have, the most frequent first.
pub async fn values(db: &Database, numbers: &[i64]) -> Result<Vec<AnyRow>, sqlx::Error> {
    let statement = among(VALUES, numbers, |all| {
        all.sql.push_str(" GROUP BY f.facet, f.value ORDER BY items DESC, f.value");
    });
    statement.rows(db).await
}

/// Of these values the first of a facet.
pub fn of_facet<T: FromStr<Err: std::error::Error>>(
    values: &[AnyRow],
    facet: &str,
) -> Result<Vec<Facet<T>>, sqlx::Error> {
    let of_it = values.iter().filter(|row| row.text("facet").is_ok_and(|name| name == facet));
    of_it.take(OFFERED).map(|row| Ok(Facet { value: row.parsed("value")?, items: counted(row)? })).collect()
}

/// Those who sell most of these and have a page.
pub async fn sellers(
    db: &Database,
    numbers: &[i64],
) -> Result<Vec<Facet<(SellerSlug, String)>>, sqlx::Error> {
    let start = "SELECT m.slug, m.name, c.items FROM (SELECT l.merchant_id, COUNT(*) AS items FROM listed_items l \
                 WHERE l.number IN";
    let statement = among(start, numbers, |all| {
        all.push(
            |_| format!(" GROUP BY l.merchant_id ORDER BY items DESC, l.merchant_id LIMIT {OFFERED}) c "),
            [],
        );
        all.sql.push_str(join_merchant!("c.merchant_id"));
        all.sql.push_str("WHERE m.slug IS NOT NULL ORDER BY c.items DESC, m.name");
    });
    let read =
        |row: &AnyRow| Ok(Facet { value: (row.parsed("slug")?, row.text("name")?), items: counted(row)? });
    statement.rows(db).await?.iter().map(read).collect()
}

fn counted(row: &AnyRow) -> Result<u32, sqlx::Error> {
    Ok(u32::try_from(row.integer("items")?).unwrap_or(u32::MAX))
}

/// Words about as long as this one that share most of its letters.
pub async fn sharing_letters(
    db: &Database,
    word: &str,
    shorter_or_longer: usize,
    limit: usize,
) -> Result<Vec<String>, sqlx::Error> {
    /// As many as the longest word has.
    const MOST: usize = 34;
    let mut trigrams = words::trigrams(word);
    let Some(last) = trigrams.last().cloned() else { return Ok(Vec::new()) };
    trigrams.resize(MOST, last);
    let values = trigrams.into_iter().map(Value::Text).collect();
    let sql = format!(
        "SELECT word, COUNT(*) AS shared FROM word_trigrams WHERE trigram IN ({})",
        placeholders(1, MOST)
    );
    let mut statement = Statement::new(sql, values);
    let letters = word.chars().count();
    let lengths = [letters.saturating_sub(shorter_or_longer), letters + shorter_or_longer];
    statement.push(
        |n| {
            format!(
                " AND letters BETWEEN ${n} AND ${} GROUP BY word ORDER BY shared DESC, word LIMIT {limit}",
                n + 1
            )
        },
        lengths.map(|letters| Value::Integer(i64::try_from(letters).unwrap_or(i64::MAX))),
    );
    statement.rows(db).await?.iter().map(|row| row.text("word")).collect()
}
