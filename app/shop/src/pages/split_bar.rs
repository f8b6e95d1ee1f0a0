//! Who gets what of a price, in the open: a line and a bar for the usual way to pay, the other ways behind it; and of an
//! order the way that was used. The bar's text alternative is the whole sentence, which stands in place of the line for
//! those who do not see it.

use crate::model::{Divided, PriceSplit, WaySplit};
use leptos::prelude::*;
use money::Money;

/// The bar is drawn in a box as wide as this.
const WIDTH: i64 = 1000;
/// Between two parts of it.
const GAP: i64 = 4;

/// How a price divides by each way to pay; the first is shown, the others are one click away.
pub(super) fn ways(ways: &[WaySplit], note: Option<&'static str>) -> Option<AnyView> {
    let mut known = ways.iter().filter_map(|way| Some((way.label, way.split.as_ref()?.in_cents())));
    let (label, first) = known.next()?;
    let others: Vec<_> = known
        .map(|(label, split)| view! { <li>{line(&by(label), &split)} {bar(&by(label), &split)}</li> })
        .collect();
    let others = (!others.is_empty()).then(|| {
        view! {
            <details class="split-others">
                <summary>"Other ways to pay"</summary>
                <ul role="list">{others}</ul>
                <p class="muted">
                    "You pay the same whichever way. What Amazon Payments takes differs, and the seller gets the rest."
                </p>
            </details>
        }
    });
    let view = view! {
        <div class="split">
            {line(&by(label), &first)}
            {bar(&by(label), &first)}
            {note.map(|note| view! { <p class="muted">{note}</p> })}
            {others}
        </div>
    };
    Some(view.into_any())
}

/// How what was paid for an order was divided, and what is left of that where something went back.
pub(super) fn divided(divided: &Divided, seller: &str) -> AnyView {
    let Divided { way, paid, charged, left } = divided;
    let paid = paid.in_cents();
    let way = by(way);
    let later = (!charged)
        .then(|| view! { <p class="muted">"Nothing is charged yet. This is how it divides once it is."</p> });
    view! {
        <section class="split" aria-labelledby="divided">
            <h2 id="divided">{if *charged { "Where your money went" } else { "Where your money goes" }}</h2>
            {if *charged { line_of(&format!("You paid {} {}", paid.total, lower(&way)), &paid) } else { line(&way, &paid) }}
            {bar(&way, &paid)}
            {later}
            {left.as_ref().map(|left| what_is_left(&paid, left, seller))}
        </section>
    }
    .into_any()
}

fn what_is_left(paid: &PriceSplit, left: &PriceSplit, seller: &str) -> AnyView {
    let left = left.in_cents();
    let back = paid.total.sub(left.total).unwrap_or(paid.total);
    if !left.total.is_zero() {
        let words = format!("{back} of it went back to you. What is left of your payment");
        return view! { {line_of(&format!("{words}: {}", left.total), &left)} {bar(&words, &left)} }
            .into_any();
    }
    let kept = if left.marketplace.is_positive() {
        format!(
            "All of it went back to you. Amazon gave back its fee, the marketplace kept its {}, and {seller} paid the rest.",
            left.marketplace
        )
    } else {
        "All of it went back to you: everybody gave back their share.".to_owned()
    };
    view! { <p>{kept}</p> }.into_any()
}

/// "Bank account" → "By bank account".
fn by(label: &str) -> String {
    format!("By {}", lower(label))
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn line(way: &str, split: &PriceSplit) -> AnyView {
    line_of(&format!("{way}: you pay {}", split.total), split)
}

/// "By card: you pay $0.99 → seller $0.74 · marketplace $0.15 · Amazon $0.10".
fn line_of(beginning: &str, split: &PriceSplit) -> AnyView {
    // What stands between two parts is the first one's: no line begins with it.
    let part = |class: &'static str, name: &'static str, money: Money, end: &'static str| {
        view! { <span class=format!("split-part {class}")>{format!("{name} {money}{end}")}</span> }
    };
    view! {
        <p class="split-line" aria-hidden="true">
            {beginning.to_owned()} " → " {part("split-seller", "seller", split.merchant, " ·")} " "
            {part("split-marketplace", "marketplace", split.marketplace, " ·")} " "
            {part("split-amazon", "Amazon", split.amazon, "")}
        </p>
    }
    .into_any()
}

/// What the bar shows, as a sentence.
fn sentence(way: &str, split: &PriceSplit) -> String {
    format!(
        "{way}: of {} the seller gets {}, the marketplace {} and Amazon Payments {}.",
        split.total, split.merchant, split.marketplace, split.amazon
    )
}

