//! `/sell/figures/amazon`: the shop's books of a time beside what Amazon Payments says.

use super::period;
use crate::model::{AmazonComparison, AmazonFiguresPage, AmazonSays, Chrome, Paid, PaymentDifference};
use crate::pages::sections::{DESK, sections};
use crate::pages::shell;
use crate::status;
use app::components::amount::amount;
use app::components::table::{Column, table};
use app::components::time::date_time_words;
use leptos::prelude::*;
use money::Money;

pub(super) const PATH: &str = "/sell/figures/amazon";

pub fn amazon_figures(chrome: &Chrome, page: &AmazonFiguresPage) -> String {
    shell::page(chrome, shell::form_title("What Amazon Payments says", &page.form), || {
        let account = page.account_url.clone();
        view! {
            <div class="desk">
                <h1>"What Amazon Payments says"</h1>
                {sections("Your shop", DESK, super::PATH)}
                {period::form(&page.form, PATH, false)}
                {page.compared.as_ref().map(compared)}
                <section aria-labelledby="account">
                    <h2 id="account">"Balance and withdrawals"</h2>
                    <p>
                        "Only your account at Amazon Payments knows them: "
                        <a href=account>"open your account"</a> "."
                    </p>
                </section>
            </div>
        }
        .into_any()
    })
}

fn compared(compared: &AmazonComparison) -> AnyView {
    let content = match &compared.amazon {
        Some(says) => {
            view! { {sums(&compared.shop, says)} {notes(says)} {differences(&says.differences)} }.into_any()
        }
        None => view! {
            <p class="panel">
                "Amazon Payments did not answer, so there is nothing to compare with. "
                "The shop's own figures are as they were; load this page again in a while."
            </p>
            {own(&compared.shop)}
        }
        .into_any(),
    };
    view! {
        <section aria-labelledby="sums">
            <h2 id="sums">{period::words(compared.from, compared.to)}</h2>
            <p class="muted">
                "Compared are your orders that were placed on these days (UTC) and on which nothing is under way: each with the "
                "payment of its number, and that payment's refunds, in the list that Amazon Payments gives to the marketplace. "
                "The list does not tell the marketplace's fee of a payment, so it is in neither column."
            </p>
        </section>
        {content}
    }
    .into_any()
}

/// What is left before the marketplace's fee.
fn left(paid: &Paid) -> Money {
    paid.charged.sub(paid.refunded).and_then(|left| left.sub(paid.amazon_fees)).unwrap_or(Money::ZERO)
}

fn sums(shop: &Paid, says: &AmazonSays) -> AnyView {
    const COLUMNS: [Column; 3] =
        [Column::words("Sum"), Column::numbers("The shop"), Column::numbers("Amazon Payments")];
    let amazon = &says.paid;
    let row = |term: &'static str, of: fn(&Paid) -> Money| {
        vec![term.into_any(), amount(of(shop)), amount(of(amazon))]
    };
    let count = |paid: &Paid| paid.payments.to_string().into_any();
    let rows = vec![
        vec!["Payments".into_any(), count(shop), count(amazon)],
        row("Charged", |paid| paid.charged),
        row("Sent back", |paid| paid.refunded),
        row("Amazon's fees", |paid| paid.amazon_fees),
        row("Left, before the marketplace's fees", left),
    ];
    table("The shop's books and Amazon's", &COLUMNS, rows)
}

fn own(shop: &Paid) -> AnyView {
    const COLUMNS: [Column; 2] = [Column::words("Sum"), Column::numbers("The shop")];
    let row = |term: &'static str, money| vec![term.into_any(), amount(money)];
    let rows = vec![
        row("Charged", shop.charged),
        row("Sent back", shop.refunded),
        row("Amazon's fees", shop.amazon_fees),
        row("Left, before the marketplace's fees", left(shop)),
    ];
    table("The shop's books", &COLUMNS, rows)
}

/// What was not looked at.
fn notes(says: &AmazonSays) -> Vec<AnyView> {
    let mut notes = vec![format!("{} transactions of the marketplace were read for this.", says.read)];
    if let Some(until) = says.read_until {
        notes.push(format!(
            "There are more: the list was read up to {}. What came later was asked for one by one, as far as that goes, \
             and refunds and fees were not compared. A later time has a shorter list.",
            date_time_words(until)
        ));
    }
    if says.not_compared > 0 {
        notes.push(format!("{} orders were not compared.", says.not_compared));
    }
    if says.too_many_orders {
        notes.push(
            "There are more orders than are compared at once. Choose a shorter time to see the rest."
                .to_owned(),
        );
    }
    notes.into_iter().map(|note| view! { <p class="muted">{note}</p> }.into_any()).collect()
}

fn differences(differences: &[PaymentDifference]) -> AnyView {
    const COLUMNS: [Column; 4] = [
        Column::words("Order"),
        Column::words("Status"),
        Column::words("The shop says"),
        Column::words("Amazon Payments says"),
    ];
    let content = if differences.is_empty() {
        view! { <p>"None: in what was compared both say the same of every order."</p> }.into_any()
    } else {
        let rows = differences.iter().map(difference).collect();
        table("Orders of which Amazon Payments says something else", &COLUMNS, rows)
    };
    view! { <section aria-labelledby="differences"><h2 id="differences">"Differences"</h2> {content}</section> }
        .into_any()
}

fn difference(difference: &PaymentDifference) -> Vec<AnyView> {
    let title = difference.title.clone();
    let title = match &difference.order_id {
        Some(id) => view! { <a href=format!("/orders/{id}")>{title}</a> }.into_any(),
        None => view! { <code class="reference">{title}</code> }.into_any(),
    };
    vec![
        title,
        difference.status.map_or_else(|| ().into_any(), status::badge),
        difference.believed.clone().into_any(),
        difference.found.clone().into_any(),
    ]
}
