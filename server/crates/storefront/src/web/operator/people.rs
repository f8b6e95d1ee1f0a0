//! `/operator/users`: who has an account, who sells, who is closed or held.

use super::audit::about;
use super::{Operator, query, standing};
use crate::Shop;
use crate::accounts::second_factor;
use crate::ids::{MerchantId, UserId};
use crate::merchants::people::{self, Person, Show};
use crate::merchants::{self, Merchant};
use crate::orders;
use crate::orders::found::{self, Wanted};
use crate::orders::view::{self, Role};
use crate::oversight::second_factor as oversight;
use crate::oversight::standing::{Change, StandingError, Target};
use crate::users::store as users;
use crate::web::{InAddress, SignedIn, links, page, sell};
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::paging::{self, Part, Place};
use platform::web::{FormFields, Refusal, keep_for_the_moment, see_other};
use shop_pages::model::{HoldView, OrderSummary, PeoplePage, PersonPage, PersonRow, SellerView};
use shop_pages::pages;

const FIELDS: [&str; 2] = ["q", "show"];
const PER_PAGE: usize = 50;
/// Found by their words at the most.
const MOST_FOUND: usize = 100;
/// Orders on a person's page.
const ORDERS: i64 = 10;

pub async fn list(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refusal> {
    let mut form = query::read(asked.as_deref(), &FIELDS);
    let listed = query::word(&mut form, "show").unwrap_or(Show::Everybody);
    let shows = [
        (Show::Everybody, "Everybody"),
        (Show::Sellers, "Sellers"),
        (Show::Closed, "Closed accounts"),
        (Show::Held, "Held shops"),
    ];
    let mut data = PeoplePage {
        shows: shows.map(|(show, words)| (show.to_string(), words.to_owned())).into(),
        query: query::again(&form),
        form,
        ..PeoplePage::default()
    };
    if let Some(beginning) = query::text(&data.form, "q") {
        let limit = i64::try_from(MOST_FOUND).unwrap_or(i64::MAX) + 1;
        let ids = users::found_by(&shop.db, beginning, limit).await?;
        data.more = ids.len() > MOST_FOUND;
        let found = people::of_ids(&shop.db, &ids).await?;
        data.people = found.iter().filter(|person| fits(person, listed)).map(row).collect();
    } else {
        let place = |person: &Person| Place { at: person.listed_at, id: person.user.id.clone() };
        let (found, ways) =
            paging::page(paging::part_of(asked.as_deref()), PER_PAGE, place, |part, limit| {
                let db = &shop.db;
                Box::pin(async move { people::of_page(db, listed, &part, limit).await })
            })
            .await?;
        data.people = found.iter().map(row).collect();
        data.paging = links(ways);
    }
    Ok(keep_for_the_moment(page(data.form.is_valid(), pages::people(&visitor.chrome, &data))))
}

const fn fits(person: &Person, listed: Show) -> bool {
    match listed {
        Show::Everybody => true,
        Show::Sellers => person.shop.is_some(),
        Show::Closed => person.closed.is_some(),
        Show::Held => matches!(&person.shop, Some(shop) if shop.held.is_some()),
    }
}

fn row(person: &Person) -> PersonRow {
    PersonRow {
        id: person.user.id.to_string(),
        name: person.user.name.clone(),
        // In the place of a deleted account's address stands its id.
        email: if person.deleted_at.is_some() { String::new() } else { person.user.email.clone() },
        joined_at: person.joined_at,
        closed: person.closed.is_some(),
        deleted_at: person.deleted_at,
        shop: person.shop.as_ref().map(|shop| shop.name.clone()),
        shop_held: person.shop.as_ref().is_some_and(|shop| shop.held.is_some()),
    }
}

pub async fn show(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<UserId>,
) -> Result<Response, Refusal> {
    Ok(keep_for_the_moment(shown(&shop, &visitor, &id, FormState::default()).await?))
}

/// To the page of whose shop it is.
pub async fn seller(
    State(shop): State<Shop>,
    Operator(_): Operator,
    InAddress(id): InAddress<MerchantId>,
) -> Result<Response, Refusal> {
    let seller = merchants::store::find(shop.db.readers(), &id).await?.ok_or_else(Refusal::not_found)?;
    Ok(see_other(&path(&seller.user_id)))
}

fn path(id: &UserId) -> String {
    format!("/operator/users/{id}")
}

async fn shown(shop: &Shop, visitor: &SignedIn, id: &UserId, form: FormState) -> Result<Response, Refusal> {
    let found = people::of_ids(&shop.db, std::slice::from_ref(id)).await?.pop();
    let person = found.ok_or_else(Refusal::not_found)?;
    let seller = merchants::store::by_user(&shop.db, id).await?;
    let mut history = about(&shop.db, id.as_str()).await?;
    let (mut sells, mut sold) = (None, Vec::new());
    if let Some(seller) = seller {
        history.extend(about(&shop.db, seller.id.as_str()).await?);
        history.sort_by_key(|line| std::cmp::Reverse(line.at));
        let of = Wanted { merchants: Some(vec![seller.id.clone()]), ..Wanted::default() };
        sold = newest(shop, &of).await?;
        sells = Some(seller_view(shop, seller).await?);
    }
    let bought = newest(shop, &Wanted { buyers: Some(vec![id.clone()]), ..Wanted::default() }).await?;
    let data = PersonPage {
        person: row(&person),
        operator: person.user.operator,
        closed: person.closed.map(HoldView::from),
        second_factor: second_factor::is_on(shop, id).await?,
        shop: sells,
        bought,
        sold,
        history,
        form,
    };
    Ok(page(data.form.is_valid(), pages::person(&visitor.chrome, &data)))
}

async fn newest(shop: &Shop, wanted: &Wanted) -> Result<Vec<OrderSummary>, sqlx::Error> {
    let orders = found::of_page(&shop.db, wanted, &Part::Newest, ORDERS).await?;
    Ok(orders.iter().map(|order| view::summary(order, Role::Operator)).collect())
}

async fn seller_view(shop: &Shop, seller: Merchant) -> Result<SellerView, sqlx::Error> {
    let caps = seller.fee_caps;
    Ok(SellerView {
        fee_words: sell::fee_words(shop, Some(&seller)).await?,
        cap_words: format!("{} and {} % of the price", caps.fixed, caps.variable),
        earned: orders::earned_by(&shop.db, &seller.id).await?,
        registered: seller.is_registered(),
        id: seller.id.to_string(),
        name: seller.name,
        held: seller.hold.map(HoldView::from),
    })
}

pub async fn close(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<UserId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    set(&shop, &visitor, &id, (Target::User(id.clone()), Change::Hold), ("reason", &fields)).await
}

pub async fn open(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<UserId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    set(&shop, &visitor, &id, (Target::User(id.clone()), Change::Release), ("reason", &fields)).await
}

/// Of who has lost the app and the recovery codes. Field: `factor_reason`.
pub async fn turn_second_factor_off(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<UserId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let reason = fields.get("factor_reason").unwrap_or_default();
    match oversight::turn_off(&shop, &visitor.user, &id, reason).await {
        Ok(was_on) => {
            let told = if was_on {
                "The second factor is off. It stands in the audit log with your reason, and its owner has a mail."
            } else {
                "There is no second factor; nothing was changed."
            };
            visitor.tell(told).await?;
            Ok(see_other(&path(&id)))
        }
        Err(StandingError::Invalid(refused)) => {
            again(&shop, &visitor, &id, ("factor_reason", reason), refused).await
        }
        Err(error) => Err(standing::refused(error)),
    }
}

pub async fn hold_seller(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<MerchantId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let seller = merchants::store::find(shop.db.readers(), &id).await?.ok_or_else(Refusal::not_found)?;
    set(&shop, &visitor, &seller.user_id, (Target::Seller(id), Change::Hold), ("shop_reason", &fields)).await
}

pub async fn release_seller(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<MerchantId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let seller = merchants::store::find(shop.db.readers(), &id).await?.ok_or_else(Refusal::not_found)?;
    set(&shop, &visitor, &seller.user_id, (Target::Seller(id), Change::Release), ("shop_reason", &fields))
        .await
}

/// Back to the person's page, which says how it is now; the form again where the reason is missing.
async fn set(
    shop: &Shop,
    visitor: &SignedIn,
    person: &UserId,
    (target, change): (Target, Change),
    (field, fields): (&str, &FormFields),
) -> Result<Response, Refusal> {
    let reason = fields.get(field).unwrap_or_default();
    match standing::set(shop, visitor, target, change, reason).await? {
        None => Ok(see_other(&path(person))),
        Some(refused) => again(shop, visitor, person, (field, reason), refused).await,
    }
}

/// The person's page with what is wrong with a reason, in the field that it was typed in.
async fn again(
    shop: &Shop,
    visitor: &SignedIn,
    person: &UserId,
    (field, reason): (&str, &str),
    refused: FormState,
) -> Result<Response, Refusal> {
    let mut form = FormState::default();
    form.set(field, reason);
    for error in refused.errors {
        form.refuse(field, error.message);
    }
    shown(shop, visitor, person, form).await
}
