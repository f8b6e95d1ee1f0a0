//! Orders as the pages show them.

use super::order::{Order, Shipping};
use super::refund_requests::{Answer, KeptRequest};
use super::state::{Phase, State};
use super::terms;
use super::timeline;
use crate::catalogue::Delivery;
use crate::ids::{OrderId, UserId};
use money::Money;
use shop_pages::model::{
    Download, FileFacts, OrderActions, OrderPage, OrderStatus, OrderSummary, PriceSplit, RefundRequestView,
    RefundedSale,
};

/// What the viewer is to the order; decides what is shown and which buttons work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Buyer,
    Merchant,
    Operator,
}

/// Who looks at an order.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    pub user_id: &'a UserId,
    pub operator: bool,
}

impl Viewer<'_> {
    /// `None` for those whom the order is no business of.
    pub fn role(self, order: &Order) -> Option<Role> {
        if order.buyer_id == *self.user_id {
            Some(Role::Buyer)
        } else if order.merchant_user_id == *self.user_id {
            Some(Role::Merchant)
        } else {
            self.operator.then_some(Role::Operator)
        }
    }
}

/// Where the buyer fetches an order's file.
pub fn download_path(order: &OrderId) -> String {
    format!("/orders/{order}/download")
}

pub fn status(phase: Phase) -> OrderStatus {
    match phase {
        Phase::AwaitingAuthorization => OrderStatus::AwaitingAuthorization,
        Phase::Abandoned => OrderStatus::Abandoned,
        Phase::AuthorizationFailed | Phase::PaymentFailed => OrderStatus::Failed,
        Phase::Authorized | Phase::Paying => OrderStatus::PaymentPending,
        Phase::Reserved => OrderStatus::Reserved,
        Phase::Fulfilling => OrderStatus::SettlePending,
        Phase::SettleFailed => OrderStatus::NotCharged,
        Phase::Paid => OrderStatus::Paid,
        Phase::Cancelling => OrderStatus::CancelPending,
        Phase::Cancelled => OrderStatus::Cancelled,
        Phase::SettlingToRefund | Phase::Refunding => OrderStatus::RefundPending,
        Phase::Refunded => OrderStatus::Refunded,
    }
}

/// The buttons that can work now, for this person.
fn actions(order: &Order, role: Role) -> OrderActions {
    let state = &order.state;
    let (buyer, merchant) = (role == Role::Buyer, role == Role::Merchant);
    let not_charged =
        matches!(state, State::Paying { .. } | State::Reserved { .. } | State::SettleFailed { .. });
    OrderActions {
        restart: buyer && state.may_restart(),
        cancel: buyer && not_charged && order.shipped_at.is_none(),
        refund: buyer && matches!(state, State::Paid { .. } | State::Fulfilling { .. }),
        fulfil: merchant && matches!(state, State::Reserved { .. } | State::SettleFailed { .. }),
    }
}

pub fn summary(order: &Order, role: Role) -> OrderSummary {
    OrderSummary {
        id: order.id.to_string(),
        title: order.title.clone(),
        item_slug: order.item_slug.to_string(),
        seller: order.merchant_name.clone(),
        buyer: order.buyer_name.clone(),
        price: order.price,
        status: status(order.state.phase()),
        placed_at: order.placed_at,
        actions: actions(order, role),
        unread_messages: 0,
    }
}

pub(super) fn refunded_sale(order: &Order) -> RefundedSale {
    RefundedSale {
        order_id: order.id.to_string(),
        title: order.title.clone(),
        buyer: order.buyer_name.clone(),
        placed_at: order.placed_at,
        price: order.price,
        refunded: went_back(order),
    }
}

/// The page of one order; `file` is what may be downloaded now.
pub fn page(order: &Order, role: Role, entries: Vec<timeline::Entry>, file: Option<FileFacts>) -> OrderPage {
    let timeline = entries.into_iter().map(|entry| timeline::view(order, entry));
    let failure = match &order.state {
        State::AuthorizationFailed { why }
        | State::PaymentFailed { why, .. }
        | State::SettleFailed { why, .. } => Some(why.clone()),
        _ => None,
    };
    // The buyer has no business with what the seller earns.
    let split = if role == Role::Buyer { None } else { split(order) };
    let may_download = role == Role::Buyer;
    OrderPage {
        order: summary(order, role),
        physical: order.physical,
        instant: order.delivery == Delivery::Instant,
        timeline: timeline.collect(),
        shipping: order.shipping.as_ref().map(address).unwrap_or_default(),
        shipping_speed: order.shipping.as_ref().map(|to| to.speed.to_string()),
        download: file.filter(|_| may_download).map(|file| Download { href: download_path(&order.id), file }),
        failure,
        transaction_id: order.state.transaction().map(ToString::to_string),
        split,
        refund_request: None,
        refunded: Some(went_back(order)).filter(|refunded| refunded.is_positive()),
        messages: None,
        suggestions: Vec::new(),
    }
}

/// The order keeps the parts; the state says when the last of them went back.
pub(super) fn went_back(order: &Order) -> Money {
    if matches!(order.state, State::Refunded { .. }) { order.price } else { order.refunded }
}

/// What the buyer asked for at Amazon Payments, while it is neither granted nor overtaken.
pub fn refund_request(order: &Order, role: Role, kept: KeptRequest) -> Option<RefundRequestView> {
    let stands = matches!(order.state, State::Paid { .. });
    stands.then(|| RefundRequestView {
        id: kept.request.id.into_string(),
        amount: kept.request.amount.min(order.left()),
        reason: kept.request.reason,
        at: kept.at,
        open: kept.answer == Answer::Open,
        may_answer: match kept.answer {
            Answer::Open => role != Role::Buyer,
            Answer::Declined => role == Role::Merchant,
            Answer::Closed => false,
        },
    })
}

/// How the price was divided; unknown until the payment method is.
fn split(order: &Order) -> Option<PriceSplit> {
    terms::split(order.price, order.fixed_fee, order.variable_fee, order.payment_method?).ok()
}

fn address(to: &Shipping) -> Vec<String> {
    let town = [to.city.as_str(), to.state.as_str(), to.zip.as_str()];
    let town = town.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let lines = [to.name.clone(), to.line1.clone(), to.line2.clone(), town, to.country.clone()];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}
