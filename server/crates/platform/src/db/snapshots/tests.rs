//! Snapshots on both backends.

use super::*;
use crate::Random;
use crate::db::tests::{Fixture, fixture_of, on_both};
use crate::db::{Migrations, Timeouts};
use futures_util::FutureExt;
use rust_embed::RustEmbed;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

#[derive(RustEmbed)]
#[folder = "src/db/test_snapshots"]
struct Schema;

/// All that there is, in the words of the two: what is made of others, too.
const ALL: [(&str, &str); 7] = [
    ("settings", "name || '|' || value"),
    ("people", "id || '|' || name || '|' || shout || '|' || COALESCE(CAST(first_posting AS TEXT), '')"),
    ("keys", "key || '|' || person || '|' || secret"),
    ("uses", "key || '|' || CAST(at AS TEXT)"),
    (
        "postings",
        "CAST(number AS TEXT) || '|' || person || '|' || COALESCE(CAST(amount AS TEXT), '') || '|' || COALESCE({hex}, '')",
    ),
    ("totals", "person || '|' || CAST(postings AS TEXT)"),
    (
        "\"odd \"\"lines\"\"\"",
        "COALESCE(\"a \"\"text\"\"\", 'NULL') || '|' || COALESCE(CAST(n AS TEXT), 'NULL')",
    ),
];

async fn fixture(backend: Backend) -> Option<Fixture> {
    // A machine that runs all tests at once can be slow.
    let timeouts = Timeouts { answer: Duration::from_secs(20), ..Timeouts::default() };
    fixture_of(backend, timeouts, Migrations::embedded(&Schema)).await
}

fn snapshots(fixture: &Fixture) -> Snapshots {
    Snapshots::of(fixture.db.clone(), &fixture.folder.path().join("snap's hots"), "t.db")
}

fn named(name: &str) -> SnapshotName {
    name.parse().unwrap()
}

async fn try_write(db: &Database, sql: impl Into<String>) -> Result<(), sqlx::Error> {
    let sql = sql.into();
    db.transact(sql, |c, sql| Box::pin(run(c, sql.clone()))).await
}

async fn write(db: &Database, sql: impl Into<String>) {
    try_write(db, sql).await.unwrap();
}

/// Seen from outside.
async fn all_rows(fixture: &Fixture) -> Vec<String> {
    let hex = match fixture.db.backend() {
        Backend::Sqlite => "lower(hex(data))",
        Backend::Postgres => "encode(data, 'hex')",
    };
    let mut all = Vec::new();
    for (table, row) in ALL {
        let sql = format!("SELECT {} AS r FROM {table} ORDER BY 1", row.replace("{hex}", hex));
        let found: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(fixture.outside.readers()).await.unwrap();
        all.extend(found.into_iter().map(|row| format!("{table}: {row}")));
    }
    all
}

/// Statements that always work, but that change rows of all tables.
async fn write_at_random(db: &Database, random: &Random, count: u32) {
    for _ in 0..count {
        let number = random.next_u64();
        let (which, a, b) = (number % 8, number / 8 % 6, number / 64 % 1_000_003);
        write(db, match which {
            0 => format!("INSERT INTO settings VALUES ('s{a}', 'v{b}') ON CONFLICT (name) DO UPDATE SET value = 'w{b}'"),
            1 => format!("DELETE FROM settings WHERE name = 's{a}'"),
            2 => format!("INSERT INTO people (id, name) VALUES ('p{a}', 'Zoë {b}') ON CONFLICT (id) DO UPDATE SET name = 'x{b}'"),
            3 => format!(
                "INSERT INTO postings (person, amount, data) SELECT id, {b}, data FROM people \
                 LEFT JOIN (SELECT data FROM postings ORDER BY number LIMIT 1) AS p ON 1 = 1 WHERE id = 'p{a}'"
            ),
            4 => format!("UPDATE people SET first_posting = (SELECT MAX(number) FROM postings) WHERE id = 'p{a}'"),
            5 => format!("INSERT INTO keys SELECT 'k{b}', id, 'secret {b}' FROM people WHERE id = 'p{a}' ON CONFLICT DO NOTHING"),
            6 => format!("INSERT INTO uses SELECT key, {b} FROM keys WHERE person = 'p{a}' ON CONFLICT DO NOTHING"),
            _ => format!("INSERT INTO \"odd \"\"lines\"\"\" VALUES (NULL, {a}), ('line', {a})"),
        })
        .await;
    }
}

