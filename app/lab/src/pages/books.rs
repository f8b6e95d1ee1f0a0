//! The books: whether they are right, who has what, and what was posted.

use super::shell;
use crate::model::{
    BookAccount, BooksPage, Chrome, Posted, PostingsPage, Rule, StatementLine, StatementPage, TAccount,
};
use app::components::table::{Column, table};
use app::components::time::date_time;
use leptos::prelude::*;

/// All accounts and all rules.
pub fn books(chrome: &Chrome, data: &BooksPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let lead = "Every dollar is somewhere: what one account gets, others give. The rules below are looked at \
                    whenever this page is opened.";
        let main = view! {
            <section aria-labelledby="rules">
                <h2 id="rules">"What always holds"</h2>
                {rules(&data.rules)}
            </section>
            <section aria-labelledby="accounts">
                <h2 id="accounts">"Trial balance"</h2>
                {sum(&data)}
                {trial_balance(&data.accounts)}
            </section>
        };
        shell::page(&chrome, "Books", lead, main.into_any())
    })
}

fn rules(rules: &[Rule]) -> AnyView {
    if rules.is_empty() {
        return view! { <p class="lab-empty">"No rule can be looked at here."</p> }.into_any();
    }
    let rules: Vec<_> = rules.iter().map(rule).collect();
    view! { <ul class="books-rules">{rules}</ul> }.into_any()
}

fn rule(rule: &Rule) -> AnyView {
    let (class, verdict) =
        if rule.holds { ("books-holds", "Holds") } else { ("books-fails", "Does not hold") };
    let rows: Vec<_> = rule.rows.iter().cloned().map(|row| view! { <li><code>{row}</code></li> }).collect();
    let rows = (!rows.is_empty()).then(|| view! { <ul class="books-rows">{rows}</ul> });
    let name = rule.name.clone();
    view! { <li><strong class=class>{verdict}</strong> " " {name} {rows}</li> }.into_any()
}

fn sum(data: &BooksPage) -> AnyView {
    let sum = data.sum.clone();
    let words = if data.sum_is_zero {
        " All accounts together have nothing, as they must."
    } else {
        " It must be zero."
    };
    let class = if data.sum_is_zero { "books-holds" } else { "books-fails" };
    view! { <p>"Sum: " <strong class=class>{sum}</strong> "." {words}</p> }.into_any()
}

fn trial_balance(accounts: &[BookAccount]) -> AnyView {
    if accounts.is_empty() {
        return view! { <p class="lab-empty">"The books have no accounts yet."</p> }.into_any();
    }
    let columns = [
        Column::words("Whose"),
        Column::words("Account"),
        Column::numbers("Balance"),
        Column::numbers("Held"),
    ];
    let rows = accounts.iter().map(|one| {
        let (href, account) = (one.href.clone(), one.account.clone());
        vec![
            whose(one),
            view! { <a href=href><code>{account}</code></a> }.into_any(),
            one.balance.clone().into_any(),
            one.held.clone().into_any(),
        ]
    });
    table("Trial balance", &columns, rows.collect())
}

fn whose(account: &BookAccount) -> AnyView {
    let email = account.email.clone().map(|email| view! { " " <span class="muted">{email}</span> });
    let whose = account.whose.clone();
    view! { <span>{whose} {email}</span> }.into_any()
}

/// One account's lines.
pub fn statement(chrome: &Chrome, data: &StatementPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let account = &data.account;
        let lead =
            view! { "The account " <code>{account.account.clone()}</code> ", the newest movement first." };
        let kept = if account.kind == "Summed" {
            "Reckoned from its postings whenever it is looked at"
        } else {
            "Kept with each movement"
        };
        let facts = [
            ("Balance", account.balance.clone()),
            ("Held", account.held.clone()),
            ("The balance is", kept.to_owned()),
        ];
        let facts = facts.map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
        let older =
            data.older.clone().map(|href| view! { <p class="lab-older"><a href=href>"Older"</a></p> });
        let main = view! {
            <p><a href="/lab/books">"All accounts"</a></p>
            <dl class="lab-facts">{facts.into_iter().collect::<Vec<_>>()}</dl>
            <h2>"Movements"</h2>
            {lines(&data.lines)}
            {older}
        };
        shell::page(&chrome, &format!("Account: {}", account.whose), lead, main.into_any())
    })
}

fn lines(lines: &[StatementLine]) -> AnyView {
    if lines.is_empty() {
        return view! { <p class="lab-empty">"Nothing has moved it."</p> }.into_any();
    }
    let columns = [
        Column::words("Time"),
        Column::words("What"),
        Column::words("Transaction"),
        Column::numbers("Amount"),
        Column::numbers("Balance after"),
    ];
    let rows = lines.iter().map(|line| {
        let transaction = line.transaction.clone();
        vec![
            date_time(line.at),
            line.what.clone().into_any(),
            transaction.map(|(id, href)| view! { <a href=href><code>{id}</code></a> }).into_any(),
            line.amount.clone().into_any(),
            line.balance.clone().into_any(),
        ]
    });
    table("Movements", &columns, rows.collect())
}

/// All that was posted for an FPS transaction.
pub fn postings(chrome: &Chrome, data: &PostingsPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let lead = view! { "All that was posted for " <code>{data.transaction.clone()}</code> ", for its fee and for refunds. Debits stand on the left, credits on the right." };
        let follow = data.follow.clone();
        let posted: Vec<_> = data.posted.iter().map(posted).collect();
        let nothing = data.posted.is_empty().then(|| {
            view! { <p class="lab-empty">"Nothing is posted for it: no money has moved, or not yet."</p> }
        });
        let main = view! {
            <p><a href="/lab/books">"All accounts"</a> " · " <a href=follow>"Follow the money"</a></p>
            {nothing}
            {posted}
        };
        shell::page(&chrome, "Postings of a transaction", lead, main.into_any())
    })
}

fn posted(posted: &Posted) -> AnyView {
    let transaction = posted.transaction.clone().map(|id| view! { " of " <code>{id}</code> });
    let accounts: Vec<_> = posted.accounts.iter().map(t_account).collect();
    let what = posted.what.clone();
    view! {
        <section class="books-posted">
            <h2>{what}</h2>
            <p class="muted">{date_time(posted.at)} {transaction}</p>
            <div class="books-ts">{accounts}</div>
        </section>
    }
    .into_any()
}

/// A heading, and a T of one line: the empty side is empty.
fn t_account(account: &TAccount) -> AnyView {
    let TAccount { whose, account: name, href, debit, credit, before_and_after } = account.clone();
    let balances = before_and_after.map(|(before, after)| {
        view! { <p class="books-balances">"Before " <b>{before}</b> ", after " <b>{after}</b></p> }
    });
    let label = format!("{whose}: debit and credit");
    view! {
        <div class="books-t">
            <h3>{whose} <a href=href><code>{name}</code></a></h3>
            <table aria-label=label>
                <thead><tr><th scope="col">"Debit"</th><th scope="col">"Credit"</th></tr></thead>
                <tbody><tr><td>{debit.unwrap_or_default()}</td><td>{credit.unwrap_or_default()}</td></tr></tbody>
            </table>
            {balances}
        </div>
    }
    .into_any()
}
