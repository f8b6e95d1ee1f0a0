//! The log on both databases: added to, never changed, and found again.

use super::{By, Deed, Entry, Filter, Kind, Subject, Who, of_page, record};
use crate::MIGRATIONS;
use crate::databases::each;
use jiff::Timestamp;
use platform::Database;
use platform::db::Backend;
use platform::paging::{Part, Place};
use sqlx::AssertSqlSafe;

fn entry(number: i64, who: Who, deed: Deed, title: &str) -> Entry {
    let subject = Subject::new(Kind::Item, &format!("item-{number}"), title);
    let at = Timestamp::from_microsecond(number).unwrap();
    Entry::new(format!("line-{number}").parse().unwrap(), at, who, deed, subject).changed("$1.00", "$2.00")
}

fn olga() -> Who {
    Who::Person { id: "olga".parse().unwrap(), name: "Olga".to_owned() }
}

async fn write(db: &Database, entries: Vec<Entry>) {
    let written: Result<(), sqlx::Error> = db
        .transact(entries, |c, entries| {
            Box::pin(async move {
                for entry in entries {
                    record(&mut *c, entry).await?;
                }
                Ok(())
            })
        })
        .await;
    written.unwrap();
}

async fn found(db: &Database, filter: Filter) -> Vec<String> {
    let entries = of_page(db, &filter, &Part::Newest, 10).await.unwrap();
    entries.into_iter().map(|entry| entry.id.to_string()).collect()
}

#[tokio::test]
async fn nothing_of_the_log_is_changed_or_taken_away() {
    for test in each(&MIGRATIONS).await {
        write(&test.db, vec![entry(1, olga(), Deed::PriceChanged, "A song")]).await;
        for sql in [
            "UPDATE audit_log SET new_value = 'x'",
            "DELETE FROM audit_log",
            "DELETE FROM audit_log WHERE id = 'line-1'",
        ] {
            let changed: Result<(), sqlx::Error> = test
                .db
                .transact(sql, |c, sql| {
                    Box::pin(async move {
                        sqlx::query(AssertSqlSafe(*sql)).execute(c).await?;
                        Ok(())
                    })
                })
                .await;
            assert!(changed.is_err(), "{sql}");
        }
        assert_eq!(found(&test.db, Filter::default()).await, ["line-1"]);
    }
}

#[tokio::test]
async fn what_is_looked_for_is_found_the_newest_first() {
    for test in each(&MIGRATIONS).await {
        let db = &test.db;
        write(
            db,
            vec![
                entry(1, olga(), Deed::ItemHeld, "Ünder the Sea"),
                entry(2, Who::Shop, Deed::RegistrationTakenBack, "A shop"),
                entry(3, olga(), Deed::ItemReleased, "Ünder the Sea"),
            ],
        )
        .await;
        assert_eq!(found(db, Filter::default()).await, ["line-3", "line-2", "line-1"]);
        let by = |by| Filter { by: Some(by), ..Filter::default() };
        assert_eq!(found(db, by(By::Shop)).await, ["line-2"]);
        assert_eq!(found(db, by(By::People(vec!["olga".parse().unwrap()]))).await, ["line-3", "line-1"]);
        assert!(found(db, by(By::People(Vec::new()))).await.is_empty());
        assert_eq!(found(db, Filter { deed: Some(Deed::ItemHeld), ..Filter::default() }).await, ["line-1"]);
        let about = |text: &str| Filter { subject: Some(text.to_owned()), ..Filter::default() };
        assert_eq!(found(db, about("ünder THE sea")).await, ["line-3", "line-1"]);
        assert_eq!(found(db, about("item-2")).await, ["line-2"]);
        let at = |micros| Some(Timestamp::from_microsecond(micros).unwrap());
        assert_eq!(found(db, Filter { from: at(2), until: at(3), ..Filter::default() }).await, ["line-2"]);
        let older = Part::OlderThan(Place { at: at(3).unwrap(), id: "line-3".parse().unwrap() });
        let page = of_page(db, &Filter::default(), &older, 1).await.unwrap();
        assert_eq!(page[0].id.as_str(), "line-2");
        assert_eq!(page[0].who, Who::Shop);
    }
}

/// Everything and each single filter are found by an index that has them in order.
#[tokio::test]
async fn the_log_is_found_by_indexes() {
    let databases = each(&MIGRATIONS).await;
    let sqlite = databases.iter().find(|test| test.db.backend() == Backend::Sqlite).unwrap();
    let filters = [
        Filter::default(),
        Filter { deed: Some(Deed::ItemHeld), ..Filter::default() },
        Filter { by: Some(By::People(vec!["olga".parse().unwrap()])), ..Filter::default() },
        Filter { from: Some(Timestamp::UNIX_EPOCH), ..Filter::default() },
    ];
    for filter in filters {
        let query = super::lists::statement(&filter.condition().0, false);
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(explain).fetch_all(sqlite.db.readers()).await.unwrap();
        for (_, _, _, step) in &plan {
            assert!(step.starts_with("SEARCH audit_log USING INDEX"), "{query}: {step}");
        }
    }
}
