//! Searches find what was meant, rank it, and look at no more than is counted or shown.

use super::index::{self, Entry};
use super::meaning::{Meaning, Wanted};
use super::{COUNTED, Count, Criteria, Found, LeastRating, SAMPLED, Sort, Understood, query, search};
use crate::MIGRATIONS;
use crate::catalogue::formats::Format;
use crate::catalogue::{Delivery, Item, ItemState, extras, store};
use crate::databases;
use crate::lifecycle::Schema;
use crate::old_schema::OldSchema;
use jiff::Timestamp;
use money::Money;
use platform::Database;
use platform::db::{Backend, Columns, Migrations};
use sqlx::{AnyConnection, AssertSqlSafe};

/// Before what is found stood in tables of its own.
static WITHOUT_WORDS: Migrations = Migrations::embedded(&OldSchema::<Schema>::with("0021"));

const SELLER: [&str; 3] = [
    "INSERT INTO users (id, email, name, password_hash, operator, created_at) VALUES ('u', 'u@example.com', 'U', '', 0, 0)",
    "INSERT INTO merchants (id, user_id, name, created_at) VALUES ('m', 'u', 'Pine & Paper', 0)",
    "INSERT INTO categories (slug, name, position) VALUES ('music', 'Music', 1), ('fonts', 'Fonts', 2)",
];

