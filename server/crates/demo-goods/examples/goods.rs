//! Writes the goods to a folder, to be opened and looked at, and says how large they are and how long it took.
#![expect(clippy::cast_precision_loss, reason = "megabytes to two places")]

use demo_goods::{Goods, catalogue};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1);
    let only = std::env::args().nth(2);
    let all = Instant::now();
    let mut total = 0;
    for item in &catalogue()?.items {
        if only.as_ref().is_some_and(|only| *only != item.slug && *only != item.category) {
            continue;
        }
        let one = Instant::now();
        let Goods { files, previews, pictures } = item.goods()?;
        let of = |bytes: usize| bytes as f64 / 1_000_000.0;
        let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
        let beside: usize =
            previews.iter().map(|preview| &preview.file).chain(&pictures).map(|file| file.bytes.len()).sum();
        total += bytes + beside;
        println!(
            "{:>7.2} MB {:>6.2} MB {:>5} ms  {}",
            of(bytes),
            of(beside),
            one.elapsed().as_millis(),
            item.slug
        );
        let Some(folder) = &folder else { continue };
        let to = std::path::Path::new(folder).join(&item.slug);
        std::fs::create_dir_all(&to)?;
        for file in files.iter().chain(previews.iter().map(|preview| &preview.file)).chain(&pictures) {
            std::fs::write(to.join(&file.name), &file.bytes)?;
        }
    }
    println!("{:.1} MB in {} ms", total as f64 / 1_000_000.0, all.elapsed().as_millis());
    Ok(())
}
