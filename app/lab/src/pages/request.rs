//! One request: what was sent, how it was signed, what was answered, what it changed.

use super::requests::{action_words, of};
use super::shell;
use super::signature::{pairs_table, signature_steps};
use super::xml;
use crate::model::{Chrome, RequestPage, Wire};
use app::components::time::date_time;
use leptos::prelude::*;

pub fn request(chrome: &Chrome, data: &RequestPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let title = action_words(&data.row.action);
        let id = data.row.id.clone();
        let lead = view! { "Request " <code>{id}</code> };
        let main = view! {
            {facts(&data)}
            {ways(&data)}
            <h2>"Parameters"</h2>
            {pairs_table("Parameters", &data.parameters)}
            <h2>"Signature"</h2>
            {signature(&data)}
            <h2>"Answer"</h2>
            {answer(&data.answer)}
            <h2>"What it changed"</h2>
            {changes(&data.changes)}
            <h2>"As a command"</h2>
            {command(&data.wire)}
        };
        shell::page(&chrome, &title, lead, main.into_any())
    })
}

/// There is none with this id, or no longer.
pub fn no_request(chrome: &Chrome) -> String {
    let chrome = chrome.clone();
    app::render::document(move || {
        let lead = "No request with this id is kept. Old ones are dropped, and a reset forgets all.";
        let main = view! { <p><a href="/lab/requests">"All requests that are kept"</a></p> };
        shell::page(&chrome, "No such request", lead, main.into_any())
    })
}

fn facts(data: &RequestPage) -> AnyView {
    let row = &data.row;
    let sent = format!("{} {}", data.wire.method, data.wire.path);
    let (host, took) = (data.wire.host.clone(), row.took.clone());
    let caller = match row.caller.clone() {
        Some(caller) => of("access_key", caller),
        None => "names none".into_any(),
    };
    view! {
        <dl class="lab-facts">
            <div><dt>"When"</dt><dd>{date_time(row.at)}</dd></div>
            <div><dt>"Caller"</dt><dd>{caller}</dd></div>
            <div><dt>"Sent"</dt><dd><code>{sent}</code>" to "<code>{host}</code></dd></div>
            <div><dt>"Result"</dt><dd>{of("code", row.code.clone())}", HTTP "{row.status}</dd></div>
            <div><dt>"Took"</dt><dd>{took}</dd></div>
        </dl>
    }
    .into_any()
}

fn ways(data: &RequestPage) -> AnyView {
    let mut ways = vec![(format!("/lab?request={}", data.row.id), "All that happened with it")];
    if let Some(id) = &data.transaction {
        ways.push((format!("/account/transactions/{id}"), "Its transaction"));
        ways.push((format!("/lab/notifications?transaction_id={id}"), "Its notifications"));
        ways.push((format!("/lab/follow?transaction={id}"), "Follow the money"));
    }
    let ways: Vec<_> =
        ways.into_iter().map(|(href, words)| view! { <li><a href=href>{words}</a></li> }).collect();
    view! { <nav aria-label="More about this request"><ul class="request-ways">{ways}</ul></nav> }.into_any()
}

fn signature(data: &RequestPage) -> AnyView {
    match &data.signature {
        Some(steps) => signature_steps(steps),
        None => view! { <p class="lab-empty">"Its parameters could not be read, so there is nothing to sign."</p> }
            .into_any(),
    }
}

fn answer(answer: &str) -> AnyView {
    if answer.is_empty() {
        return view! { <p class="lab-empty">"None: the connection was broken."</p> }.into_any();
    }
    let answer = xml::pretty(answer);
    view! { <pre tabindex="0">{answer}</pre> }.into_any()
}

fn changes(changes: &[String]) -> AnyView {
    if changes.is_empty() {
        return view! { <p class="lab-empty">"Nothing."</p> }.into_any();
    }
    let changes: Vec<_> = changes.iter().cloned().map(|change| view! { <li>{change}</li> }).collect();
    view! { <ul class="request-changes">{changes}</ul> }.into_any()
}

fn command(wire: &Wire) -> AnyView {
    let command = curl(wire);
    view! {
        <p class="muted">
            "It sends the same bytes again, so it needs no secret. Its Timestamp is good for fifteen minutes."
        </p>
        <pre tabindex="0">{command}</pre>
    }
    .into_any()
}

/// The request as it was sent, for a shell.
fn curl(wire: &Wire) -> String {
    let site = wire.site.trim_end_matches('/');
    let question = if wire.query.is_empty() { "" } else { "?" };
    let mut parts = vec![format!("curl {}", quoted(&format!("{site}{}{question}{}", wire.path, wire.query)))];
    let own_host = site.split_once("://").map_or(site, |(_, host)| host);
    if own_host != wire.host {
        parts.push(format!("--header {}", quoted(&format!("Host: {}", wire.host))));
    }
    match wire.method.as_str() {
        "GET" => {}
        "POST" => parts.push(format!("--data-raw {}", quoted(&wire.body))),
        other => parts.push(format!("--request {}", quoted(other))),
    }
    parts.join(" \\\n  ")
}

/// For a POSIX shell: nothing inside has a meaning.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_repeats_what_was_sent() {
        let wire = Wire {
            method: "GET".to_owned(),
            host: "127.0.0.1:3001".to_owned(),
            path: "/".to_owned(),
            query: "Action=Pay&Note=it's".to_owned(),
            body: String::new(),
            site: "http://127.0.0.1:3001/".to_owned(),
        };
        assert_eq!(curl(&wire), r"curl 'http://127.0.0.1:3001/?Action=Pay&Note=it'\''s'");
        let posted = Wire {
            method: "POST".to_owned(),
            host: "fps.amazonaws.com".to_owned(),
            query: String::new(),
            body: "Action=Pay".to_owned(),
            ..wire
        };
        assert_eq!(
            curl(&posted),
            "curl 'http://127.0.0.1:3001/' \\\n  --header 'Host: fps.amazonaws.com' \\\n  --data-raw 'Action=Pay'"
        );
    }
}
