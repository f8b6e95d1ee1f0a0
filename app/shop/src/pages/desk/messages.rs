//! `/sell/messages`: the orders that were written about.

use super::order_path;
use crate::model::{Chrome, MessagesPage, ThreadRow};
use crate::pages::sections::{DESK, sections};
use crate::pages::shell;
use app::components::paging::pages;
use app::components::time;
use leptos::prelude::*;

const PATH: &str = "/sell/messages";

pub fn messages(chrome: &Chrome, page: &MessagesPage) -> String {
    shell::page(chrome, "Messages", || {
        let content = if page.threads.is_empty() {
            view! {
                <p class="muted">
                    "No messages yet. A buyer can write to you on the page of an order, and you to the buyer."
                </p>
            }
            .into_any()
        } else {
            let rows: Vec<_> = page.threads.iter().map(row).collect();
            view! { <ul class="threads" role="list">{rows}</ul> }.into_any()
        };
        view! {
            <div class="desk">
                <h1>"Messages"</h1>
                {sections("Your shop", DESK, PATH)}
                {content}
                {pages(page.paging.clone(), PATH, "", "")}
            </div>
        }
        .into_any()
    })
}

fn row(thread: &ThreadRow) -> AnyView {
    let class = if thread.unread { "thread-title not-read" } else { "thread-title" };
    let unread = thread.unread.then(|| view! { <span class="visually-hidden">"Unread: "</span> });
    let href = format!("{}#messages", order_path(&thread.order_id));
    view! {
        <li>
            <p class=class>{unread}<a href=href>{format!("{}, {}", thread.buyer, thread.title)}</a></p>
            <p class="thread-last">{format!("{}: {}", thread.last_author, thread.last_text)}</p>
            <p class="muted">{time::date_time(thread.last_at)}</p>
        </li>
    }
    .into_any()
}
