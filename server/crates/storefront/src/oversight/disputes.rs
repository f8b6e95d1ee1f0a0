//! Buyers' requests for a refund that the operator decides.

use super::by;
use crate::Shop;
use crate::ids::{OrderId, RefundRequestId};
use crate::orders::OrderError;
use crate::orders::state::Ruling;
use crate::purchase::commands::{self, Decision};
use crate::users::User;

/// Sends money back, or nothing, in words that buyer and seller read and that stand in the log.
pub async fn decide(
    shop: &Shop,
    operator: &User,
    which: (&OrderId, &RefundRequestId),
    decision: Decision,
    words: &str,
) -> Result<(), OrderError> {
    let ruling = Ruling { id: shop.new_id(), operator: by(operator), words: words.to_owned() };
    commands::decide_refund(shop, &operator.id, which, decision, ruling).await
}
