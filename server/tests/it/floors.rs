//! What stands on what inside the two big crates, read from their sources: no arrow upward between the wings,
//! no write outside of those that may, and each table in the hands of one module.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A crate's modules at the top, from the ground up: each uses only itself and those below it. Those on one line
/// do not know each other.
struct House {
    folder: &'static str,
    floors: &'static [&'static [&'static str]],
    /// Who may begin a database transaction.
    writers: &'static [&'static str],
    /// Statements that read another module's tables, since one statement does what would be several: file,
    /// tables.
    reads_across: &'static [(&'static str, &'static [&'static str])],
    /// How deep below the crate an aggregate's folder lies.
    aggregate_depth: usize,
    migrations: &'static str,
}

const EMULATOR: House = House {
    folder: "server/crates/fps-emulator/src",
    floors: &[&["config"], &["domain"], &["engine"], &["state"], &["jobs", "snapshots", "web"]],
    writers: &["domain", "engine"],
    reads_across: &[
        // Who paid a caller's tokens or is paid by them: asked of both together.
        ("domain/accounts/mod.rs", &["tokens"]),
        // A page of the Co-Branded UI loads what it needs at once.
        ("domain/authorizations.rs", &["accounts", "callers"]),
        // Whether a caller may call is its account's standing.
        ("domain/callers/mod.rs", &["accounts", "tokens"]),
        ("domain/callers/preserved.rs", &["accounts"]),
        // What a transaction begins with is in the mailbox without a row of its own.
        ("domain/mail/mailbox.rs", &["accounts", "transactions"]),
        ("domain/mail/store.rs", &["accounts"]),
        // One statement for both sides of a Pay.
        ("domain/payments/counterparties.rs", &["accounts", "instruments", "tokens"]),
        // Lists and sums of transactions by caller and by token, each with its parties.
        ("domain/transactions/lists.rs", &["accounts", "callers"]),
        ("domain/transactions/row.rs", &["accounts", "callers", "instruments", "tokens"]),
        // A transaction's row names accounts, callers, instruments and tokens by number.
        ("domain/transactions/store.rs", &["accounts", "callers", "instruments", "tokens"]),
        ("domain/transactions/sums.rs", &["accounts", "callers", "instruments"]),
        ("domain/transactions/token_payments.rs", &["tokens"]),
        // A record names its caller and what was answered by number.
        ("engine/idempotency.rs", &["callers", "tokens", "transactions"]),
    ],
    aggregate_depth: 2,
    migrations: "migrations/payments/sqlite",
};

const SHOP: House = House {
    folder: "server/crates/storefront/src",
    floors: &[
        &["pictures", "files", "ids", "input", "markdown", "shared_pages"],
        &["links", "live_pages", "smtp"],
        &["config"],
        &["audit", "fps_client", "users"],
        &["baskets", "credit", "merchants", "reviews"],
        &["catalogue"],
        &["cart", "fees"],
        &["coupons"],
        &["orders"],
        &["figures", "messages"],
        &["mail"],
        &["state"],
        &["accounts", "mailbox", "purchase", "selling"],
        &["oversight"],
        &["control", "jobs", "snapshots", "web"],
    ],
    writers: &[
        "audit",
        "users",
        "baskets",
        "credit",
        "merchants",
        "reviews",
        "catalogue",
        "cart",
        "fees",
        "coupons",
        "orders",
        "figures",
        "messages",
        "mail",
        "accounts",
        "mailbox",
        "purchase",
        "selling",
        "oversight",
    ],
    reads_across: &[
        // What is kept about a person is read from wherever it is.
        ("accounts/export/tables.rs", &["items", "merchants", "orders"]),
    ],
    aggregate_depth: 1,
    migrations: "migrations/shop/sqlite",
};

impl House {
    /// Every source file that is not a test, with its path below the folder and its text without the tests.
    fn files(&self) -> Vec<(String, String)> {
        let folder = root().join(self.folder);
        let mut files = Vec::new();
        let mut folders = vec![folder.clone()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap();
                if path.is_dir() {
                    if name != "tests" {
                        folders.push(path);
                    }
                } else if path.extension().is_some_and(|extension| extension == "rs") && name != "tests.rs" {
                    let text = fs::read_to_string(&path).unwrap();
                    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
                    files.push((relative(&folder, &path), text));
                }
            }
        }
        files.sort();
        assert!(!files.is_empty());
        files
    }

    /// The floor of a top module; `None` for those that put all together.
    fn floor(&self, module: &str) -> Option<usize> {
        self.floors.iter().position(|floor| floor.contains(&module))
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn relative(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned()
}

/// `web/cbui/mod.rs` → `web`, `state.rs` → `state`.
fn top(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The module whose files lie together: `domain/tokens/store.rs` → `domain/tokens`.
fn aggregate(house: &House, file: &str) -> String {
    let parts: Vec<&str> = file.split('/').collect();
    let depth = parts.len().min(house.aggregate_depth);
    parts[..depth].join("/").trim_end_matches(".rs").to_owned()
}

/// What the text names as `crate::…`, its first two segments; also in `use crate::{a, b::c}`.
fn names_of_this_crate(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        if let Some(list) = rest.strip_prefix('{') {
            names.extend(top_of_list(list));
        } else {
            names.insert(identifier(rest).to_owned());
        }
    }
    names
}

fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// The first segments of a list's entries, up to the brace that closes it.
fn top_of_list(list: &str) -> Vec<String> {
    let (mut names, mut depth, mut at_start) = (Vec::new(), 0, true);
    for (index, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_start = true,
            c if at_start && (c.is_alphabetic() || c == '_') => {
                names.push(identifier(&list[index..]).to_owned());
                at_start = false;
            }
            _ => {}
        }
    }
    names
}

