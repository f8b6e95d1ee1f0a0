//! The receipt of an order: on screen, on paper, and as the same lines for a PDF.

use super::{discounts, shell};
use crate::model::{Bearer, Chrome, Receipt};
use app::components::amount::amount;
use app::components::time;
use leptos::prelude::*;
use money::Money;

/// A line with an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLine {
    pub words: String,
    pub amount: Money,
    /// A sum of those above it.
    pub sum: bool,
}

fn line(words: impl Into<String>, amount: Money) -> ReceiptLine {
    ReceiptLine { words: words.into(), amount, sum: false }
}

/// What was bought, what it cost and what went back.
pub fn receipt_lines(receipt: &Receipt) -> Vec<ReceiptLine> {
    let minus = discounts::minus;
    let mut lines = vec![line(receipt.title.clone(), receipt.price)];
    lines.extend(receipt.discount.as_ref().map(|discount| {
        let who = match discount.bearer {
            Bearer::Seller => receipt.seller.as_str(),
            Bearer::Market => "DigitalDownload",
        };
        line(format!("{}, borne by {who}", discounts::term(discount)), minus(discount.amount))
    }));
    lines.extend(receipt.shipping.map(|shipping| line("Sending it", shipping)));
    lines.extend(
        receipt.not_charged.map(|less| line("Not charged: the seller could not send all of it", minus(less))),
    );
    lines.push(ReceiptLine { sum: true, ..line("Paid", receipt.charged) });
    if let Some(refunded) = receipt.refunded {
        lines.push(line("Refunded", minus(refunded)));
        let left = receipt.charged.sub(refunded).unwrap_or(Money::ZERO);
        lines.push(ReceiptLine { sum: true, ..line("Paid after refunds", left) });
    }
    lines
}

/// How what was charged was divided, in cents that sum to it.
pub fn receipt_split(receipt: &Receipt) -> Vec<ReceiptLine> {
    let Some(split) = receipt.split.map(|split| split.in_cents()) else { return Vec::new() };
    vec![
        line(receipt.seller.clone(), split.merchant),
        line("Marketplace fee, DigitalDownload", split.marketplace),
        line("Amazon Payments fee", split.amazon),
    ]
}

pub fn receipt(chrome: &Chrome, receipt: &Receipt) -> String {
    shell::page(chrome, format!("Receipt: {}", receipt.title), || {
        let pdf = format!("/orders/{}/receipt.pdf", receipt.order_id);
        let order = format!("/orders/{}", receipt.order_id);
        view! {
            <article class="narrow receipt">
                <h1>"Receipt"</h1>
                <p class="lead">{format!("{} paid {} for this.", receipt.buyer, receipt.charged)}</p>
                {facts(receipt)}
                {sums("What was paid", receipt_lines(receipt))}
                {sums("How it was divided", receipt_split(receipt))}
                <p class="muted">
                    "Payments at DigitalDownload are simulated: no money has moved, and this is no invoice for a tax office."
                </p>
                <p class="ways no-print">
                    <a class="button" href=pdf>"Save as PDF"</a>
                    <a class="button button-quiet" href=order>"Back to the order"</a>
                </p>
            </article>
        }
        .into_any()
    })
}

fn facts(receipt: &Receipt) -> AnyView {
    let row = |term: &'static str, value: AnyView| view! { <div><dt>{term}</dt><dd>{value}</dd></div> };
    let code = |text: String| view! { <code class="reference">{text}</code> }.into_any();
    let address = (!receipt.address.is_empty()).then(|| {
        let lines: Vec<_> =
            receipt.address.iter().map(|line| view! { <span>{line.clone()}</span> }).collect();
        row("Sent to", view! { <address class="postal">{lines}</address> }.into_any())
    });
    view! {
        <dl class="facts">
            {row("Sold by", receipt.seller.clone().into_any())}
            {row("Bought by", receipt.buyer.clone().into_any())}
            {address}
            {row("Ordered", time::date_time(receipt.ordered_at))}
            {row("Paid", time::date_time(receipt.paid_at))}
            {receipt.paid_with.map(|way| row("Paid with", way.into_any()))}
            {row("Order", code(receipt.order_id.clone()))}
            {receipt.transaction_id.clone().map(|id| row("Amazon transaction", code(id)))}
        </dl>
    }
    .into_any()
}

fn sums(heading: &'static str, lines: Vec<ReceiptLine>) -> Option<AnyView> {
    if lines.is_empty() {
        return None;
    }
    let rows: Vec<_> = lines
        .into_iter()
        .map(|line| {
            let class = if line.sum { "total" } else { "" };
            view! { <div class=class><dt>{line.words}</dt><dd>{amount(line.amount)}</dd></div> }
        })
        .collect();
    Some(view! { <section><h2>{heading}</h2> <dl class="sum">{rows}</dl></section> }.into_any())
}