async fn begin(fixture: &Fixture) {
    let bytes = match fixture.db.backend() {
        Backend::Sqlite => "X'00FF10'",
        Backend::Postgres => "'\\x00ff10'",
    };
    write(
        &fixture.db,
        format!(
            "INSERT INTO people (id, name) VALUES ('p0', 'Ann'); INSERT INTO settings VALUES ('key', 'first'); \
             INSERT INTO postings (person, amount, data) VALUES ('p0', 5, {bytes}), ('p0', -5, NULL)"
        ),
    )
    .await;
}

/// Triggers refuse and count, and foreign keys and unique ones refuse, as they did before.
async fn rules_are_in_force(db: &Database) {
    for refused in [
        "UPDATE postings SET amount = 0",
        "DELETE FROM postings",
        "INSERT INTO postings (person) VALUES ('nobody')",
        "DELETE FROM people WHERE id = 'p0'",
        "INSERT INTO totals VALUES ('p0', 9)",
    ] {
        assert!(try_write(db, refused).await.is_err(), "{refused}");
    }
    assert!(is_counted(db).await, "what is counted is right");
}

async fn is_counted(db: &Database) -> bool {
    let wrong = "SELECT COUNT(*) FROM people p WHERE COALESCE((SELECT postings FROM totals t WHERE t.person = p.id), 0) \
         <> (SELECT COUNT(*) FROM postings o WHERE o.person = p.id)";
    let wrong: i64 = sqlx::query_scalar(wrong).fetch_one(db.readers()).await.unwrap();
    wrong == 0
}

async fn next_number(db: &Database) -> i64 {
    write(db, "INSERT INTO postings (person) VALUES ('p0')").await;
    sqlx::query_scalar("SELECT MAX(number) FROM postings").fetch_one(db.readers()).await.unwrap()
}

/// Changes rows of the snapshot; `{saved}` is its schema.
async fn tamper(snapshots: &Snapshots, name: &SnapshotName, sql: &str) {
    let mut connection = snapshots.db.connection_apart().await.unwrap();
    let saved = snapshots.reach(&mut connection, name, "saved").await.unwrap();
    run(&mut connection, "PRAGMA foreign_keys = OFF".to_owned()).await.ok();
    run(&mut connection, sql.replace("{saved}", &saved)).await.unwrap();
    connection.close().await.unwrap();
}

async fn a_restore_gives_all_rows_back(fixture: Fixture) {
    begin(&fixture).await;
    let (snapshots, db) = (snapshots(&fixture), &fixture.db);
    for seed in 0..6 {
        let (random, name) = (Random::seeded(seed), named(&format!("seed-{seed}")));
        write_at_random(db, &random, 40).await;
        let saved = all_rows(&fixture).await;
        snapshots.save(&name).await.unwrap();
        assert_eq!(all_rows(&fixture).await, saved, "saving changes nothing");
        let next = next_number(db).await;
        write_at_random(db, &random, 40).await;
        assert_ne!(all_rows(&fixture).await, saved);
        for _ in 0..2 {
            snapshots.restore(&name, &[]).await.unwrap();
            assert_eq!(all_rows(&fixture).await, saved, "also when it is done again; seed {seed}");
        }
        assert_eq!(next_number(db).await, next, "numbers go on as they would have");
        rules_are_in_force(db).await;
    }
    snapshots.restore(&named("seed-0"), &[]).await.unwrap();
    rules_are_in_force(db).await;
}

