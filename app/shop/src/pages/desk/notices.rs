//! What the merchant was told: the newest on the desk, all on `/sell/notices`.

use super::order_path;
use crate::model::{Chrome, MerchantDesk, MerchantNotice, NoticesPage};
use crate::pages::sections::{DESK, sections};
use crate::pages::shell;
use app::components::paging::pages;
use app::components::time;
use leptos::prelude::*;

const PATH: &str = "/sell/notices";

pub fn notices(chrome: &Chrome, page: &NoticesPage) -> String {
    shell::page(chrome, "Notices", || {
        let content = if page.notices.is_empty() {
            view! {
                <p class="muted">"Nothing yet. You are told here when something is ordered, paid, cancelled or sent back."</p>
            }
            .into_any()
        } else {
            list(&page.notices)
        };
        view! {
            <div class="desk">
                <div class="heading"><h1>"Notices"</h1> {mark_read(&page.notices)}</div>
                {sections("Your shop", DESK, PATH)}
                {content}
                {pages(page.paging.clone(), PATH, "", "")}
            </div>
        }
        .into_any()
    })
}

/// On the desk; nothing where there is none.
pub(super) fn newest(desk: &MerchantDesk) -> Option<AnyView> {
    if desk.notices.is_empty() {
        return None;
    }
    let more = desk.more_notices.then(|| view! { <p><a href=PATH>"All notices"</a></p> });
    let view = view! {
        <section aria-labelledby="notices">
            <div class="heading"><h2 id="notices">"Notices"</h2> {mark_read(&desk.notices)}</div>
            {list(&desk.notices)}
            {more}
        </section>
    };
    Some(view.into_any())
}

fn mark_read(notices: &[MerchantNotice]) -> Option<AnyView> {
    let unread = notices.iter().any(|notice| notice.unread);
    unread.then(|| {
        view! {
            <form method="post" action="/sell/notices/read">
                <button class="button button-quiet" type="submit">"Mark all as read"</button>
            </form>
        }
        .into_any()
    })
}

fn list(notices: &[MerchantNotice]) -> AnyView {
    let rows: Vec<_> = notices
        .iter()
        .map(|notice| {
            let class = if notice.unread { "not-read" } else { "" };
            let unread = notice.unread.then(|| view! { <span class="visually-hidden">"Unread: "</span> });
            view! {
                <li>
                    <p class=class>{unread}<a href=order_path(&notice.order_id)>{notice.text.clone()}</a></p>
                    <p class="muted">{time::date_time(notice.at)}</p>
                </li>
            }
        })
        .collect();
    view! { <ul class="notices" role="list">{rows}</ul> }.into_any()
}
