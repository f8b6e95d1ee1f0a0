//! What stands around every page: the line that this is a simulation, the bank's name, the foot.

use crate::model::Chrome;
use app::assets::address;
use leptos::prelude::*;

/// Where a page stands. Inside the Co-Branded UI nothing leads away by accident: no navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Site,
    CobrandedUi,
}

/// A whole document. `title` is what the tab shows before the company's name.
pub(super) fn page(chrome: &Chrome, place: Place, title: &str, main: AnyView) -> AnyView {
    document(chrome, place, title, None, main)
}

/// A page that anybody can see says in a sentence what it is.
pub(super) fn public_page(chrome: &Chrome, title: &str, description: &'static str, main: AnyView) -> AnyView {
    document(chrome, Place::Site, title, Some(description), main)
}

fn document(
    chrome: &Chrome,
    place: Place,
    title: &str,
    description: Option<&'static str>,
    main: AnyView,
) -> AnyView {
    let description = description.map(|words| view! { <meta name="description" content=words /> });
    let title = format!("{title} · Amazon Payments (simulated)");
    view! {
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                {description}
                <title>{title}</title>
                <link rel="icon" type="image/svg+xml" href=address("/public/payments.svg") />
                <link rel="stylesheet" href=address("/style/base.css") />
                <link rel="stylesheet" href=address("/style/payments.css") />
            </head>
            <body class="payments">
                <a class="skip" href="#main">"Skip to the content"</a>
                {header(chrome, place)}
                <main id="main" class="column">{main}</main>
                {footer(chrome, place)}
            </body>
        </html>
    }
    .into_any()
}

/// The word after a redirect.
pub(super) fn notice(chrome: &Chrome) -> Option<AnyView> {
    let notice = chrome.notice.clone()?;
    Some(view! { <p class="notice" role="status">{notice}</p> }.into_any())
}

fn header(chrome: &Chrome, place: Place) -> AnyView {
    let name =
        || view! { {mark()} <span class="bank-words">"Amazon Payments " <small>"simulated"</small></span> };
    let brand = match place {
        Place::Site => view! { <a class="bank-name" href="/">{name()}</a> }.into_any(),
        Place::CobrandedUi => view! { <p class="bank-name">{name()}</p> }.into_any(),
    };
    let navigation = (place == Place::Site).then(|| navigation(chrome));
    view! {
        <header>
            <p class="simulation"><strong>"Simulation."</strong> " No money moves here."</p>
            <div class="bank-header column">{brand} {navigation}</div>
        </header>
    }
    .into_any()
}

/// A rule above a double rule: how a bookkeeper closes a sum.
fn mark() -> AnyView {
    view! {
        <svg class="bank-mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
            <rect width="32" height="32" rx="3"></rect>
            <path d="M8 10h16" stroke-width="4"></path>
            <path d="M8 18.5h16M8 23.5h16" stroke-width="2"></path>
        </svg>
    }
    .into_any()
}

fn navigation(chrome: &Chrome) -> AnyView {
    let link = |href: &'static str, label: &'static str| {
        let current = (chrome.path == href).then_some("page");
        view! { <a href=href aria-current=current>{label}</a> }
    };
    let end = match &chrome.viewer {
        Some(_) => sign_out(),
        None => link("/account/sign-in", "Sign in").into_any(),
    };
    let account = chrome.viewer.is_some().then(|| link("/account", "Your account"));
    view! { <nav class="bank-nav" aria-label="Amazon Payments">{account} {end}</nav> }.into_any()
}

fn sign_out() -> AnyView {
    view! {
        <form method="post" action="/account/sign-out">
            <button class="button-text" type="submit">"Sign out"</button>
        </form>
    }
    .into_any()
}

fn footer(chrome: &Chrome, place: Place) -> AnyView {
    let about = (place == Place::Site)
        .then(|| view! { <p><a href="/#query-api">"What this is, and its Query API"</a></p> });
    let lab = (place == Place::Site && chrome.lab)
        .then(|| view! { <p><a href="/lab">"The lab: what happens behind these pages"</a></p> });
    view! {
        <footer class="bank-footer column">
            <p>
                "This is an emulator of Amazon Flexible Payments Service, a service that ended in 2015. It is not "
                "Amazon's, it charges nobody, and it should never be given real card or bank details."
            </p>
            {about}
            {lab}
        </footer>
    }
    .into_any()
}
