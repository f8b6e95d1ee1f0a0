//! Where it does not go on: an authorization that is over, or that another account has begun.

use super::authorization::{address, step_page};
use super::shell::{self, Place};
use crate::model::{Authorization, CbuiOver, Chrome, Step};
use leptos::prelude::*;

/// Nothing can be done here any more but to go back to the caller.
pub fn cbui_over(chrome: &Chrome, data: &CbuiOver) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let title = "This authorization has ended";
        let caller = data.caller;
        let charged = (!data.confirmed).then_some("Nothing was charged by it. ");
        let main = view! {
            <h1>{title}</h1>
            <p class="lead">
                "It was answered, or it took too long. " {charged}
                {format!("Go back to {caller} to see where things stand, or to start again from there.")}
            </p>
            <p class="actions"><a class="button" href=data.home>{format!("Back to {caller}")}</a></p>
        };
        shell::page(&chrome, Place::CobrandedUi, title, main.into_any())
    })
}

/// For who is signed in with another account than the one that has begun: it sees nothing of that one's.
pub fn cbui_another(chrome: &Chrome, authorization: &Authorization) -> String {
    let (chrome, authorization) = (chrome.clone(), authorization.clone());
    app::render::document(move || {
        let caller = authorization.caller.clone();
        let email = chrome.viewer.as_ref().map(|viewer| viewer.email.clone()).unwrap_or_default();
        let content = view! {
            <div class="problem" role="alert">
                <p>
                    "You are signed in as " <strong>{email}</strong>
                    ", and somebody has begun to answer this request with another account."
                </p>
                <form class="actions" method="post" action=address(&authorization, "switch-account")>
                    <button class="button" type="submit">"Use another account"</button>
                </form>
            </div>
            <p>
                {format!("Only that account can go on with it. To use yours, cancel and start again at {caller}.")}
            </p>
        };
        let heading = "Another account has begun this";
        step_page(&chrome, &authorization, Step::SignIn, heading, content.into_any(), None)
    })
}
