//! `/sell/reviews`: what buyers say of all that a merchant sells, and the answers.

use super::Seller;
use crate::Shop;
use crate::catalogue::store as items;
use crate::ids::ReviewId;
use crate::reviews::{self, Review, store};
use crate::selling::reviews as answering;
use crate::web::{InAddress, SignedIn, links, page};
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::paging;
use platform::web::{FormFields, Refusal, keep_for_the_moment, see_other};
use shop_pages::model::{AnswerReviewPage, ReviewRow, SellerReviewsPage};
use shop_pages::pages;

const PER_PAGE: usize = 30;

pub async fn list(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let (db, id) = (&shop.db, &merchant.id);
    let asked = paging::part_of(query.as_deref());
    let (found, ways) = paging::page(asked, PER_PAGE, Review::place, |part, limit| {
        Box::pin(async move { store::of_merchant(db, id, &part, limit).await })
    })
    .await?;
    let data = SellerReviewsPage {
        rating: store::rating_of_merchant(db.readers(), id).await?,
        reviews: rows(&shop, &found).await?,
        paging: links(ways),
    };
    Ok(keep_for_the_moment(page(true, pages::seller_reviews(&visitor.chrome, &data))))
}

/// Reviews with what they are of, for lists of several items'.
pub async fn rows(shop: &Shop, found: &[Review]) -> Result<Vec<ReviewRow>, sqlx::Error> {
    let ids: Vec<_> = found.iter().map(|review| &review.item_id).collect();
    let items = items::with_ids(&shop.db, &ids).await?;
    let row = |review: &Review| {
        let item = items.iter().find(|item| item.id == review.item_id)?;
        Some(ReviewRow {
            review: review.view(),
            title: item.title.clone(),
            item_slug: item.slug.to_string(),
            held: review.held.is_some(),
        })
    };
    Ok(found.iter().filter_map(row).collect())
}

pub async fn form(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    InAddress(id): InAddress<ReviewId>,
) -> Result<Response, Refusal> {
    let review = answering::find(&shop, &merchant.id, &id).await?.ok_or_else(Refusal::not_found)?;
    let mut form = FormState::default();
    if let Some(answer) = &review.answer {
        form.set("answer", &answer.words);
    }
    shown(&shop, &visitor, &review, form).await
}

async fn shown(
    shop: &Shop,
    visitor: &SignedIn,
    review: &Review,
    form: FormState,
) -> Result<Response, Refusal> {
    let row = rows(shop, std::slice::from_ref(review)).await?.pop().ok_or_else(Refusal::not_found)?;
    let data = AnswerReviewPage { row, form };
    Ok(page(data.form.is_valid(), pages::answer_review(&visitor.chrome, &data)))
}

/// Field: `answer`; empty takes it back.
pub async fn answer(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    InAddress(id): InAddress<ReviewId>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let review = answering::find(&shop, &merchant.id, &id).await?.ok_or_else(Refusal::not_found)?;
    let mut form = FormState::typed(fields.into_map());
    let Some(words) = reviews::answer_typed(&mut form) else {
        return shown(&shop, &visitor, &review, form).await;
    };
    answering::answer(&shop, &review, words).await?;
    Ok(see_other("/sell/reviews"))
}
