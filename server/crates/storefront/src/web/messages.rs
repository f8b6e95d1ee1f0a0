//! `/orders/{id}/messages`: what buyer and seller of an order write to each other, shown on the order's page.

use super::{Customer, InAddress, links, orders, page};
use crate::Shop;
use crate::ids::{MessageId, OrderId};
use crate::messages::{self, Author, Message, MessageError, Reader};
use crate::orders::view::Role;
use crate::orders::{Order, OrderError};
use crate::purchase::{correspondence, order_page};
use app::form::FormState;
use axum::extract::State;
use axum::response::Response;
use platform::paging::{self, Part, Place};
use platform::web::{FormFields, Refusal, see_other};
use shop_pages::model::{MessageThread, MessageView};
use shop_pages::pages;

/// Messages of one page of a thread.
const PER_PAGE: usize = 30;

/// The operator's name, for those whose order it is.
const OPERATOR: &str = "DigitalDownload";

/// A message to the other side of the order. What cannot be sent stands on the order's page again, with the reason.
pub async fn send(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    InAddress(id): InAddress<OrderId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let order = crate::orders::find(&shop.db, &id).await?;
    let viewer = orders::viewer(&visitor);
    let role = viewer.role(&order).ok_or(OrderError::NotFound)?;
    let text = fields.get("text").unwrap_or_default();
    match correspondence::send(&shop, &order, Author::from(role), text).await {
        Ok(()) | Err(MessageError::Again) => Ok(see_other(&format!("/orders/{id}#messages"))),
        Err(MessageError::Database(error)) => Err(error.into()),
        Err(error @ MessageError::NotConfirmed) => Err(Refusal::conflict(error.to_string())),
        Err(error @ (MessageError::Text(_) | MessageError::TooMany)) => {
            let mut form = FormState::default();
            form.set("text", text);
            form.refuse("text", error.to_string());
            let mut data = order_page::page_data(&shop, viewer, &order).await?;
            data.messages = Some(thread(&shop, &order, role, Part::Newest, form).await?);
            Ok(page(false, pages::order(&visitor.chrome, &data)))
        }
    }
}

/// A page of the order's messages, as one who has this role reads them.
pub async fn thread(
    shop: &Shop,
    order: &Order,
    role: Role,
    part: Part<Place<MessageId>>,
    form: FormState,
) -> Result<MessageThread, sqlx::Error> {
    let (db, id) = (&shop.db, &order.id);
    let (found, ways) = paging::page(part, PER_PAGE, Message::place, |part, limit| {
        Box::pin(async move { messages::thread(db, id, &part, limit).await })
    })
    .await?;
    let reader = match role {
        Role::Buyer => order.merchant_name.clone(),
        Role::Merchant => order.buyer_name.clone(),
        Role::Operator => format!("{}, {}", order.buyer_name, order.merchant_name),
    };
    Ok(MessageThread {
        messages: found.into_iter().rev().map(|message| view(message, order, role)).collect(),
        paging: links(ways),
        form,
        may_write: messages::may_write(order),
        reader,
    })
}

fn view(message: Message, order: &Order, role: Role) -> MessageView {
    let own = message.author == Author::from(role);
    let author = match message.author {
        _ if own => "You",
        Author::Buyer => &order.buyer_name,
        Author::Merchant => &order.merchant_name,
        Author::Operator => OPERATOR,
    };
    MessageView { author: author.to_owned(), own, text: message.text, at: message.at }
}

/// Who was shown the newest messages has read them.
pub async fn mark_read(shop: &Shop, order: &Order, role: Role) -> Result<(), sqlx::Error> {
    let Some(reader) = Reader::of(role) else { return Ok(()) };
    let unread = messages::unread(&shop.db, &order.id, reader).await?;
    if unread > 0 { messages::read(&shop.db, &order.id, reader, unread).await } else { Ok(()) }
}
