//! `/sell/customers`: who bought, and what one of them bought.

use super::Seller;
use crate::Shop;
use crate::figures::customers::{self, Customer};
use crate::ids::UserId;
use crate::orders::view::{self, Role};
use crate::orders::{self, Order};
use crate::web::{InAddress, links, page};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::paging::{self, Place};
use platform::web::{Refusal, keep_for_the_moment};
use shop_pages::model::{self, CustomerPage, CustomersPage};
use shop_pages::pages;

const PER_PAGE: usize = 50;

pub async fn list(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let (db, id) = (&shop.db, &merchant.id);
    let asked = paging::part_of(query.as_deref());
    let (found, ways) = paging::page(asked, PER_PAGE, Customer::place, |part, limit| {
        Box::pin(async move { customers::of_merchant(db, id, &part, limit).await })
    })
    .await?;
    let data = CustomersPage { customers: found.into_iter().map(shown).collect(), paging: links(ways) };
    Ok(keep_for_the_moment(page(true, pages::customers(&visitor.chrome, &data))))
}

/// Of somebody who bought nothing here there is no page.
pub async fn show(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    InAddress(buyer): InAddress<UserId>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let (db, id) = (&shop.db, &merchant.id);
    let customer = customers::find(db, id, &buyer).await?.ok_or_else(Refusal::not_found)?;
    let place = |order: &Order| Place { at: order.placed_at, id: order.id.clone() };
    let buyer = &buyer;
    let asked = paging::part_of(query.as_deref());
    let (orders, ways) = paging::page(asked, PER_PAGE, place, |part, limit| {
        Box::pin(async move { orders::of_customer(db, id, buyer, &part, limit).await })
    })
    .await?;
    let data = CustomerPage {
        customer: shown(customer),
        orders: orders.iter().map(|order| view::summary(order, Role::Merchant)).collect(),
        paging: links(ways),
    };
    Ok(keep_for_the_moment(page(true, pages::customer(&visitor.chrome, &data))))
}

fn shown(customer: Customer) -> model::Customer {
    model::Customer {
        id: customer.buyer_id.into_string(),
        name: customer.name,
        bought: customer.bought,
        gross: customer.gross,
        refunded: customer.refunded,
        last_at: customer.last_at,
    }
}
