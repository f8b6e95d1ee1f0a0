//! What the documents say of the source tree is there.

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

/// What stands between single back quotes and looks like a path of this repository. A path with a
/// place for a name in it (`domain/<aggregate>.rs`) is none.
fn paths(text: &str) -> Vec<&str> {
    let tops =
        ["app/", "server/", "migrations/", "style/", "public/", "end2end/", "docs/", ".ci/", ".cargo/"];
    let quoted = text.split('`').skip(1).step_by(2);
    let is_path = |text: &&str| {
        tops.iter().any(|top| text.starts_with(top)) && !text.contains(['<', '*', '{', '…', ' ', '\n'])
    };
    quoted.filter(is_path).collect()
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