fn bar(way: &str, split: &PriceSplit) -> AnyView {
    let parts = [
        ("split-seller", split.merchant),
        ("split-marketplace", split.marketplace),
        ("split-amazon", split.amazon),
    ];
    let mut x = 0;
    let rects: Vec<_> = parts
        .into_iter()
        .filter_map(|(class, money)| {
            let width = share(money, split.total);
            let rect = (width > 0).then(|| {
                view! { <rect class=class x=x.to_string() y="0" width=(width - GAP).max(1).to_string() height="10"></rect> }
            });
            x += width;
            rect
        })
        .collect();
    view! {
        <svg
            class="split-bar"
            role="img"
            aria-label=sentence(way, split)
            viewBox=format!("0 0 {} 10", WIDTH - GAP)
            preserveAspectRatio="none"
            focusable="false"
        >
            {rects}
        </svg>
    }
    .into_any()
}

/// Nothing is drawn of what is below nothing.
fn share(part: Money, whole: Money) -> i64 {
    let whole = i128::from(whole.micros().max(1));
    let share = i128::from(part.micros().max(0)) * i128::from(WIDTH) / whole;
    i64::try_from(share).unwrap_or(WIDTH).min(WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::render::fragment;

    fn split(total: i64, merchant: i64, marketplace: i64) -> PriceSplit {
        let money = Money::from_micros;
        let amazon = money(total - merchant - marketplace);
        PriceSplit { total: money(total), merchant: money(merchant), marketplace: money(marketplace), amazon }
    }

    fn way(label: &'static str, split: Option<PriceSplit>) -> WaySplit {
        WaySplit { label, split, rules: Vec::new() }
    }

    #[test]
    fn the_price_divides_in_the_open_and_the_other_ways_are_a_click_away() {
        let song = split(990_000, 741_500, 149_000);
        let by_bank = split(990_000, 781_000, 149_000);
        let html = fragment(|| {
            ways(&[way("Card", Some(song)), way("Bank account", Some(by_bank)), way("Balance", None)], None)
                .unwrap()
        });
        assert!(html.contains("By card: you pay $0.99"), "{html}");
        for part in ["seller $0.74", "marketplace $0.15", "Amazon $0.10"] {
            assert!(html.contains(part), "{part}: {html}");
        }
        let read =
            "By card: of $0.99 the seller gets $0.74, the marketplace $0.15 and Amazon Payments $0.10.";
        assert!(html.contains(read), "{html}");
        let (_, others) = html.split_once("<details").unwrap();
        assert!(
            others.contains("By bank account: you pay $0.99") && others.contains("seller $0.78"),
            "{others}"
        );
        assert!(!html.contains("Balance") && !html.contains("style="), "{html}");
    }

    #[test]
    fn what_the_fees_would_eat_up_is_not_divided() {
        assert!(ways(&[way("Card", None)], None).is_none());
    }

    #[test]
    fn an_order_says_what_was_paid_and_what_is_left_of_it() {
        let whole = split(2_000_000, 1_700_000, 250_000);
        let order = |left, charged| {
            let order = Divided { way: "Card", paid: whole, charged, left };
            fragment(move || divided(&order, "Gannet Press"))
        };
        let html = order(None, true);
        assert!(html.contains("You paid $2.00 by card"), "{html}");
        let html = order(None, false);
        assert!(html.contains("Nothing is charged yet") && html.contains("By card: you pay $2.00"), "{html}");
        let html = order(Some(split(500_000, 425_000, 62_500)), true);
        assert!(html.contains("$1.50 of it went back to you. What is left of your payment: $0.50"), "{html}");
        assert!(html.contains("seller $0.43") && html.contains("Amazon $0.01"), "{html}");
        let html = order(Some(split(0, 0, 0)), true);
        assert!(html.contains("everybody gave back their share"), "{html}");
        let html = order(Some(split(0, -250_000, 250_000)), true);
        assert!(html.contains("the marketplace kept its $0.25"), "{html}");
    }

    #[test]
    fn shares_of_nothing_and_of_the_largest_amounts_are_drawn() {
        assert_eq!(share(Money::ZERO, Money::ZERO), 0);
        assert_eq!(share(Money::from_micros(i64::MAX), Money::from_micros(i64::MAX)), WIDTH);
        assert_eq!(share(Money::from_micros(-5), Money::from_micros(10)), 0);
    }
}