async fn what_is_kept_stays_as_it_is(fixture: Fixture) {
    begin(&fixture).await;
    let (snapshots, db, name) = (snapshots(&fixture), &fixture.db, named("a"));
    write(
        db,
        "INSERT INTO settings VALUES ('clock', '1'); INSERT INTO people (id, name) VALUES ('p1', 'Bob'), ('p2', 'Cy'); \
         INSERT INTO keys VALUES ('renewed', 'p0', 'old'), ('gone', 'p1', 's'), ('taken', 'p2', 's'); \
         INSERT INTO uses VALUES ('gone', 1), ('taken', 1)",
    )
    .await;
    snapshots.save(&name).await.unwrap();
    write(
        db,
        "UPDATE settings SET value = '2'; INSERT INTO settings VALUES ('key of later', 'x'); \
         DELETE FROM uses; DELETE FROM keys WHERE key IN ('gone', 'taken'); \
         UPDATE keys SET secret = 'new'; \
         INSERT INTO people (id, name) VALUES ('p3', 'Di'); \
         INSERT INTO keys VALUES ('another of p2', 'p2', 's'), ('of one who is not there', 'p3', 's')",
    )
    .await;
    let kept = [
        Kept { table: "settings", condition: "name IN ('key', 'key of later')", only_new: false },
        Kept { table: "keys", condition: "1 = 1", only_new: false },
    ];
    for _ in 0..2 {
        snapshots.restore(&name, &kept).await.unwrap();
        let rows = all_rows(&fixture).await;
        let of = |table: &str| rows.iter().filter(|row| row.starts_with(table)).cloned().collect::<Vec<_>>();
        let settings = ["settings: clock|1", "settings: key of later|x", "settings: key|2"];
        let mut found = of("settings");
        found.sort();
        assert_eq!(found, settings);
        let mut found = of("keys");
        found.sort();
        assert_eq!(found, ["keys: gone|p1|s", "keys: renewed|p0|new", "keys: taken|p2|s"]);
        assert_eq!(of("uses").len(), 2);
        rules_are_in_force(db).await;
    }
    let unknown =
        snapshots.restore(&name, &[Kept { table: "nothing", condition: "1 = 1", only_new: false }]).await;
    assert!(unknown.unwrap_err().to_string().contains("nothing"));
    // What the snapshot has comes back; what came later stays.
    write(db, "UPDATE settings SET value = '3'").await;
    let kept = [Kept { table: "settings", condition: "1 = 1", only_new: true }];
    snapshots.restore(&name, &kept).await.unwrap();
    let settings = ["clock|1", "key of later|3", "key|first"].map(|row| format!("settings: {row}"));
    let mut found = all_rows(&fixture).await;
    found.retain(|row| row.starts_with("settings"));
    found.sort();
    assert_eq!(found, settings);
}

async fn numbers_go_on_behind_what_is_kept(fixture: Fixture) {
    begin(&fixture).await;
    let (snapshots, db, name) = (snapshots(&fixture), &fixture.db, named("a"));
    snapshots.save(&name).await.unwrap();
    let later = next_number(db).await;
    let kept = [Kept { table: "postings", condition: "1 = 1", only_new: true }];
    snapshots.restore(&name, &kept).await.unwrap();
    assert!(next_number(db).await > later);
}

