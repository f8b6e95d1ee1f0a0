//! How a price divides, by each way to pay: as the server reckons it, and with what the script needs to reckon it anew
//! while the price is typed.

use crate::model::{FeeFacts, PriceSplit, WaySplit};
use leptos::prelude::*;
use money::Money;

pub(super) fn splits(fees: &[FeeFacts], splits: &[WaySplit]) -> AnyView {
    let rows: Vec<_> = splits.iter().map(row).collect();
    let fees = fees.iter().map(fee).collect::<Vec<_>>().join(";");
    view! {
        <div
            class="splits"
            data-fees=fees
        >
            <output for="field-price" role="note" aria-live="polite">{sentence(splits)}</output>
            <table>
                <caption>"What you get of each sale"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Buyer pays with"</th>
                        <th scope="col" class="number">"You"</th>
                        <th scope="col" class="number">"Marketplace"</th>
                        <th scope="col" class="number">"Amazon"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The dearest way for the seller comes first.
fn sentence(splits: &[WaySplit]) -> String {
    match splits.first().and_then(|way| way.split.as_ref()) {
        Some(split) => format!("Paid with a card, you get {}.", split.in_cents().merchant),
        None => "Type a price to see what is left for you.".to_owned(),
    }
}

fn row(way: &WaySplit) -> AnyView {
    let split = way.split.as_ref().map(PriceSplit::in_cents);
    let part = |of: fn(&PriceSplit) -> Money| {
        split.as_ref().map_or_else(|| "—".to_owned(), |split| of(split).to_string())
    };
    let cell = |name: &'static str, of: fn(&PriceSplit) -> Money| {
        view! { <td class="number" data-part=name>{part(of)}</td> }
    };
    view! {
        <tr data-rules=rules(way)>
            <th scope="row">{way.label}</th>
            {cell("you", |split| split.merchant)}
            {cell("marketplace", |split| split.marketplace)}
            {cell("amazon", |split| split.amazon)}
        </tr>
    }
    .into_any()
}

/// `category,fixed,variable,least,most` of each, the category empty for all others, no least or most empty too; in
/// millionths of a dollar and ten-thousandths of a per cent.
fn fee(fee: &FeeFacts) -> String {
    let bound = |bound: Option<Money>| bound.map_or_else(String::new, |bound| bound.micros().to_string());
    let category = fee.category.as_deref().unwrap_or_default();
    let (fixed, variable) = (fee.fixed.micros(), fee.variable.ten_thousandths());
    format!("{category},{fixed},{variable},{},{}", bound(fee.least), bound(fee.most))
}

/// `below,percent,fixed,least` of each, in millionths of a dollar and ten-thousandths of a per cent.
fn rules(way: &WaySplit) -> String {
    let rules = way.rules.iter().map(|(below, percent, fixed, least)| {
        let below = below.map_or_else(String::new, |bound| bound.micros().to_string());
        format!("{below},{},{},{}", percent.ten_thousandths(), fixed.micros(), least.micros())
    });
    rules.collect::<Vec<_>>().join(";")
}
