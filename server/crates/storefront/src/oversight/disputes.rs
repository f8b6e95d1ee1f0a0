//! Buyers' requests for a refund that the operator decides.

use super::by;
use crate::Shop;
use crate::audit::{self, Deed, Entry, Kind, Subject};
use crate::ids::{OrderId, RefundRequestId};
use crate::orders::view::Viewer;
use crate::orders::{self, OrderError};
use crate::purchase::commands;
use crate::users::User;

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Grant,
    Decline,
}

/// Sends the money back, or nothing, for a reason that stands in the log.
pub async fn decide(
    shop: &Shop,
    operator: &User,
    (id, request): (&OrderId, &RefundRequestId),
    decision: Decision,
    reason: &str,
) -> Result<(), OrderError> {
    let viewer = Viewer { user_id: &operator.id, operator: true };
    let deed = match decision {
        Decision::Grant => {
            commands::grant_refund(shop, viewer, id, request).await?;
            Deed::RefundGranted
        }
        Decision::Decline => {
            commands::decline_refund(shop, viewer, id, request).await?;
            Deed::RefundDeclined
        }
    };
    let order = orders::find(&shop.db, id).await?;
    let subject = Subject::new(Kind::Order, id, order.title);
    let entry = Entry::new(shop.new_id(), shop.clock.now(), by(operator), deed, subject).because(reason);
    Ok(shop.db.transact(entry, |c, entry| Box::pin(audit::record(c, entry))).await?)
}
