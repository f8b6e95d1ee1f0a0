//! `/orders…`: what the buyer ordered, and what people do with an order.

use super::errors::{CONFIRMED_BEFORE, COUPON_USED_UP, GONE, HELD, NO_SELLER};
use super::{
    Customer, InAddress, SignedIn, address, catalogue_pages, links, messages as thread, page, typed,
};
use crate::Shop;
use crate::catalogue;
use crate::ids::{ItemSlug, OrderId};
use crate::messages;
use crate::orders::view::{self, Role, Viewer};
use crate::orders::{self, Order, OrderError, calls, sold};
use crate::purchase::commands::{self, Restarted};
use crate::purchase::{order_page, recovery};
use app::form::FormState;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Method};
use platform::paging;
use platform::web::{FormFields, Refusal, keep_for_the_moment, never_compressed, see_other};
use shop_pages::model::{OrderPage, OrderStatus, OrderSummary};
use shop_pages::pages::{self, Live};
use typed::LONGEST_REASON;

/// Orders of one page of the list.
const PER_PAGE: usize = 50;

/// What the buyer ordered, newest first.
pub async fn list(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let (db, buyer) = (&shop.db, &visitor.user.id);
    let asked = paging::part_of(query.as_deref());
    let (found, ways) = paging::page(asked, PER_PAGE, sold::place, |part, limit| {
        Box::pin(async move { orders::for_buyer(db, buyer, &part, limit).await })
    })
    .await?;
    let ids: Vec<_> = found.iter().map(|order| order.id.as_str()).collect();
    let unread = messages::unread_by_buyer(db, &ids).await?;
    let row = |order: &Order| OrderSummary {
        unread_messages: unread.get(order.id.as_str()).copied().unwrap_or(0),
        ..view::summary(order, Role::Buyer)
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    Ok(keep_for_the_moment(page(true, pages::orders(&visitor.chrome, &rows, &links(ways)))))
}

/// For the buyer, the merchant and the operator; to others the order does not exist.
pub async fn show(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    method: Method,
    InAddress(id): InAddress<OrderId>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let order = look(&shop, &visitor, &method, &id).await?;
    let mut data = order_page::page_data(&shop, viewer(&visitor), &order).await?;
    if let Some(role) = viewer(&visitor).role(&order) {
        let part = paging::part_of(query.as_deref());
        data.messages = Some(thread::thread(&shop, &order, role, part, FormState::default()).await?);
        if method == Method::GET {
            thread::mark_read(&shop, &order, role).await?;
        }
    }
    let page = order_answer(true, &visitor, &data);
    // While it waits for the buyer, Amazon is asked each time.
    let waits = data.order.status == OrderStatus::AwaitingAuthorization;
    Ok(if waits { page } else { keep_for_the_moment(page) })
}

pub async fn thank_you(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    method: Method,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    let order = look(&shop, &visitor, &method, &id).await?;
    let mut data = order_page::page_data(&shop, viewer(&visitor), &order).await?;
    // There is nothing to thank for: the order's page says why, and how to go on.
    let unpaid = [OrderStatus::AwaitingAuthorization, OrderStatus::Abandoned, OrderStatus::Failed];
    if unpaid.contains(&data.order.status) {
        return Ok(see_other(&format!("/orders/{id}")));
    }
    let slug: ItemSlug = address::parse(&data.order.item_slug)?;
    if let Some(bought) = catalogue::store::by_slug(shop.db.readers(), &slug).await? {
        data.suggestions = catalogue_pages::suggestions(&shop, &bought).await?;
    }
    Ok(page(true, pages::thank_you(&visitor.chrome, &data)))
}

/// Whoever comes to see where their order stands may have been confirmed without the shop knowing. A HEAD only
/// looks whether the page is there.
async fn look(shop: &Shop, visitor: &SignedIn, method: &Method, id: &OrderId) -> Result<Order, OrderError> {
    if method == Method::GET {
        recovery::look_of(shop, &visitor.user.id, id).await
    } else {
        orders::find(&shop.db, id).await
    }
}

/// What the order's pages show now to whoever has them open.
pub(super) async fn live(shop: &Shop, viewer: Viewer<'_>, id: &OrderId) -> Result<Live, Refusal> {
    let order = orders::find(&shop.db, id).await?;
    Ok(order_page::live(shop, viewer, &order).await?)
}

pub(super) fn viewer(visitor: &SignedIn) -> Viewer<'_> {
    Viewer { user_id: &visitor.user.id, operator: visitor.user.operator }
}

