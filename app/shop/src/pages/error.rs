//! What went wrong, what to do, and the request's id for those who must find it.

use super::cards::suggestions;
use super::shell;
use crate::model::{Chrome, ErrorPage};
use leptos::prelude::*;

pub fn error(chrome: &Chrome, page: &ErrorPage) -> String {
    let looks = page.status == 404;
    let way_on = if looks { "button button-quiet" } else { "button" };
    shell::page(chrome, page.title.clone(), || {
        view! {
            <div class="narrow">
                <p class="overline">{format!("Error {}", page.status)}</p>
                <h1>{page.title.clone()}</h1>
                <p class="lead">{page.detail.clone()}</p>
                {looks.then(search)}
                <p class="ways"><a class=way_on href="/">"To the shop"</a></p>
                <p class="muted">"In the shop\u{2019}s log this number finds it: " <code class="reference">{page.request_id.clone()}</code></p>
            </div>
            {suggestions("Perhaps one of these", &page.suggestions)}
        }
        .into_any()
    })
}

/// Whoever comes to a page that there is not looks for something.
fn search() -> AnyView {
    view! {
        <form class="search search-here" method="get" action="/">
            <label for="search-here">"What are you looking for?"</label>
            <input id="search-here" name="q" type="search" placeholder="Title, artist, author" autocomplete="off" />
            <button class="button" type="submit">"Search"</button>
        </form>
    }
    .into_any()
}
