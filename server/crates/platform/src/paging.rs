//! Long lists, a page at a time. A link to the next page names the row at which this one ends, so that pages
//! repeat and leave out nothing while rows come in, and one far behind costs no more than the first.

use crate::Database;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::query::QueryAs;
use sqlx::{AssertSqlSafe, FromRow};
use std::fmt::{self, Display};
use std::str::FromStr;
use url::form_urlencoded;

/// Which page of a list is asked for, by a row's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<K> {
    Newest,
    OlderThan(K),
    /// The rows right before it.
    NewerThan(K),
}

/// A row's place in a list that is in the order of time: a moment, and the row's id among those of that moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<I> {
    /// Kept in microseconds.
    pub at: Timestamp,
    pub id: I,
}

/// As in links: microseconds since the epoch, and the id.
impl<I: Display> Display for Place<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.at.as_microsecond(), self.id)
    }
}

/// The text names no place of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoPlace;

impl<I: FromStr> FromStr for Place<I> {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let (at, id) = text.split_once('-').ok_or(NoPlace)?;
        let at = at.parse().ok().and_then(|micros| Timestamp::from_microsecond(micros).ok());
        Ok(Self { at: at.ok_or(NoPlace)?, id: id.parse().map_err(|_| NoPlace)? })
    }
}

/// The ways from a page to its neighbours: what their addresses have as a query; `None` where there is nothing more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// The page that a query asks for; nonsense means the newest.
pub fn part_of<K: FromStr>(query: Option<&str>) -> Part<K> {
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match (name.as_ref(), value.parse()) {
            ("older", Ok(key)) => return Part::OlderThan(key),
            ("newer", Ok(key)) => return Part::NewerThan(key),
            _ => {}
        }
    }
    Part::Newest
}

/// A page of up to `size` rows, the newest first, with the ways to its neighbours. `read` gives up to so many rows
/// of a part, those next to its key, the newest first.
pub async fn page<'a, K: Display + Clone, T, E>(
    mut part: Part<K>,
    size: usize,
    key: impl Fn(&T) -> K,
    read: impl Fn(Part<K>, i64) -> BoxFuture<'a, Result<Vec<T>, E>>,
) -> Result<(Vec<T>, Neighbours), E> {
    let limit = i64::try_from(size).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows = read(part.clone(), limit).await?;
    // Going back to the newest ends with a whole page of them; behind the last there is nothing to see.
    let at_an_end = match part {
        Part::Newest => false,
        Part::OlderThan(_) => rows.is_empty(),
        Part::NewerThan(_) => rows.len() <= size,
    };
    if at_an_end {
        part = Part::Newest;
        rows = read(Part::Newest, limit).await?;
    }
    let more = rows.len() > size;
    let (has_newer, has_older) = match part {
        Part::Newest => (false, more),
        Part::OlderThan(_) => (true, more),
        Part::NewerThan(_) => (true, true),
    };
    match part {
        Part::NewerThan(_) => rows.drain(..rows.len() - size).for_each(drop),
        Part::Newest | Part::OlderThan(_) => rows.truncate(size),
    }
    let link = |name: &str, row: Option<&T>| row.map(|row| format!("{name}={}", key(row)));
    let neighbours = Neighbours {
        newer: link("newer", rows.first()).filter(|_| has_newer),
        older: link("older", rows.last()).filter(|_| has_older),
    };
    Ok((rows, neighbours))
}

