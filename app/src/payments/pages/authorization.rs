//! What every step of the Co-Branded UI shares: who asks and for how much, the steps, the way back.

use super::shell::{self, Place};
use crate::components::action::{Weight, post_button};
use crate::components::amount::amount;
use crate::payments::model::{Ask, Authorization, Chrome, Step, Viewer};
use leptos::prelude::*;
use money::{Money, Percent};

/// The address of one of the authorization's pages or forms.
pub(super) fn address(authorization: &Authorization, step: &str) -> String {
    format!("/cobranded-ui/{}/{step}", authorization.id)
}

/// A step's whole page. What is asked stands above the step, the way back below it, and `below` after that.
pub(super) fn step_page(
    chrome: &Chrome,
    authorization: &Authorization,
    step: Step,
    heading: &'static str,
    content: AnyView,
    below: Option<AnyView>,
) -> AnyView {
    let main = view! {
        {asked(authorization)}
        {steps(authorization, step)}
        <h1>{heading}</h1>
        {content}
        {way_back(authorization)}
        {below}
    };
    shell::page(chrome, Place::CobrandedUi, heading, main.into_any())
}

/// The shop's name and the amount, always in sight.
fn asked(authorization: &Authorization) -> AnyView {
    let caller = authorization.caller.clone();
    let initial: String = caller.chars().find(|letter| letter.is_alphanumeric()).into_iter().collect();
    let (purpose, total) = match authorization.ask {
        Ask::SingleUse { amount, .. } => ("asks for one payment", Some(amount)),
        Ask::Recipient { .. } => ("asks to collect payments for you", None),
    };
    let total = total.map(|total| view! { <strong class="asked-amount">{amount(total)}</strong> });
    view! {
        <section class="asked" aria-label="The request">
            <span class="asked-mark" aria-hidden="true">{initial.to_uppercase()}</span>
            <p class="asked-who"><strong>{caller}</strong> " " <span>{purpose}</span></p>
            {total}
        </section>
    }
    .into_any()
}

/// A recipient has no payment method to choose: two steps.
fn steps(authorization: &Authorization, current: Step) -> AnyView {
    let all: &[(Step, &str)] = match authorization.ask {
        Ask::SingleUse { .. } => {
            &[(Step::SignIn, "Sign in"), (Step::Choose, "Payment method"), (Step::Confirm, "Confirm")]
        }
        Ask::Recipient { .. } => &[(Step::SignIn, "Sign in"), (Step::Confirm, "Confirm")],
    };
    let position = all.iter().position(|(step, _)| *step == current).unwrap_or(0);
    let items: Vec<_> = all
        .iter()
        .enumerate()
        .map(|(index, (_, label))| {
            let done = (index < position).then_some("done");
            let note = done.map(|_| view! { <span class="visually-hidden">" (done)"</span> });
            view! {
                <li class=done aria-current=(index == position).then_some("step")>
                    <span>{*label} {note}</span>
                </li>
            }
        })
        .collect();
    view! { <ol class="steps" aria-label="Steps">{items}</ol> }.into_any()
}

/// Leaves for the shop; says what that does.
fn way_back(authorization: &Authorization) -> AnyView {
    let effect = match authorization.ask {
        Ask::SingleUse { .. } => format!("Takes you back to {}. Nothing is charged.", authorization.caller),
        Ask::Recipient { .. } => {
            format!("Takes you back to {}. Nothing is registered.", authorization.caller)
        }
    };
    let form = post_button(
        address(authorization, "cancel"),
        "Cancel",
        Weight::Quiet,
        "cancel-effect".to_owned(),
        effect,
    );
    view! { <div class="way-back">{form}</div> }.into_any()
}

/// Who is signed in, and the way to be somebody else.
pub(super) fn signed_in_as(chrome: &Chrome, authorization: &Authorization) -> Option<AnyView> {
    let Viewer { name, email } = chrome.viewer.clone()?;
    let view = view! {
        <form class="signed-in" method="post" action=address(authorization, "switch-account")>
            <p>"Signed in as " <strong>{name}</strong> " " <span class="address">{email}</span></p>
            <button class="button-text" type="submit">"Use another account"</button>
        </form>
    };
    Some(view.into_any())
}

/// A line of a list of facts: a term and what it is.
pub(super) fn fact(term: &str, description: impl IntoView + 'static) -> AnyView {
    let term = term.to_owned();
    view! { <div><dt>{term}</dt><dd>{description}</dd></div> }.into_any()
}

/// What is paid, to whom, for what, and of which parts the total consists. Nothing for a recipient.
pub(super) fn payment_facts(authorization: &Authorization) -> Option<AnyView> {
    let Ask::SingleUse { amount: total, reason, recipient, breakdown } = &authorization.ask else {
        return None;
    };
    let recipient = recipient.as_deref().unwrap_or(&authorization.caller).to_owned();
    let reason = reason.as_deref().map(plain_text).filter(|text| !text.is_empty());
    let parts: Vec<_> = breakdown.iter().map(|(name, part)| money_line(name, *part)).collect();
    let view = view! {
        <dl class="facts">
            {fact("To", recipient)}
            {reason.map(|reason| fact("For", reason))}
        </dl>
        <dl class="sum">
            {parts}
            <div class="total"><dt>"Total"</dt><dd>{amount(*total)}</dd></div>
        </dl>
    };
    Some(view.into_any())
}

pub(super) fn money_line(name: &str, money: Money) -> AnyView {
    let name = name.to_owned();
    view! { <div><dt>{name}</dt><dd>{amount(money)}</dd></div> }.into_any()
}

/// A caller may send a few tags in its reason (REFERENCE §7.2). They only mark up words, so the words
/// are shown and these tags are dropped; whatever else looks like a tag stays, as the text that it is.
pub(super) fn plain_text(reason: &str) -> String {
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
}
