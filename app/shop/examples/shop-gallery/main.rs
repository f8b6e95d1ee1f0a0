//! Writes every page of the shop, in the states that people meet, as files into a folder (the first
//! argument): to look at them without a server. Serve the folder beside `style/` and `public/`.

mod accounts;
mod buying;
mod catalogue;
mod desk;
mod figures;
mod goods;
mod listings;
mod mail;
mod operator;
mod sellers;

use accounts::sign_pages;
use buying::buyer_pages;
use catalogue::catalogue_pages;
use desk::seller_pages;
use figures::figure_pages;
use goods::ENTRIES;
use listings::listing_pages;
use mail::mail_pages;
use sellers::profile_pages;
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let folder: PathBuf = std::env::args_os().nth(1).unwrap_or_else(|| "gallery".into()).into();
    std::fs::create_dir_all(folder.join("covers"))?;
    write_covers(&folder)?;
    let pages = catalogue_pages().into_iter().chain(buyer_pages()).chain(seller_pages());
    let pages = pages.chain(listing_pages()).chain(figure_pages());
    let pages = pages.chain(profile_pages()).chain(sign_pages()).chain(mail_pages()).chain(operator::pages());
    for (name, html) in pages {
        std::fs::write(folder.join(name).with_extension("html"), html)?;
    }
    Ok(())
}

fn write_covers(folder: &Path) -> std::io::Result<()> {
    for (slug, title, creator, _, category, _) in ENTRIES {
        std::fs::write(folder.join("covers").join(slug), covers::svg(title, creator, category))?;
    }
    Ok(())
}