/// Up to `limit` rows of a part of a list of `owner`'s, the newest first. Of the two statements the first has what is
/// older than a place, the newest first, the second what is newer, the oldest first: of `$1`, beyond the moment `$2` and
/// the id `$3`, `$4` at the most.
pub async fn rows_of<I: AsRef<str>, T>(
    db: &Database,
    statements: [&'static str; 2],
    owner: &str,
    part: &Part<Place<I>>,
    limit: i64,
) -> Result<Vec<T>, sqlx::Error>
where
    T: for<'r> FromRow<'r, AnyRow> + Send + Unpin,
{
    Beyond::of(part, i64::MAX).rows(db, statements, owner, limit).await
}

/// The same of a list whose first page has the oldest rows: what waits longest comes first. Older than a row of it means
/// further down, so `Part::Newest` is the beginning, and the first of the two statements has what is newer than a place,
/// the oldest first, the second what is older, the newest first.
pub async fn rows_of_waiting<I: AsRef<str>, T>(
    db: &Database,
    statements: [&'static str; 2],
    owner: &str,
    part: &Part<Place<I>>,
    limit: i64,
) -> Result<Vec<T>, sqlx::Error>
where
    T: for<'r> FromRow<'r, AnyRow> + Send + Unpin,
{
    Beyond::of(part, i64::MIN).rows(db, statements, owner, limit).await
}

/// Up to `limit` rows of a part of a list of everybody's, the newest first. `statement` is what reads beyond the moment
/// `$1` and the id `$2`, `$3` at the most: what is newer, the oldest first, if it is given `true`, else what is older, the
/// newest first. The `values` follow as `$4` and so on.
pub async fn rows_where<I: AsRef<str>, T>(
    db: &Database,
    statement: impl FnOnce(bool) -> String,
    values: Vec<String>,
    part: &Part<Place<I>>,
    limit: i64,
) -> Result<Vec<T>, sqlx::Error>
where
    T: for<'r> FromRow<'r, AnyRow> + Send + Unpin,
{
    let beyond = Beyond::of(part, i64::MAX);
    let query = sqlx::query_as(AssertSqlSafe(statement(beyond.newer)));
    let query = query.bind(beyond.at).bind(beyond.id).bind(limit);
    let query = values.into_iter().fold(query, QueryAs::bind);
    Ok(beyond.in_order(query.fetch_all(db.readers()).await?))
}

/// The place from which a part is read, and in which direction.
struct Beyond<'p> {
    newer: bool,
    at: i64,
    id: &'p str,
}

impl<'p> Beyond<'p> {
    /// `first`: the moment before all rows of the list, in its order.
    fn of<I: AsRef<str>>(part: &'p Part<Place<I>>, first: i64) -> Self {
        let (newer, place) = match part {
            Part::Newest => (false, None),
            Part::OlderThan(place) => (false, Some(place)),
            Part::NewerThan(place) => (true, Some(place)),
        };
        Self {
            newer,
            at: place.map_or(first, |place| place.at.as_microsecond()),
            id: place.map_or("", |place| place.id.as_ref()),
        }
    }

    /// Of the two statements the first goes on in the order of the list, the second goes back.
    async fn rows<T>(
        self,
        db: &Database,
        [onward, back]: [&'static str; 2],
        owner: &str,
        limit: i64,
    ) -> Result<Vec<T>, sqlx::Error>
    where
        T: for<'r> FromRow<'r, AnyRow> + Send + Unpin,
    {
        let sql = if self.newer { back } else { onward };
        let query = sqlx::query_as(sql).bind(owner).bind(self.at).bind(self.id).bind(limit);
        Ok(self.in_order(query.fetch_all(db.readers()).await?))
    }

    /// In the order of the list, whichever way they were read.
    fn in_order<T>(&self, mut rows: Vec<T>) -> Vec<T> {
        if self.newer {
            rows.reverse();
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future;
    use std::cell::RefCell;
    use std::convert::Infallible;

    /// Rows are numbers, the larger the newer.
    async fn read(rows: &RefCell<Vec<i32>>, part: Part<i32>) -> (Vec<i32>, Neighbours) {
        let read = |part: Part<i32>, limit: i64| -> BoxFuture<'_, Result<Vec<i32>, Infallible>> {
            let all = rows.borrow().clone();
            let limit = usize::try_from(limit).unwrap();
            let found = match part {
                Part::Newest => all.into_iter().take(limit).collect(),
                Part::OlderThan(key) => all.into_iter().filter(|row| *row < key).take(limit).collect(),
                Part::NewerThan(key) => {
                    let newer: Vec<i32> = all.into_iter().filter(|row| *row > key).collect();
                    newer[newer.len().saturating_sub(limit)..].to_vec()
                }
            };
            Box::pin(future::ready(Ok(found)))
        };
        page(part, 3, |row| *row, read).await.unwrap()
    }

    #[tokio::test]
    async fn the_way_down_and_up_again() {
        let rows = RefCell::new((1..=8).rev().collect());
        let (first, paging) = read(&rows, Part::Newest).await;
        assert_eq!((first, paging.newer.as_deref()), (vec![8, 7, 6], None));
        rows.borrow_mut().insert(0, 9);
        let (second, paging) = read(&rows, part_of(paging.older.as_deref())).await;
        assert_eq!((second, paging.newer.as_deref()), (vec![5, 4, 3], Some("newer=5")));
        let (last, paging) = read(&rows, part_of(paging.older.as_deref())).await;
        assert_eq!((last, paging.older), (vec![2, 1], None));
        let (back, paging) = read(&rows, part_of(paging.newer.as_deref())).await;
        assert_eq!((back, paging.older.as_deref()), (vec![5, 4, 3], Some("older=3")));
        let (top, paging) = read(&rows, part_of(paging.newer.as_deref())).await;
        assert_eq!((top, paging.newer.as_deref()), (vec![8, 7, 6], Some("newer=8")), "one is newer");
        let (all, paging) = read(&rows, part_of(paging.newer.as_deref())).await;
        assert_eq!((all, paging.newer), (vec![9, 8, 7], None));
    }

    #[tokio::test]
    async fn behind_the_last_is_the_first_page() {
        let rows = RefCell::new(vec![5, 4, 3, 2]);
        let (found, paging) = read(&rows, Part::OlderThan(2)).await;
        assert_eq!((found, paging.newer, paging.older.as_deref()), (vec![5, 4, 3], None, Some("older=3")));
    }

    #[test]
    fn a_link_leads_back_to_its_place() {
        let place: Place<u32> = "1000-7".parse().unwrap();
        assert_eq!(place, Place { at: Timestamp::from_microsecond(1000).unwrap(), id: 7 });
        assert_eq!(place.to_string(), "1000-7");
        for nonsense in ["", "-", "1000", "1000-", "x-7", "1000-x", "99999999999999999999-7", "-1-7"] {
            assert_eq!(nonsense.parse::<Place<u32>>(), Err(NoPlace), "{nonsense}");
        }
    }

    #[tokio::test]
    async fn what_fits_on_one_page_has_no_links() {
        for rows in [vec![], vec![1], vec![3, 2, 1]] {
            let (found, paging) = read(&RefCell::new(rows.clone()), Part::Newest).await;
            assert_eq!((found, paging), (rows, Neighbours::default()));
        }
    }

    #[test]
    fn nonsense_is_the_newest_page() {
        for query in [None, Some(""), Some("older="), Some("older=x"), Some("newer=-"), Some("page=2")] {
            assert_eq!(part_of::<i32>(query), Part::Newest, "{query:?}");
        }
        assert_eq!(part_of(Some("a=b&older=3")), Part::OlderThan(3));
    }
}
