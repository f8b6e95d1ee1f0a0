//! The parts that figures are shown with, of a seller and of the market.

use super::period::{query, span_words, words};
use crate::model::{SalesFigures, Span, Sums, TopItem, Unit};
use crate::pages::cards::item_path;
use app::components::amount::amount;
use app::components::chart::{Bar, Ranked, TimeChart, ranking, time_chart};
use app::components::table::{Column, table};
use leptos::prelude::*;
use money::Money;

/// The sums in a row, and how they make up what is left.
pub(super) fn sums(total: &Sums, left: &'static str) -> AnyView {
    let figure = |term: &'static str, money: Money| {
        view! { <div><dt>{term}</dt><dd>{amount(money)}</dd></div> }
    };
    let unknown = (total.fees_unknown > 0).then(|| {
        let sales = if total.fees_unknown == 1 { "sale" } else { "sales" };
        let text = format!(
            "Of {} {sales} the fees are not known yet: Amazon Payments has not said how the buyer paid.",
            total.fees_unknown
        );
        view! { <p class="muted">{text}</p> }
    });
    view! {
        <dl class="figures figures-row">
            {figure(left, total.left())}
            {figure("Sold for", total.gross)}
            {figure("Marketplace fees", total.marketplace_fees)}
            {figure("Amazon fees", total.amazon_fees)}
            {figure("Sent back", total.refunded)}
            <div><dt>"Sales"</dt><dd>{total.sold.to_string()}</dd></div>
        </dl>
        {unknown}
        <p class="muted">
            "A sale counts on the day (UTC) on which it was ordered, once it is paid, and so do its fees and what went back of it."
        </p>
    }
    .into_any()
}

/// The chart over time, with links to what a bar can be on the page at `path`.
pub(super) fn over_time(
    figures: &SalesFigures,
    title: &'static str,
    left: &'static str,
    path: &'static str,
) -> AnyView {
    let units = units(figures, path);
    let heading = format!("{title} by {}", figures.unit.as_str());
    let content = if figures.total.sold == 0 {
        view! { <p class="muted">"Nothing was sold in this time."</p> }.into_any()
    } else {
        let highest = figures.spans.iter().map(|span| span.sums.gross).max().unwrap_or_default();
        let chart = TimeChart {
            id: "sales-over-time",
            title: format!("{heading}, {}", words(figures.from, figures.to)),
            bars: figures.spans.iter().map(|span| bar(figures.unit, span)).collect(),
            whole: "Fees, and what was sent back",
            part: left,
            highest: highest.to_string(),
        };
        time_chart(&chart, by_span(figures, left))
    };
    view! {
        <section aria-labelledby="over-time">
            <div class="heading"><h2 id="over-time">{heading}</h2> {units}</div>
            {content}
        </section>
    }
    .into_any()
}

/// The other ways to divide the time.
fn units(figures: &SalesFigures, path: &'static str) -> AnyView {
    let links: Vec<_> = Unit::ALL
        .into_iter()
        .map(|unit| {
            let here = (unit == figures.unit).then_some("true");
            let href = format!("{path}?{}&by={}#over-time", query(figures.from, figures.to), unit.as_str());
            let words = match unit {
                Unit::Day => "Days",
                Unit::Week => "Weeks",
                Unit::Month => "Months",
            };
            view! { <li><a href=href aria-current=here>{words}</a></li> }
        })
        .collect();
    view! { <nav class="units" aria-label="One bar is"><ul role="list">{links}</ul></nav> }.into_any()
}

fn bar(unit: Unit, span: &Span) -> Bar {
    let (gross, left) = (span.sums.gross, span.sums.left());
    Bar {
        label: span_words(unit, span.from, span.to),
        whole: gross.micros(),
        part: left.micros(),
        words: format!("sold for {gross}, {left} left"),
    }
}

/// The chart's figures: only what has any, the newest first.
fn by_span(figures: &SalesFigures, left: &'static str) -> AnyView {
    let columns = [
        Column::words("When"),
        Column::numbers("Sales"),
        Column::numbers("Sold for"),
        Column::numbers("Marketplace"),
        Column::numbers("Amazon"),
        Column::numbers("Sent back"),
        Column::numbers(left),
    ];
    let some = figures.spans.iter().rev().filter(|span| span.sums.sold > 0);
    let rows = some.map(|span| {
        let sums = &span.sums;
        vec![
            span_words(figures.unit, span.from, span.to).into_any(),
            sums.sold.to_string().into_any(),
            amount(sums.gross),
            amount(sums.marketplace_fees),
            amount(sums.amazon_fees),
            amount(sums.refunded),
            amount(sums.left()),
        ]
    });
    table("Sales over time, without the times in which nothing was sold", &columns, rows.collect())
}

pub(super) fn top_items(figures: &SalesFigures) -> AnyView {
    let items = &figures.top_items;
    let content = if items.is_empty() {
        view! { <p class="muted">"Nothing was sold in this time."</p> }.into_any()
    } else {
        let rows: Vec<_> = items.iter().map(ranked).collect();
        ranking(&rows, by_item(items))
    };
    view! { <section aria-labelledby="top-items"><h2 id="top-items">"What sold best"</h2> {content}</section> }
        .into_any()
}

fn ranked(item: &TopItem) -> Ranked {
    Ranked {
        label: item.title.clone(),
        href: Some(item_path(&item.slug)),
        value: item.gross.micros(),
        words: item.gross.to_string(),
    }
}

fn by_item(items: &[TopItem]) -> AnyView {
    const COLUMNS: [Column; 4] = [
        Column::words("Item"),
        Column::numbers("Sales"),
        Column::numbers("Sold for"),
        Column::numbers("Sent back"),
    ];
    let rows = items.iter().map(|item| {
        vec![
            item.title.clone().into_any(),
            item.sold.to_string().into_any(),
            amount(item.gross),
            amount(item.refunded),
        ]
    });
    table("What sold best", &COLUMNS, rows.collect())
}
