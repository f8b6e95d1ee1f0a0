//! Gifts: the fields at the checkout, what the giver sees on the order, and the page of whom it is for.

use super::cards::{cover_path, item_path};
use super::facts::download_links;
use super::shell;
use crate::model::{Chrome, GiftPage, GiftView, OwnGift};
use app::components::field::{TextField, error_summary, optional_text_area, text_field};
use app::components::time;
use app::form::FormState;
use leptos::prelude::*;

const EMAIL: &str = "gift_email";
const NAME: &str = "gift_name";
const MESSAGE: &str = "gift_message";

/// For somebody else, if anything is typed here.
pub(super) fn fields(form: &FormState) -> AnyView {
    let open = [EMAIL, NAME, MESSAGE].iter().any(|field| !form.value(field).is_empty());
    let email = TextField {
        kind: "email",
        hint: Some(
            "The recipient\u{2019}s e-mail address. We write there once it is paid; whoever accepts it downloads it, and you do not.",
        ),
        optional: true,
        ..TextField::new(EMAIL, "Send it to")
    };
    let name = TextField { optional: true, ..TextField::new(NAME, "Recipient\u{2019}s name") };
    view! {
        <details class="group gift" open=open>
            <summary>"This is a gift"</summary>
            {text_field(form, email)}
            {text_field(form, name)}
            {optional_text_area(form, MESSAGE, "Message", 3, Some("Up to 500 characters, for the recipient alone."))}
        </details>
    }
    .into_any()
}

/// Where the gift stands, on the order's page.
pub(super) fn note(gift: &GiftView, order: &str, form: &FormState, may_send: bool) -> AnyView {
    let to = match (gift.name.as_str(), gift.email.as_str()) {
        // Their account is deleted, and their address with it.
        (name, "") => name.to_owned(),
        ("", email) => email.to_owned(),
        (name, email) => format!("{name} ({email})"),
    };
    let standing = match (gift.accepted_at, gift.sent_at) {
        (Some(at), _) => view! { <p>{format!("It is for {to}. It was accepted on ")} {time::date_time(at)} "."</p> }.into_any(),
        (None, Some(at)) => {
            view! { <p>{format!("We have written to {to} on ")} {time::date_time(at)} ". It is not accepted yet."</p> }
                .into_any()
        }
        (None, None) => view! { <p>{format!("It is for {to}, who is written to once it is paid.")}</p> }.into_any(),
    };
    let message = (!gift.message.is_empty())
        .then(|| view! { <blockquote class="quoted">{gift.message.clone()}</blockquote> });
    let again =
        (may_send && gift.accepted_at.is_none() && gift.sent_at.is_some()).then(|| again(gift, order, form));
    view! {
        <section class="panel" aria-labelledby="gift">
            <h2 id="gift">"A gift"</h2>
            {standing}
            {message}
            {again}
        </section>
    }
    .into_any()
}

/// To the same address, or to another one.
fn again(gift: &GiftView, order: &str, form: &FormState) -> AnyView {
    let mut form = form.clone();
    if !form.values.contains_key(EMAIL) {
        form.set(EMAIL, &gift.email);
    }
    let email = TextField { kind: "email", ..TextField::new(EMAIL, "Send it to") };
    view! {
        <form method="post" action=format!("/orders/{order}/gift") novalidate>
            {error_summary(&form)}
            {text_field(&form, email)}
            <button class="button button-quiet" type="submit" aria-describedby="gift-effect">"Send it again"</button>
            <p class="effect" id="gift-effect">"Links of mails to another address are over then."</p>
        </form>
    }
    .into_any()
}

pub fn gift(chrome: &Chrome, page: &GiftPage) -> String {
    shell::page(chrome, format!("A gift: {}", page.title), || {
        let message = (!page.message.is_empty())
            .then(|| view! { <blockquote class="quoted">{page.message.clone()}</blockquote> });
        let main = match (&page.own, &page.link) {
            (Some(own), _) => owned(own),
            (None, Some(link)) if page.signed_in => accept(page, link),
            (None, Some(link)) => sign_in(page, link),
            (None, None) => ().into_any(),
        };
        view! {
            <div class="narrow">
                <div class="order-head">
                    <img src=cover_path(&page.item_slug) alt="" width="112" height="112" />
                    <div>
                        <p class="overline">"A gift"</p>
                        <h1>{page.title.clone()}</h1>
                        <p class="muted">{format!("from {}", page.giver)}</p>
                    </div>
                </div>
                {message}
                {main}
                <p><a href=item_path(&page.item_slug)>"What it is"</a></p>
            </div>
        }
        .into_any()
    })
}

fn accept(page: &GiftPage, (until, key): &(i64, String)) -> AnyView {
    view! {
        <form method="post" action=format!("/gifts/{}", page.id)>
            <input type="hidden" name="until" value=until.to_string() />
            <input type="hidden" name="key" value=key.clone() />
            <button class="button button-large" type="submit" aria-describedby="accept-effect">"Accept it"</button>
            <p class="effect" id="accept-effect">
                "It is in your library then. Should the giver get the money back, it leaves it again."
            </p>
        </form>
    }
    .into_any()
}

fn sign_in(page: &GiftPage, (until, key): &(i64, String)) -> AnyView {
    let here = format!("/gifts/{}?until={until}&key={key}", page.id);
    view! {
        <p class="lead">"Sign in to accept it: it is in the library of your account then."</p>
        <p class="ways">
            <a class="button" href=shell::sign_path("/sign-in", &here)>"Sign in and accept it"</a>
            <a class="button button-quiet" href=shell::sign_path("/sign-up", &here)>"Create an account"</a>
        </p>
    }
    .into_any()
}

fn owned(own: &OwnGift) -> AnyView {
    if own.downloads.is_empty() {
        return view! { <p class="lead">"This gift was taken back: its giver got the money back."</p> }
            .into_any();
    }
    let key = own.licence_key.clone().map(|key| {
        view! {
            <section aria-labelledby="licence">
                <h2 id="licence">"Licence key"</h2>
                <p><code class="reference">{key}</code></p>
            </section>
        }
    });
    view! {
        <p class="lead">"It is yours, and stays in " <a href="/library">"your library"</a> "."</p>
        {download_links(&own.downloads)}
        {key}
    }
    .into_any()
}

/// The link was used, or is over, or was none.
pub fn gift_over(chrome: &Chrome) -> String {
    shell::page(chrome, "A gift", || {
        view! {
            <div class="sign">
                <h1>"A gift"</h1>
                <p class="lead">
                    "This link is over: the gift was accepted, or taken back, or sent anew. If you have accepted it, it is in \
                     your library; if not, whoever gave it to you can send another link."
                </p>
                <p><a class="button" href="/library">"Your library"</a></p>
            </div>
        }
        .into_any()
    })
}
