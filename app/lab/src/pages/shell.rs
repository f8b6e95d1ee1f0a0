//! What stands around every page of the lab: where else one can look, and how the clock stands.

use crate::model::Chrome;
use app::assets::address;
use leptos::prelude::*;

/// The rooms of the lab, in the order in which they are looked at.
const ROOMS: [(&str, &str); 15] = [
    ("/lab", "Activity"),
    ("/lab/follow", "Follow the money"),
    ("/lab/requests", "Requests"),
    ("/lab/signature", "Signature"),
    ("/lab/notifications", "Notifications"),
    ("/lab/books", "Books"),
    ("/lab/clock", "Clock"),
    ("/lab/faults", "Faults"),
    ("/lab/accounts", "People and programs"),
    ("/lab/snapshots", "Snapshots"),
    ("/lab/reset", "Reset"),
    ("/lab/doctor", "Doctor"),
    ("/lab/scenarios", "Scenarios"),
    ("/lab/lessons", "Lessons"),
    ("/lab/attack", "Attack it"),
];

/// A whole document. `title` is what the tab shows before the lab's name; `lead` says in a sentence what the page is for.
pub(super) fn page(chrome: &Chrome, title: &str, lead: impl IntoView + 'static, main: AnyView) -> AnyView {
    let heading = title.to_owned();
    let body = view! {
        {header(chrome)}
        <div class="lab-frame">
            {rooms(chrome)}
            <main id="main" class="lab-main">
                <h1>{heading}</h1>
                <p class="lab-lead">{lead}</p>
                {main}
            </main>
        </div>
        {footer(chrome)}
    };
    document(title, "lab", body.into_any())
}

/// What all of them have: `body` has a `main` with the id that the skip link leads to.
pub(super) fn document(title: &str, class: &'static str, body: AnyView) -> AnyView {
    let title = format!("{title} · The lab");
    view! {
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <title>{title}</title>
                <link rel="icon" type="image/svg+xml" href=address("/public/payments.svg") />
                <link rel="stylesheet" href=address("/style/base.css") />
                <link rel="stylesheet" href=address("/style/lab.css") />
                <script src=address("/public/lab.js") defer></script>
            </head>
            <body class=class>
                <a class="skip" href="#main">"Skip to the content"</a>
                {body}
            </body>
        </html>
    }
    .into_any()
}

fn header(chrome: &Chrome) -> AnyView {
    let clock = chrome.clock.clone();
    view! {
        <header class="lab-header">
            <a class="lab-name" href="/lab">"The lab"</a>
            <p class="lab-clock"><a href="/lab/clock">"Clock: "{clock}</a></p>
        </header>
    }
    .into_any()
}

fn rooms(chrome: &Chrome) -> AnyView {
    let links: Vec<_> = ROOMS
        .into_iter()
        .map(|(href, label)| {
            let inside =
                href != "/lab" && chrome.path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
            let current = match (chrome.path == href, inside) {
                (true, _) => Some("page"),
                (false, true) => Some("true"),
                (false, false) => None,
            };
            view! { <li><a href=href aria-current=current>{label}</a></li> }
        })
        .collect();
    view! { <nav class="lab-rooms" aria-label="The lab"><ul>{links}</ul></nav> }.into_any()
}

fn footer(chrome: &Chrome) -> AnyView {
    let shop = chrome.shop.clone().map(|href| view! { <a href=href>"DigitalDownload"</a> " · " });
    let half = chrome
        .shop
        .is_none()
        .then_some("The shop runs elsewhere: what is seen here is Amazon Payments' half. ");
    view! {
        <footer class="lab-footer">
            <p>{half} {shop} <a href="/">"Amazon Payments"</a> " · " <a href="/_control/openapi.json">"The same as an API"</a></p>
        </footer>
    }
    .into_any()
}
