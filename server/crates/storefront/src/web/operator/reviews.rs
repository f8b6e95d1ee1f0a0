//! `/operator/reviews`: what buyers say, and what of it is hidden.

use super::{Operator, query, standing};
use crate::Shop;
use crate::ids::ReviewId;
use crate::oversight::standing::{Change, Target};
use crate::reviews::{Review, store};
use crate::web::sell::reviews::rows;
use crate::web::{InAddress, SignedIn, links, page};
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::paging;
use platform::web::{FormFields, Refusal, keep_for_the_moment, see_other};
use shop_pages::model::{AllReviewsPage, HoldView, ReviewOversight};
use shop_pages::pages;
use text_types::words;

const PER_PAGE: usize = 30;

words! {
    enum Show {
        All = "all",
        Held = "held",
    }
}

pub async fn list(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refusal> {
    let mut form = query::read(asked.as_deref(), &["show"]);
    let held_only = query::word(&mut form, "show") == Some(Show::Held);
    let db = &shop.db;
    let part = paging::part_of(asked.as_deref());
    let (found, ways) = paging::page(part, PER_PAGE, Review::place, |part, limit| {
        Box::pin(async move { store::of_page(db, held_only, &part, limit).await })
    })
    .await?;
    let data = AllReviewsPage { reviews: rows(&shop, &found).await?, held_only, paging: links(ways) };
    Ok(keep_for_the_moment(page(form.is_valid(), pages::all_reviews(&visitor.chrome, &data))))
}

pub async fn show(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<ReviewId>,
) -> Result<Response, Refusal> {
    Ok(keep_for_the_moment(shown(&shop, &visitor, &id, FormState::default()).await?))
}

async fn shown(shop: &Shop, visitor: &SignedIn, id: &ReviewId, form: FormState) -> Result<Response, Refusal> {
    let review = store::by_id(shop.db.readers(), id).await?.ok_or_else(Refusal::not_found)?;
    let row = rows(shop, std::slice::from_ref(&review)).await?.pop().ok_or_else(Refusal::not_found)?;
    let author = (review.buyer.clone(), format!("/operator/users/{}", review.buyer_id));
    let data = ReviewOversight { row, author, held: review.held.map(HoldView::from), form };
    Ok(page(data.form.is_valid(), pages::review_oversight(&visitor.chrome, &data)))
}

pub async fn hide(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<ReviewId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    set(&shop, &visitor, id, Change::Hold, &fields).await
}

pub async fn show_again(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<ReviewId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    set(&shop, &visitor, id, Change::Release, &fields).await
}

async fn set(
    shop: &Shop,
    visitor: &SignedIn,
    id: ReviewId,
    change: Change,
    fields: &FormFields,
) -> Result<Response, Refusal> {
    let reason = fields.get("reason").unwrap_or_default();
    match standing::set(shop, visitor, Target::Review(id.clone()), change, reason).await? {
        None => Ok(see_other(&format!("/operator/reviews/{id}"))),
        Some(form) => shown(shop, visitor, &id, form).await,
    }
}
