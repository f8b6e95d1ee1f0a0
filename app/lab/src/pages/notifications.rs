//! Notifications: which there were, and one of them with its bytes, its signature and its attempts.

use super::{filter, shell};
use crate::model::{
    Chrome, NotificationAttempt, NotificationFilter, NotificationPage, NotificationRow, NotificationsPage,
    SignatureCheck,
};
use app::components::field::{TextField, error_summary, text_field};
use app::components::table::{Column, table};
use app::components::time::date_time;
use leptos::prelude::*;

const PATH: &str = "/lab/notifications";

/// All that fit.
pub fn notifications(chrome: &Chrome, data: &NotificationsPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let lead = "What Amazon Payments told its callers without being asked, and what it could not tell because \
                    they gave no address.";
        let main = view! { {filter(&data.filter)} {rows(&data)} };
        shell::page(&chrome, "Notifications", lead, main.into_any())
    })
}

fn filter(asked: &NotificationFilter) -> AnyView {
    let fields = [
        filter::text("caller_reference", "Reference", &asked.caller_reference),
        filter::text("transaction_id", "Transaction or token", &asked.transaction_id),
        filter::text("access_key", "Caller's access key", &asked.access_key),
    ];
    filter::form(PATH, fields.into_iter().collect::<Vec<_>>())
}

fn rows(data: &NotificationsPage) -> AnyView {
    if data.rows.is_empty() {
        return if data.filter == NotificationFilter::default() {
            view! {
                <p class="lab-empty">
                    "Nobody has been told anything yet. Buy something in the shop, or "
                    <a href="/lab/scenarios">"let a scenario happen"</a> "."
                </p>
            }
            .into_any()
        } else {
            view! { <p class="lab-empty">"No notification fits. " <a href=PATH>"Show all"</a></p> }.into_any()
        };
    }
    let columns = [
        Column::words("Time"),
        Column::words("Type"),
        Column::words("Tells of"),
        Column::words("Caller"),
        Column::words("State"),
        Column::numbers("Attempts"),
    ];
    table("Notifications", &columns, data.rows.iter().map(row).collect())
}

fn row(row: &NotificationRow) -> Vec<AnyView> {
    let (href, subject, access_key) = (row.href.clone(), row.subject.clone(), row.access_key.clone());
    vec![
        view! { <a href=href>{date_time(row.at)}</a> }.into_any(),
        row.kind.clone().into_any(),
        view! { <code>{subject}</code> }.into_any(),
        view! { <code>{access_key}</code> }.into_any(),
        row.state.clone().into_any(),
        row.attempts.to_string().into_any(),
    ]
}

/// One of them.
pub fn notification(chrome: &Chrome, data: &NotificationPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let lead = view! { "Notification " <code>{data.id.clone()}</code> };
        let facts: Vec<_> = data
            .facts
            .iter()
            .cloned()
            .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
            .collect();
        let sent_again = data.sent_again.clone();
        let sent_again = sent_again.map(|words| view! { <p class="lab-done" role="status">{words}</p> });
        let body = data.body.clone();
        let main = view! {
            <p><a href=PATH>"All notifications"</a></p>
            {sent_again}
            <dl class="lab-facts">{facts}</dl>
            <h2>"Signature"</h2>
            {signature(&data.signature)}
            <h2>"Attempts"</h2>
            {attempts(&data.attempts)}
            {send_again(&data)}
            <h2>"Parameters"</h2>
            {parameters(&data.parameters)}
            <h2>"Bytes"</h2>
            <pre>{body}</pre>
        };
        shell::page(&chrome, "A notification", lead, main.into_any())
    })
}

fn signature(check: &SignatureCheck) -> AnyView {
    match check.clone() {
        SignatureCheck::Genuine(certificate) => view! {
            <p><strong class="notification-good">"Genuine"</strong> ": the signature fits the bytes, the address and the certificate at " <code>{certificate}</code> "."</p>
        }
        .into_any(),
        SignatureCheck::Wrong(why) => view! {
            <p><strong class="notification-bad">"Not genuine"</strong> ": " {why} "."</p>
        }
        .into_any(),
        SignatureCheck::NotSent => {
            view! { <p>"It has not been sent to its address yet, and is signed only when it is."</p> }.into_any()
        }
        SignatureCheck::NotKnown(why) => view! { <p>"It could not be checked: " {why} "."</p> }.into_any(),
    }
}

fn attempts(attempts: &[NotificationAttempt]) -> AnyView {
    if attempts.is_empty() {
        return view! { <p class="lab-empty">"None yet."</p> }.into_any();
    }
    let columns = [
        Column::numbers("Attempt"),
        Column::words("Time"),
        Column::numbers("Answer"),
        Column::words("What went wrong"),
    ];
    let rows = attempts.iter().map(|attempt| {
        vec![
            attempt.number.to_string().into_any(),
            date_time(attempt.at),
            attempt.http_status.map_or_else(|| "none".to_owned(), |status| status.to_string()).into_any(),
            attempt.error.clone().unwrap_or_default().into_any(),
        ]
    });
    table("Attempts", &columns, rows.collect())
}

fn send_again(data: &NotificationPage) -> AnyView {
    let address = TextField {
        hint: Some("Its own, if nothing is typed."),
        optional: true,
        ..TextField::new("url", "Where to")
    };
    let path = data.path.clone();
    view! {
        <h2>"Send it once more"</h2>
        {error_summary(&data.form)}
        <form class="notification-again" method="post" action=path novalidate>
            {text_field(&data.form, address)}
            <p>
                <button class="button" type="submit" name="sign" value="same">"Send the same bytes"</button> " "
                <button class="button button-quiet" type="submit" name="sign" value="fresh">"Sign anew and send"</button>
            </p>
        </form>
    }
    .into_any()
}

fn parameters(parameters: &[(String, String)]) -> AnyView {
    let columns = [Column::words("Name"), Column::words("Value")];
    let rows = parameters.iter().cloned().map(|(name, value)| {
        vec![view! { <code>{name}</code> }.into_any(), view! { <code>{value}</code> }.into_any()]
    });
    table("Parameters", &columns, rows.collect())
}
