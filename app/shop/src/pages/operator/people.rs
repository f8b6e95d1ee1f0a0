//! `/operator/users`: everybody with an account, and one of them.

use super::audit::entries;
use super::filter::{choice, filter, input};
use super::frame;
use super::hold::{Words, hold, with_reason};
use super::orders::orders_table;
use crate::model::{Chrome, PeoplePage, PersonPage, PersonRow, SellerView};
use crate::pages::facts::fact;
use app::components::action::Weight;
use app::components::amount::amount;
use app::components::field::error_summary;
use app::components::paging::pages;
use app::components::table::{Column, table};
use app::components::time;
use leptos::prelude::*;

const PATH: &str = "/operator/users";

pub fn people(chrome: &Chrome, page: &PeoplePage) -> String {
    frame(chrome, "Users and sellers", PATH, || {
        let form = &page.form;
        let fields = vec![
            input(form, "q", "Find", "search", Some("How a name or address begins.")),
            choice(form, "show", "Show", None, &page.shows),
        ];
        let more = page.more.then(|| view! { <p class="muted">"There are more: type more of the name."</p> });
        view! {
            {filter(PATH, form, !page.query.is_empty(), fields)}
            {list(page)}
            {more}
            {pages(page.paging.clone(), PATH, &page.query, "")}
        }
        .into_any()
    })
}

fn list(page: &PeoplePage) -> AnyView {
    const COLUMNS: [Column; 5] = [
        Column::words("Name"),
        Column::words("E-mail"),
        Column::words("Sells as"),
        Column::words("Standing"),
        Column::words("Joined"),
    ];
    if page.people.is_empty() {
        return view! { <p class="muted">"Nobody like that. Try another beginning, or show all."</p> }
            .into_any();
    }
    let rows = page.people.iter().map(|person| {
        vec![
            view! { <a href=format!("{PATH}/{}", person.id)>{person.name.clone()}</a> }.into_any(),
            email(person).into_any(),
            person.shop.clone().unwrap_or_else(|| "\u{2013}".to_owned()).into_any(),
            standing(person),
            time::date(person.joined_at),
        ]
    });
    table("Users and sellers", &COLUMNS, rows.collect())
}

fn standing(person: &PersonRow) -> AnyView {
    let badge = |words| view! { <span class="badge badge-bad">{words}</span> " " };
    let closed = person.closed.then(|| badge("Closed"));
    let held = person.shop_held.then(|| badge("Shop held"));
    let deleted = person.deleted_at.map(|_| "Deleted");
    let good = (!person.closed && !person.shop_held && deleted.is_none()).then_some("Good");
    view! { <span>{closed} {held} {deleted} {good}</span> }.into_any()
}

fn email(person: &PersonRow) -> String {
    if person.email.is_empty() { "\u{2013}".to_owned() } else { person.email.clone() }
}

pub fn person(chrome: &Chrome, page: &PersonPage) -> String {
    let person = &page.person;
    frame(chrome, person.name.clone(), PATH, || {
        view! {
            {error_summary(&page.form)}
            <dl class="facts">
                {fact("E-mail", email(person))}
                {fact("Joined", time::date_time_words(person.joined_at))}
                {person.deleted_at.map(|at| fact("Deleted by its owner", time::date_time_words(at)))}
                {fact("Id", person.id.clone())}
            </dl>
            {(!page.operator && person.deleted_at.is_none()).then(|| account(page))}
            {(!page.operator && page.second_factor).then(|| second_factor(page))}
            {page.shop.as_ref().map(|shop| seller(page, shop))}
            {orders("bought", "Bought", &page.bought, format!("/operator/orders?buyer={}", person.id))}
            {page.shop.as_ref().map(|shop| {
                orders("sold", "Sold", &page.sold, format!("/operator/orders?seller={}", shop.id))
            })}
            {history(page)}
        }
        .into_any()
    })
}

fn account(page: &PersonPage) -> AnyView {
    let (id, name) = (&page.person.id, &page.person.name);
    let close = format!(
        "{name} is signed out everywhere and cannot sign in. Orders go on, and no money moves. A shop of theirs goes on \
         selling unless you hold it as well."
    );
    let words = Words {
        id: "account",
        field: "reason",
        heading: "Account",
        held: "Closed",
        hold: (format!("{PATH}/{id}/close"), "Close this account", close),
        release: (format!("{PATH}/{id}/open"), "Open it again", format!("{name} can sign in again.")),
        read_by: "Kept in the audit log; the person is not told it.",
    };
    hold(&page.form, page.closed.as_ref(), words)
}

fn second_factor(page: &PersonPage) -> AnyView {
    let (id, name) = (&page.person.id, &page.person.name);
    let effect = format!(
        "The password alone opens the account then. {name} is signed out everywhere and told by mail. Do it only for who \
         has lost the app and the recovery codes, and has shown you who they are."
    );
    let deed = (format!("{PATH}/{id}/second-factor/off"), "Turn the second factor off", effect);
    view! {
        <section class="panel" aria-labelledby="second-factor">
            <h2 id="second-factor">"Second factor"</h2>
            <p>"Signing in asks for a code of an app."</p>
            {with_reason(&page.form, "factor_reason", "Kept in the audit log.", Weight::Danger, deed)}
        </section>
    }
    .into_any()
}

fn seller(page: &PersonPage, shop: &SellerView) -> AnyView {
    let id = &shop.id;
    let path = |deed: &str| format!("/operator/sellers/{id}/{deed}");
    let effect =
        "Nothing of this shop can be bought, and each item says so. Orders that are placed go on: they are \
                  paid, fulfilled and refunded as before."
            .to_owned();
    let words = Words {
        id: "shop",
        field: "shop_reason",
        heading: "Shop",
        held: "Held",
        hold: (path("hold"), "Hold this shop", effect),
        release: (path("release"), "Release it", "Its items can be bought again at once.".to_owned()),
        read_by: "The seller reads it on the desk, and it is kept in the audit log.",
    };
    let registered = if shop.registered { "Yes" } else { "No: nothing can be bought" };
    view! {
        <section aria-labelledby="sells">
            <h2 id="sells">{format!("Sells as {}", shop.name)}</h2>
            <dl class="facts">
                {fact("Registered with Amazon Payments", registered.to_owned())}
                {fact("Fee", shop.fee_words.clone())}
                {fact("Agreed to at most", shop.cap_words.clone())}
                <div><dt>"Paid to them so far"</dt><dd>{amount(shop.earned)}</dd></div>
            </dl>
        </section>
        {hold(&page.form, shop.held.as_ref(), words)}
    }
    .into_any()
}

fn orders(
    id: &'static str,
    heading: &'static str,
    orders: &[crate::model::OrderSummary],
    all: String,
) -> AnyView {
    let content = if orders.is_empty() {
        view! { <p class="muted">"Nothing yet."</p> }.into_any()
    } else {
        view! { {orders_table(heading, orders)} <p><a href=all>"All of them, to filter"</a></p> }.into_any()
    };
    view! { <section aria-labelledby=id><h2 id=id>{heading}</h2> {content}</section> }.into_any()
}

fn history(page: &PersonPage) -> Option<AnyView> {
    if page.history.is_empty() {
        return None;
    }
    let view = view! {
        <section aria-labelledby="history">
            <h2 id="history">"What was done"</h2>
            {entries("What was done to this account and shop", &page.history)}
        </section>
    };
    Some(view.into_any())
}
