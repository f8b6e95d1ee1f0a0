//! What `cargo deny check licenses bans sources` says, from cargo's own files in a moment: cargo-deny itself is
//! not everywhere. The rules are those of `deny.toml`.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The quoted texts of a line or list.
fn quoted(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).collect()
}

/// The licences that `deny.toml` allows.
fn allowed(rules: &str) -> Vec<&str> {
    let licences = rules.split("[licenses]").nth(1).unwrap().split("allow = ").nth(1).unwrap();
    quoted(licences.split(']').next().unwrap())
}

/// The crates that may have another licence, each with that one.
fn exceptions(rules: &str) -> Vec<(&str, &str)> {
    let listed = rules.split("exceptions = [\n").nth(1).unwrap().split("\n]").next().unwrap();
    let named = listed.lines().filter(|line| line.contains("crate = ")).map(quoted);
    named.map(|quoted| (quoted[0], quoted[1])).collect()
}

/// The crates that it bans, each with those that may use it all the same.
fn banned(rules: &str) -> Vec<(&str, Vec<&str>)> {
    let bans = rules.split("deny = [\n").nth(1).unwrap().split("\n]").next().unwrap();
    let named = bans.lines().filter(|line| line.contains("name = "));
    named
        .map(|line| {
            let wrappers = line.split("wrappers = ").nth(1).map_or_else(Vec::new, quoted);
            (quoted(line)[0], wrappers)
        })
        .collect()
}

/// A package of a lock file: its name, where it comes from, what it depends on.
fn locked(lock: &str) -> Vec<(String, Option<String>, Vec<String>)> {
    let field = |package: &str, name: &str| {
        let line = package.lines().find(|line| line.starts_with(&format!("{name} = ")));
        line.map(|line| quoted(line)[0].to_owned())
    };
    lock.split("[[package]]\n")
        .skip(1)
        .map(|package| {
            let dependencies = package.split("dependencies = [").nth(1).unwrap_or_default();
            // "name" or "name version"
            let dependencies =
                quoted(dependencies).into_iter().map(|one| one.split(' ').next().unwrap().to_owned());
            (field(package, "name").unwrap(), field(package, "source"), dependencies.collect())
        })
        .collect()
}

#[test]
fn everything_comes_from_crates_io_and_nothing_banned_is_used() {
    let rules = read("deny.toml");
    let banned = banned(&rules);
    assert!(banned.iter().any(|(name, _)| *name == "openssl"), "{banned:?}");
    for lock in ["Cargo.lock", "server/fuzz/Cargo.lock"] {
        let packages = locked(&read(lock));
        assert!(packages.len() > 20, "{lock} is read");
        for (name, source, dependencies) in &packages {
            assert!(
                source.as_deref().is_none_or(|source| source == CRATES_IO),
                "{lock}: {name} is from {source:?}"
            );
            for (bad, wrappers) in &banned {
                let uses = dependencies.iter().any(|dependency| dependency == bad);
                assert!(
                    !uses || wrappers.contains(&name.as_str()),
                    "{lock}: {name} uses {bad}, see deny.toml"
                );
            }
        }
    }
}

/// Of this machine's target: the packages of others need not be here.
fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let version = Command::new(&cargo).args(["--version", "--verbose"]).output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let output = Command::new(&cargo)
        .args(["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform", host])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_licence_is_one_that_is_allowed_and_no_version_is_left_open() {
    let rules = read("deny.toml");
    let (allowed, exceptions) = (allowed(&rules), exceptions(&rules));
    let metadata = metadata();
    let resolved = metadata["resolve"]["nodes"].as_array().unwrap();
    let used: Vec<&str> = resolved.iter().map(|node| node["id"].as_str().unwrap()).collect();
    let mut refused = BTreeMap::new();
    for package in metadata["packages"].as_array().unwrap() {
        if !used.contains(&package["id"].as_str().unwrap()) {
            continue;
        }
        let name = package["name"].as_str().unwrap();
        let licence = package["license"].as_str().unwrap_or_default();
        if !fits(licence, &allowed) && !exceptions.contains(&(name, licence)) {
            refused.insert(name, licence);
        }
        if package["source"].is_null() {
            for dependency in package["dependencies"].as_array().unwrap() {
                let open = dependency["req"] == "*" && dependency["path"].is_null();
                assert!(!open, "{name} takes any version of {}", dependency["name"]);
            }
        }
    }
    assert!(used.len() > 100, "the packages are read");
    assert!(refused.is_empty(), "deny.toml does not allow these licences: {refused:#?}");
}

/// Whether an SPDX expression can be met with what is allowed. `AND` binds closer than `OR`, which older
/// packages write as a slash.
fn fits(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = &words[..];
    either(&mut rest, allowed) && rest.is_empty()
}

fn either(rest: &mut &[&str], allowed: &[&str]) -> bool {
    let mut fits = all(rest, allowed);
    while let Some((&"OR", after)) = rest.split_first() {
        *rest = after;
        // Read in any case.
        let other = all(rest, allowed);
        fits = fits || other;
    }
    fits
}

fn all(rest: &mut &[&str], allowed: &[&str]) -> bool {
    let mut fits = one(rest, allowed);
    while let Some((&"AND", after)) = rest.split_first() {
        *rest = after;
        let other = one(rest, allowed);
        fits = fits && other;
    }
    fits
}

fn one(rest: &mut &[&str], allowed: &[&str]) -> bool {
    let Some((&first, after)) = rest.split_first() else { return false };
    *rest = after;
    if first == "(" {
        let fits = either(rest, allowed);
        let closed = rest.split_first().is_some_and(|(word, _)| *word == ")");
        *rest = rest.get(1..).unwrap_or_default();
        return fits && closed;
    }
    if let [with @ "WITH", exception, after @ ..] = *rest {
        *rest = after;
        return allowed.contains(&format!("{first} {with} {exception}").as_str());
    }
    allowed.contains(&first)
}

#[test]
fn licences_are_read_as_they_are_meant() {
    let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"];
    for good in [
        "MIT",
        "GPL-3.0 OR MIT",
        "MIT/Apache-2.0",
        "(MIT OR GPL-3.0) AND Apache-2.0",
        "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
    ] {
        assert!(fits(good, &allowed), "{good}");
    }
    for bad in [
        "",
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(GPL-3.0 OR LGPL-2.1) AND MIT",
        "GPL-2.0 WITH Classpath-exception-2.0",
        "(MIT",
        "MIT GPL-3.0",
    ] {
        assert!(!fits(bad, &allowed), "{bad}");
    }
}
