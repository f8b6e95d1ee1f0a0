//! `/orders/{id}/refund`, for the buyer and for the merchant, and answers to what buyers ask for.

use super::operator::disputes;
use super::orders::{back_to, viewer};
use super::typed::{self, LONGEST_REASON, Reason};
use super::{Customer, InAddress, SignedIn, address, page};
use crate::Shop;
use crate::ids::{OrderId, RefundRequestId};
use crate::input;
use crate::orders::refund_terms::RefundPolicy;
use crate::orders::state;
use crate::orders::view::{self, Role};
use crate::orders::{self, Order, OrderError};
use crate::purchase::commands::{self, GivenRefund, RefundAsked};
use crate::purchase::order_page::{Standing, can_go_back};
use app::form::FormState;
use axum::extract::{Path, State};
use axum::response::Response;
use money::Money;
use platform::web::{FormFields, Refusal, see_other};
use shop_pages::model::{EscalatePage, GiveRefundPage, RefundPage, RequestStep};
use shop_pages::pages;

/// Characters of what a buyer tells the marketplace.
const LONGEST_APPEAL: usize = 1000;

/// What happens if one goes on; nothing is changed by it.
pub async fn form(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    let order = orders::find(&shop.db, &id).await?;
    match viewer(&visitor).role(&order) {
        Some(Role::Buyer) => {
            let mut form = FormState::default();
            form.set("reason", Reason::ChangedMind.as_str());
            ask_page(&shop, &visitor, &order, form).await
        }
        Some(Role::Merchant) if is_paid(&order) => {
            let left = order.left();
            let mut form = FormState::default();
            form.set("amount", left.to_two_decimals());
            form.set("policy", RefundPolicy::Shared.as_str());
            Ok(give_page(&visitor, &order, Shown { amount: left, changed: false }, form))
        }
        Some(Role::Merchant) => back_to(&visitor, &id, Err(not_now(&order))).await,
        Some(Role::Operator) | None => Err(Refusal::not_found()),
    }
}

pub async fn refund(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    InAddress(id): InAddress<OrderId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let order = orders::find(&shop.db, &id).await?;
    let form = FormState::typed(fields.into_map());
    match viewer(&visitor).role(&order) {
        Some(Role::Buyer) => ask(&shop, &visitor, &order, form).await,
        Some(Role::Merchant) => give(&shop, &visitor, &order, form).await,
        Some(Role::Operator) | None => Err(Refusal::not_found()),
    }
}

async fn ask(
    shop: &Shop,
    visitor: &SignedIn,
    order: &Order,
    mut form: FormState,
) -> Result<Response, Refusal> {
    let reason = typed::refund_reason(&mut form);
    let Some(reason) = reason.filter(|_| form.is_valid()) else {
        return ask_page(shop, visitor, order, form).await;
    };
    let asked = commands::ask_refund(shop, &visitor.user.id, &order.id, reason).await;
    if asked.as_ref().is_ok_and(|asked| *asked == RefundAsked::SellerDecides) {
        visitor.tell("The seller was asked. You read the answer here.").await?;
    }
    back_to(visitor, &order.id, asked.map(drop)).await
}

/// The buyer's page; where there is nothing to ask for, the order's page says why.
async fn ask_page(
    shop: &Shop,
    visitor: &SignedIn,
    order: &Order,
    form: FormState,
) -> Result<Response, Refusal> {
    let standing = Standing::of(shop, order).await?;
    if can_go_back(order) && standing.declined {
        return Err(OrderError::RefundDeclined.into());
    }
    if !can_go_back(order) || !standing.may_ask() {
        return back_to(visitor, &order.id, Err(not_now(order))).await;
    }
    let valid = form.is_valid();
    let data = RefundPage {
        order: view::summary(order, Role::Buyer),
        physical: order.physical,
        amount: order.left(),
        rule: order.refund_rule.into(),
        decision: view::decision(standing.decision),
        reasons: Reason::ALL.iter().map(|reason| (reason.to_string(), reason.label().to_owned())).collect(),
        form,
    };
    Ok(page(valid, pages::refund(&visitor.chrome, &data)))
}

/// What is sent back is what was shown: other figures are shown first.
async fn give(
    shop: &Shop,
    visitor: &SignedIn,
    order: &Order,
    mut form: FormState,
) -> Result<Response, Refusal> {
    if !is_paid(order) {
        return back_to(visitor, &order.id, Err(not_now(order))).await;
    }
    let left = order.left();
    let amount = typed::refund_amount(&mut form, left);
    let policy = typed::refund_policy(&mut form);
    let reason = typed::line(&mut form, "reason", LONGEST_REASON);
    let (Some(amount), Some(policy), true) = (amount, policy, form.is_valid()) else {
        let shown = amount.unwrap_or(left);
        return Ok(give_page(visitor, order, Shown { amount: shown, changed: false }, form));
    };
    let seen = (form.value("shown_amount"), form.value("shown_policy"));
    if seen != (amount.to_six_decimals().as_str(), policy.as_str()) {
        return Ok(give_page(visitor, order, Shown { amount, changed: true }, form));
    }
    let given = GivenRefund { amount, policy, reason };
    back_to(visitor, &order.id, commands::give_refund(shop, &visitor.user.id, &order.id, given).await).await
}

