//! Lists of facts: a term and what it is; how a price is divided.

use crate::model::{Download, FileFacts, PriceSplit};
use app::components::amount::amount;
use app::components::size::size_words;
use leptos::prelude::*;

pub(super) fn fact(term: &'static str, description: impl IntoView + 'static) -> AnyView {
    view! { <div><dt>{term}</dt><dd>{description}</dd></div> }.into_any()
}

/// "MP3 audio, 3.4 MB".
pub(super) fn file_words(file: &FileFacts) -> String {
    format!("{}, {}", file.format, size_words(file.bytes))
}

/// The three parts and the whole that they make up.
pub(super) fn split(split: &PriceSplit, merchant: &'static str) -> AnyView {
    let split = split.in_cents();
    let line = |class: &'static str, term: &'static str, money| {
        view! { <div class=class><dt>{term}</dt><dd>{amount(money)}</dd></div> }
    };
    view! {
        <dl class="sum">
            {line("", merchant, split.merchant)}
            {line("", "Marketplace fee", split.marketplace)}
            {line("", "Amazon Payments fee", split.amazon)}
            {line("total", "Price", split.total)}
        </dl>
    }
    .into_any()
}

/// The ways to files, and what comes.
pub(super) fn download_links(downloads: &[Download]) -> AnyView {
    let several = downloads.len() > 1;
    let links: Vec<_> = downloads.iter().map(|download| download_link(download, several)).collect();
    view! { {links} }.into_any()
}

fn download_link(download: &Download, several: bool) -> AnyView {
    let named = several.then(|| format!("Download {}", download.file.name));
    view! {
        <p class="download">
            <a class="button" href=download.href.clone() aria-label=named>"Download"</a>
            <span class="download-file">
                <span class="file-name">{download.file.name.clone()}</span>
                " "
                <span class="file-words">{file_words(&download.file)}</span>
                {checksum(&download.file)}
            </span>
        </p>
    }
    .into_any()
}

/// For those who compare it with what they got.
pub(super) fn checksum(file: &FileFacts) -> Option<AnyView> {
    let sha256 = file.sha256.clone()?;
    let view = view! {
        <details class="checksum"><summary>"Checksum"</summary><code class="reference">{format!("sha256 {sha256}")}</code></details>
    };
    Some(view.into_any())
}
