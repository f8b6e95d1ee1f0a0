//! `/operator/orders`: everybody's orders, filtered.

use super::{Operator, query};
use crate::Shop;
use crate::catalogue::search;
use crate::ids::{MerchantId, OrderId, UserId};
use crate::merchants::{self, people};
use crate::orders::Order;
use crate::orders::found::{self, About, Wanted};
use crate::orders::state::Phase;
use crate::orders::view::{self, Role};
use crate::users::store as users;
use crate::web::{links, page};
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::Database;
use platform::paging::{self, Place};
use platform::web::{Refusal, keep_for_the_moment};
use shop_pages::model::OrdersPage;
use shop_pages::pages;

const FIELDS: [&str; 4] = ["status", "seller", "buyer", "q"];
const PER_PAGE: usize = 50;
/// People, or items, of a filter's words at the most.
const MOST_MEANT: u32 = 50;

pub async fn list(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refusal> {
    let mut form = query::read(asked.as_deref(), &FIELDS);
    let wanted = wanted(&shop.db, &mut form).await?;
    let place = |order: &Order| Place { at: order.placed_at, id: order.id.clone() };
    let part = paging::part_of::<Place<OrderId>>(asked.as_deref());
    let (orders, ways) = paging::page(part, PER_PAGE, place, |part, limit| {
        let (db, wanted) = (&shop.db, &wanted);
        Box::pin(async move { found::of_page(db, wanted, &part, limit).await })
    })
    .await?;
    let data = OrdersPage {
        orders: orders.iter().map(|order| view::summary(order, Role::Operator)).collect(),
        states: Phase::ALL.iter().map(|phase| (phase.to_string(), words(*phase).to_owned())).collect(),
        query: query::again(&form),
        form,
        paging: links(ways),
    };
    Ok(keep_for_the_moment(page(data.form.is_valid(), pages::all_orders(&visitor.chrome, &data))))
}

async fn wanted(db: &Database, form: &mut FormState) -> Result<Wanted, sqlx::Error> {
    let phase = query::word(form, "status");
    let merchants = match query::text(form, "seller") {
        Some(seller) => Some(sellers(db, seller).await?),
        None => None,
    };
    let buyers = match query::text(form, "buyer") {
        Some(buyer) => {
            let mut found = users::found_by(db, buyer, i64::from(MOST_MEANT)).await?;
            found.extend(UserId::new(buyer).ok());
            Some(found)
        }
        None => None,
    };
    let about = match query::text(form, "q") {
        Some(text) => {
            let items = search::first(db, text, MOST_MEANT).await?;
            Some(About { id: text.to_owned(), items: items.into_iter().map(|item| item.id).collect() })
        }
        None => None,
    };
    Ok(Wanted { phase, merchants, buyers, about })
}

/// The shop of this id, and those whose names begin like this.
async fn sellers(db: &Database, text: &str) -> Result<Vec<MerchantId>, sqlx::Error> {
    let ids = users::found_by(db, text, i64::from(MOST_MEANT)).await?;
    let people = people::of_ids(db, &ids).await?;
    let mut found: Vec<_> = people.into_iter().filter_map(|person| Some(person.shop?.id)).collect();
    if let Ok(id) = MerchantId::new(text)
        && let Some(seller) = merchants::store::find(db.readers(), &id).await?
    {
        found.push(seller.id);
    }
    Ok(found)
}

/// Each state by itself: a filter is more exact than a badge.
pub const fn words(phase: Phase) -> &'static str {
    match phase {
        Phase::AwaitingAuthorization => "Not confirmed yet",
        Phase::Abandoned => "Left without confirming",
        Phase::AuthorizationFailed => "Authorization failed",
        Phase::Authorized => "Authorized",
        Phase::Paying => "Payment pending",
        Phase::PaymentFailed => "Payment failed",
        Phase::Reserved => "Reserved",
        Phase::Fulfilling => "Fulfilled, payment pending",
        Phase::SettleFailed => "Not charged",
        Phase::SettlingToRefund => "Charged to be refunded",
        Phase::Paid => "Paid",
        Phase::Cancelling => "Cancel pending",
        Phase::Cancelled => "Cancelled",
        Phase::Refunding => "Refund pending",
        Phase::Refunded => "Refunded",
    }
}
