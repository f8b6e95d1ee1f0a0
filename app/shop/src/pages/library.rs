//! What the buyer owns, with the way to each file.

use super::cards::cover_path;
use super::facts::file_words;
use super::reviews;
use super::shell;
use crate::model::{Chrome, LibraryEntry, LibraryPage};
use app::components::paging::pages;
use app::components::time;
use leptos::prelude::*;

pub fn library(chrome: &Chrome, page: &LibraryPage) -> String {
    shell::page(chrome, "Your library", || {
        view! {
            <div class="narrow">
                <h1>"Your library"</h1>
                {list(&page.entries)}
                {pages(page.paging.clone(), "/library", "", "")}
            </div>
        }
        .into_any()
    })
}

fn list(entries: &[LibraryEntry]) -> AnyView {
    if entries.is_empty() {
        return view! {
            <div class="empty">
                <p>"Your library is empty. Every file you buy stays here, to download again whenever you like."</p>
                <p><a class="button" href="/">"Find something to buy"</a></p>
            </div>
        }
        .into_any();
    }
    let rows: Vec<_> = entries.iter().map(row).collect();
    view! { <ul class="rows" role="list">{rows}</ul> }.into_any()
}

fn row(entry: &LibraryEntry) -> AnyView {
    let (order, see) = if entry.is_gift {
        (format!("/gifts/{}", entry.order_id), "See the gift")
    } else {
        (format!("/orders/{}", entry.order_id), "See its order")
    };
    let class = if entry.revoked_at.is_some() { "row-item row-over" } else { "row-item" };
    view! {
        <li class=class>
            <img src=cover_path(&entry.card.slug) alt="" width="80" height="80" loading="lazy" />
            <div class="row-words">
                <h2>{entry.card.title.clone()}</h2>
                <p class="muted">{format!("by {}", entry.card.creator)}</p>
                {state(entry)}
                <p class="muted"><a href=order>{see}</a> {review(entry)}</p>
            </div>
            {files(entry)}
        </li>
    }
    .into_any()
}

/// What is the reader's still can be reviewed.
fn review(entry: &LibraryEntry) -> Option<AnyView> {
    let label = format!("Review {}", entry.card.title);
    let path = reviews::review_path(&entry.card.slug);
    let own = entry.revoked_at.is_none() && !entry.is_gift;
    own.then(|| view! { " · " <a href=path aria-label=label>"Review it"</a> }.into_any())
}

fn state(entry: &LibraryEntry) -> AnyView {
    match entry.revoked_at {
        Some(at) => view! { <p class="muted">"Revoked on " {time::date_time(at)} ", because the order was refunded or cancelled."</p> }.into_any(),
        None => view! { <p class="muted">"Yours since " {time::date_time(entry.granted_at)}</p> }.into_any(),
    }
}

/// One file with what it is beside its button; several as a list, each with its name.
fn files(entry: &LibraryEntry) -> Option<AnyView> {
    let title = &entry.card.title;
    let (first, more) = entry.downloads.split_first()?;
    if more.is_empty() {
        let named = format!("Download {title}");
        let view = view! {
            <p class="row-file">
                <a class="button" href=first.href.clone() aria-label=named>"Download"</a>
                <span class="file-words">{file_words(&first.file)}</span>
            </p>
        };
        return Some(view.into_any());
    }
    let rows: Vec<_> = entry
        .downloads
        .iter()
        .map(|download| {
            view! {
                <li>
                    <a href=download.href.clone()>{format!("Download {}", download.file.name)}</a>
                    " "
                    <span class="file-words">{file_words(&download.file)}</span>
                </li>
            }
        })
        .collect();
    Some(view! { <ul class="row-files" role="list">{rows}</ul> }.into_any())
}
