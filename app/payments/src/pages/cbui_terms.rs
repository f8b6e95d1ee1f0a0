//! What is being allowed, in plain words: the terms of each pipeline.

use super::authorization::fact;
use crate::model::{Ask, Authorization, EachPayment, Most, UsageLimit};
use app::components::amount::amount;
use app::components::time::date;
use leptos::prelude::*;
use money::{Money, Percent};

/// All of it, for the pages after signing in.
pub(super) fn terms(authorization: &Authorization) -> AnyView {
    let caller = &authorization.caller;
    match &authorization.ask {
        Ask::SingleUse { amount: total, breakdown, .. } => single_use(authorization, breakdown, *total),
        Ask::MultiUse { each, limits } => {
            let each = each.map_or_else(|| "Any amount within the limits".to_owned(), each_payment);
            facts(authorization, vec![fact("Each payment", each), fact("At most", list_of(limits))])
        }
        Ask::Recurring { amount, period } => {
            let each = format!("{amount}, once every {period}");
            facts(authorization, vec![fact("Payments", each)])
        }
        Ask::SetupPrepaid { funding } => {
            let opened = format!("What you buy at {caller} is then paid from this balance.");
            let balance = view! { {format!("Filled with up to {funding}. ")} {opened} };
            facts(authorization, vec![fact("Prepaid balance", balance)])
        }
        Ask::SetupPostpaid { credit_limit, limits } => {
            let credit = format!("You can owe {caller} up to {credit_limit} at a time, and settle it later.");
            facts(authorization, vec![fact("Credit", credit), fact("Purchases at most", list_of(limits))])
        }
        Ask::EditToken { allows, pays_now } => {
            let pays_now = pays_now.clone().map(|label| fact("Paid with until now", label));
            let allowed = fact("You allowed", allows.clone());
            view! { <dl class="facts">{to(authorization)} {purpose(authorization)} {allowed} {pays_now}</dl> }
                .into_any()
        }
        Ask::Recipient { max_fixed_fee, max_variable_fee, recipient_pays_fee } => {
            let most = MostPerSale { fixed: *max_fixed_fee, variable: *max_variable_fee };
            registration(authorization, most, *recipient_pays_fee)
        }
    }
}

fn single_use(authorization: &Authorization, breakdown: &[(String, Money)], total: Money) -> AnyView {
    let parts: Vec<_> = breakdown.iter().map(|(name, part)| money_line(name, *part)).collect();
    view! {
        <dl class="facts">
            {to(authorization)}
            {purpose(authorization)}
            {ships_to(&authorization.ships_to)}
        </dl>
        <dl class="sum">
            {parts}
            <div class="total"><dt>"Total"</dt><dd>{amount(total)}</dd></div>
        </dl>
    }
    .into_any()
}

/// Of an authorization that lasts: who, what for, its own terms, how long, and who pays fees.
fn facts(authorization: &Authorization, own: Vec<AnyView>) -> AnyView {
    let fees =
        format!("None for you. {} or whoever is paid bears Amazon Payments' fee.", authorization.caller);
    view! {
        <dl class="facts">
            {to(authorization)}
            {purpose(authorization)}
            {own}
            {validity(authorization)}
            {ships_to(&authorization.ships_to)}
            {fact("Fees", fees)}
        </dl>
    }
    .into_any()
}

fn to(authorization: &Authorization) -> AnyView {
    let recipients = match &*authorization.recipients {
        [] if authorization.pays_anybody => format!("Whoever {} names", authorization.caller),
        [] => authorization.caller.clone(),
        named => named.join(", "),
    };
    fact("To", recipients)
}

fn purpose(authorization: &Authorization) -> Option<AnyView> {
    let reason = authorization.reason.as_deref().map(plain_text).filter(|text| !text.is_empty());
    reason.map(|reason| fact("For", reason))
}

/// An address, line by line.
pub(super) fn ships_to(lines: &[String]) -> Option<AnyView> {
    (!lines.is_empty()).then(|| fact("Ships to", address_lines(lines)))
}

pub(super) fn address_lines(lines: &[String]) -> AnyView {
    let lines: Vec<_> =
        lines.iter().cloned().map(|line| view! { <span class="address-line">{line}</span> " " }).collect();
    view! { {lines} }.into_any()
}

fn validity(authorization: &Authorization) -> AnyView {
    let until = match (authorization.valid_from, authorization.valid_until) {
        (Some(from), Some(until)) => {
            view! { "From " {date(from)} " until " {date(until)} ", or until" }.into_any()
        }
        (Some(from), None) => view! { "From " {date(from)} " until" }.into_any(),
        (None, Some(until)) => view! { "Until " {date(until)} ", or until" }.into_any(),
        (None, None) => "Until".into_any(),
    };
    fact("Valid", view! { {until} " you cancel it in your account at Amazon Payments." })
}

fn each_payment(each: EachPayment) -> String {
    match each {
        EachPayment::Exactly(amount) => format!("Exactly {amount}"),
        EachPayment::AtLeast(amount) => format!("{amount} or more"),
        EachPayment::AtMost(amount) => format!("{amount} or less"),
    }
}

fn list_of(limits: &[UsageLimit]) -> AnyView {
    let items: Vec<_> = limits.iter().map(|limit| view! { <li>{limit_words(limit)}</li> }).collect();
    view! { <ul class="plain-list">{items}</ul> }.into_any()
}

