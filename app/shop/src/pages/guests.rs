//! Buying without an account: the field at the checkout, what an order's page says, and the pages of `/guest`.

use super::shell;
use crate::model::{Chrome, ClaimPage, GuestLinkPage, GuestOrderPage, GuestView};
use app::components::field::{TextField, error_summary, text_field};
use app::form::FormState;
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The hidden field of a checkout without an account, and what its address asks for.
pub const GUEST: &str = "guest";

/// The address of the checkout on this page without an account.
pub(super) fn guest_path(checkout: &str) -> String {
    let with = if checkout.contains('?') { '&' } else { '?' };
    format!("{checkout}{with}{GUEST}=1")
}

/// Where the buyer is written to; `here` is the checkout's path.
pub(super) fn email_field(form: &FormState, here: &str) -> AnyView {
    let field = TextField {
        kind: "email",
        autocomplete: Some("email"),
        hint: Some("Your receipt goes there, with a link that opens the order on any device."),
        ..TextField::new("email", "E-mail")
    };
    view! {
        <div class="group">
            <input type="hidden" name=GUEST value="1" />
            {text_field(form, field)}
            <p class="hint">"You buy without an account. " <a href=shell::sign_path("/sign-in", here)>"Sign in instead"</a></p>
        </div>
    }
    .into_any()
}

fn mailbox_path(email: &str) -> String {
    format!("/mail?address={}", utf8_percent_encode(email, NON_ALPHANUMERIC))
}

/// On the pages of an order that was bought without an account.
pub(super) fn note(guest: &GuestView, order: &str) -> AnyView {
    let mailbox = guest.mailbox.as_ref().map(|address| {
        view! { " " <a href=mailbox_path(address)>"Open the mailbox"</a> }
    });
    let sign_up = shell::sign_path("/sign-up", &format!("/orders/{order}"));
    let sign_in = shell::sign_path("/sign-in", &format!("/orders/{order}"));
    view! {
        <section class="panel no-print" aria-labelledby="guest">
            <h2 id="guest">"You bought this without an account"</h2>
            <p>
                {format!("We write to {}: the mails have a link that opens this order on any device.", guest.email)}
                {mailbox}
            </p>
            <p>
                <a href=sign_up>"Create an account"</a> ", or " <a href=sign_in>"sign in"</a>
                ", to keep it in your library."
            </p>
        </section>
    }
    .into_any()
}

pub fn guest_order(chrome: &Chrome, page: &GuestOrderPage) -> String {
    shell::page(chrome, "Your order", || {
        let main = match &page.order {
            Some((id, title)) => open(page, id, title),
            None => view! {
                <p class="lead">"This link is over, or the order is in an account already."</p>
                <p class="ways">
                    <a class="button" href="/guest/link">"Ask for a new link"</a>
                    <a class="button button-quiet" href="/orders">"Your orders"</a>
                </p>
            }
            .into_any(),
        };
        view! { <div class="sign"><h1>"Your order"</h1> {main}</div> }.into_any()
    })
}

fn open(page: &GuestOrderPage, id: &str, title: &str) -> AnyView {
    let link = || {
        view! {
            <input type="hidden" name="until" value=page.until.to_string() />
            <input type="hidden" name="key" value=page.key.clone() />
        }
    };
    let action = format!("/guest/orders/{id}");
    match &page.account {
        Some(name) => view! {
            <p class="lead">{format!("You bought {title} without an account.")}</p>
            <form method="post" action=action>
                {link()}
                <button class="button button-large" type="submit" name="claim" value="1" aria-describedby="claim-effect">
                    "Add it to your account"
                </button>
                <p class="effect" id="claim-effect">
                    {format!("The order, and what else you bought in the same way, is {name}\u{2019}s then. Links in mails open it no more.")}
                </p>
            </form>
        }
        .into_any(),
        None => view! {
            <p class="lead">{format!("You bought {title} without an account.")}</p>
            <form method="post" action=action>
                {link()}
                <button class="button button-large" type="submit">"Open the order"</button>
            </form>
            <p>
                "Do you have an account? " <a href="/sign-in">"Sign in"</a>
                " and open this link again, to add the order to it."
            </p>
        }
        .into_any(),
    }
}

pub fn claim(chrome: &Chrome, page: &ClaimPage) -> String {
    shell::page(chrome, "Add it to your account", || {
        let titles: Vec<_> = page.titles.iter().map(|title| view! { <li>{title.clone()}</li> }).collect();
        // An order that is not added yet is not there for this account.
        let not_now =
            if page.next.starts_with("/orders/") { "/orders".to_owned() } else { page.next.clone() };
        view! {
            <div class="sign">
                <h1>"Add it to your account"</h1>
                <p class="lead">"This was bought without an account:"</p>
                <ul class="points">{titles}</ul>
                <form method="post" action="/guest/claim">
                    <input type="hidden" name="next" value=page.next.clone() />
                    <button class="button button-large" type="submit" aria-describedby="claim-effect">"Add it"</button>
                    <p class="effect" id="claim-effect">
                        "Orders, downloads and mails are in this account then. Links in mails open them no more."
                    </p>
                </form>
                <p><a href=not_now>"Not now"</a></p>
            </div>
        }
        .into_any()
    })
}

pub fn guest_link(chrome: &Chrome, page: &GuestLinkPage) -> String {
    let title = if page.written_to.is_some() { "Look into your mail" } else { "A link to your order" };
    shell::page(chrome, shell::form_title(title, &page.form), || {
        let main = match &page.written_to {
            Some(address) => written(address, page.lab),
            None => ask(&page.form),
        };
        view! { <div class="sign"><h1>{title}</h1> {main}</div> }.into_any()
    })
}

/// The same words whether or not there is such an order.
fn written(address: &str, lab: bool) -> AnyView {
    let mailbox =
        lab.then(|| view! { <p><a class="button" href=mailbox_path(address)>"Open the mailbox"</a></p> });
    view! {
        <p class="lead">{format!("If that order was made with {address}, we have written to it.")}</p>
        <p>"The mail has a link that opens the order. It is good for 30 days."</p>
        {mailbox}
        <p>"Nothing came? " <a href="/guest/link">"Check the number and the address"</a></p>
    }
    .into_any()
}

fn ask(form: &FormState) -> AnyView {
    let order = TextField {
        hint: Some("It stands in every mail about the order."),
        ..TextField::new("order", "Number of the order")
    };
    let email = TextField {
        kind: "email",
        autocomplete: Some("email"),
        hint: Some("The one that you gave at the checkout."),
        ..TextField::new("email", "E-mail")
    };
    view! {
        <p>"For what you bought without an account. What you bought with one is in " <a href="/orders">"your orders"</a> "."</p>
        {error_summary(form)}
        <form method="post" action="/guest/link" novalidate>
            {text_field(form, order)}
            {text_field(form, email)}
            <button class="button button-large" type="submit">"Send the link"</button>
        </form>
    }
    .into_any()
}
