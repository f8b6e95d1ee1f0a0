//! What went wrong, what to do, and the request's id for those who must find it.

use super::shell;
use crate::model::{Chrome, ErrorPage};
use leptos::prelude::*;

pub fn error(chrome: &Chrome, page: &ErrorPage) -> String {
    shell::page(chrome, page.title.clone(), || {
        view! {
            <div class="narrow">
                <p class="overline">{format!("Error {}", page.status)}</p>
                <h1>{page.title.clone()}</h1>
                <p class="lead">{page.detail.clone()}</p>
                <p class="ways"><a class="button" href="/">"To the shop"</a></p>
                <p class="muted">"Should you write to us about it, this number finds it: " <code class="reference">{page.request_id.clone()}</code></p>
            </div>
        }
        .into_any()
    })
}