/// What the numbers on the merchant's page are for.
#[derive(Clone, Copy)]
struct Shown {
    amount: Money,
    changed: bool,
}

fn give_page(visitor: &SignedIn, order: &Order, shown: Shown, form: FormState) -> Response {
    let valid = form.is_valid();
    let data = GiveRefundPage {
        order: view::summary(order, Role::Merchant),
        physical: order.physical,
        left: order.left(),
        amount: shown.amount,
        numbers: view::refund_numbers(order, shown.amount),
        changed: shown.changed,
        form,
    };
    page(valid, pages::give_refund(&visitor.chrome, &data))
}

fn is_paid(order: &Order) -> bool {
    matches!(order.state, state::State::Paid { .. })
}

fn not_now(order: &Order) -> OrderError {
    OrderError::NotNow(view::status(order.state.phase()))
}

/// What the merchant answers to what the buyer asked for.
#[derive(Debug, Clone, Copy)]
enum Answer {
    Grant,
    Decline,
}

pub async fn grant(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path(address): Path<(String, String)>,
) -> Result<Response, Refusal> {
    answer(&shop, &visitor, &address, Answer::Grant).await
}

pub async fn decline(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path(address): Path<(String, String)>,
) -> Result<Response, Refusal> {
    answer(&shop, &visitor, &address, Answer::Decline).await
}

/// The operator decides on a page that has the whole story.
async fn answer(
    shop: &Shop,
    visitor: &SignedIn,
    address: &(String, String),
    answer: Answer,
) -> Result<Response, Refusal> {
    let (id, request) = about(address)?;
    let order = orders::find(&shop.db, &id).await?;
    if viewer(visitor).role(&order) == Some(Role::Operator) {
        return Ok(see_other(&disputes::path(&id)));
    }
    let merchant = &visitor.user.id;
    let answered = match answer {
        Answer::Grant => commands::grant_refund(shop, merchant, &id, &request).await,
        Answer::Decline => commands::decline_refund(shop, merchant, &id, &request).await,
    };
    back_to(visitor, &id, answered).await
}

fn about((id, request): &(String, String)) -> Result<(OrderId, RefundRequestId), Refusal> {
    Ok((address::parse(id)?, address::parse(request)?))
}

/// What happens if the buyer asks the marketplace; nothing is changed by it.
pub async fn escalate_form(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    Path(address): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let (id, request) = about(&address)?;
    escalate_page(&shop, &visitor, (&id, &request), FormState::default()).await
}

/// Field `words`.
pub async fn escalate(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    Path(address): Path<(String, String)>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let (id, request) = about(&address)?;
    let mut form = FormState::typed(fields.into_map());
    let words =
        match input::paragraphs(form.value("words"), "what the marketplace should know", LONGEST_APPEAL) {
            Ok(words) => words,
            Err(problem) => {
                form.refuse("words", problem);
                return escalate_page(&shop, &visitor, (&id, &request), form).await;
            }
        };
    let asked = commands::escalate_refund(&shop, &visitor.user.id, &id, &request, words).await;
    if asked.is_ok() {
        visitor.tell("The marketplace was asked. You read its decision here.").await?;
    }
    back_to(&visitor, &id, asked).await
}

/// The buyer's page; where there is nothing to ask, or not yet, the order's page says why.
async fn escalate_page(
    shop: &Shop,
    visitor: &SignedIn,
    (id, request): (&OrderId, &RefundRequestId),
    form: FormState,
) -> Result<Response, Refusal> {
    let order = orders::find(&shop.db, id).await?;
    if viewer(visitor).role(&order) != Some(Role::Buyer) {
        return Err(Refusal::not_found());
    }
    let standing = Standing::of(shop, &order).await?;
    let kept = standing.request.filter(|kept| kept.request.id == *request);
    let asked = kept.and_then(|kept| view::refund_request(&order, Role::Buyer, kept, standing.may_escalate));
    let Some(asked) = asked.filter(|asked| asked.step == RequestStep::Escalate) else {
        return back_to(visitor, id, Err(not_now(&order))).await;
    };
    let valid = form.is_valid();
    let data = EscalatePage { order: view::summary(&order, Role::Buyer), asked, form };
    Ok(page(valid, pages::escalate(&visitor.chrome, &data)))
}