/// On sale; its id and slug are its title's words.
fn item(title: &str) -> Item {
    let slug = super::words::words(title).join("-");
    Item {
        id: slug.parse().unwrap(),
        slug: slug.parse().unwrap(),
        merchant_id: "m".parse().unwrap(),
        seller: "Pine & Paper".to_owned(),
        category: "music".parse().unwrap(),
        title: title.to_owned(),
        creator: "Nadia Brandt".to_owned(),
        description: "A quiet evening.".to_owned(),
        price: Money::from_cents(500),
        delivery: Delivery::Instant,
        physical: false,
        licence: String::new(),
        cover_key: None,
        preview_key: None,
        state: ItemState::Published,
        stock: None,
        version: None,
        handling_days: None,
        featured_rank: None,
        rating: shop_pages::model::Rating::default(),
        created_at: Timestamp::UNIX_EPOCH,
        published_at: None,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

/// A shop that has these, with their tags.
async fn shop_with(db: &Database, items: Vec<(Item, Vec<&str>)>) {
    write(db, &SELLER).await;
    for (item, tags) in items {
        let tags: Vec<String> = tags.into_iter().map(str::to_owned).collect();
        let listed: Result<(), sqlx::Error> =
            db.transact((item, tags), |c, it| Box::pin(list(c, &it.0, &it.1))).await;
        listed.unwrap();
    }
}

async fn list(connection: &mut AnyConnection, item: &Item, tags: &[String]) -> Result<(), sqlx::Error> {
    assert!(store::insert(&mut *connection, item).await?);
    extras::replace_tags(&mut *connection, &item.id, tags).await?;
    index::update(connection, &item.id).await
}

async fn change(db: &Database, item: Item) {
    let changed: Result<(), sqlx::Error> = db
        .transact(item, |c, item| {
            Box::pin(async move {
                store::save(&mut *c, item).await?;
                index::update(c, &item.id).await
            })
        })
        .await;
    changed.unwrap();
}

async fn write(db: &Database, statements: &[&str]) {
    let statements: Vec<String> = statements.iter().map(|sql| (*sql).to_owned()).collect();
    let written: Result<(), sqlx::Error> = db.transact(statements, |c, all| Box::pin(run(c, all))).await;
    written.unwrap();
}

async fn run(connection: &mut AnyConnection, statements: &[String]) -> Result<(), sqlx::Error> {
    for statement in statements {
        sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn asked(db: &Database, criteria: &Criteria) -> Found {
    search(db, criteria, (COUNTED, 0)).await.unwrap()
}

fn ids(found: &Found) -> Vec<&str> {
    found.items.iter().map(|item| item.id.as_str()).collect()
}

/// The ids of what the words find, in the order of the page.
async fn found(db: &Database, words: &str) -> Vec<String> {
    ids(&asked(db, &Criteria::words(words)).await).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_search_forgives() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        let harbour = Item { creator: "Ole Größe".to_owned(), ..item("Harbour Lights") };
        let font = Item { category: "fonts".parse().unwrap(), ..item("Halden") };
        let forever = Item { creator: "Richard Marx".to_owned(), ..item("Now and Forever") };
        shop_with(db, vec![(harbour, vec!["sea", "gray"]), (font, vec!["serif"]), (forever, vec!["ballad"])])
            .await;
        for (words, id, read) in [
            ("forever", "now-and-forever", None),
            ("FOREV", "now-and-forever", None),
            ("forver", "now-and-forever", Some("forever")),
            ("Now andd Forever", "now-and-forever", Some("Now and Forever")),
            ("Richrad Marx", "now-and-forever", Some("Richard Marx")),
            ("the song forever", "now-and-forever", None),
            ("harbor", "harbour-lights", None),
            ("harbours", "harbour-lights", None),
            ("Harbuor", "harbour-lights", Some("Harbour")),
            ("grey light", "harbour-lights", None),
            ("grosse", "harbour-lights", None),
            ("größe lights", "harbour-lights", None),
            ("font", "halden", None),
            ("typefaces", "halden", None),
            ("serifs", "halden", None),
        ] {
            let search = asked(db, &Criteria::words(words)).await;
            assert_eq!(ids(&search), [id], "{words}");
            let expected = read.map_or(Understood::AsTyped, |words| Understood::As(words.to_owned()));
            assert_eq!(search.understood, expected, "{words}");
        }
        for nothing in ["a b c", "the", "and of", "%", "'", "a%b_"] {
            let search = asked(db, &Criteria::words(nothing)).await;
            assert_eq!((ids(&search).len(), search.understood), (0, Understood::NotAtAll), "{nothing}");
        }
        for unknown in ["zzzzzz", "%xyzzy%", "日本"] {
            assert!(found(db, unknown).await.is_empty(), "{unknown}");
        }
        let search = asked(db, &Criteria::words("forever harbour")).await;
        assert_eq!((ids(&search).len(), search.understood), (2, Understood::InPart));
        assert_eq!(found(db, "pine paper").await.len(), 3, "the seller's name");
    }
}

#[tokio::test]
async fn the_best_stands_first() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        let described = Item { description: "As lamp as can be.".to_owned(), ..item("Zero") };
        let made = Item { creator: "Ann Lamp".to_owned(), ..item("Alpha") };
        let beginning = item("Lampshade");
        let longer = item("Blue lamp");
        shop_with(
            db,
            vec![
                (described, vec![]),
                (item("Beta"), vec!["lamp"]),
                (made, vec![]),
                (beginning, vec![]),
                (longer, vec![]),
                (item("Lamp"), vec![]),
            ],
        )
        .await;
        let expected = ["lamp", "blue-lamp", "lampshade", "alpha", "beta", "zero"];
        assert_eq!(found(db, "lamp").await, expected);
        let newest = Criteria { sort: Sort::Title, ..Criteria::words("lamp") };
        assert_eq!(ids(&asked(db, &newest).await)[..2], ["alpha", "beta"]);
    }
}

#[tokio::test]
async fn what_changes_is_found_as_it_is() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        shop_with(db, vec![(item("Blue Lamp"), vec!["light"]), (item("Red Lamp"), vec![])]).await;
        assert_eq!(found(db, "lamp").await.len(), 2);
        change(db, Item { title: "Green Lantern".to_owned(), ..item("Red Lamp") }).await;
        assert_eq!(
            (found(db, "lamp").await, found(db, "lant").await),
            (vec!["blue-lamp".to_owned()], vec!["red-lamp".to_owned()])
        );
        change(db, Item { state: ItemState::Archived, ..item("Blue Lamp") }).await;
        assert!(found(db, "lamp").await.is_empty() && found(db, "light").await.is_empty());
        change(db, item("Blue Lamp")).await;
        assert_eq!(found(db, "light").await, ["blue-lamp"]);
        let renamed: Result<(), sqlx::Error> = db
            .transact((), |c, ()| {
                Box::pin(async move { index::rename_seller(c, &"m".parse().unwrap(), "Sycamore").await })
            })
            .await;
        renamed.unwrap();
        assert_eq!((found(db, "sycamore").await.len(), found(db, "pine").await.len()), (2, 0));
    }
}

