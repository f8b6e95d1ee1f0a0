//! What every step of the Co-Branded UI shares: who asks and for how much, the steps, the way back.

pub(super) use super::cbui_terms::{money_line, most_per_sale, plain_text};
use super::shell::{self, Place};
use crate::model::{Ask, Authorization, Chrome, Most, Step, UsageLimit, Viewer};
use app::components::action::{Weight, post_button};
use app::components::amount::amount;
use leptos::prelude::*;
use money::Money;

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
        {banner(authorization)}
        {asked(authorization)}
        {steps(authorization, step)}
        <h1>{heading}</h1>
        {content}
        {way_back(authorization)}
        {below}
    };
    shell::page(chrome, Place::CobrandedUi, heading, main.into_any())
}

/// The caller's image. It says nothing that the name beside it does not say; and its host is not told
/// which authorization shows it.
fn image(authorization: &Authorization, class: &'static str) -> Option<AnyView> {
    let source = authorization.branding.image.clone()?;
    Some(view! { <img class=class src=source alt="" referrerpolicy="no-referrer" /> }.into_any())
}

fn banner(authorization: &Authorization) -> Option<AnyView> {
    if authorization.branding.is_banner { image(authorization, "asked-banner") } else { None }
}

/// The shop's name and the amount, always in sight.
fn asked(authorization: &Authorization) -> AnyView {
    let recipient = authorization.branding.recipient.clone();
    let through = recipient.as_ref().map(|_| format!(", through {}", authorization.caller));
    let shown = recipient.unwrap_or_else(|| authorization.caller.clone());
    let logo = (!authorization.branding.is_banner).then(|| image(authorization, "asked-logo")).flatten();
    let mark = logo.unwrap_or_else(|| {
        view! { <span class="asked-mark" aria-hidden="true">{initials(&shown)}</span> }.into_any()
    });
    let total = total(&authorization.ask).map(|(qualifier, total)| {
        let qualifier = qualifier.map(|words| view! { <small>{words}</small> " " });
        view! { <strong class="asked-amount">{qualifier} {amount(total)}</strong> }
    });
    view! {
        <section class="asked" aria-label="The request">
            {mark}
            <p class="asked-who">
                <strong>{shown}</strong> " " <span>{wish(&authorization.ask)} {through}</span>
            </p>
            {total}
        </section>
    }
    .into_any()
}

/// Of its first two words, for whom has no logo.
fn initials(name: &str) -> String {
    let first = |word: &str| word.chars().find(|letter| letter.is_alphanumeric());
    name.split_whitespace().filter_map(first).take(2).flat_map(char::to_uppercase).collect()
}

/// What the caller wants, after its name.
fn wish(ask: &Ask) -> String {
    match ask {
        Ask::SingleUse { .. } => "asks for one payment".to_owned(),
        Ask::MultiUse { .. } => "asks for payments within limits".to_owned(),
        Ask::Recurring { period, .. } => format!("asks for a payment every {period}"),
        Ask::Recipient { .. } => "asks to collect payments for you".to_owned(),
        Ask::SetupPrepaid { .. } => "offers you a prepaid balance".to_owned(),
        Ask::SetupPostpaid { .. } => "offers you to buy on credit".to_owned(),
        Ask::EditToken { .. } => "asks what should pay from now on".to_owned(),
    }
}

/// The amount that matters, and how it is meant.
fn total(ask: &Ask) -> Option<(Option<&'static str>, Money)> {
    const UP_TO: Option<&str> = Some("up to");
    match ask {
        Ask::SingleUse { amount, .. } | Ask::Recurring { amount, .. } => Some((None, *amount)),
        Ask::SetupPrepaid { funding } => Some((None, *funding)),
        Ask::SetupPostpaid { credit_limit, .. } => Some((UP_TO, *credit_limit)),
        Ask::MultiUse { limits, .. } => limits.iter().find_map(in_all).map(|most| (UP_TO, most)),
        Ask::Recipient { .. } | Ask::EditToken { .. } => None,
    }
}

fn in_all(limit: &UsageLimit) -> Option<Money> {
    match (limit.most, &limit.period) {
        (Most::Amount(most), None) => Some(most),
        _ => None,
    }
}

/// A recipient has no payment method to choose, and most callers do not ask for an address.
fn steps(authorization: &Authorization, current: Step) -> AnyView {
    let pays = !matches!(authorization.ask, Ask::Recipient { .. });
    let all = [
        (Step::SignIn, "Sign in", true),
        (Step::Choose, "Payment method", pays),
        (Step::Address, "Address", authorization.collects_address),
        (Step::Confirm, "Confirm", true),
    ];
    let all: Vec<_> = all.into_iter().filter(|(_, _, is_there)| *is_there).collect();
    let position = all.iter().position(|(step, ..)| *step == current).unwrap_or(0);
    let items: Vec<_> = all
        .iter()
        .enumerate()
        .map(|(index, (_, label, _))| {
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
    let nothing = match authorization.ask {
        Ask::Recipient { .. } => "Nothing is registered.",
        Ask::EditToken { .. } => "Nothing is changed.",
        Ask::SetupPrepaid { .. } | Ask::SetupPostpaid { .. } => "Nothing is set up or charged.",
        Ask::SingleUse { .. } | Ask::MultiUse { .. } | Ask::Recurring { .. } => "Nothing is charged.",
    };
    let site = authorization.branding.website.as_ref().unwrap_or(&authorization.caller);
    let form = post_button(
        address(authorization, "cancel"),
        "Cancel",
        Weight::Quiet,
        "cancel-effect".to_owned(),
        format!("Takes you back to {site}. {nothing}"),
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
