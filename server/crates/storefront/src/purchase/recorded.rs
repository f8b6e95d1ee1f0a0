//! What the lab is told of orders.

use super::order_updates::{Applied, Outcome};
use crate::Shop;
use crate::orders::Order;
use platform::lab::{About, Event, Site, What};
use std::fmt::Debug;

/// Tells of something that has happened.
pub fn record(shop: &Shop, about: About, what: impl FnOnce() -> What) {
    shop.config.lab_ports.record(|| Event {
        at: shop.clock.now(),
        wall: shop.clock.wall(),
        site: Site::Shop,
        about,
        what: what(),
    });
}

/// Tells of an order that was placed, or sent to be paid once more.
pub fn placed(shop: &Shop, order: &Order) {
    record(shop, about(order), || of_order(order, String::new(), "Placed".to_owned()));
}

/// Tells of what an event made of an order, if it made anything of it; `by` is the event's name, where anybody wants to know.
pub fn changed(shop: &Shop, by: Option<String>, applied: &Applied) {
    if let (Some(by), Outcome::Changed) = (by, applied.outcome) {
        let (order, was) = (&applied.order, name_of(&applied.was));
        record(shop, about(order), || of_order(order, was, by));
    }
}

fn of_order(order: &Order, before: String, by: String) -> What {
    What::Order {
        before,
        after: name_of(&order.state),
        by,
        amount: Some(order.price.to_dollars()),
        title: order.title.clone(),
        item: Some(format!("/items/{}", order.item_slug)),
    }
}

fn about(order: &Order) -> About {
    let references = std::iter::once(&order.caller_reference).chain(&order.shared_authorization);
    About {
        orders: vec![order.id.to_string()],
        references: references.map(ToString::to_string).collect(),
        transactions: order.state.transaction().into_iter().map(ToString::to_string).collect(),
        tokens: order.sender_token.iter().map(ToString::to_string).collect(),
        ..About::default()
    }
}

/// What a state or an event is called in the code: `SettleFailed`.
pub fn name_of(of: &impl Debug) -> String {
    let whole = format!("{of:?}");
    whole.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::state::State;

    #[test]
    fn a_state_has_its_name() {
        assert_eq!(name_of(&State::AwaitingAuthorization), "AwaitingAuthorization");
        assert_eq!(name_of(&State::AuthorizationFailed { why: "it did".to_owned() }), "AuthorizationFailed");
    }
}
