//! `/operator/fees`: what the marketplace takes, now and later.

use super::frame;
use crate::model::{Chrome, FeeRuleRow, FeesPage};
use app::components::amount::amount;
use app::components::field::{RadioOption, TextField, error_summary, radio_group, select_field, text_field};
use app::components::table::{Column, table};
use app::components::time;
use leptos::prelude::*;

const PATH: &str = "/operator/fees";

pub fn fees(chrome: &Chrome, page: &FeesPage) -> String {
    frame(chrome, "Fees", PATH, || {
        view! {
            {error_summary(&page.form)}
            <p class="lead">
                "A sale pays by the seller's own rule; without one, by the category's; without that, by the one for all. \
                 An order keeps the rule that it was made under."
            </p>
            <section aria-labelledby="present">
                <h2 id="present">"Now"</h2>
                {rules("The rules that hold now", &page.present, false)}
            </section>
            {coming(page)}
            {form(page)}
        }
        .into_any()
    })
}

fn coming(page: &FeesPage) -> Option<AnyView> {
    if page.coming.is_empty() {
        return None;
    }
    let view = view! {
        <section aria-labelledby="coming">
            <h2 id="coming">"To come"</h2>
            {rules("The rules that begin later", &page.coming, true)}
        </section>
    };
    Some(view.into_any())
}

fn rules(caption: &'static str, rules: &[FeeRuleRow], coming: bool) -> AnyView {
    const COLUMNS: [Column; 7] = [
        Column::words("For"),
        Column::words("Fee"),
        Column::words("From"),
        Column::numbers("Of $1"),
        Column::numbers("Of $10"),
        Column::numbers("Of $100"),
        Column::words("Change"),
    ];
    let columns = if coming { &COLUMNS[..] } else { &COLUMNS[..6] };
    let rows = rules.iter().map(|rule| {
        let mut cells = vec![
            rule.reach.clone().into_any(),
            rule.words.clone().into_any(),
            rule.begins_at.map_or_else(|| "the beginning".into_any(), time::date_time),
        ];
        cells.extend(rule.examples.map(amount));
        if coming {
            cells.push(withdraw(rule));
        }
        cells
    });
    table(caption, columns, rows.collect())
}

fn withdraw(rule: &FeeRuleRow) -> AnyView {
    let label = format!("Withdraw the rule for {}", rule.reach);
    view! {
        <form method="post" action=format!("{PATH}/{}/withdraw", rule.id)>
            <button class="button-text" type="submit" aria-label=label>"Withdraw"</button>
        </form>
    }
    .into_any()
}

fn form(page: &FeesPage) -> AnyView {
    let form = &page.form;
    let reaches = [
        RadioOption::new("all", "All sellers", "Where nothing else is said."),
        RadioOption::new(
            "category",
            "A category",
            "For sellers without a rule of their own. Choose it below.",
        ),
        RadioOption::new("seller", "One seller", "Before all other rules. Name the seller below."),
    ];
    let money = |name, label, hint, optional| TextField {
        hint: Some(hint),
        input_mode: Some("decimal"),
        width: Some("short"),
        optional,
        ..TextField::new(name, label)
    };
    let seller = TextField {
        hint: Some("The shop's name as it is written, or the seller's e-mail address."),
        optional: true,
        ..TextField::new("seller", "Which seller")
    };
    let from = TextField {
        kind: "date",
        hint: Some("From midnight UTC of that day on; today means at once."),
        optional: true,
        width: Some("medium"),
        ..TextField::new("from", "From")
    };
    view! {
        <section class="measure" aria-labelledby="new-rule">
            <h2 id="new-rule">"Make a rule"</h2>
            <form method="post" action=PATH novalidate>
                {radio_group(form, "reach", "For whom", Some("all"), &reaches)}
                {select_field(form, "category", "Which category", true, &page.categories)}
                {text_field(form, seller)}
                <div class="row">
                    {text_field(form, money("fixed", "Fixed fee", "Dollars of each sale, such as 0.05.", false))}
                    {text_field(form, money("variable", "Variable fee", "Per cent of the price, such as 10.", false))}
                </div>
                <div class="row">
                    {text_field(form, money("least", "At least", "Dollars, both together.", true))}
                    {text_field(form, money("most", "At most", "Dollars, both together.", true))}
                </div>
                {text_field(form, from)}
                <button class="button" type="submit" aria-describedby="rule-effect">"Make this rule"</button>
                <p class="effect" id="rule-effect">
                    "It holds for orders that are placed from then on, until a newer rule for the same takes its place. It \
                     cannot be changed; until it begins it can be withdrawn. One that takes more than a seller agreed to at \
                     Amazon Payments is refused."
                </p>
            </form>
        </section>
    }
    .into_any()
}
