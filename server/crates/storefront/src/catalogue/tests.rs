//! Searches find what has the words, and no more is looked at than is shown.

use super::Item;
use super::search::{COUNTED, Count, Search};
use super::store;
use crate::MIGRATIONS;
use crate::databases;
use crate::lifecycle::Schema;
use crate::old_schema::OldSchema;
use platform::db::{Backend, Migrations};
use platform::{Database, Random};
use sqlx::{AnyConnection, AssertSqlSafe};

/// Before there was a way to items by their letters.
static WITHOUT_LETTERS: Migrations = Migrations::embedded(&OldSchema::<Schema>::with("0009"));

const SELLER: [&str; 3] = [
    "INSERT INTO users (id, email, name, password_hash, operator, created_at) VALUES ('u', 'u@example.com', 'U', '', 0, 0)",
    "INSERT INTO merchants (id, user_id, name, created_at) VALUES ('m', 'u', 'Seller', 0)",
    "INSERT INTO categories (slug, name, position) VALUES ('music', 'Music', 1), ('art', 'Art', 2)",
];

/// An item that is found by a text in lower case.
fn item(id: &str, category: &str, text: &str) -> String {
    format!(
        "INSERT INTO items (id, slug, merchant_id, category, title, creator, description, price, delivery, physical, \
         licence, search_text, created_at) VALUES \
         ('{id}', '{id}', 'm', '{category}', '{id}', '', '', 1, 'Manual', 1, '', '{}', 0)",
        text.replace('\'', "''")
    )
}

async fn write(db: &Database, statements: Vec<String>) {
    let written: Result<(), sqlx::Error> = db.transact(statements, |c, all| Box::pin(run(c, all))).await;
    written.unwrap();
}

async fn run(connection: &mut AnyConnection, statements: &[String]) -> Result<(), sqlx::Error> {
    for statement in statements {
        sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut *connection).await?;
    }
    Ok(())
}

/// The ids of what is found, the order of the page.
async fn found(db: &Database, category: Option<&str>, words: &str) -> Vec<String> {
    let search = Search::new(category.map(|slug| slug.parse().unwrap()), words);
    let count = search.count(db).await.unwrap();
    let items = search.items(db, count, (COUNTED, 0)).await.unwrap();
    assert_eq!(count, Count::Exactly(u32::try_from(items.len()).unwrap()), "{words:?}");
    items.into_iter().map(|Item { id, .. }| id.to_string()).collect()
}

fn some_of(random: &Random, letters: &[char], most: u64) -> String {
    let length = 1 + random.next_u64() % most;
    (0..length).map(|_| letters[usize::try_from(random.next_u64()).unwrap() % letters.len()]).collect()
}

/// What is looked up by letters is what stands in the texts, whatever those are made of.
#[tokio::test]
async fn what_has_the_words_is_found() {
    let letters: Vec<char> = "aabc%_!'\"*()-^:äß日𝄞é\u{301}. ".chars().collect();
    for test in databases::each(&MIGRATIONS).await {
        let (db, random) = (&test.db, Random::seeded(10));
        write(db, SELLER.map(str::to_owned).to_vec()).await;
        let texts: Vec<String> = (0..120).map(|_| some_of(&random, &letters, 40)).collect();
        let category = |number: usize| if number.is_multiple_of(3) { "art" } else { "music" };
        let items = texts.iter().enumerate();
        write(
            db,
            items.map(|(number, text)| item(&format!("{number:03}"), category(number), text)).collect(),
        )
        .await;
        let mut not_alone = 0;
        for _ in 0..400 {
            let words: Vec<String> =
                (0..=random.next_u64() % 2).map(|_| some_of(&random, &letters, 5)).collect();
            let words = words.join(" ");
            if words.trim().is_empty() {
                continue;
            }
            let has_all = |text: &str| words.split_whitespace().all(|word| text.contains(word));
            for asked in [None, Some("art")] {
                let expected: Vec<String> = (0..texts.len())
                    .filter(|number| {
                        asked.is_none_or(|slug| slug == category(*number)) && has_all(&texts[*number])
                    })
                    .map(|number| format!("{number:03}"))
                    .collect();
                not_alone += usize::from(expected.len() > 1 && words.chars().count() > 2);
                assert_eq!(found(db, asked, &words).await, expected, "{words:?} in {asked:?}");
            }
        }
        assert!(not_alone > 20, "{not_alone}: the words say something");
    }
}

