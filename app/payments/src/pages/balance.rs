use super::account::{signed, transaction_address};
use super::account_shell;
use crate::model::{BalancePage, Chrome, StatementLine, TransferForm};
use app::components::amount::amount;
use app::components::field::{TextField, error_summary, field_id, text_field};
use app::components::table::{Column, table};
use app::components::time::date;
use app::form::FormState;
use leptos::prelude::*;

/// The balance, money in and out, and the statement.
pub fn balance(chrome: &Chrome, data: &BalancePage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let main = view! {
            {account_shell::balance(data.balance, data.held)}
            {transfers(&data)}
            <section aria-labelledby="statement">
                <h2 id="statement">"Statement"</h2>
                {statement(&data.statement)}
                {account_shell::pages(data.paging.clone(), "/account/balance", "", "statement")}
            </section>
        };
        account_shell::page(&chrome, "Balance", main.into_any())
    })
}

fn transfers(data: &BalancePage) -> AnyView {
    if data.banks.is_empty() {
        return view! {
            <p class="empty">
                "To move money in or out, "
                <a href="/account/instruments">"add a bank account"</a>
                " first."
            </p>
        }
        .into_any();
    }
    view! {
        {transfer(data, "deposit", "Deposit", "From", &data.deposit, "Deposit")}
        {transfer(data, "withdraw", "Withdraw", "To", &data.withdraw, "Withdraw")}
    }
    .into_any()
}

/// Two forms with the same fields on one page: their ids differ by the form's name, and the one that was
/// refused has its summary on top of it.
fn transfer(
    data: &BalancePage,
    name: &'static str,
    heading: &'static str,
    bank_label: &'static str,
    transfer: &TransferForm,
    button: &'static str,
) -> AnyView {
    let open = !transfer.form.is_valid();
    let prefixed = prefixed(&transfer.form, name);
    let (amount_name, amount_label) = match name {
        "deposit" => ("deposit_amount", "Amount to deposit, in US dollars"),
        _ => ("withdraw_amount", "Amount to withdraw, in US dollars"),
    };
    let field = TextField {
        input_mode: Some("decimal"),
        width: Some("short"),
        ..TextField::new(amount_name, amount_label)
    };
    view! {
        <details class="transfer" id=name open=open>
            <summary>{heading}</summary>
            {error_summary(&prefixed)}
            <form method="post" action=format!("/account/balance/{name}") novalidate>
                <input type="hidden" name="reference" value=transfer.reference.clone() />
                {text_field(&prefixed, field)}
                {banks(name, bank_label, &prefixed, &data.banks)}
                <button class="button" type="submit">{button}</button>
            </form>
        </details>
    }
    .into_any()
}

fn prefixed(form: &FormState, name: &str) -> FormState {
    let mut prefixed = form.clone();
    for error in &mut prefixed.errors {
        if !error.field.is_empty() && !error.field.starts_with(name) {
            error.field = format!("{name}_{}", error.field);
        }
    }
    prefixed
}

fn banks(name: &'static str, label: &'static str, form: &FormState, banks: &[(String, String)]) -> AnyView {
    let field = format!("{name}_bank");
    let chosen = form.value(&field).to_owned();
    let error_id = format!("{}-error", field_id(&field));
    let error = form.error(&field).map(str::to_owned);
    let described_by = error.as_ref().map(|_| error_id.clone());
    let invalid = error.as_ref().map(|_| "true");
    let error = error.map(|error| view! { <p class="field-error" id=error_id>{error}</p> });
    let options: Vec<_> = banks
        .iter()
        .map(|(id, label)| {
            view! { <option value=id.clone() selected=chosen == *id>{label.clone()}</option> }
        })
        .collect();
    view! {
        <div class="field">
            <label for=field_id(&field)>{label}</label>
            {error}
            <select
                id=field_id(&field)
                name=field
                aria-describedby=described_by
                aria-invalid=invalid
            >
                {options}
            </select>
        </div>
    }
    .into_any()
}

fn statement(lines: &[StatementLine]) -> AnyView {
    if lines.is_empty() {
        return view! { <p class="empty">"Nothing has moved yet."</p> }.into_any();
    }
    let columns = [
        Column::words("Movement"),
        Column::words("Date"),
        Column::numbers("Balance"),
        Column::numbers("Amount"),
    ];
    let rows = lines.iter().map(cells).collect();
    view! { <div class="statement">{table("Statement", &columns, rows)}</div> }.into_any()
}

fn cells(line: &StatementLine) -> Vec<AnyView> {
    let what = match &line.transaction_id {
        Some(id) => view! { <a href=transaction_address(id)>{line.description.clone()}</a> }.into_any(),
        None => line.description.clone().into_any(),
    };
    // Beside the heading of its column, or where there are no columns.
    let after = view! { <span class="said-narrow">"Balance "</span> {amount(line.balance)} };
    vec![what, date(line.at), after.into_any(), signed(line.amount)]
}
