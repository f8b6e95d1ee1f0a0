//! What the documents say of the source tree is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn documents() -> Vec<PathBuf> {
    let docs = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut documents: Vec<PathBuf> =
        docs.chain([root().join("README.md"), root().join("CHANGELOG.md")]).collect();
    documents.sort();
    documents
}

/// What stands between single back quotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// What stands between single back quotes and looks like a path of this repository. A path with a
/// place for a name in it (`domain/<aggregate>.rs`) is none.
fn paths(text: &str) -> Vec<&str> {
    let tops =
        ["app/", "server/", "migrations/", "style/", "public/", "end2end/", "docs/", ".ci/", ".cargo/"];
    let is_path = |text: &&str| {
        tops.iter().any(|top| text.starts_with(top)) && !text.contains(['<', '*', '{', '…', ' ', '\n'])
    };
    quoted(text).filter(is_path).collect()
}

#[test]
fn every_path_that_a_document_names_is_there() {
    let (mut named, mut missing) = (0, Vec::new());
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for path in paths(&text) {
            named += 1;
            if !root().join(path).exists() {
                missing.push(format!("{}: {path}", document.display()));
            }
        }
    }
    assert!(missing.is_empty(), "named and not there:\n{}", missing.join("\n"));
    assert!(named > 20, "only {named} paths were found");
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            let path = document.parent().unwrap().join(file);
            assert!(path.exists(), "{}: {target}", document.display());
        }
    }
}

/// The files of ours that have tests, by their names and by those of the folders that they are in.
fn tested_modules() -> BTreeSet<String> {
    const MARKS: [&str; 6] =
        ["#[test]", "#[tokio::test", "on_both_databases!", "proptest!", "fuzz_target!", " test("];
    let (mut modules, mut folders) = (BTreeSet::new(), vec![root().join("server"), root().join("end2end")]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && name != "node_modules" && name != "target" {
                folders.push(path);
                continue;
            }
            let is_source = path.extension().is_some_and(|extension| extension == "rs" || extension == "ts");
            if is_source && MARKS.iter().any(|mark| fs::read_to_string(&path).unwrap().contains(mark)) {
                let names = path.strip_prefix(root()).unwrap().iter().map(|name| name.to_str().unwrap());
                modules.extend(names.map(|name| name.split('.').next().unwrap().to_owned()));
            }
        }
    }
    modules
}

/// Of the table's third column, which names the tests, and then what is missing.
fn named_tests(row: &str) -> Vec<&str> {
    let tests = row.split('|').nth(3).and_then(|cell| cell.split("**Gap").next()).unwrap_or_default();
    let is_name = |text: &&str| text.chars().all(|one| one.is_ascii_lowercase() || "_:".contains(one));
    quoted(tests).filter(is_name).collect()
}

#[test]
fn every_test_that_the_security_standard_table_names_is_there() {
    let table = fs::read_to_string(root().join("docs/asvs.md")).unwrap();
    let modules = tested_modules();
    let named: Vec<&str> = table.lines().flat_map(named_tests).collect();
    let is_there = |name: &&&str| name.split("::").last().is_some_and(|last| modules.contains(last));
    let missing: Vec<_> = named.iter().filter(|name| !is_there(name)).collect();
    assert!(missing.is_empty(), "named and without a test: {missing:?}");
    assert!(named.len() > 40, "only {} names were found", named.len());
}