/// "$40.00 every 6 months", "3 payments every week", "$100.00 in all".
fn limit_words(limit: &UsageLimit) -> String {
    let most = match limit.most {
        Most::Amount(amount) => amount.to_string(),
        Most::Payments(1) => "1 payment".to_owned(),
        Most::Payments(count) => format!("{count} payments"),
    };
    match &limit.period {
        Some(period) => format!("{most} every {period}"),
        None => format!("{most} in all"),
    }
}

pub(super) fn money_line(name: &str, money: Money) -> AnyView {
    let name = name.to_owned();
    view! { <div><dt>{name}</dt><dd>{amount(money)}</dd></div> }.into_any()
}

#[derive(Clone, Copy)]
struct MostPerSale {
    fixed: Option<Money>,
    variable: Option<Percent>,
}

impl MostPerSale {
    /// What it comes to on a sale of this price, where there is anything to reckon.
    fn on(self, price: Money) -> Option<Money> {
        let share = self.variable.unwrap_or_default().of(price).ok()?;
        let most = self.fixed.unwrap_or_default().add(share).ok()?;
        most.is_positive().then_some(most)
    }
}

/// The most that a caller may take of each sale, in words.
pub(super) fn most_per_sale(fixed: Option<Money>, variable: Option<Percent>) -> String {
    let fixed = fixed.filter(|fee| fee.is_positive());
    let variable = variable.filter(|share| *share > Percent::ZERO);
    match (fixed, variable) {
        (Some(fee), Some(share)) => format!("{fee} and {share} % of the price"),
        (Some(fee), None) => fee.to_string(),
        (None, Some(share)) => format!("{share} % of the price"),
        (None, None) => "Nothing".to_owned(),
    }
}

fn registration(authorization: &Authorization, most: MostPerSale, recipient_pays_fee: bool) -> AnyView {
    let caller = &authorization.caller;
    let price = Money::from_cents(1000);
    let example = most
        .on(price)
        .map(|most| format!("On a sale of {price} that is {most}."))
        .map(|example| view! { <span class="fact-note">{example}</span> });
    let fee = if recipient_pays_fee {
        "You pay it, out of each sale.".to_owned()
    } else {
        format!("{caller} pays it, not you.")
    };
    let refunds = format!("{caller} may give a buyer's money back, out of what you were paid.");
    view! {
        <p>
            {format!("Buyers at {caller} pay you into this account. You allow {caller} to collect for you on these terms.")}
        </p>
        <dl class="facts terms">
            {fact(
                &format!("The most that {caller} may take of each sale"),
                view! { <strong>{most_per_sale(most.fixed, most.variable)}</strong> {example} },
            )}
            {fact("Amazon Payments' own fee", fee)}
            {fact("Refunds", refunds)}
            {validity(authorization)}
        </dl>
    }
    .into_any()
}

/// A caller may send a few tags in its reason (fps.md §7.2). They only mark up words, so the words
/// are shown and these tags are dropped; whatever else looks like a tag stays, as the text that it is.
pub fn plain_text(reason: &str) -> String {
    const WITHIN_WORDS: [&str; 6] = ["b", "i", "u", "em", "strong", "strike"];
    const BETWEEN_WORDS: [&str; 3] = ["br", "li", "ul"];
    let is_one_of = |names: &[&str], name: &str| names.iter().any(|known| name.eq_ignore_ascii_case(known));
    let mut text = String::with_capacity(reason.len());
    let mut rest = reason;
    while let Some(start) = rest.find('<') {
        let (before, tagged) = rest.split_at(start);
        text.push_str(before);
        let name = tagged[1..].split('>').next().unwrap_or_default();
        let closed = tagged.len() > name.len() + 1;
        let bare = name.strip_prefix('/').unwrap_or(name).trim_end_matches('/').trim_end();
        let (shown, used) = if closed && is_one_of(&WITHIN_WORDS, bare) {
            ("", name.len() + 2)
        } else if closed && is_one_of(&BETWEEN_WORDS, bare) {
            (" ", name.len() + 2)
        } else {
            ("<", 1)
        };
        text.push_str(shown);
        rest = &tagged[used..];
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_shown_as_words_without_the_tags_that_callers_may_send() {
        assert_eq!(plain_text("<b>Now and Forever</b><br/>an MP3"), "Now and Forever an MP3");
        assert_eq!(plain_text("<UL><li>one</li><LI>two</ul>"), "one two");
        assert_eq!(plain_text("un<em>believ</em>able"), "unbelievable");
    }

    #[test]
    fn other_tags_stay_visible_as_text() {
        for text in
            ["<script>alert(1)</script>", "<b onclick=x>hi", "1 < b> 0", "<", "<>", "a<b", "<é>", "</"]
        {
            assert_eq!(plain_text(text), text);
        }
    }

    #[test]
    fn the_most_per_sale_is_said_in_words() {
        let (fee, share) = (Money::from_cents(5), Percent::parse("10").unwrap());
        assert_eq!(most_per_sale(Some(fee), Some(share)), "$0.05 and 10 % of the price");
        assert_eq!(most_per_sale(Some(Money::ZERO), Some(share)), "10 % of the price");
        assert_eq!(most_per_sale(Some(fee), None), "$0.05");
        assert_eq!(most_per_sale(None, None), "Nothing");
    }

    #[test]
    fn limits_are_said_in_words() {
        let words =
            |most, period: Option<&str>| limit_words(&UsageLimit { most, period: period.map(str::to_owned) });
        assert_eq!(words(Most::Amount(Money::from_cents(4000)), Some("6 months")), "$40.00 every 6 months");
        assert_eq!(words(Most::Payments(1), Some("week")), "1 payment every week");
        assert_eq!(words(Most::Payments(3), None), "3 payments in all");
    }
}
