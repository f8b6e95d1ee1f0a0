//! What buyer and seller wrote to each other, on the page of their order, and the form to write more.

use crate::model::{MessageThread, MessageView};
use app::components::field::{error_summary, text_area};
use app::components::paging::pages;
use app::components::time;
use leptos::prelude::*;

pub(in crate::pages) fn thread(order: &str, thread: &MessageThread) -> Option<AnyView> {
    if thread.messages.is_empty() && !thread.may_write {
        return None;
    }
    let messages: Vec<_> = thread.messages.iter().map(message).collect();
    let messages = (!messages.is_empty()).then(|| view! { <ol class="messages" role="list">{messages}</ol> });
    let path = format!("/orders/{order}");
    let view = view! {
        <section aria-labelledby="messages">
            <h2 id="messages">"Messages"</h2>
            {messages}
            {pages(thread.paging.clone(), &path, "", "messages")}
            {thread.may_write.then(|| form(&path, thread))}
        </section>
    };
    Some(view.into_any())
}

fn message(message: &MessageView) -> AnyView {
    let class = if message.own { "message message-own" } else { "message" };
    view! {
        <li class=class>
            <p class="message-head">
                <strong>{message.author.clone()}</strong> " " <span class="muted">{time::date_time(message.at)}</span>
            </p>
            <p class="message-text">{message.text.clone()}</p>
        </li>
    }
    .into_any()
}

fn form(path: &str, thread: &MessageThread) -> AnyView {
    view! {
        {error_summary(&thread.form)}
        <form method="post" action=format!("{path}/messages") novalidate>
            {text_area(&thread.form, "text", "Your message", 4, None)}
            <button class="button button-quiet" type="submit" aria-describedby="message-effect">"Send the message"</button>
            <p class="effect" id="message-effect">
                {format!("{} and the operator of the shop can read it. No money moves.", thread.reader)}
            </p>
        </form>
    }
    .into_any()
}
