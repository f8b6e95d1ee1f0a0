//! Lists of facts: a term and what it is; how a price is divided.

use crate::model::{Download, FileFacts, PriceSplit};
use app::components::amount::amount;
use app::components::size::size_words;
use leptos::prelude::*;
use money::{MICROS_PER_CENT, Money};

pub(super) fn fact(term: &'static str, description: impl IntoView + 'static) -> AnyView {
    view! { <div><dt>{term}</dt><dd>{description}</dd></div> }.into_any()
}

/// "MP3 audio, 3.4 MB".
pub(super) fn file_words(file: &FileFacts) -> String {
    format!("{}, {}", file.format, size_words(file.bytes))
}

/// The parts in whole cents, for people: fees are rounded, and the merchant's share is what they leave,
/// so that what is shown adds up to the price.
pub(super) fn in_cents(split: &PriceSplit) -> PriceSplit {
    let cents = |money: Money| {
        let half = MICROS_PER_CENT / 2;
        Money::from_micros(money.micros().saturating_add(half) / MICROS_PER_CENT * MICROS_PER_CENT)
    };
    let (marketplace, amazon) = (cents(split.marketplace), cents(split.amazon));
    match split.total.split_off(&[marketplace, amazon]) {
        Ok(merchant) => PriceSplit { total: split.total, merchant, marketplace, amazon },
        Err(_) => *split,
    }
}

/// The three parts and the whole that they make up.
pub(super) fn split(split: &PriceSplit, merchant: &'static str) -> AnyView {
    let split = in_cents(split);
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

/// The way to a file, and what comes.
pub(super) fn download_link(download: &Download) -> AnyView {
    view! {
        <p class="download">
            <a class="button" href=download.href.clone()>"Download"</a>
            <span class="download-file">
                <span class="file-name">{download.file.name.clone()}</span>
                " "
                <span class="file-words">{file_words(&download.file)}</span>
            </span>
        </p>
    }
    .into_any()
}
