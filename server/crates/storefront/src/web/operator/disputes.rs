//! `/operator/disputes`: refunds that buyers ask for, and the operator's decision.

use super::Operator;
use crate::Shop;
use crate::ids::{OrderId, RefundRequestId};
use crate::input;
use crate::orders::refund_requests::{self, Answer};
use crate::orders::state::State as OrderState;
use crate::orders::view::Role;
use crate::orders::{self, OrderError};
use crate::oversight::disputes::{self, Decision};
use crate::web::{InAddress, SignedIn, messages, page};
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

pub async fn list(State(shop): State<Shop>, Operator(visitor): Operator) -> Result<Response, Refusal> {
    let data = DisputesPage {
        waiting: refund_requests::disputed(&shop.db, false).await?,
        declined: refund_requests::disputed(&shop.db, true).await?,
    };
    Ok(keep_for_the_moment(page(true, pages::disputes(&visitor.chrome, &data))))
}

pub async fn show(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    shown(&shop, &visitor, &id, FormState::default()).await
}

async fn shown(shop: &Shop, visitor: &SignedIn, id: &OrderId, form: FormState) -> Result<Response, Refusal> {
    let order = orders::find(&shop.db, id).await?;
    let kept = refund_requests::of_order(shop.db.readers(), id).await?;
    let Some(kept) = kept.filter(|_| matches!(order.state, OrderState::Paid { .. })) else {
        visitor.tell(TOO_LATE).await?;
        return Ok(see_other(&format!("/orders/{id}")));
    };
    let request = RefundRequestRow {
        order_id: id.to_string(),
        title: order.title.clone(),
        buyer: order.buyer_name.clone(),
        amount: kept.request.amount.min(order.left()),
        reason: kept.request.reason,
        at: kept.at,
    };
    let data = DisputePage {
        row: DisputeRow { request, seller: order.merchant_name.clone() },
        request_id: kept.request.id.to_string(),
        may_decide: kept.answer == Answer::Open,
        price: order.price,
        messages: messages::thread(shop, &order, Role::Operator, Part::Newest, FormState::default()).await?,
        form,
    };
    Ok(page(data.form.is_valid(), pages::dispute(&visitor.chrome, &data)))
}

pub async fn decide(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<OrderId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let field = |name: &str| fields.get(name).unwrap_or_default();
    let no_request =
        |_| Refusal::bad_request("The form does not say which request it is about. Open the page again.");
    let request: RefundRequestId = field("request").parse().map_err(no_request)?;
    let decision = match field("decision") {
        "grant" => Decision::Grant,
        "decline" => Decision::Decline,
        _ => return Err(Refusal::bad_request("Press one of the two buttons.")),
    };
    let reason = match input::paragraphs(field("reason"), "a reason", LONGEST_REASON) {
        Ok(reason) => reason,
        Err(problem) => {
            let mut form = FormState::default();
            form.set("reason", field("reason"));
            form.refuse("reason", problem);
            return shown(&shop, &visitor, &id, form).await;
        }
    };
    let decided = disputes::decide(&shop, &visitor.user, (&id, &request), decision, &reason).await;
    let told = match decided {
        Ok(()) if decision == Decision::Grant => "The money goes back to the buyer.",
        Ok(()) => "It is declined. The buyer sees it on the order.",
        Err(OrderError::NotNow(_)) => TOO_LATE,
        Err(error) => return Err(error.into()),
    };
    visitor.tell(told).await?;
    Ok(see_other(&format!("/orders/{id}")))
}
