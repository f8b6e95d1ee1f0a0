//! Follow the money: what really happened around one purchase, drawn, in words, and to take away.

use super::follow_drawing::{Place, in_words, sample, svg};
use super::{follow_export, shell};
use crate::model::{Arrow, ArrowKind, Balance, Call, Chrome, Drawing, FollowPage, Purchase, Step};
use app::components::table::{Column, table};
use app::components::time::{date_time, machine_readable};
use leptos::prelude::*;

const LEAD: &str = "One purchase as it really happened: who told whom what, and where the money went. Only what was recorded is drawn.";

/// The page, of a purchase or of what can be chosen.
pub fn follow(chrome: &Chrome, data: &FollowPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let (title, main) = match &data.drawing {
            Some(drawing) => (format!("Follow the money: {}", drawing.title), chosen(drawing)),
            None => ("Follow the money".to_owned(), choice(&data)),
        };
        shell::page(&chrome, &title, LEAD, view! { <div data-live="follow">{main}</div> }.into_any())
    })
}

fn chosen(drawing: &Drawing) -> AnyView {
    let state = drawing.state.clone();
    view! {
        <p class="follow-state">"Now: "<strong>{state}</strong>" · "<a href="/lab/follow">"All purchases"</a></p>
        {exports(drawing)}
        {picture(drawing, Place::Page)}
        {legend(drawing)}
        {in_a_list(drawing)}
        {balances(&drawing.balances)}
        {calls(drawing)}
    }
    .into_any()
}

/// What is asked for, and what was bought lately.
fn choice(data: &FollowPage) -> AnyView {
    let asked = data.asked.clone();
    let invalid = data.refused.is_some().then_some("true");
    let described = data.refused.is_some().then_some("follow-error");
    let refused = data.refused.clone().map(|why| {
        view! { <p class="field-error" id="follow-error" role="alert">{why}</p> }
    });
    view! {
        <form class="follow-form" method="get" action="/lab/follow">
            <div class="lab-field">
                <label for="subject">"Order or transaction"</label>
                {refused}
                <input id="subject" name="subject" type="text" value=asked autocomplete="off" spellcheck="false"
                    aria-invalid=invalid aria-describedby=described />
            </div>
            <button class="button button-quiet" type="submit">"Follow"</button>
        </form>
        <h2>"Latest purchases"</h2>
        {latest(&data.latest)}
        <p><a href="/lab/beside">"A view to put beside the shop's window"</a>" follows the latest purchase while you click."</p>
    }
    .into_any()
}

fn latest(purchases: &[Purchase]) -> AnyView {
    if purchases.is_empty() {
        return view! {
            <p class="lab-empty">
                "Nobody has bought anything since recording began. Buy something in the shop, or "
                <a href="/lab/scenarios">"let a scenario happen"</a>"."
            </p>
        }
        .into_any();
    }
    let columns = [
        Column::words("What"),
        Column::words("Buyer"),
        Column::numbers("Amount"),
        Column::words("State"),
        Column::words("Begun"),
    ];
    let rows = purchases.iter().cloned().map(|purchase| {
        let href = purchase.href;
        vec![
            view! { <a href=href>{purchase.title}</a> }.into_any(),
            purchase.buyer.into_any(),
            view! { <span class="amount">{purchase.amount}</span> }.into_any(),
            purchase.state.into_any(),
            date_time(purchase.at),
        ]
    });
    table("Latest purchases", &columns, rows.collect())
}

fn exports(drawing: &Drawing) -> AnyView {
    let link = |format: &str, words: &'static str| {
        let href = format!("/lab/follow?{}&format={format}", drawing.query);
        view! { <li><a href=href>{words}</a></li> }
    };
    view! {
        <ul class="follow-exports" aria-label="Take it away">
            {link("svg", "SVG picture")}
            {link("mermaid", "Mermaid diagram")}
            {link("playwright", "Playwright test")}
            {link("http", "HTTP calls")}
        </ul>
    }
    .into_any()
}