fn no_arrow_points_upward(house: &House) {
    let mut wrong = Vec::new();
    for (file, text) in house.files() {
        let Some(own) = house.floor(top(&file)) else { continue };
        for name in names_of_this_crate(&text) {
            let is_module = fs::exists(root().join(house.folder).join(&name)).unwrap()
                || fs::exists(root().join(house.folder).join(format!("{name}.rs"))).unwrap();
            let fits = name == top(&file) || house.floor(&name).is_some_and(|floor| floor < own);
            if is_module && !fits {
                wrong.push(format!("{file} uses {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows upward or sideways:\n{}", wrong.join("\n"));
}

fn only_writers_write(house: &House) {
    let mut wrong = Vec::new();
    for (file, text) in house.files() {
        let writes = [".transact(", ".write(move", ".write_batch(", "Statement::new(", "sqlx::query"]
            .iter()
            .any(|call| text.contains(call));
        if writes && house.floor(top(&file)).is_some() && !house.writers.contains(&top(&file)) {
            wrong.push(file);
        }
    }
    assert!(wrong.is_empty(), "SQL or writes outside of {:?}:\n{}", house.writers, wrong.join("\n"));
}

/// The tables that the migrations make.
fn tables(house: &House) -> BTreeSet<String> {
    let mut tables = BTreeSet::new();
    for entry in fs::read_dir(root().join(house.migrations)).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for rest in text.split("CREATE TABLE ").skip(1) {
            tables.insert(identifier(rest).to_owned());
        }
    }
    assert!(tables.len() > 3, "{tables:?}");
    tables
}

/// The tables that a file's SQL writes to.
fn written_tables(text: &str, tables: &BTreeSet<String>) -> BTreeSet<String> {
    let writes = ["INSERT INTO ", "UPDATE ", "DELETE FROM "];
    let named = writes.iter().flat_map(|write| text.split(write).skip(1)).map(identifier);
    named.filter(|name| tables.contains(*name)).map(ToOwned::to_owned).collect()
}

/// The tables that a file's SQL names.
fn named_tables(text: &str, tables: &BTreeSet<String>) -> BTreeSet<String> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
    let is_before_table = |word: &str| ["FROM", "JOIN", "INTO", "UPDATE"].contains(&word);
    let pairs = words.windows(2).filter(|pair| is_before_table(pair[0]) && tables.contains(pair[1]));
    pairs.map(|pair| pair[1].to_owned()).collect()
}

fn each_table_is_in_one_module(house: &House) {
    let tables = tables(house);
    let mut modules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut across = BTreeSet::new();
    for (file, text) in house.files() {
        for table in named_tables(&text, &tables) {
            let listed = house.reads_across.iter().find(|(reader, _)| *reader == file);
            let only_reads = !written_tables(&text, &tables).contains(&table);
            if only_reads && listed.is_some_and(|(_, read)| read.contains(&table.as_str())) {
                across.insert((file.clone(), table));
            } else {
                modules.entry(table).or_default().insert(aggregate(house, &file));
            }
        }
    }
    let shared: Vec<_> = modules.iter().filter(|(_, modules)| modules.len() > 1).collect();
    assert!(shared.is_empty(), "tables in the hands of several modules: {shared:#?}");
    let listed: BTreeSet<_> = house
        .reads_across
        .iter()
        .flat_map(|(file, tables)| tables.iter().map(|table| ((*file).to_owned(), (*table).to_owned())))
        .collect();
    assert_eq!(across, listed, "the list of those that read across is not what they read");
}

#[test]
fn the_emulator_is_built_from_the_ground_up() {
    no_arrow_points_upward(&EMULATOR);
}

#[test]
fn in_the_emulator_only_domain_and_engine_write() {
    only_writers_write(&EMULATOR);
}

#[test]
fn each_of_the_emulators_tables_is_in_one_module() {
    each_table_is_in_one_module(&EMULATOR);
}

#[test]
fn the_shop_is_built_from_the_ground_up() {
    no_arrow_points_upward(&SHOP);
}

#[test]
fn in_the_shop_only_aggregates_and_processes_write() {
    only_writers_write(&SHOP);
}

#[test]
fn each_of_the_shops_tables_is_in_one_aggregate() {
    each_table_is_in_one_module(&SHOP);
}