#[tokio::test]
async fn what_changes_is_found_as_it_is() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        write(db, SELLER.map(str::to_owned).to_vec()).await;
        write(db, ["blue lamp", "red lamp"].map(|text| item(&text[..3], "music", text)).to_vec()).await;
        let items = async |category| {
            let categories = store::categories(db).await.unwrap();
            categories.iter().find(|one| one.slug.as_str() == category).unwrap().items
        };
        assert_eq!((found(db, None, "lamp").await.len(), items("music").await), (2, 2));
        write(
            db,
            vec![
                "UPDATE items SET search_text = 'green lantern', category = 'art' WHERE id = 'red'"
                    .to_owned(),
            ],
        )
        .await;
        assert_eq!(found(db, None, "lamp").await, ["blu"]);
        assert_eq!(found(db, None, "tern gree").await, ["red"]);
        assert_eq!((items("music").await, items("art").await), (1, 1));
        write(
            db,
            vec!["DELETE FROM items WHERE id = 'red'".to_owned(), item("new", "art", "violet lantern")],
        )
        .await;
        assert_eq!(found(db, Some("art"), "lantern").await, ["new"]);
        assert_eq!((items("music").await, items("art").await), (1, 1));
    }
}

/// What many items have is counted so far and no further, and pages of it are whole.
#[tokio::test]
async fn many_are_not_counted() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        write(db, SELLER.map(str::to_owned).to_vec()).await;
        let last = |number: u32| if number == COUNTED { "rare" } else { "usual" };
        let items = (0..=COUNTED)
            .map(|number| item(&format!("{number:05}"), "art", &format!("a {} thing", last(number))));
        write(db, items.collect()).await;
        let search = Search::new(None, "thing");
        assert_eq!(search.count(db).await.unwrap(), Count::Many);
        let page = search.items(db, Count::Many, (3, 24)).await.unwrap();
        assert_eq!(
            page.iter().map(|item| item.id.to_string()).collect::<Vec<_>>(),
            ["00024", "00025", "00026"]
        );
        assert_eq!(Search::new(None, "usual thing").count(db).await.unwrap(), Count::Exactly(COUNTED));
        assert_eq!(found(db, None, "rar thing").await, ["01000"]);
    }
}

#[tokio::test]
async fn items_from_before_are_found_and_counted() {
    for test in databases::each(&WITHOUT_LETTERS).await {
        let db = &test.db;
        write(db, SELLER.map(str::to_owned).to_vec()).await;
        write(db, vec![item("old", "music", "an old lamp")]).await;
        db.migrate(&MIGRATIONS).await.unwrap();
        assert_eq!(found(db, None, "old").await, ["old"]);
        let categories = store::categories(db).await.unwrap();
        assert_eq!(categories.iter().map(|one| one.items).collect::<Vec<_>>(), [1, 0]);
        // A database can be made anew with what there is for searches.
        db.recreate(&MIGRATIONS).await.unwrap();
        write(db, SELLER.map(str::to_owned).to_vec()).await;
        assert!(found(db, None, "old").await.is_empty());
    }
}

/// SQLite's steps: nothing is gone through but in the order that is shown, nothing is sorted but what was looked up.
#[tokio::test]
async fn what_is_shown_is_found_by_indexes() {
    let databases = databases::each(&MIGRATIONS).await;
    let db = &databases.iter().find(|test| test.db.backend() == Backend::Sqlite).unwrap().db;
    for (category, words, count) in [
        (None, "", Count::Exactly(9)),
        (Some("art"), "", Count::Exactly(9)),
        (None, "thing", Count::Many),
        (Some("art"), "thing", Count::Many),
        (None, "thing", Count::Exactly(9)),
        (Some("art"), "thing", Count::Exactly(9)),
    ] {
        let search = Search::new(category.map(|slug| slug.parse().unwrap()), words);
        let counting = (!words.is_empty()).then(|| search.counting(db));
        let mut plan = Vec::new();
        for statement in counting.into_iter().chain([search.showing(db, count, (24, 0))]) {
            let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", statement.sql));
            let steps: Vec<(i64, i64, i64, String)> =
                sqlx::query_as(explain).fetch_all(db.readers()).await.unwrap();
            plan.extend(steps.into_iter().map(|(_, _, _, step)| step));
        }
        for step in &plan {
            let shown =
                ["SCAN i USING INDEX items_in_order", "SCAN s VIRTUAL TABLE INDEX", "SCAN found", "SCAN ("];
            let good = !step.starts_with("SCAN ") || shown.iter().any(|start| step.starts_with(start));
            assert!(good, "{category:?} {words:?} {count:?}: {step} in {plan:?}");
            let looked_up = !words.is_empty() && count != Count::Many;
            assert!(looked_up || !step.contains("TEMP B-TREE FOR ORDER"), "{category:?} {words:?}: {plan:?}");
        }
    }
}
