//! What needs doing, in one short list on top of the desk.

use crate::model::{MOST_UNREAD, MerchantDesk};
use app::components::time;
use jiff::Timestamp;
use leptos::prelude::*;

pub(super) fn to_do(desk: &MerchantDesk) -> AnyView {
    let entries: Vec<_> =
        [registration(desk), to_fulfil(desk), refunds(desk), messages(desk)].into_iter().flatten().collect();
    let content = if entries.is_empty() {
        view! { <p class="muted">"All is done. What waits for you is listed here."</p> }.into_any()
    } else {
        view! { <ul class="to-do" role="list">{entries}</ul> }.into_any()
    };
    view! { <section class="panel" aria-labelledby="to-do"><h2 id="to-do">"To do"</h2> {content}</section> }
        .into_any()
}

fn entry(href: &'static str, words: String, since: Option<Timestamp>) -> AnyView {
    let since = since.map(|since| {
        view! { <span class="muted">", the oldest since " {time::date_time(since)}</span> }
    });
    view! { <li><a href=href>{words}</a> {since}</li> }.into_any()
}

/// "1 order", "5 orders".
fn counted(count: usize, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {several}") }
}

fn registration(desk: &MerchantDesk) -> Option<AnyView> {
    let words = "Register with Amazon Payments: until then nobody can buy from you".to_owned();
    (!desk.registered).then(|| entry("#register", words, None))
}

fn to_fulfil(desk: &MerchantDesk) -> Option<AnyView> {
    let oldest = desk.to_fulfil.since?;
    let words = counted(desk.to_fulfil.total, "order to fulfil", "orders to fulfil");
    Some(entry("#to-fulfil", words, Some(oldest)))
}

fn refunds(desk: &MerchantDesk) -> Option<AnyView> {
    let oldest = desk.refund_requests.iter().map(|request| request.at).min()?;
    let words = counted(desk.refund_requests.len(), "refund request to answer", "refund requests to answer");
    Some(entry("#refund-requests", words, Some(oldest)))
}

fn messages(desk: &MerchantDesk) -> Option<AnyView> {
    let words = match desk.unread_messages {
        0 => return None,
        1 => "Unread messages about 1 order".to_owned(),
        several if several > MOST_UNREAD => format!("Unread messages about more than {MOST_UNREAD} orders"),
        several => format!("Unread messages about {several} orders"),
    };
    Some(entry("/sell/messages", words, None))
}