#[tokio::test]
async fn filters_narrow_and_orders_sort() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        let priced = |title: &str, cents| Item { price: Money::from_cents(cents), ..item(title) };
        let post = Item { physical: true, ..priced("Lamp Three", 900) };
        let font = Item { category: "fonts".parse().unwrap(), ..priced("Lamp Four", 100) };
        shop_with(
            db,
            vec![
                (priced("Lamp One", 300), vec!["sea", "old"]),
                (priced("Lamp Two", 500), vec!["sea"]),
                (post, vec!["old"]),
                (font, vec![]),
            ],
        )
        .await;
        let all = Criteria { sort: Sort::Cheapest, ..Criteria::words("") };
        for words in ["", "lamp"] {
            let asks = |criteria: Criteria| async move {
                let criteria = Criteria { words: words.to_owned(), ..criteria };
                ids(&asked(db, &criteria).await).join(" ")
            };
            assert_eq!(asks(all.clone()).await, "lamp-four lamp-one lamp-two lamp-three");
            assert_eq!(
                asks(Criteria { sort: Sort::Dearest, ..all.clone() }).await,
                "lamp-three lamp-two lamp-one lamp-four"
            );
            assert_eq!(
                asks(Criteria { tag: Some("sea".to_owned()), ..all.clone() }).await,
                "lamp-one lamp-two"
            );
            assert_eq!(asks(Criteria { format: Some(Format::Post), ..all.clone() }).await, "lamp-three");
            let old_by_post =
                Criteria { tag: Some("old".to_owned()), format: Some(Format::Post), ..all.clone() };
            assert_eq!(asks(old_by_post).await, "lamp-three");
            let some = (Some(Money::from_cents(300)), Some(Money::from_cents(500)));
            assert_eq!(asks(Criteria { price: some, ..all.clone() }).await, "lamp-one lamp-two");
            assert_eq!(
                asks(Criteria { category: Some("fonts".parse().unwrap()), ..all.clone() }).await,
                "lamp-four"
            );
            assert_eq!(asks(Criteria { seller: Some("nobody".parse().unwrap()), ..all.clone() }).await, "");
        }
        let music = Criteria { category: Some("music".parse().unwrap()), ..Criteria::words("lamp") };
        let facets = asked(db, &music).await.facets;
        assert_eq!(facets.categories[&"fonts".parse().unwrap()], 1, "as if none was chosen");
        assert_eq!(facets.categories[&"music".parse().unwrap()], 3);
        let tags: Vec<(&str, u32)> = facets.tags.iter().map(|tag| (tag.value.as_str(), tag.items)).collect();
        assert_eq!(tags, [("old", 2), ("sea", 2)]);
        assert_eq!((facets.formats[0].value, facets.formats[0].items), (Format::Post, 1));
    }
}

/// Sets how many reviews an item has of one star, two, up to five, as the triggers of reviews do.
async fn rate(db: &Database, item: &str, [one, two, three, four, five]: [u32; 5]) {
    let rated = format!(
        "INSERT INTO item_ratings (item_id, one, two, three, four, five) VALUES ('{item}', {one}, {two}, {three}, \
         {four}, {five}) ON CONFLICT (item_id) DO UPDATE SET one = excluded.one, two = excluded.two, \
         three = excluded.three, four = excluded.four, five = excluded.five"
    );
    write(db, &[&rated]).await;
}

