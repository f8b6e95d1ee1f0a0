//! `/sell/orders`: a merchant's orders, and several fulfilled together.

use super::Seller;
use crate::Shop;
use crate::ids::OrderId;
use crate::orders::Order;
use crate::orders::sold::{self, Filter, SEARCHED};
use crate::orders::state::State as OrderState;
use crate::orders::view::{self, Role};
use crate::purchase::commands;
use crate::web::{links, page};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::paging;
use platform::web::{FormFields, Refusal, keep_for_the_moment, see_other};
use shop_pages::model::{FulfilledOrder, FulfilledPage, SoldOrdersPage};
use shop_pages::pages;

/// Orders of one page, and as many can be fulfilled together.
const PER_PAGE: usize = 50;
/// Longer searches are cut: nobody types them.
const LONGEST_QUERY: usize = 100;

fn label(filter: Filter) -> &'static str {
    match filter {
        Filter::All => "All orders",
        Filter::ToFulfil => "To fulfil",
        Filter::Reserved => "Reserved",
        Filter::NotCharged => "Not charged",
        Filter::UnderWay => "Under way at Amazon",
        Filter::Paid => "Paid",
        Filter::RefundAsked => "Refund asked for",
        Filter::Refunded => "Refunded",
        Filter::Cancelled => "Cancelled",
        Filter::Failed => "Failed",
    }
}

/// What `show` and `q` of an address ask for; what cannot be meant takes its default.
fn asked_for(query: &str) -> (Filter, String) {
    let (mut filter, mut words) = (Filter::All, String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "show" => filter = value.parse().unwrap_or(Filter::All),
            "q" => {
                words =
                    value.trim().chars().filter(|letter| !letter.is_control()).take(LONGEST_QUERY).collect();
            }
            _ => {}
        }
    }
    (filter, words)
}

pub async fn list(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let (filter, words) = asked_for(query.as_deref().unwrap_or_default());
    let (db, merchant, looked_for) = (&shop.db, &merchant.id, words.as_str());
    let part = paging::part_of(query.as_deref());
    let (found, ways) = paging::page(part, PER_PAGE, sold::place, |part, limit| {
        Box::pin(async move { sold::find(db, merchant, (filter, looked_for), &part, limit).await })
    })
    .await?;
    let data = SoldOrdersPage {
        orders: found.iter().map(|order| view::summary(order, Role::Merchant)).collect(),
        filters: Filter::ALL.iter().map(|filter| (filter.to_string(), label(*filter).to_owned())).collect(),
        show: filter.to_string(),
        query: words,
        searched: SEARCHED,
        paging: links(ways),
    };
    Ok(keep_for_the_moment(page(true, pages::sold_orders(&visitor.chrome, &data))))
}

/// Those that were ticked: a field `order-{id}` for each. What became of them, the next page reads from the orders themselves.
pub async fn fulfil(
    State(shop): State<Shop>,
    Seller { visitor, .. }: Seller,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let ids = ids(fields.0.iter().filter_map(|(name, _)| name.strip_prefix("order-")));
    if ids.is_empty() {
        visitor.tell("Tick the orders that you want to fulfil first.").await?;
        return Ok(see_other("/sell/orders?show=to-fulfil"));
    }
    let query: Vec<String> = ids.iter().map(|id| format!("order={id}")).collect();
    commands::fulfil_all(&shop, &visitor.user.id, ids).await?;
    Ok(see_other(&format!("/sell/orders/fulfilled?{}", query.join("&"))))
}

pub async fn fulfilled(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let query = query.unwrap_or_default();
    let named: Vec<_> =
        form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "order").collect();
    let ids = ids(named.iter().map(|(_, value)| value.as_ref()));
    let found = sold::with_ids(&shop.db, &merchant.id, &ids).await?;
    if found.is_empty() {
        return Ok(see_other("/sell/orders"));
    }
    let data = FulfilledPage { orders: found.iter().map(outcome).collect() };
    Ok(page(true, pages::fulfilled(&visitor.chrome, &data)))
}

fn outcome(order: &Order) -> FulfilledOrder {
    let failure = match &order.state {
        OrderState::SettleFailed { why, .. } => Some(why.clone()),
        _ => None,
    };
    FulfilledOrder { order: view::summary(order, Role::Merchant), failure }
}

/// Those that can be ids, each once.
fn ids<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<OrderId> {
    let mut ids: Vec<OrderId> = Vec::new();
    for id in texts.filter_map(|text| text.parse().ok()) {
        if !ids.contains(&id) && ids.len() < PER_PAGE {
            ids.push(id);
        }
    }
    ids
}
