//! `/operator/disputes`: refunds that buyers ask for, and the operator's decision.

use super::Operator;
use crate::Shop;
use crate::ids::{OrderId, RefundRequestId};
use crate::input;
use crate::orders::refund_requests::{self, Answer, Disputed, KeptRequest};
use crate::orders::state::State as OrderState;
use crate::orders::view::{self, Role};
use crate::orders::{self, Order, OrderError};
use crate::oversight::disputes;
use crate::purchase::commands::Decision;
use crate::web::{InAddress, SignedIn, messages, page, typed};
use app::form::FormState;
use axum::extract::State;
use axum::response::Response;
use platform::paging::Part;
use platform::web::{FormFields, Refusal, keep_for_the_moment, see_other};
use shop_pages::model::{DisputePage, DisputeRow, DisputesPage, RefundRequestRow};
use shop_pages::pages;

const LONGEST_REASON: usize = 500;
const TOO_LATE: &str =
    "There is nothing to decide any more: the order had moved on. Here is where it stands.";

/// Where the operator decides on what the buyer of this order asks for.
pub fn path(id: &OrderId) -> String {
    format!("/operator/disputes/{id}")
}

pub async fn list(State(shop): State<Shop>, Operator(visitor): Operator) -> Result<Response, Refusal> {
    let data = DisputesPage {
        escalated: refund_requests::disputed(&shop.db, Disputed::Escalated).await?,
        waiting: refund_requests::disputed(&shop.db, Disputed::Open).await?,
        declined: refund_requests::disputed(&shop.db, Disputed::Declined).await?,
    };
    Ok(keep_for_the_moment(page(true, pages::disputes(&visitor.chrome, &data))))
}

pub async fn show(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    shown(&shop, &visitor, &id, None).await
}

/// With what was typed, where something of it cannot be taken.
async fn shown(
    shop: &Shop,
    visitor: &SignedIn,
    id: &OrderId,
    typed: Option<FormState>,
) -> Result<Response, Refusal> {
    let order = orders::find(&shop.db, id).await?;
    let Some(kept) = standing(shop, &order).await? else {
        visitor.tell(TOO_LATE).await?;
        return Ok(see_other(&format!("/orders/{id}")));
    };
    let amount = kept.request.amount.min(order.left());
    let form = typed.unwrap_or_else(|| {
        let mut form = FormState::default();
        form.set("amount", amount.to_two_decimals());
        form
    });
    let request = RefundRequestRow {
        order_id: id.to_string(),
        title: order.title.clone(),
        buyer: order.buyer_name.clone(),
        amount,
        reason: kept.request.reason,
        at: kept.at,
    };
    let data = DisputePage {
        row: DisputeRow { request, seller: order.merchant_name.clone() },
        request_id: kept.request.id.to_string(),
        may_decide: matches!(kept.answer, Answer::Open | Answer::Escalated(_))
            && order.buyer_id != visitor.user.id,
        answer: view::answer(kept.answer),
        price: order.price,
        messages: messages::thread(shop, &order, Role::Operator, Part::Newest, FormState::default()).await?,
        form,
    };
    Ok(page(data.form.is_valid(), pages::dispute(&visitor.chrome, &data)))
}

/// What the buyer asks for, while the money is there.
async fn standing(shop: &Shop, order: &Order) -> Result<Option<KeptRequest>, sqlx::Error> {
    let kept = refund_requests::of_order(shop.db.readers(), &order.id).await?;
    Ok(kept.filter(|_| matches!(order.state, OrderState::Paid { .. })))
}

pub async fn decide(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<OrderId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let mut form = FormState::typed(fields.into_map());
    let no_request =
        |_| Refusal::bad_request("The form does not say which request it is about. Open the page again.");
    let request: RefundRequestId = form.value("request").parse().map_err(no_request)?;
    let order = orders::find(&shop.db, &id).await?;
    let asked = standing(&shop, &order).await?.map_or(order.left(), |kept| kept.request.amount);
    let decision = match form.value("decision") {
        "grant" => typed::refund_amount(&mut form, asked.min(order.left())).map(Decision::Grant),
        "decline" => Some(Decision::Decline),
        _ => return Err(Refusal::bad_request("Press one of the two buttons.")),
    };
    let reason = input::paragraphs(form.value("reason"), "a reason", LONGEST_REASON);
    let reason = reason.map_err(|problem| form.refuse("reason", problem)).ok();
    let (Some(decision), Some(reason)) = (decision, reason) else {
        return shown(&shop, &visitor, &id, Some(form)).await;
    };
    let told = match disputes::decide(&shop, &visitor.user, (&id, &request), decision, &reason).await {
        Ok(()) if decision == Decision::Decline => {
            "Nothing goes back, and that is the last word. Buyer and seller were told."
        }
        Ok(()) => "The money goes back to the buyer. Buyer and seller were told.",
        Err(OrderError::NotNow(_)) => TOO_LATE,
        Err(error) => return Err(error.into()),
    };
    visitor.tell(told).await?;
    Ok(see_other(&format!("/orders/{id}")))
}