#[tokio::test]
async fn stars_narrow_by_the_average_that_is_shown() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        let titles = ["Lamp One", "Lamp Two", "Lamp Three", "Lamp Four"];
        shop_with(db, titles.map(|title| (item(title), vec!["sea"])).into()).await;
        let with = |words: &str, least| {
            let criteria = Criteria { rating: Some(least), sort: Sort::Title, ..Criteria::words(words) };
            async move { ids(&asked(db, &criteria).await).join(" ") }
        };
        assert_eq!(with("", LeastRating::Two).await, "");
        // 3.95 is shown as 4.0, and 3.94 as 3.9.
        rate(db, "lamp-one", [0, 0, 1, 19, 0]).await;
        rate(db, "lamp-two", [0, 0, 6, 94, 0]).await;
        rate(db, "lamp-three", [1, 0, 0, 0, 0]).await;
        rate(db, "lamp-four", [0; 5]).await;
        for words in ["", "lamp"] {
            assert_eq!(with(words, LeastRating::Four).await, "lamp-one");
            assert_eq!(with(words, LeastRating::Three).await, "lamp-one lamp-two");
            assert_eq!(with(words, LeastRating::Two).await, "lamp-one lamp-two");
        }
        let facets = asked(db, &Criteria::words("lamp")).await.facets;
        let counts: Vec<_> = facets.ratings.iter().map(|facet| (facet.value, facet.items)).collect();
        assert_eq!(counts, [(LeastRating::Four, 1), (LeastRating::Three, 2), (LeastRating::Two, 2)]);
        // Reviews come and go, and listings change and come back.
        rate(db, "lamp-two", [0, 0, 0, 0, 1]).await;
        rate(db, "lamp-one", [9, 0, 0, 0, 0]).await;
        assert_eq!(with("", LeastRating::Two).await, "lamp-two");
        change(db, Item { title: "Lamp Twice".to_owned(), ..item("Lamp Two") }).await;
        assert_eq!(with("twice", LeastRating::Four).await, "lamp-two");
        change(db, Item { state: ItemState::Archived, ..item("Lamp Two") }).await;
        assert_eq!(with("", LeastRating::Two).await, "");
        change(db, item("Lamp Two")).await;
        assert_eq!(with("lamp", LeastRating::Four).await, "lamp-two");
        rate(db, "lamp-two", [0; 5]).await;
        assert_eq!(with("lamp", LeastRating::Two).await, "");
    }
}

/// What many items have is counted so far and no further, what can be chosen of it is in part, and pages of it are whole.
#[tokio::test]
async fn many_are_not_counted() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        write(db, &SELLER).await;
        let number_of = |number: u32| if number == COUNTED { "rare" } else { "usual" };
        let items = (0..=COUNTED).map(|number| item(&format!("Thing {number:05} {}", number_of(number))));
        let entries: Vec<Entry> = items.map(|item| Entry::new(item, vec!["paper".to_owned()], [])).collect();
        let listed: Result<(), sqlx::Error> = db
            .transact(entries, |c, entries| {
                Box::pin(async move {
                    for entry in entries {
                        store::insert(&mut *c, &entry.item).await?;
                    }
                    index::write(c, entries).await
                })
            })
            .await;
        listed.unwrap();
        for sort in [Sort::Best, Sort::Title] {
            let criteria = Criteria { sort, ..Criteria::words("thing") };
            let page = search(db, &criteria, (3, 24)).await.unwrap();
            assert_eq!(page.count, Count::Many);
            assert_eq!(ids(&page), ["thing-00024-usual", "thing-00025-usual", "thing-00026-usual"]);
            assert!(page.facets.in_part && page.facets.categories_in_part);
            assert_eq!(usize::try_from(page.facets.tags[0].items).unwrap(), SAMPLED);
        }
        let category = Some("music".parse().unwrap());
        let usual = asked(db, &Criteria { category, ..Criteria::words("usual thing") }).await;
        assert_eq!((usual.count, usual.items.len()), (Count::Exactly(COUNTED), 240));
        assert_eq!((usual.facets.in_part, usual.facets.tags[0].items), (false, COUNTED));
        let fonts = Some("fonts".parse().unwrap());
        for words in ["", "thing"] {
            let criteria =
                Criteria { category: fonts.clone(), tag: Some("paper".to_owned()), ..Criteria::words(words) };
            let elsewhere = asked(db, &criteria).await.facets;
            // Rows of words are counted further than items.
            assert_eq!(
                (elsewhere.categories_in_part, elsewhere.in_part),
                (words.is_empty(), false),
                "{words}"
            );
            assert_eq!(elsewhere.categories[&"music".parse().unwrap()], COUNTED + 1, "{words}");
        }
        assert_eq!(found(db, "rar thing").await, ["thing-00240-rare"]);
    }
}