async fn what_is_held_still_is_written_by_nobody(fixture: Fixture) {
    begin(&fixture).await;
    let (snapshots, db) = (snapshots(&fixture), &fixture.db);
    let writers = (0..3).map(|_| {
        let db = db.clone();
        tokio::spawn(async move {
            for _ in 0..20 {
                write(&db, "UPDATE settings SET value = 'w'; INSERT INTO postings (person, amount) VALUES ('p0', 1), ('p0', -1)").await;
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    for number in 0..4 {
        let held = snapshots.hold_still().await.unwrap();
        let before = all_rows(&fixture).await;
        snapshots.save(&named(&format!("held-{number}"))).await.unwrap();
        assert_eq!(all_rows(&fixture).await, before, "nobody wrote");
        let side = SnapshotSide::Saved(named(&format!("held-{number}")));
        let diff = snapshots.diff(&side, &SnapshotSide::Now, &OPTIONS).await.unwrap();
        assert_eq!(diff.tables, [], "what was saved is what there was");
        held.release().await.unwrap();
    }
    drop(snapshots.hold_still().await.unwrap());
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(is_counted(&fixture.outside).await);
}

async fn a_restore_that_is_not_committed_is_none(fixture: Fixture) {
    begin(&fixture).await;
    let (snapshots, db, name) = (snapshots(&fixture), &fixture.db, named("a"));
    snapshots.save(&name).await.unwrap();
    write(db, "UPDATE settings SET value = 'later'").await;
    let before = all_rows(&fixture).await;
    let prepared = snapshots.prepare_restore(&name, &[]).await.unwrap();
    drop(prepared);
    write(db, "UPDATE settings SET value = value").await;
    assert_eq!(all_rows(&fixture).await, before);
    rules_are_in_force(db).await;
}

/// Dropped at whatever point, a restore leaves the old state or the restored one, and the rules in force.
async fn a_restore_that_is_broken_off_is_whole(fixture: Fixture) {
    begin(&fixture).await;
    let (snapshots, db, name) = (snapshots(&fixture), &fixture.db, named("a"));
    let saved = all_rows(&fixture).await;
    snapshots.save(&name).await.unwrap();
    for polls in 1.. {
        next_number(db).await;
        let before = all_rows(&fixture).await;
        let mut restoring = snapshots.restore(&name, &[]);
        let mut done = None;
        for _ in 0..polls {
            done = done.or_else(|| (&mut restoring).now_or_never());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        drop(restoring);
        // A write waits until nobody holds the database any more.
        write(db, "UPDATE settings SET value = value").await;
        let after = all_rows(&fixture).await;
        assert!(after == before || after == saved, "{polls}: {after:?}");
        rules_are_in_force(db).await;
        if let Some(done) = done {
            done.unwrap();
            assert_eq!(after, saved);
            return;
        }
    }
}

async fn a_restore_that_fails_leaves_all_as_it_was(fixture: Fixture) {
    begin(&fixture).await;
    let (snapshots, db, name) = (snapshots(&fixture), &fixture.db, named("a"));
    snapshots.save(&name).await.unwrap();
    let next = next_number(db).await + 1;
    write(db, "UPDATE settings SET value = 'later'").await;
    let before = all_rows(&fixture).await;
    // The foreign keys are looked at when all rows are there already.
    tamper(&snapshots, &name, "INSERT INTO {saved}.keys VALUES ('k', 'nobody', 's')").await;
    let refused = snapshots.restore(&name, &[]).await.unwrap_err();
    assert!(refused.to_string().contains("keys"), "{refused}");
    assert_eq!(all_rows(&fixture).await, before);
    // Before a write is refused: on PostgreSQL that takes a number all the same.
    assert_eq!(next_number(db).await, next);
    rules_are_in_force(db).await;
}

async fn a_snapshot_of_another_schema_is_refused(fixture: Fixture) {
    begin(&fixture).await;
    let (snapshots, name) = (snapshots(&fixture), named("a"));
    snapshots.save(&name).await.unwrap();
    tamper(&snapshots, &name, "UPDATE {saved}._sqlx_migrations SET version = 2").await;
    write(&fixture.db, "DELETE FROM settings").await;
    let before = all_rows(&fixture).await;
    let refused = snapshots.restore(&name, &[]).await.unwrap_err();
    assert!(matches!(&refused, SnapshotError::OtherSchema(of) if *of == name), "{refused}");
    let side = SnapshotSide::Saved(name.clone());
    let refused = snapshots.diff(&side, &SnapshotSide::Now, &OPTIONS).await.unwrap_err();
    assert!(matches!(refused, SnapshotError::OtherSchema(_)), "{refused}");
    assert_eq!(all_rows(&fixture).await, before);
    snapshots.delete(&name).await.unwrap();
}

async fn snapshots_are_listed_and_deleted_by_name(fixture: Fixture) {
    begin(&fixture).await;
    let snapshots = snapshots(&fixture);
    let names = async || {
        let all = snapshots.list().await.unwrap();
        assert!(all.iter().all(|saved| saved.bytes > 0));
        all.into_iter().map(|saved| saved.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names().await, [""; 0]);
    let longest = "x".repeat(40);
    for name in ["b", "a-1_", &longest] {
        snapshots.save(&named(name)).await.unwrap();
        let twice = snapshots.save(&named(name)).await.unwrap_err();
        assert!(matches!(twice, SnapshotError::AlreadyThere(_)), "{twice}");
    }
    assert_eq!(names().await, ["a-1_", "b", &longest]);
    snapshots.delete(&named("b")).await.unwrap();
    assert_eq!(names().await, ["a-1_", &longest]);
    let gone = named("b");
    let side = SnapshotSide::Saved(gone.clone());
    for refused in [
        snapshots.delete(&gone).await.unwrap_err(),
        snapshots.restore(&gone, &[]).await.unwrap_err(),
        snapshots.diff(&SnapshotSide::Now, &side, &OPTIONS).await.unwrap_err(),
    ] {
        assert!(matches!(refused, SnapshotError::NotThere(_)), "{refused}");
    }
}

/// Others go on, and what they did is there as a whole or not at all.
async fn others_write_while_it_restores(fixture: Fixture) {
    begin(&fixture).await;
    let (snapshots, name) = (snapshots(&fixture), named("a"));
    snapshots.save(&name).await.unwrap();
    let writers = (0..4).map(|_| {
        let db = fixture.db.clone();
        tokio::spawn(async move {
            for _ in 0..25 {
                write(&db, "INSERT INTO postings (person, amount) VALUES ('p0', 1), ('p0', -1)").await;
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    for _ in 0..5 {
        snapshots.restore(&name, &[]).await.unwrap();
        assert!(is_counted(&fixture.outside).await);
    }
    for writer in writers {
        writer.await.unwrap();
    }
    rules_are_in_force(&fixture.db).await;
    let sum = "SELECT CAST(SUM(amount) AS BIGINT) FROM postings";
    let sum: i64 = sqlx::query_scalar(sum).fetch_one(fixture.db.readers()).await.unwrap();
    assert_eq!(sum, 0);
}

const OPTIONS: DiffOptions = DiffOptions { rows: 100, masked: &[("keys", "secret")] };

async fn settings(fixture: &Fixture) -> BTreeMap<String, String> {
    let sql = "SELECT name, value FROM settings";
    let rows: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(fixture.outside.readers()).await.unwrap();
    rows.into_iter().collect()
}

/// Against what two maps have otherwise.
async fn a_diff_finds_what_was_changed_and_nothing_else(fixture: Fixture) {
    begin(&fixture).await;
    let (snapshots, db) = (snapshots(&fixture), &fixture.db);
    let mut sides = Vec::new();
    for seed in 0..4 {
        let name = named(&format!("seed-{seed}"));
        write_at_random(db, &Random::seeded(seed), 60).await;
        snapshots.save(&name).await.unwrap();
        sides.push((SnapshotSide::Saved(name), settings(&fixture).await));
    }
    let now = snapshots.diff(&sides[3].0, &SnapshotSide::Now, &OPTIONS).await.unwrap();
    assert_eq!(now.tables, [], "nothing was changed since");
    for ((a, before), (b, after)) in sides.iter().flat_map(|a| sides.iter().map(move |b| (a, b))) {
        let diff = snapshots.diff(a, b, &OPTIONS).await.unwrap();
        let mut expected = BTreeMap::new();
        for name in before.keys().chain(after.keys()) {
            let of = |side: &BTreeMap<String, String>| side.get(name).cloned();
            if of(before) != of(after) {
                expected.insert(name.clone(), (of(before), of(after)));
            }
        }
        let found = diff.tables.iter().find(|table| table.table == "settings");
        let value = |columns: &Option<serde_json::Map<String, serde_json::Value>>| {
            columns.as_ref().map(|columns| columns["value"].as_str().unwrap().to_owned())
        };
        let found: BTreeMap<_, _> = found
            .iter()
            .flat_map(|table| &table.rows)
            .map(|row| {
                (row.key["name"].as_str().unwrap().to_owned(), (value(&row.before), value(&row.after)))
            })
            .collect();
        assert_eq!(found, expected, "{a:?} {b:?}");
    }
}

async fn a_diff_shows_columns_that_differ_and_no_secrets(fixture: Fixture) {
    begin(&fixture).await;
    let (snapshots, db, name) = (snapshots(&fixture), &fixture.db, named("a"));
    write(
        db,
        "INSERT INTO people (id, name) VALUES ('p1', 'Bob'); INSERT INTO keys VALUES ('k', 'p0', 'hush 1'); \
         INSERT INTO \"odd \"\"lines\"\"\" VALUES (NULL, 1), (NULL, 1), ('x', 2); \
         INSERT INTO settings VALUES ('old', 'o')",
    )
    .await;
    snapshots.save(&name).await.unwrap();
    let long = match db.backend() {
        Backend::Sqlite => "zeroblob(33)",
        Backend::Postgres => "decode(repeat('00', 33), 'hex')",
    };
    write(
        db,
        format!(
            "UPDATE people SET name = 'Rob' WHERE id = 'p1'; UPDATE keys SET secret = 'hush 2'; \
             DELETE FROM \"odd \"\"lines\"\"\" WHERE n = 2; INSERT INTO \"odd \"\"lines\"\"\" VALUES (NULL, 1); \
             DELETE FROM settings WHERE name = 'old'; INSERT INTO settings VALUES ('new', 'n'); \
             UPDATE settings SET value = 'second' WHERE name = 'key'; \
             INSERT INTO postings (person, amount, data) VALUES ('p0', 7, {long})"
        ),
    )
    .await;
    let side = SnapshotSide::Saved(name);
    let diff = snapshots.diff(&side, &SnapshotSide::Now, &OPTIONS).await.unwrap();
    let zeros = format!("{}…", "00".repeat(32));
    let tables = json!([
        {"table": "keys", "added": 0, "removed": 0, "changed": 1, "rows": [
            {"key": {"key": "k"}, "before": {"secret": "…"}, "after": {"secret": "…"}}]},
        {"table": "odd \"lines\"", "added": 1, "removed": 1, "changed": 0, "rows": [
            {"key": {}, "before": null, "after": {"a \"text\"": null, "n": 1}},
            {"key": {}, "before": {"a \"text\"": "x", "n": 2}, "after": null}]},
        {"table": "people", "added": 0, "removed": 0, "changed": 1, "rows": [
            {"key": {"id": "p1"}, "before": {"name": "Bob"}, "after": {"name": "Rob"}}]},
        {"table": "postings", "added": 1, "removed": 0, "changed": 0, "rows": [
            {"key": {"number": 3}, "before": null,
             "after": {"number": 3, "person": "p0", "amount": 7, "data": zeros}}]},
        {"table": "settings", "added": 1, "removed": 1, "changed": 1, "rows": [
            {"key": {"name": "new"}, "before": null, "after": {"name": "new", "value": "n"}},
            {"key": {"name": "key"}, "before": {"value": "first"}, "after": {"value": "second"}},
            {"key": {"name": "old"}, "before": {"name": "old", "value": "o"}, "after": null}]},
        {"table": "totals", "added": 1, "removed": 1, "changed": 0, "rows": [
            {"key": {}, "before": null, "after": {"person": "p0", "postings": 3}},
            {"key": {}, "before": {"person": "p0", "postings": 2}, "after": null}]},
    ]);
    assert_eq!(serde_json::to_value(&diff).unwrap(), json!({ "tables": tables }));
    let few = DiffOptions { rows: 1, ..OPTIONS };
    let diff = snapshots.diff(&side, &SnapshotSide::Now, &few).await.unwrap();
    let settings = diff.tables.iter().find(|table| table.table == "settings").unwrap();
    assert_eq!((settings.added, settings.changed, settings.removed, settings.rows.len()), (1, 1, 1, 1));
}

on_both!(
    a_restore_gives_all_rows_back,
    what_is_kept_stays_as_it_is,
    a_restore_that_is_broken_off_is_whole,
    a_restore_that_fails_leaves_all_as_it_was,
    a_restore_that_is_not_committed_is_none,
    numbers_go_on_behind_what_is_kept,
    what_is_held_still_is_written_by_nobody,
    a_snapshot_of_another_schema_is_refused,
    snapshots_are_listed_and_deleted_by_name,
    others_write_while_it_restores,
    a_diff_finds_what_was_changed_and_nothing_else,
    a_diff_shows_columns_that_differ_and_no_secrets,
);

/// What somebody who was killed has left of a file is no snapshot, and in nobody's way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_file_is_no_snapshot() {
    let fixture = fixture(Backend::Sqlite).await.unwrap();
    begin(&fixture).await;
    let (snapshots, name) = (snapshots(&fixture), named("a"));
    let place = snapshots.place(&name);
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    std::fs::write(place.with_extension("db.part"), b"half").unwrap();
    assert_eq!(snapshots.list().await.unwrap(), []);
    snapshots.save(&name).await.unwrap();
    assert_eq!(snapshots.list().await.unwrap().len(), 1);
    let files = std::fs::read_dir(place.parent().unwrap()).unwrap().count();
    assert_eq!(files, 1, "nothing lies about");
    snapshots.delete(&name).await.unwrap();
    assert!(!place.parent().unwrap().exists());
}

/// Rows are numbered as they were, also where no column has the number.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_stay_in_their_order() {
    let fixture = fixture(Backend::Sqlite).await.unwrap();
    let (snapshots, db, name) = (snapshots(&fixture), &fixture.db, named("a"));
    write(
        db,
        "INSERT INTO settings VALUES ('c', ''), ('b', ''), ('a', ''), ('d', ''); DELETE FROM settings WHERE name = 'b'",
    )
    .await;
    let numbers = async || {
        let sql = "SELECT name, rowid FROM settings ORDER BY rowid";
        let rows: Vec<(String, i64)> = sqlx::query_as(sql).fetch_all(db.readers()).await.unwrap();
        rows
    };
    let before = numbers().await;
    snapshots.save(&name).await.unwrap();
    write(db, "DELETE FROM settings").await;
    snapshots.restore(&name, &[]).await.unwrap();
    assert_eq!(numbers().await, before);
}