/// The drawing in a box of its own, which scrolls where the window is narrower than its words can be read.
pub(super) fn picture(drawing: &Drawing, place: Place) -> AnyView {
    let drawn = svg(drawing, place);
    view! {
        <p class="follow-way"><a href="#in-words">"The same in words"</a></p>
        <div class="follow-box" tabindex="0" role="region" aria-label="Drawing: scroll to see all lanes" inner_html=drawn></div>
    }
    .into_any()
}

fn legend(drawing: &Drawing) -> AnyView {
    let kinds: Vec<_> = ArrowKind::ALL
        .into_iter()
        .filter(|kind| drawing.arrows().any(|arrow| arrow.kind == *kind))
        .map(|kind| view! { <li><span inner_html=sample(kind)></span>" "{kind.words()}</li> })
        .collect();
    view! { <ul class="follow-legend" aria-label="What the lines mean">{kinds}</ul> }.into_any()
}

/// Everything that is drawn, to be read.
pub(super) fn in_a_list(drawing: &Drawing) -> AnyView {
    let steps: Vec<_> = drawing
        .steps
        .iter()
        .map(|step| match step {
            Step::Gap { words, .. } => {
                let words = words.clone();
                view! { <li class="follow-gap">{words}</li> }.into_any()
            }
            Step::Arrow(arrow) => entry(drawing, arrow),
        })
        .collect();
    view! {
        <h2 id="in-words">"The same in words"</h2>
        <ol class="follow-list">{steps}</ol>
    }
    .into_any()
}

fn entry(drawing: &Drawing, arrow: &Arrow) -> AnyView {
    let class = format!("follow-step f-{}", arrow.kind.word());
    let (id, at) = (format!("step-{}", arrow.id), arrow.at);
    let time = at.strftime("%-d %b, %H:%M:%S").to_string();
    let (href, words) = (arrow.href.clone(), in_words(drawing, arrow));
    view! { <li class=class id=id><time datetime=machine_readable(at)>{time}</time>" "<a href=href>{words}</a></li> }
        .into_any()
}

pub(super) fn balances(balances: &[Balance]) -> AnyView {
    let inside = if balances.is_empty() {
        view! { <p class="lab-empty">"No money has moved."</p> }.into_any()
    } else {
        let columns = [
            Column::words("Whose"),
            Column::words("Account"),
            Column::numbers("Before"),
            Column::numbers("Change"),
            Column::numbers("After"),
        ];
        table("Balances before and after", &columns, balances.iter().map(balance).collect())
    };
    view! { <h2>"Balances before and after"</h2> {inside} }.into_any()
}

fn balance(balance: &Balance) -> Vec<AnyView> {
    let amount = |text: Option<String>| {
        view! { <span class="amount">{text.unwrap_or_else(|| "not known".to_owned())}</span> }.into_any()
    };
    let (href, account) = (balance.href.clone(), balance.account.clone());
    let others = balance.others.clone().map(|others| {
        view! { " "<span class="follow-others">"(other payments meanwhile: "{others}")"</span> }
    });
    vec![
        balance.name.clone().into_any(),
        view! { <a href=href>{account}</a> {others} }.into_any(),
        amount(balance.before.clone()),
        amount(Some(balance.change.clone())),
        amount(balance.after.clone()),
    ]
}

fn calls(drawing: &Drawing) -> AnyView {
    if drawing.calls.is_empty() {
        return ().into_any();
    }
    let calls: Vec<_> = drawing.calls.iter().map(call).collect();
    view! {
        <h2>"The calls as curl"</h2>
        <p>"The secret is left out: sign the parameters, and set " <code>"TIMESTAMP"</code> " and " <code>"SIGNATURE"</code> "."</p>
        {calls}
    }
    .into_any()
}

fn call(call: &Call) -> AnyView {
    let (heading, text) = (format!("{}: {}", call.action, call.code), follow_export::curl(call));
    view! { <details class="follow-call"><summary>{heading}</summary><pre><code>{text}</code></pre></details> }.into_any()
}
