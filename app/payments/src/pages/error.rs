use super::shell::{self, Place};
use crate::model::{Chrome, ErrorPage};
use leptos::prelude::*;

/// What went wrong in words for people, and the request's id for those who must find it.
pub fn error(chrome: &Chrome, data: &ErrorPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let title = data.title.clone();
        let main = view! {
            <p class="overline">{format!("Error {}", data.status)}</p>
            <h1>{data.title}</h1>
            <p class="lead">{data.detail}</p>
            <dl class="facts">
                <div><dt>"Request"</dt><dd><code class="reference">{data.request_id}</code></dd></div>
            </dl>
            <p><a href="/">"To the front of Amazon Payments"</a></p>
        };
        shell::page(&chrome, Place::Site, &title, main.into_any())
    })
}
