//! Draws covers for looking at them: `contact-sheet FOLDER < LINES`, a line being a category, a title and a
//! creator with tabs between. Writes a picture for each and `index.html`, which shows them large and small.

use std::fmt::Write;
use std::io::{Result, stdin};
use std::path::PathBuf;

fn main() -> Result<()> {
    let folder: PathBuf = std::env::args_os().nth(1).unwrap_or_else(|| "covers".into()).into();
    std::fs::create_dir_all(&folder)?;
    let mut page = String::from(
        "<!doctype html><style>body{margin:12px;background:#fff}img{margin:6px}.large{width:300px}.small{width:160px}</style>",
    );
    for (number, line) in stdin().lines().enumerate() {
        let line = line?;
        let mut parts = line.splitn(3, '\t');
        let mut next = || parts.next().unwrap_or_default();
        let (category, title, creator) = (next(), next(), next());
        let name = format!("{number}.svg");
        std::fs::write(folder.join(&name), covers::svg(title, creator, category))?;
        let _ = write!(page, r#"<img class="large" src="{name}"><img class="small" src="{name}">"#);
    }
    std::fs::write(folder.join("index.html"), page)
}
