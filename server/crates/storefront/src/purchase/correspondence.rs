//! What buyer, seller and operator write about an order: the message, and the mail that tells the others of it.

use super::order_mail::{self, Side};
use crate::Shop;
use crate::mail::{News, Stamp};
use crate::messages::{self, Author, MessageError, NewMessage};
use crate::orders::Order;
use sqlx::AnyConnection;

/// Sends what one side of the order wrote. The same words twice in a row count once.
pub async fn send(shop: &Shop, order: &Order, author: Author, text: &str) -> Result<(), MessageError> {
    let new = NewMessage::new(order, author, text, (shop.new_id(), shop.clock.now()))?;
    let told: Vec<(Side, Stamp)> = readers(author).iter().map(|side| (*side, shop.mail_stamp())).collect();
    let input = (order.clone(), new, told);
    match shop.db.transact(input, |c, (order, new, told)| Box::pin(write(c, order, new, told))).await {
        Err(MessageError::Again) => Ok(()),
        sent => sent,
    }
}

/// Those who did not write it themselves.
const fn readers(author: Author) -> &'static [Side] {
    match author {
        Author::Buyer => &[Side::Seller],
        Author::Merchant => &[Side::Buyer],
        Author::Operator => &[Side::Buyer, Side::Seller],
    }
}

async fn write(
    connection: &mut AnyConnection,
    order: &Order,
    new: &NewMessage,
    told: &[(Side, Stamp)],
) -> Result<(), MessageError> {
    messages::send(&mut *connection, order, new).await?;
    for (side, stamp) in told {
        order_mail::tell(connection, *side, order, News::Message, stamp).await?;
    }
    Ok(())
}