/// Fields, of the merchant alone: `cancel_reason`.
pub async fn cancel(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    InAddress(id): InAddress<OrderId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let mut form = FormState::typed(fields.into_map());
    let reason = typed::line(&mut form, "cancel_reason", LONGEST_REASON);
    if !form.is_valid() {
        return again(&shop, &visitor, &id, form).await;
    }
    back_to(&visitor, &id, commands::cancel(&shop, &visitor.user.id, &id, reason).await).await
}

/// Fields, all optional: `tracking`, `message`, `amount`; `confirmed` says for which amount less than the price a person
/// was asked.
pub async fn fulfil(
    State(shop): State<Shop>,
    visitor: SignedIn,
    InAddress(id): InAddress<OrderId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let order = orders::find(&shop.db, &id).await?;
    if order.merchant_user_id != visitor.user.id {
        return Err(Refusal::not_found());
    }
    let mut form = FormState::typed(fields.into_map());
    let said = typed::fulfilment(&mut form, &order);
    if !form.is_valid() {
        return again(&shop, &visitor, &id, form).await;
    }
    if let Some(amount) = said.amount
        && form.value("confirmed") != amount.to_six_decimals()
    {
        let data = order_page::charge_less(&order, amount, form);
        return Ok(page(true, pages::charge_less(&visitor.chrome, &data)));
    }
    back_to(&visitor, &id, commands::fulfil(&shop, &visitor.user.id, &id, said).await).await
}

/// The order's page again, with what was typed there and what is wrong with it.
pub(super) async fn again(
    shop: &Shop,
    visitor: &SignedIn,
    id: &OrderId,
    form: FormState,
) -> Result<Response, Refusal> {
    let order = orders::find(&shop.db, id).await?;
    let mut data = order_page::page_data(shop, viewer(visitor), &order).await?;
    data.form = form;
    Ok(order_answer(false, visitor, &data))
}

/// With a licence key or links that open without a session on it, it shows a secret.
fn order_answer(valid: bool, visitor: &SignedIn, data: &OrderPage) -> Response {
    let page = page(valid, pages::order(&visitor.chrome, data));
    let secret = data.licence_key.is_some() || !data.links.is_empty();
    if secret { never_compressed(page) } else { page }
}

/// `/orders/{id}/calls/{n}.xml`: Amazon's own answer, for the merchant and the operator.
pub async fn call(
    State(shop): State<Shop>,
    visitor: SignedIn,
    Path((id, call)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let id: OrderId = address::parse(&id)?;
    let sequence = call.strip_suffix(".xml").and_then(|number| number.parse().ok());
    let order = orders::find(&shop.db, &id).await?;
    let answer = match (viewer(&visitor).role(&order), sequence) {
        (Some(Role::Merchant | Role::Operator), Some(sequence)) => {
            calls::answer(&shop.db, &id, sequence).await?
        }
        _ => None,
    };
    answer.map(xml).ok_or_else(Refusal::not_found)
}

/// Shown as what it is, never as a page of this site.
fn xml(answer: String) -> Response {
    let mut response = Response::new(Body::from(answer));
    for (name, value) in [
        (CONTENT_TYPE, "application/xml; charset=utf-8"),
        (CACHE_CONTROL, "private, no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

pub async fn restart(
    State(shop): State<Shop>,
    Customer(visitor): Customer,
    InAddress(id): InAddress<OrderId>,
) -> Result<Response, Refusal> {
    match commands::restart(&shop, &visitor.user.id, &id).await {
        Ok(Restarted::Authorize(at)) => Ok(see_other(at.as_str())),
        Ok(Restarted::Confirmed) => {
            visitor.tell(CONFIRMED_BEFORE).await?;
            Ok(see_other(&format!("/orders/{id}/thank-you")))
        }
        Err(OrderError::CouponUsedUp) => {
            visitor.tell(COUPON_USED_UP).await?;
            let order = orders::find(&shop.db, &id).await?;
            Ok(see_other(&format!("/checkout/{}", order.item_slug)))
        }
        Err(error) => back_to(&visitor, &id, Err(error)).await,
    }
}

/// The order's page says where it stands; who came too late is told so there.
pub(super) async fn back_to(
    visitor: &SignedIn,
    id: &OrderId,
    outcome: Result<(), OrderError>,
) -> Result<Response, Refusal> {
    match outcome {
        Ok(()) => {}
        Err(OrderError::NotNow(_)) => {
            visitor
                .tell("That was not possible any more: the order had moved on. Here is where it stands.")
                .await?;
        }
        Err(OrderError::SellerNotRegistered) => visitor.tell(NO_SELLER).await?,
        Err(OrderError::Held) => visitor.tell(HELD).await?,
        Err(OrderError::NotForSale) => visitor.tell(GONE).await?,
        Err(error) => return Err(error.into()),
    }
    Ok(see_other(&format!("/orders/{id}")))
}
