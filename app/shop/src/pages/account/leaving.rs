//! `/account/data`: what is kept about somebody, as a file; `/account/delete`: the end of their account.

use super::second_factor::proof;
use super::{DATA, section};
use crate::model::{Chrome, DeleteAccountPage, InTheWay, PersonalDataPage};
use app::components::action::{Weight, way_button};
use app::components::field::{error_summary, tick_field};
use leptos::prelude::*;
use money::Money;

pub fn personal_data(chrome: &Chrome, page: &PersonalDataPage) -> String {
    section(chrome, DATA, "Your data", &page.form, || {
        let end = "You read first what goes and what stays.".to_owned();
        view! {
            <section class="security" aria-labelledby="export">
                <h2 id="export">"What is kept about you"</h2>
                <p>
                    "All of it in one file, in a format that programs read (JSON): your profile, orders and what was paid, "
                    "addresses, reviews, messages, mail, your library, credit, cart and wish list, where you are signed in, and what you "
                    "sell. Passwords and codes are not in it. Keep the file where others do not find it."
                </p>
                {error_summary(&page.form)}
                <form method="post" action="/account/export" novalidate>
                    {proof(&page.form, page.second_factor)}
                    <button class="button" type="submit">"Download my data"</button>
                </form>
            </section>
            <section class="security" aria-labelledby="leave">
                <h2 id="leave">"Leave"</h2>
                {way_button(
                    "/account/delete".to_owned(),
                    "Delete my account",
                    Weight::Quiet,
                    "leave-effect".to_owned(),
                    end,
                )}
            </section>
        }
        .into_any()
    })
}

pub fn delete_account(chrome: &Chrome, page: &DeleteAccountPage) -> String {
    section(chrome, DATA, "Delete your account", &page.form, || {
        let act = if page.in_the_way.is_empty() { last_step(page) } else { in_the_way(&page.in_the_way) };
        view! {
            {error_summary(&page.form)}
            <section class="security" aria-labelledby="goes">
                <h2 id="goes">"What goes"</h2>
                {goes(page.sells)}
            </section>
            <section class="security" aria-labelledby="stays">
                <h2 id="stays">"What stays"</h2>
                {stays(page.sells)}
            </section>
            {act}
        }
        .into_any()
    })
}

fn goes(sells: bool) -> AnyView {
    let page =
        sells.then(|| view! { <li>"What your shop\u{2019}s page says, its picture and its links."</li> });
    view! {
        <ul class="points">
            <li>
                "Your name, e-mail address and password. Nobody signs in with them any more; the address is free for a new "
                "account."
            </li>
            <li>"Where you are signed in, your second factor, your cart and wish list, and the mail in your mailbox here."</li>
            <li>"The addresses that parcels went to."</li>
            <li>
                "Your library: nothing can be downloaded any more, and links to files end. What you have downloaded stays "
                "with you, and licence keys go on working."
            </li>
            {page}
        </ul>
    }
    .into_any()
}

fn stays(sells: bool) -> AnyView {
    let name = sells.then(|| {
        view! {
            <li>"Your shop\u{2019}s name on what it sold. What people bought of you stays in their libraries."</li>
        }
    });
    view! {
        <ul class="points">
            <li>
                "Your orders: what was bought, paid and given back. Sellers and the marketplace need them for their books. "
                "In place of your name they say \u{201c}Deleted account\u{201d}."
            </li>
            <li>
                "Your reviews, and what you wrote to sellers, under the same name. What should not stay of your reviews, "
                "change or withdraw before."
            </li>
            {name}
            <li>"The marketplace\u{2019}s log of what was done here, which is never changed."</li>
            <li>"Your account at Amazon Payments, which is another one."</li>
        </ul>
    }
    .into_any()
}

fn in_the_way(obstacles: &[InTheWay]) -> AnyView {
    let obstacles: Vec<_> = obstacles
        .iter()
        .map(|one| view! { <li>{one.words.clone()} " " <a href=one.href.clone()>{one.link}</a></li> })
        .collect();
    view! {
        <section class="security" aria-labelledby="first">
            <h2 id="first">"What has to be done first"</h2>
            <ul class="points">{obstacles}</ul>
        </section>
    }
    .into_any()
}

fn last_step(page: &DeleteAccountPage) -> AnyView {
    let credit = (page.unspent > Money::ZERO).then(|| {
        view! {
            <p>
                <strong>{format!("{} of your credit is not spent.", page.unspent)}</strong>
                " It cannot be paid back, and is lost with the account. You can spend it first."
            </p>
            {tick_field(&page.form, "lose_credit", "I give my credit up")}
        }
    });
    view! {
        <section class="security" aria-labelledby="last">
            <h2 id="last">"The last step"</h2>
            <p>"It happens at once, and cannot be undone."</p>
            <form method="post" action="/account/delete" novalidate>
                {credit}
                {proof(&page.form, page.second_factor)}
                <button class=Weight::Danger.class() type="submit">"Delete my account"</button>
            </form>
        </section>
    }
    .into_any()
}
