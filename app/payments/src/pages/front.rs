use super::shell;
use crate::model::Chrome;
use leptos::prelude::*;

const DESCRIPTION: &str =
    "Amazon Payments, simulated: pay a shop without showing it your card. No money moves here.";

/// The account site's front: what this is, the way to the account, what the Query API is.
pub fn front(chrome: &Chrome) -> String {
    let chrome = chrome.clone();
    app::render::document(move || {
        let main = view! {
            <h1>"Pay a shop without showing it your card"</h1>
            <p class="lead">
                "A shop sends you here, you choose how to pay and confirm, and go back. The shop never sees your "
                "card or bank account."
            </p>
            {way_in(&chrome)}
            {simulation()}
            {query_api()}
            {cobranded_ui()}
        };
        shell::public_page(&chrome, "Welcome", DESCRIPTION, main.into_any())
    })
}

fn way_in(chrome: &Chrome) -> AnyView {
    let link = match &chrome.viewer {
        Some(viewer) => view! {
            <a class="button" href="/account">"Your account"</a>
            <span class="aside">{format!("Signed in as {}", viewer.name)}</span>
        }
        .into_any(),
        None => view! { <a class="button" href="/account/sign-in">"Sign in to your account"</a> }.into_any(),
    };
    view! { <p class="actions">{link}</p> }.into_any()
}

fn simulation() -> AnyView {
    view! {
        <section aria-labelledby="simulated">
            <h2 id="simulated">"What is simulated"</h2>
            <p>
                "Everything. This program plays the part of Amazon Flexible Payments Service, API version "
                "2010-08-28, for people who learn or test how a marketplace takes payments. Accounts, cards, "
                "balances and fees are entries in its own books. Amazon has no part in it."
            </p>
        </section>
    }
    .into_any()
}

fn query_api() -> AnyView {
    view! {
        <section aria-labelledby="query-api">
            <h2 id="query-api">"The Query API"</h2>
            <p>
                "Programs of shops speak to this same address: a signed "<code>"GET"</code>" or "<code>"POST"</code>
                " to " <code>"/"</code> " with an " <code>"Action"</code>
                " is a request to the service, and the answer is XML."
            </p>
            <pre class="sample" tabindex="0" role="region" aria-label="An example of a request"><code>
"GET /?Action=GetTransactionStatus
  &TransactionId=…
  &AWSAccessKeyId=…
  &SignatureVersion=2
  &SignatureMethod=HmacSHA256
  &Timestamp=2010-08-28T12:00:00Z
  &Version=2010-08-28
  &Signature=…"</code></pre>
            <p>
                "It knows every action of the version of 2010, answers in the namespace of the version that was asked "
                "for, and says what is wrong with a request that it refuses."
            </p>
        </section>
    }
    .into_any()
}

fn cobranded_ui() -> AnyView {
    view! {
        <section aria-labelledby="cobranded-ui">
            <h2 id="cobranded-ui">"The Co-Branded UI"</h2>
            <p>
                "Shops send people to " <code>"/cobranded-ui/actions/start"</code>
                " with a signed request: to allow payments, one or within limits, to open a prepaid balance or a credit, "
                "or to register as somebody who is paid. The answer goes back to the shop's own address, signed."
            </p>
        </section>
    }
    .into_any()
}
