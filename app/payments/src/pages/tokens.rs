use super::account_shell;
use super::authorization::{fact, plain_text};
use crate::model::{Chrome, Paging, TokenCard, TokenLimit, TokensPage};
use app::components::action::{Weight, post_button};
use app::components::time::date;
use leptos::prelude::*;

/// What the account has allowed callers to do, and the way to end it.
pub fn tokens(chrome: &Chrome, data: &TokensPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let main = view! {
            <p class="lead">
                "What you have allowed shops to do without asking you again. What you cancel here ends at once, "
                "and the shop hears of it."
            </p>
            {active(data.active)}
            {past(data.past, data.paging)}
        };
        account_shell::page(&chrome, "Authorizations", main.into_any())
    })
}

fn active(tokens: Vec<TokenCard>) -> AnyView {
    if tokens.is_empty() {
        return view! {
            <p class="empty">
                "None at present. When you confirm a payment that a shop asks for, what you allowed it stands here."
            </p>
        }
        .into_any();
    }
    let cards: Vec<_> = tokens.into_iter().map(card).collect();
    view! {
        <section aria-labelledby="in-use">
            <h2 id="in-use">"In use"</h2>
            <ul class="cards">{cards}</ul>
        </section>
    }
    .into_any()
}

fn past(tokens: Vec<TokenCard>, paging: Paging) -> Option<AnyView> {
    if tokens.is_empty() {
        return None;
    }
    let count = tokens.len();
    let count = if paging.older.is_some() { format!("the latest {count}") } else { count.to_string() };
    // Whoever turned its pages wants to see them.
    let turned = paging.newer.is_some();
    let cards: Vec<_> = tokens.into_iter().map(card).collect();
    let view = view! {
        <details class="filters past" id="past" open=turned>
            <summary><h2>"No longer in use"</h2> " " <span class="aside">{(!turned).then_some(count)}</span></summary>
            <ul class="cards cards-past">{cards}</ul>
            {account_shell::pages(paging, "/account/tokens", "", "past")}
        </details>
    };
    Some(view.into_any())
}

fn card(token: TokenCard) -> AnyView {
    let title = format!("{}: {}", token.caller, token.kind);
    let state_class = if token.state == "Active" { "status" } else { "status status-open" };
    let reason = token.reason.as_deref().map(|reason| fact("For", plain_text(reason)));
    let terms: Vec<_> = token.terms.iter().map(|term| view! { <li>{term.clone()}</li> }).collect();
    let terms = (!terms.is_empty()).then(|| fact("Terms", view! { <ul class="plain">{terms}</ul> }));
    let limits: Vec<_> = token.limits.iter().map(limit).collect();
    let limits = (!limits.is_empty()).then(|| fact("Used", view! { <ul class="plain">{limits}</ul> }));
    let expires = token.expires.map(|at| fact("Until", date(at)));
    let id = token.id.clone();
    let cancel = token.cancel.map(|effect| {
        let path = format!("/account/tokens/{}/cancel", token.id);
        post_button(path, "Cancel", Weight::Danger, format!("effect-{}", token.id), effect)
    });
    view! {
        <li class="card">
            <h3>{title} <span class=state_class>{token.state}</span></h3>
            <dl class="facts">
                {reason}
                {terms}
                {limits}
                {fact("Since", date(token.made))}
                {expires}
                {fact("Number", view! { <code class="reference">{id}</code> })}
            </dl>
            {cancel}
        </li>
    }
    .into_any()
}

fn limit(limit: &TokenLimit) -> AnyView {
    let period = limit.period.as_ref().map(|period| format!(" {period}"));
    view! { <li>{format!("{} of {}", limit.used, limit.limit)} {period}</li> }.into_any()
}
