//! Refunds that were given at Amazon and of which no notification arrived. The shop learns of them when its own
//! refund is refused, since so much is back with the buyer already, and when it compares the order with Amazon.

use crate::Shop;
use crate::fps_client::Reply;
use crate::ids::TransactionId;
use crate::orders::state::{Event, RefundStatus};
use crate::orders::{Order, OrderError, refunds};
use fps_protocol::enums::{RelationType, TransactionStatus};
use fps_protocol::responses::TransactionDetail;

/// What the shop did not know of the refunds of a payment.
pub enum Missed {
    /// One that reached the buyer. There may be more.
    One(Event),
    Nothing,
    /// Amazon does not say, or one is pending.
    NotKnown,
}

/// Looks for a refund of the order's payment that the order has not counted.
pub(super) async fn find(shop: &Shop, order: &Order) -> Result<Missed, OrderError> {
    let Some(payment) = order.state.transaction() else { return Ok(Missed::Nothing) };
    match shop.fps.transaction(payment).await {
        Reply::Known(payment) => uncounted(shop, order, &payment).await,
        Reply::Refused(_) | Reply::Unknown => Ok(Missed::NotKnown),
    }
}

/// The same, of a payment that was asked for.
pub async fn uncounted(
    shop: &Shop,
    order: &Order,
    payment: &TransactionDetail,
) -> Result<Missed, OrderError> {
    for refund in refunds_of(payment) {
        if refunds::is_counted(shop.db.readers(), &order.id, refund).await? {
            continue;
        }
        let Reply::Known(refund) = shop.fps.transaction(refund).await else { return Ok(Missed::NotKnown) };
        match refund.transaction_status {
            TransactionStatus::Success => return Ok(Missed::One(counted(order, refund))),
            TransactionStatus::Pending | TransactionStatus::Reserved => return Ok(Missed::NotKnown),
            TransactionStatus::Failure | TransactionStatus::Cancelled => {}
        }
    }
    Ok(Missed::Nothing)
}

pub fn refunds_of(payment: &TransactionDetail) -> impl Iterator<Item = &TransactionId> {
    let related = payment.related.iter();
    related.filter(|other| other.relation == Some(RelationType::Refund)).map(|other| &other.transaction_id)
}

/// One that the shop asked for itself gives the marketplace's fee back, too, and is of what was asked for.
fn counted(order: &Order, refund: TransactionDetail) -> Event {
    let by_shop = refund.caller_reference == order.refund_reference();
    let amount = (!by_shop).then_some(refund.transaction_amount);
    Event::Refund { refund: refund.transaction_id, status: RefundStatus::Success, amount }
}
