//! The activity's filter: a form that only asks, so it is sent with GET and can be linked to.

use crate::model::AccountPage;
use app::components::field::{error_summary, field_id};
use app::form::FormState;
use leptos::prelude::*;

const STATUSES: &[(&str, &str)] = &[
    ("Success", "Success"),
    ("Pending", "Pending"),
    ("Reserved", "Reserved"),
    ("Failure", "Failure"),
    ("Cancelled", "Cancelled"),
];
const KINDS: &[(&str, &str)] = &[
    ("Payment", "Payments"),
    ("Refund", "Refunds"),
    ("MarketplaceFee", "Marketplace fees"),
    ("FundPrepaid", "Prepaid balance"),
    ("SettleDebt", "Settled debt"),
    ("WriteOffDebt", "Written-off debt"),
];
const ROLES: &[(&str, &str)] = &[("Sender", "Sent"), ("Recipient", "Received")];

/// Open while it filters anything: then it is part of what one looks at.
pub(super) fn filter(data: &AccountPage) -> AnyView {
    let form = &data.filter;
    let in_use = !data.query.is_empty() || !form.is_valid();
    let clear = in_use.then(|| view! { <a href="/account">"Show all"</a> });
    view! {
        {error_summary(form)}
        <details class="filters" open=in_use>
            <summary>"Filter"</summary>
            <form method="get" action="/account" novalidate>
                <div class="filter-fields">
                    {choice(form, "status", "Status", "Any status", STATUSES)}
                    {choice(form, "kind", "Kind", "Any kind", KINDS)}
                    {choice(form, "role", "Direction", "Both ways", ROLES)}
                    {day(form, "from", "From")}
                    {day(form, "to", "Up to")}
                </div>
                <p class="actions">
                    <button class="button button-quiet" type="submit">"Show"</button>
                    {clear}
                </p>
            </form>
        </details>
    }
    .into_any()
}

fn choice(
    form: &FormState,
    name: &'static str,
    label: &'static str,
    any: &'static str,
    options: &'static [(&'static str, &'static str)],
) -> AnyView {
    let chosen = form.value(name).to_owned();
    let options: Vec<_> = options
        .iter()
        .map(|(value, label)| view! { <option value=*value selected=chosen == *value>{*label}</option> })
        .collect();
    view! {
        <div class="field">
            <label for=field_id(name)>{label}</label>
            <select id=field_id(name) name=name>
                <option value="" selected=chosen.is_empty()>{any}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}

fn day(form: &FormState, name: &'static str, label: &'static str) -> AnyView {
    let error_id = format!("{}-error", field_id(name));
    let error = form.error(name).map(str::to_owned);
    let invalid = error.as_ref().map(|_| "true");
    let described_by = error.as_ref().map(|_| error_id.clone());
    let error = error.map(|error| view! { <p class="field-error" id=error_id>{error}</p> });
    view! {
        <div class="field">
            <label for=field_id(name)>{label}</label>
            {error}
            <input
                id=field_id(name)
                name=name
                type="date"
                value=form.value(name).to_owned()
                aria-describedby=described_by
                aria-invalid=invalid
            />
        </div>
    }
    .into_any()
}
