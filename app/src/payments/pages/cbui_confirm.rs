use super::authorization::{address, fact, most_per_sale, payment_facts, signed_in_as, step_page};
use crate::payments::model::{Ask, Authorization, CbuiConfirm, Chrome, Step};
use leptos::prelude::*;
use money::{Money, Percent};

/// Step 3: everything once more, and the one button that agrees.
pub fn cbui_confirm(chrome: &Chrome, data: &CbuiConfirm) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    crate::render::document(move || {
        let (heading, content) = match data.authorization.ask {
            Ask::SingleUse { .. } => ("Confirm payment authorization", payment(&data)),
            Ask::Recipient { max_fixed_fee, max_variable_fee, recipient_pays_fee } => {
                let most = MostPerSale { fixed: max_fixed_fee, variable: max_variable_fee };
                (
                    "Confirm recipient registration",
                    registration(&data.authorization, most, recipient_pays_fee),
                )
            }
        };
        let problem = problem(&data);
        let content = view! {
            {problem.map(|problem| problem_box(&data.authorization, problem))}
            {signed_in_as(&chrome, &data.authorization)}
            {content}
            // What cannot work is not offered: with a problem, the way on is the one that the problem names.
            {problem.is_none().then(|| confirm_form(&data.authorization))}
        };
        step_page(&chrome, &data.authorization, Step::Confirm, heading, content.into_any(), None)
    })
}

/// What stands in the way. A payment without an instrument cannot be confirmed either.
fn problem(data: &CbuiConfirm) -> Option<&str> {
    let is_payment = matches!(data.authorization.ask, Ask::SingleUse { .. });
    let unchosen = (is_payment && data.instrument.is_none()).then_some("You have not chosen how to pay.");
    data.problem.as_deref().or(unchosen)
}

fn problem_box(authorization: &Authorization, problem: &str) -> AnyView {
    let other = matches!(authorization.ask, Ask::SingleUse { .. }).then(|| {
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

fn payment(data: &CbuiConfirm) -> AnyView {
    let authorization = &data.authorization;
    let paid_with = data.instrument.as_ref().map(|instrument| {
        let change = address(authorization, "instrument");
        let description = view! {
            {instrument.label.clone()}
            " "
            <a class="change" href=change>"Change" <span class="visually-hidden">" the payment method"</span></a>
        };
        view! { <dl class="facts">{fact("Paid with", description)}</dl> }
    });
    view! { {payment_facts(authorization)} {paid_with} }.into_any()
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
        </dl>
    }
    .into_any()
}

fn confirm_form(authorization: &Authorization) -> AnyView {
    let caller = &authorization.caller;
    let consequence = match authorization.ask {
        Ask::SingleUse { amount, .. } => format!(
            "When you confirm, {caller} may take {amount} from this payment method, once. You then go back to the shop."
        ),
        Ask::Recipient { .. } => format!("When you confirm, you go back to {caller}."),
    };
    view! {
        <form method="post" action=address(authorization, "confirm")>
            <p id="confirm-effect">{consequence}</p>
            <button class="button" type="submit" aria-describedby="confirm-effect">"Confirm"</button>
        </form>
    }
    .into_any()
}
