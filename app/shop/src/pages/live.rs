//! What the script keeps true on a page that is open, as far as it changes without the person who looks at it.

use crate::model::{BasketPage, OrderPage, OrderStatus, RefundAnswer};
use crate::status;

/// What such a page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// Another one whenever the page would be another one; fit for an address.
    pub seen: String,
    /// Nothing comes by itself any more.
    pub at_rest: bool,
}

impl Live {
    pub fn of_order(page: &OrderPage) -> Self {
        let status = page.order.status;
        let request = page.refund_request.as_ref().map(|request| &request.answer);
        let waits = matches!(request, Some(RefundAnswer::Open | RefundAnswer::Escalated { .. }));
        let answer = match request {
            None => "none",
            Some(RefundAnswer::Open) => "open",
            Some(RefundAnswer::Declined { .. }) => "declined",
            Some(RefundAnswer::Escalated { .. }) => "escalated",
            Some(RefundAnswer::Refused { .. }) => "refused",
        };
        let files = page.downloads.len();
        let refunded = page.refunded.map_or_else(String::new, |amount| amount.to_string());
        let seen =
            format!("{status:?}-{}-{files}-{answer}-{}", page.timeline.len(), refunded.replace('$', ""));
        Self { seen, at_rest: !status::may_change(status) && !waits }
    }

    pub fn of_basket(page: &BasketPage) -> Self {
        let statuses: Vec<OrderStatus> = page.orders.iter().map(|order| order.status).collect();
        let words: Vec<String> = statuses.iter().map(|status| format!("{status:?}")).collect();
        let seen = format!("{}-{}-{}", words.join("."), page.confirmed, page.given_back);
        Self { seen, at_rest: !statuses.into_iter().any(status::may_change) }
    }

    /// Where the script of the page at `path` is told of news; `None`: there will be none.
    pub(super) fn address(&self, path: &str) -> Option<String> {
        (!self.at_rest).then(|| format!("{path}/events?seen={}", self.seen))
    }
}
