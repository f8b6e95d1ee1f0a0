use super::authorization::{address, fact, signed_in_as, step_page};
use super::cbui_terms::{address_lines, terms};
use crate::model::{Ask, Authorization, CbuiConfirm, Chrome, Reviewed, Step};
use leptos::prelude::*;

/// The last step: everything once more, and the one button that agrees.
pub fn cbui_confirm(chrome: &Chrome, data: &CbuiConfirm) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let authorization = &data.authorization;
        let problem = problem(&data);
        let content = view! {
            {(data.changed && problem.is_none()).then(changed)}
            {problem.map(|problem| problem_box(authorization, problem))}
            {signed_in_as(&chrome, authorization)}
            {terms(authorization)}
            {chosen(&data)}
            {data.note.clone().map(|note| view! { <p class="warning">{note}</p> })}
            // What cannot work is not offered: with a problem, the way on is the one that the problem names.
            {problem.is_none().then(|| confirm_form(authorization, &data.reviewed))}
        };
        let heading = heading(&authorization.ask);
        step_page(&chrome, authorization, Step::Confirm, heading, content.into_any(), None)
    })
}

const fn heading(ask: &Ask) -> &'static str {
    match ask {
        Ask::SingleUse { .. } | Ask::MultiUse { .. } => "Confirm payment authorization",
        Ask::Recurring { .. } => "Confirm recurring payments",
        Ask::Recipient { .. } => "Confirm recipient registration",
        Ask::SetupPrepaid { .. } => "Confirm your prepaid balance",
        Ask::SetupPostpaid { .. } => "Confirm buying on credit",
        Ask::EditToken { .. } => "Confirm the payment method",
    }
}

const fn pays(ask: &Ask) -> bool {
    !matches!(ask, Ask::Recipient { .. })
}

/// What stands in the way. A payment without an instrument cannot be confirmed either.
fn problem(data: &CbuiConfirm) -> Option<&str> {
    let unchosen = (pays(&data.authorization.ask) && data.instrument.is_none())
        .then_some("You have not chosen how to pay.");
    data.problem.as_deref().or(unchosen)
}

fn changed() -> AnyView {
    view! {
        <div class="problem" role="alert">
            <p>
                <strong>"Nothing is confirmed yet."</strong>
                " The choice was changed elsewhere, in another tab perhaps. This is what it is now: look at it "
                "once more, then confirm."
            </p>
        </div>
    }
    .into_any()
}

fn problem_box(authorization: &Authorization, problem: &str) -> AnyView {
    let other = pays(&authorization.ask).then(|| {
        view! {
            <p class="actions">
                <a class="button" href=address(authorization, "instrument")>"Choose a payment method"</a>
            </p>
        }
    });
    view! {
        <div class="problem" role="alert">
            <p><strong>{problem.to_owned()}</strong></p>
            {other}
        </div>
    }
    .into_any()
}

/// What was chosen on the way, each with the way back to the choice.
fn chosen(data: &CbuiConfirm) -> AnyView {
    let authorization = &data.authorization;
    let paid_with = data.instrument.as_ref().map(|instrument| {
        let change = change(address(authorization, "instrument"), " the payment method");
        let label = instrument.label.clone();
        fact(paid_with(&authorization.ask), view! { {label} " " {change} })
    });
    let ship_to = (!data.ship_to.is_empty()).then(|| {
        let change = change(address(authorization, "address"), " the address");
        fact("Ships to", view! { {change} {address_lines(&data.ship_to)} })
    });
    let told = (!data.ship_to.is_empty())
        .then(|| view! { <p class="aside">{format!("{} is told this address.", authorization.caller)}</p> });
    if paid_with.is_none() && ship_to.is_none() {
        return ().into_any();
    }
    view! { <dl class="facts">{paid_with} {ship_to}</dl> {told} }.into_any()
}

const fn paid_with(ask: &Ask) -> &'static str {
    match ask {
        Ask::SetupPrepaid { .. } => "Filled from",
        Ask::SetupPostpaid { .. } => "Settled from",
        Ask::EditToken { .. } => "Paid with from now on",
        _ => "Paid with",
    }
}

fn change(href: String, what: &'static str) -> AnyView {
    view! { <a class="change" href=href>"Change" <span class="visually-hidden">{what}</span></a> }.into_any()
}

/// What is agreed to is what stands here: it goes along with the agreement.
fn confirm_form(authorization: &Authorization, reviewed: &Reviewed) -> AnyView {
    let Reviewed { account, instrument, address: ships_to } = reviewed.clone();
    view! {
        <form method="post" action=address(authorization, "confirm")>
            <input type="hidden" name="account" value=account />
            <input type="hidden" name="instrument" value=instrument />
            <input type="hidden" name="address" value=ships_to />
            <p id="confirm-effect">{consequence(authorization)}</p>
            <button class="button" type="submit" aria-describedby="confirm-effect">"Confirm"</button>
        </form>
    }
    .into_any()
}

/// What pressing the button does.
fn consequence(authorization: &Authorization) -> String {
    let caller = &authorization.caller;
    match &authorization.ask {
        Ask::SingleUse { amount, reserve: false, .. } => format!(
            "When you confirm, {caller} may take {amount} from this payment method, once. You then go back to the shop."
        ),
        Ask::SingleUse { amount, reserve: true, .. } => format!(
            "When you confirm, {caller} may set {amount} aside on this payment method and take it later, once. You \
             then go back to the shop."
        ),
        Ask::MultiUse { .. } => format!(
            "When you confirm, {caller} may take payments within these limits from this payment method, without \
             asking you again."
        ),
        Ask::Recurring { amount, period } => format!(
            "When you confirm, {caller} may take {amount} from this payment method once every {period}, without \
             asking you again."
        ),
        Ask::Recipient { .. } => format!("When you confirm, you go back to {caller}."),
        Ask::SetupPrepaid { funding } => format!(
            "When you confirm, {caller} may move {funding} from this payment method into your prepaid balance, and \
             pay from the balance what you buy there."
        ),
        Ask::SetupPostpaid { .. } => format!(
            "When you confirm, you can buy on credit at {caller}, and {caller} may take what you owe from this \
             payment method."
        ),
        Ask::EditToken { .. } => format!(
            "When you confirm, {caller} takes the payments that you allowed from this payment method. Payments \
             made already stay as they are."
        ),
    }
}
