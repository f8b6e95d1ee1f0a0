//! The view to put beside the shop's window: the latest purchase, which grows while one clicks.

use super::follow::{balances, in_a_list, picture};
use super::follow_drawing::Place;
use super::shell;
use crate::model::{Chrome, Drawing};
use leptos::prelude::*;

/// A whole document without the rooms; `latest` is the latest purchase, if there is one.
pub fn beside(chrome: &Chrome, latest: Option<&Drawing>) -> String {
    let (chrome, latest) = (chrome.clone(), latest.cloned());
    app::render::document(move || page(&chrome, latest.as_ref()))
}

fn page(chrome: &Chrome, latest: Option<&Drawing>) -> AnyView {
    let shop = chrome.shop.clone().map(|href| {
        view! {
            <a class="button" href=href target="_blank" rel="noopener">"Open the shop in a second window"</a>
        }
    });
    let body = view! {
        <header class="lab-header">
            <a class="lab-name" href="/lab/follow">"The lab"</a>
            {shop}
        </header>
        <main id="main" class="lab-main" data-live="follow">{followed(latest)}</main>
    };
    shell::document("Beside the shop", "lab lab-beside", body.into_any())
}

fn followed(latest: Option<&Drawing>) -> AnyView {
    let Some(drawing) = latest else {
        return view! {
            <h1>"Nothing was bought yet"</h1>
            <p class="lab-empty">
                "Open the shop in a second window, put it beside this one, and buy something: each step is drawn here."
            </p>
        }
        .into_any();
    };
    let (title, state) = (drawing.title.clone(), drawing.state.clone());
    let href = format!("/lab/follow?{}", drawing.query);
    view! {
        <h1>{title}</h1>
        <p class="follow-state">"Now: "<strong>{state}</strong>" · "<a href=href>"More of it"</a></p>
        {picture(drawing, Place::Beside)}
        {in_a_list(drawing)}
        {balances(&drawing.balances)}
    }
    .into_any()
}
