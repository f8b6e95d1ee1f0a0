//! `/sell/messages`: the orders that were written about.

use super::Seller;
use crate::Shop;
use crate::messages::{self, Author, Thread};
use crate::web::{links, page};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::paging;
use platform::web::{Refusal, keep_for_the_moment};
use shop_pages::model::{MessagesPage, ThreadRow};
use shop_pages::pages;

const PER_PAGE: usize = 30;

pub async fn show(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let (db, id) = (&shop.db, &merchant.id);
    let asked = paging::part_of(query.as_deref());
    let (threads, ways) = paging::page(asked, PER_PAGE, Thread::place, |part, limit| {
        Box::pin(async move { messages::of_merchant(db, id, &part, limit).await })
    })
    .await?;
    let data = MessagesPage { threads: threads.into_iter().map(row).collect(), paging: links(ways) };
    Ok(keep_for_the_moment(page(true, pages::messages(&visitor.chrome, &data))))
}

fn row(thread: Thread) -> ThreadRow {
    let last_author = match thread.last_author {
        Author::Buyer => thread.buyer.clone(),
        Author::Merchant => "You".to_owned(),
        Author::Operator => "DigitalDownload".to_owned(),
    };
    ThreadRow {
        order_id: thread.order_id.into_string(),
        title: thread.title,
        buyer: thread.buyer,
        last_at: thread.last_at,
        last_author,
        last_text: thread.last_text,
        unread: thread.unread,
    }
}
