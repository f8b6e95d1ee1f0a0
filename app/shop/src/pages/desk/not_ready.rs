//! Before the first item: Amazon Payments does not pay this account yet.

use crate::model::{Chrome, NotReady, NotReadyPage};
use crate::pages::sections::{DESK, sections};
use crate::pages::shell;
use leptos::prelude::*;

pub fn not_ready(chrome: &Chrome, page: &NotReadyPage) -> String {
    shell::page(chrome, "Not yet", || {
        let (why, what_to_do) = words(page.why);
        view! {
            <div class="desk">
                <div class="heading">
                    <div><p class="overline">"Your shop"</p><h1>"Your account cannot be paid yet"</h1></div>
                </div>
                {sections("Your shop", DESK, "/sell/items/new")}
                <div class="narrow">
                    <p class="lead">{why}</p>
                    <p>{what_to_do}</p>
                    <p class="ways">
                        <a class="button" href=page.account_url.clone()>"Open Amazon Payments"</a>
                        <a class="button button-quiet" href="/sell/items/new">"Ask again"</a>
                    </p>
                </div>
            </div>
        }
        .into_any()
    })
}

fn words(why: NotReady) -> (&'static str, &'static str) {
    match why {
        NotReady::NotVerified => (
            "Amazon Payments has not verified your account, so buyers could not pay for what you list.",
            "Sign in there and confirm your e-mail address; if the account is being looked at, wait until that is done. Then \
             come back and list your first item.",
        ),
        NotReady::Closed => (
            "Your account at Amazon Payments is closed, so buyers could not pay for what you list.",
            "Write to Amazon Payments to have it opened again, then come back and list your first item.",
        ),
    }
}
