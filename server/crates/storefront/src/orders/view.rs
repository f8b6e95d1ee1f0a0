//! Orders as the pages show them.

use super::calls::KeptCall;
use super::gifts::Gift;
use super::order::{Order, Shipping};
use super::refund_requests::{Answer, KeptRequest, MayEscalate, Origin, Said};
use super::refund_terms::{self, Because, Decision, RefundPolicy};
use super::state::{Phase, State};
use super::terms;
use super::timeline;
use crate::catalogue::Delivery;
use crate::coupons::{Bearer, Discount};
use crate::ids::{OrderId, UserId};
use app::form::FormState;
use money::Money;
use shop_pages::model::{
    self, DiscountView, Divided, Download, FileFacts, GiftView, GuestView, OrderActions, OrderCall,
    OrderPage, OrderStatus, OrderSummary, PriceSplit, Receipt, RefundAnswer, RefundBasis, RefundDecision,
    RefundNumbers, RefundRequestView, RefundedSale, RequestStep, SaidView, SellerDecides,
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

/// Where the buyer fetches an order's files, counted from 1.
pub fn download_path(order: &OrderId, number: usize) -> String {
    if number == 1 {
        format!("/orders/{order}/download")
    } else {
        format!("/orders/{order}/download/{number}")
    }
}

/// The files with their addresses.
pub fn downloads(order: &OrderId, files: Vec<FileFacts>) -> Vec<Download> {
    (1..).zip(files).map(|(number, file)| Download { href: download_path(order, number), file }).collect()
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
    let held = matches!(state, State::Reserved { .. } | State::SettleFailed { .. });
    let paid = matches!(state, State::Paid { .. });
    OrderActions {
        restart: buyer && state.may_restart(),
        cancel: ((buyer || merchant) && held || buyer && matches!(state, State::Paying { .. }))
            && order.shipped_at.is_none(),
        refund: (buyer || merchant) && paid || buyer && matches!(state, State::Fulfilling { .. }),
        fulfil: merchant && held,
        // Only who has an account reviews.
        review: buyer && paid && order.guest_email.is_none(),
    }
}

/// How a refund of this much would be borne, for the pages; `None` while it is not known how it was paid.
pub fn refund_numbers(order: &Order, amount: Money) -> Option<RefundNumbers> {
    let of = |policy| {
        let parts = refund_terms::parts(order, amount, policy).ok()??;
        Some(PriceSplit {
            total: parts.buyer,
            merchant: parts.merchant,
            marketplace: parts.marketplace,
            amazon: parts.amazon,
        })
    };
    let (whole, taken) = (refund_terms::whole_fees(order).ok()??, order.fees_taken?);
    Some(RefundNumbers {
        shared: of(RefundPolicy::Shared)?,
        seller_alone: of(RefundPolicy::SellerAlone)?,
        basis: RefundBasis {
            charged: order.charged(),
            before: order.refunded,
            marketplace: whole.marketplace,
            amazon: whole.amazon,
            taken: taken.marketplace,
        },
    })
}

pub fn summary(order: &Order, role: Role) -> OrderSummary {
    OrderSummary {
        id: order.id.to_string(),
        title: order.title.clone(),
        item_slug: order.item_slug.to_string(),
        seller: order.merchant_name.clone(),
        buyer: order.buyer_name.clone(),
        price: amount(order),
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

/// What the buyer pays: less than the price once the seller has asked for less.
fn amount(order: &Order) -> Money {
    match order.state {
        State::Fulfilling { .. }
        | State::SettlingToRefund { .. }
        | State::Paid { .. }
        | State::Refunding { .. }
        | State::Refunded { .. } => order.charged(),
        _ => order.price,
    }
}

/// The page of one order; `files` are what may be downloaded now.
pub fn page(order: &Order, role: Role, entries: Vec<timeline::Entry>, files: Vec<FileFacts>) -> OrderPage {
    let timeline = entries.into_iter().map(|entry| timeline::view(order, entry));
    let failure = match &order.state {
        State::AuthorizationFailed { why }
        | State::PaymentFailed { why, .. }
        | State::SettleFailed { why, .. } => Some(why.clone()),
        _ => None,
    };
    let (split, divided) = if role == Role::Buyer { (None, divided(order)) } else { (split(order), None) };
    OrderPage {
        order: summary(order, role),
        promise: None,
        physical: order.physical,
        instant: order.delivery == Delivery::Instant,
        timeline: timeline.collect(),
        shipping: order.shipping.as_ref().map(address).unwrap_or_default(),
        shipping_price: order.shipping_price,
        discount: order.discount.as_ref().map(discount),
        shipping_speed: order.shipping.as_ref().map(|to| to.speed.to_string()),
        downloads: if role == Role::Buyer { downloads(&order.id, files) } else { Vec::new() },
        links: Vec::new(),
        licence_key: None,
        receipt: was_paid(order).then(|| format!("/orders/{}/receipt", order.id)),
        gift: None,
        guest: order
            .guest_email
            .clone()
            .filter(|_| role == Role::Buyer)
            .map(|email| GuestView { email, mailbox: None }),
        basket: order.basket.as_ref().filter(|_| role == Role::Buyer).map(ToString::to_string),
        failure,
        transaction_id: order.state.transaction().map(ToString::to_string),
        split,
        divided,
        refund_request: None,
        refund_rule: order.refund_rule.into(),
        refund_decision: RefundDecision::BySeller(SellerDecides::OnRequest),
        refunding: matches!(order.state, State::Refunding { .. } | State::SettlingToRefund { .. })
            .then(|| order.refund_amount.unwrap_or(order.left())),
        ordered: Some(order.price).filter(|price| *price != amount(order)),
        tracking: order.tracking.clone(),
        seller_message: order.seller_message.clone(),
        calls: Vec::new(),
        form: FormState::default(),
        refunded: Some(went_back(order)).filter(|refunded| refunded.is_positive()),
        messages: None,
        suggestions: Vec::new(),
    }
}

/// The order keeps the parts; the state says when the last of them went back.
pub(super) fn went_back(order: &Order) -> Money {
    if matches!(order.state, State::Refunded { .. }) { order.charged() } else { order.refunded }
}

/// Who decides on a refund now.
pub fn decision(decision: Decision) -> RefundDecision {
    match decision {
        Decision::AtOnce => RefundDecision::AtOnce,
        Decision::BySeller(Because::OnRequest) => RefundDecision::BySeller(SellerDecides::OnRequest),
        Decision::BySeller(Because::DaysOver) => RefundDecision::BySeller(SellerDecides::DaysOver),
        Decision::BySeller(Because::Downloaded) => RefundDecision::BySeller(SellerDecides::Downloaded),
    }
}

/// A call of Amazon's web service, with where its answer can be read.
pub fn call(order: &OrderId, call: KeptCall) -> OrderCall {
    let answer = call.answered.then(|| format!("/orders/{order}/calls/{}.xml", call.sequence));
    OrderCall {
        at: call.at,
        action: call.action,
        asked: call.asked,
        outcome: call.outcome,
        times: call.times,
        answer,
    }
}

/// What the buyer asked for, while it is neither granted nor overtaken, with what this person can do about it.
pub fn refund_request(
    order: &Order,
    role: Role,
    kept: KeptRequest,
    escalate: MayEscalate,
) -> Option<RefundRequestView> {
    let stands = matches!(order.state, State::Paid { .. } | State::Fulfilling { .. });
    let paid = matches!(order.state, State::Paid { .. });
    stands.then(|| RefundRequestView {
        id: kept.request.id.into_string(),
        amount: kept.request.amount.min(order.left()),
        reason: kept.request.reason,
        at: kept.at,
        at_amazon: kept.request.origin == Origin::Amazon,
        step: if paid { step(role, &kept.answer, escalate) } else { RequestStep::Nothing },
        answer: answer(kept.answer),
    })
}

fn step(role: Role, answer: &Answer, escalate: MayEscalate) -> RequestStep {
    match (role, answer) {
        (_, Answer::Closed) => RequestStep::Nothing,
        (Role::Merchant, Answer::Open) => RequestStep::Answer,
        (Role::Merchant, _) => RequestStep::GrantAfterAll,
        (Role::Operator, Answer::Open | Answer::Escalated(_)) => RequestStep::Decide,
        (Role::Operator, _) => RequestStep::Nothing,
        (Role::Buyer, _) => match escalate {
            MayEscalate::Now => RequestStep::Escalate,
            MayEscalate::From(at) => RequestStep::EscalateFrom(at),
            MayEscalate::No => RequestStep::Nothing,
        },
    }
}

/// What became of a request, for the pages.
pub fn answer(answer: Answer) -> RefundAnswer {
    let said = |said: Said| SaidView { at: said.at, words: said.words };
    match answer {
        Answer::Open | Answer::Closed => RefundAnswer::Open,
        Answer::Declined { at } => RefundAnswer::Declined { at },
        Answer::Escalated(escalation) => {
            RefundAnswer::Escalated { declined_at: escalation.declined_at, said: said(escalation.said) }
        }
        Answer::Refused { ruling, .. } => RefundAnswer::Refused { ruling: said(ruling) },
    }
}

/// What a coupon takes off, for the pages.
pub fn discount(discount: &Discount) -> DiscountView {
    let bearer = match discount.bearer {
        Bearer::Seller => model::Bearer::Seller,
        Bearer::Market => model::Bearer::Market,
    };
    DiscountView { code: discount.code.to_string(), amount: discount.amount, bearer }
}

/// A gift, for its giver.
pub fn gift(gift: &Gift) -> GiftView {
    GiftView {
        email: gift.to.email.clone(),
        name: gift.to.name.clone(),
        message: gift.to.message.clone(),
        sent_at: gift.sent_at,
        accepted_at: gift.accepted.as_ref().map(|(_, at)| *at),
    }
}

/// Whether money was charged, whatever became of it.
fn was_paid(order: &Order) -> bool {
    order.paid_at.is_some()
}

/// The receipt of what was paid; `None` where nothing was.
pub fn receipt(order: &Order) -> Option<Receipt> {
    let charged = order.charged();
    let not_charged = order.price.sub(charged).ok().filter(|less| less.is_positive());
    Some(Receipt {
        order_id: order.id.to_string(),
        title: order.title.clone(),
        seller: order.merchant_name.clone(),
        buyer: order.buyer_name.clone(),
        address: order.shipping.as_ref().map(address).unwrap_or_default(),
        ordered_at: order.placed_at,
        paid_at: order.paid_at?,
        price: order.list_price(),
        discount: order.discount.as_ref().map(discount),
        shipping: order.physical.then_some(order.shipping_price),
        not_charged,
        charged,
        refunded: Some(went_back(order)).filter(|refunded| refunded.is_positive()),
        paid_with: order.payment_method.map(terms::label),
        split: split(order),
        transaction_id: order.state.transaction().map(ToString::to_string),
    })
}

/// How what is paid divides; unknown until the payment method is.
fn split(order: &Order) -> Option<PriceSplit> {
    terms::split(amount(order), order.fixed_fee, order.variable_fee, order.payment_method?).ok()
}

/// The same for the buyer, with what is left of it where something went back. Who gave how much back is what the fees that
/// were kept say.
fn divided(order: &Order) -> Option<Divided> {
    let charged = matches!(
        order.state,
        State::Paid { .. }
            | State::SettlingToRefund { .. }
            | State::Refunding { .. }
            | State::Refunded { .. }
    );
    let open = matches!(
        order.state,
        State::Authorized { .. } | State::Paying { .. } | State::Reserved { .. } | State::Fulfilling { .. }
    );
    if !charged && !open {
        return None;
    }
    let back = went_back(order);
    let left = order.fees_taken.filter(|_| back.is_positive()).and_then(|fees| {
        let total = order.charged().sub(back).ok()?;
        let merchant = total.sub(fees.marketplace).and_then(|rest| rest.sub(fees.amazon)).ok()?;
        Some(PriceSplit { total, merchant, marketplace: fees.marketplace, amazon: fees.amazon })
    });
    Some(Divided { way: terms::label(order.payment_method?), paid: split(order)?, charged, left })
}

/// A line for each part of where it is sent.
pub fn address(to: &Shipping) -> Vec<String> {
    let town = [to.city.as_str(), to.state.as_str(), to.zip.as_str()];
    let town = town.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let lines = [to.name.clone(), to.line1.clone(), to.line2.clone(), town, to.country.clone()];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}