/// One way is quick where few have what is asked for, the other where many do.
#[tokio::test]
async fn both_ways_to_a_page_of_many_find_the_same() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        let items =
            ["Lamp", "Lamp lamps", "Lamp, lamplight", "Lamp lit"].map(|title| (item(title), vec!["lamp"]));
        shop_with(db, items.into()).await;
        for words in ["", "lamp", "lamp lit"] {
            let meaning = Meaning::of(db, words).await.unwrap();
            for (sort, tag) in Sort::ALL.iter().flat_map(|sort| [(*sort, None), (*sort, Some("lamp"))]) {
                let tag = tag.map(ToOwned::to_owned);
                let criteria = Criteria { tag, sort, ..Criteria::words(words) };
                let wanted = Wanted { criteria: &criteria, words: &meaning.words };
                let mut pages = Vec::new();
                for way in [query::sorting, query::walking] {
                    let rows = way(&wanted, (2, 1)).rows(db).await.unwrap();
                    let numbers = rows.iter().map(|row| row.integer("number").unwrap());
                    pages.push(numbers.collect::<Vec<_>>());
                }
                assert_eq!(pages[0], pages[1], "{criteria:?}");
                assert_eq!(pages[0].len(), if words == "lamp lit" { 0 } else { 2 }, "{criteria:?}");
            }
        }
    }
}

#[tokio::test]
async fn items_from_before_are_found() {
    for test in databases::each(&WITHOUT_WORDS).await {
        let db = &test.db;
        write(db, &SELLER).await;
        let old = "INSERT INTO items (id, slug, merchant_id, category, title, creator, description, price, delivery, \
                   physical, licence, search_text, created_at) \
                   VALUES ('old', 'old', 'm', 'music', 'An old lamp', '', '', 1, 'Manual', 1, '', '', 0)";
        write(db, &[old, "INSERT INTO item_tags (item_id, tag) VALUES ('old', 'brass')"]).await;
        db.migrate(&MIGRATIONS).await.unwrap();
        assert!(found(db, "old").await.is_empty());
        for _ in 0..2 {
            index::complete(db).await.unwrap();
            assert_eq!(
                (found(db, "old lamp").await, found(db, "brass").await.len()),
                (vec!["old".to_owned()], 1)
            );
        }
        // A database can be made anew with what there is for searches.
        db.recreate(&MIGRATIONS).await.unwrap();
        write(db, &SELLER).await;
        assert!(found(db, "old").await.is_empty());
    }
}

/// SQLite's steps: nothing is gone through but in an order that ends it, nothing is sorted but what was looked up.
#[tokio::test]
async fn what_is_shown_is_found_by_indexes() {
    let databases = databases::each(&MIGRATIONS).await;
    let db = &databases.iter().find(|test| test.db.backend() == Backend::Sqlite).unwrap().db;
    shop_with(db, vec![(item("Thing One"), vec!["old"])]).await;
    let category = Some("music".parse().unwrap());
    for words in ["", "thing", "thing one"] {
        let meaning = Meaning::of(db, words).await.unwrap();
        for sort in Sort::ALL {
            let all = Criteria { sort: *sort, ..Criteria::words(words) };
            for criteria in [
                all.clone(),
                Criteria { category: category.clone(), ..all.clone() },
                Criteria { price: (Some(Money::ZERO), None), ..all.clone() },
                Criteria { tag: Some("old".to_owned()), ..all.clone() },
                Criteria { rating: Some(LeastRating::Four), category: category.clone(), ..all.clone() },
                Criteria {
                    tag: Some("old".to_owned()),
                    category: category.clone(),
                    format: Some(Format::Pdf),
                    ..all.clone()
                },
            ] {
                let wanted = Wanted { criteria: &criteria, words: &meaning.words };
                for (what, statement) in [
                    ("collecting", query::collecting(&wanted)),
                    ("walking", query::walking(&wanted, (24, 0))),
                    ("sorting", query::sorting(&wanted, (24, 0))),
                ] {
                    let plan = statement.plan(db).await.unwrap();
                    let is_bad = |step: &String| {
                        (step.contains("TEMP B-TREE") && what != "sorting")
                            || (step.starts_with("SCAN ") && !step.starts_with("SCAN l"))
                    };
                    assert!(!plan.iter().any(is_bad), "{what} {criteria:?}: {plan:#?} {}", statement.sql);
                }
            }
        }
    }
}
