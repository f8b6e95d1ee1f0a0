//! The invariants that the dependency graph and the file tree can hold.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Names in the `[dependencies]` of a crate of this workspace.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join(manifest)).unwrap();
    let section = text.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    section
        .lines()
        .filter_map(|line| line.split(['=', '.']).next())
        .map(|name| name.trim().to_owned())
        .collect()
}

#[test]
fn the_two_sites_know_the_wire_and_not_each_other() {
    let emulator = dependencies("server/crates/fps-emulator/Cargo.toml");
    let storefront = dependencies("server/crates/storefront/Cargo.toml");
    assert!(emulator.contains("fps-protocol") && storefront.contains("fps-protocol"));
    assert!(!emulator.contains("storefront"), "the emulator must not know the shop");
    assert!(!storefront.contains("fps-emulator"), "the shop reaches Amazon over HTTP only");
}

#[test]
fn only_the_emulator_posts_to_the_ledger() {
    for manifest in
        ["app/Cargo.toml", "server/crates/storefront/Cargo.toml", "server/crates/platform/Cargo.toml"]
    {
        assert!(!dependencies(manifest).contains("ledger"), "{manifest}");
    }
    assert!(dependencies("server/crates/fps-emulator/Cargo.toml").contains("ledger"));
}

#[test]
fn pages_and_protocol_do_no_io() {
    for manifest in [
        "app/Cargo.toml",
        "app/covers/Cargo.toml",
        "app/payments/Cargo.toml",
        "app/shop/Cargo.toml",
        "server/crates/fps-protocol/Cargo.toml",
        "server/crates/identity/Cargo.toml",
        "server/crates/money/Cargo.toml",
        "server/crates/text-types/Cargo.toml",
    ] {
        let names = dependencies(manifest);
        for io in ["sqlx", "tokio", "axum", "reqwest", "platform"] {
            assert!(!names.contains(io), "{manifest} must not depend on {io}");
        }
    }
}

#[test]
fn migrations_are_the_same_for_both_databases() {
    for site in ["shop", "payments"] {
        let names = |backend: &str| -> BTreeSet<String> {
            let folder = root().join("migrations").join(site).join(backend);
            let files = fs::read_dir(folder).unwrap();
            files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
        };
        assert_eq!(names("sqlite"), names("postgres"), "{site}");
        assert!(!names("sqlite").is_empty());
    }
}

#[test]
fn the_pages_of_the_two_sites_stand_side_by_side() {
    assert!(!dependencies("app/shop/Cargo.toml").contains("payments-pages"));
    assert!(!dependencies("app/payments/Cargo.toml").contains("shop-pages"));
    assert!(!dependencies("server/crates/fps-emulator/Cargo.toml").contains("shop-pages"));
    assert!(!dependencies("server/crates/storefront/Cargo.toml").contains("payments-pages"));
}
