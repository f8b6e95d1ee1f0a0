//! `-- --list` writes `data/files.txt` anew. `-- FOLDER [SLUG or CATEGORY]` writes the goods to a folder, to be opened and
//! looked at, and says how large they are and how long it took.
#![expect(clippy::cast_precision_loss, reason = "megabytes to two places")]

use demo_goods::{Listed, Purpose, catalogue};
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    match std::env::args().nth(1) {
        Some(argument) if argument == "--list" => list(),
        folder => write(folder.as_deref().map(Path::new), std::env::args().nth(2).as_deref()),
    }
}

fn list() -> Result<(), Box<dyn std::error::Error>> {
    let mut list = String::new();
    for item in &catalogue()?.items {
        for (purpose, file) in item.goods()?.all() {
            list += &(Listed::of(purpose, file).line(item) + "\n");
        }
    }
    Ok(std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/files.txt"), list)?)
}

fn write(folder: Option<&Path>, only: Option<&str>) -> Result<(), Box<dyn std::error::Error>> {
    let all = Instant::now();
    let mut total = 0;
    for item in &catalogue()?.items {
        if only.is_some_and(|only| only != item.slug && only != item.category) {
            continue;
        }
        let one = Instant::now();
        let goods = item.goods()?;
        let of = |bytes: usize| bytes as f64 / 1_000_000.0;
        let bytes: usize = goods.files.iter().map(|file| file.bytes.len()).sum();
        let shown = goods.all().filter(|(purpose, _)| *purpose != Purpose::Sale);
        let beside: usize = shown.map(|(_, file)| file.bytes.len()).sum();
        total += bytes + beside;
        println!(
            "{:>7.2} MB {:>6.2} MB {:>5} ms  {}",
            of(bytes),
            of(beside),
            one.elapsed().as_millis(),
            item.slug
        );
        let Some(folder) = folder else { continue };
        let to = folder.join(&item.slug);
        std::fs::create_dir_all(&to)?;
        for (_, file) in goods.all() {
            std::fs::write(to.join(&file.name), &file.bytes)?;
        }
    }
    println!("{:.1} MB in {} ms", total as f64 / 1_000_000.0, all.elapsed().as_millis());
    Ok(())
}
