//! `/items/{slug}/reviews` and `/items/{slug}/review`: what buyers say, and where they say it.

use super::catalogue::{find, find_on_show};
use super::{InAddress, SignedIn, Visitor, links, page};
use crate::Shop;
use crate::catalogue::Item;
use crate::ids::{ItemId, ItemSlug, ReviewId};
use crate::purchase::reviews::{self as writing, ReviewError};
use crate::reviews::{self, Review, Said, store};
use crate::{merchants, orders};
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::Database;
use platform::paging::{self, Neighbours, Part, Place};
use platform::web::{FormFields, Refusal, keep_for_the_moment, see_other};
use shop_pages::model::{HoldView, ReviewFormPage, ReviewsPage};
use shop_pages::pages;

const PER_PAGE: usize = 20;
const NOT_BOUGHT: &str = "Only who has bought it can review it.";

pub async fn list(
    State(shop): State<Shop>,
    visitor: Visitor,
    InAddress(slug): InAddress<ItemSlug>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let item = find_on_show(&shop, &slug).await?;
    let own = match &visitor.user {
        Some(user) => merchants::store::by_user(&shop.db, &user.id).await?,
        None => None,
    };
    let (found, ways) = of_item(&shop.db, &item.id, paging::part_of(query.as_deref()), PER_PAGE).await?;
    let data = ReviewsPage {
        card: item.card(),
        reviews: found.iter().map(Review::view).collect(),
        paging: links(ways),
        own: own.is_some_and(|merchant| merchant.id == item.merchant_id),
    };
    Ok(keep_for_the_moment(page(true, pages::reviews(&visitor.chrome, &data))))
}

/// A page of what everybody sees, the newest first.
pub(super) async fn of_item(
    db: &Database,
    item: &ItemId,
    part: Part<Place<ReviewId>>,
    size: usize,
) -> Result<(Vec<Review>, Neighbours), sqlx::Error> {
    paging::page(part, size, Review::place, |part, limit| {
        Box::pin(async move { store::of_item(db, item, &part, limit).await })
    })
    .await
}

/// For who has paid for the item, or has reviewed it: others are told why not, on the item's page.
pub async fn form(
    State(shop): State<Shop>,
    visitor: SignedIn,
    InAddress(slug): InAddress<ItemSlug>,
) -> Result<Response, Refusal> {
    let item = find(&shop, &slug).await?;
    let written = written(&shop, &visitor, &item).await?;
    let mut form = FormState::default();
    if let Some(written) = &written {
        form.set("stars", written.said.stars.count().to_string());
        form.set("words", &written.said.words);
    }
    shown(&shop, &visitor, &item, written, form).await
}

async fn written(shop: &Shop, visitor: &SignedIn, item: &Item) -> Result<Option<Review>, sqlx::Error> {
    let written = store::of_buyer(shop.db.readers(), &item.id, &visitor.user.id).await?;
    Ok(written.filter(|review| !review.withdrawn))
}

async fn shown(
    shop: &Shop,
    visitor: &SignedIn,
    item: &Item,
    written: Option<Review>,
    form: FormState,
) -> Result<Response, Refusal> {
    let paid = orders::paid_order_of(shop.db.readers(), &visitor.user.id, &item.id).await?;
    if paid.is_none() && written.is_none() {
        visitor.tell(NOT_BOUGHT).await?;
        return Ok(see_other(&format!("/items/{}", item.slug)));
    }
    let data = ReviewFormPage {
        card: item.card(),
        author: reviews::public_name(&visitor.user.name),
        held: written.as_ref().and_then(|review| review.held.clone()).map(HoldView::from),
        written: written.as_ref().map(Review::view),
        may_write: paid.is_some(),
        form,
    };
    Ok(page(data.form.is_valid(), pages::review_form(&visitor.chrome, &data)))
}

/// Fields: `stars`, `words`.
pub async fn write(
    State(shop): State<Shop>,
    visitor: SignedIn,
    InAddress(slug): InAddress<ItemSlug>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let item = find(&shop, &slug).await?;
    let mut form = FormState::typed(fields.into_map());
    let Some(said) = Said::typed(&mut form) else {
        let before = written(&shop, &visitor, &item).await?;
        return shown(&shop, &visitor, &item, before, form).await;
    };
    match writing::write(&shop, &visitor.user, &item, said).await {
        Ok(()) => {
            visitor.tell("Your review is published. Thank you!").await?;
            Ok(see_other(&format!("/items/{slug}#reviews")))
        }
        Err(ReviewError::NotBought) => Err(Refusal::conflict(NOT_BOUGHT)),
        Err(error @ ReviewError::TooSoon) => {
            form.refuse("", error.to_string());
            let before = written(&shop, &visitor, &item).await?;
            shown(&shop, &visitor, &item, before, form).await
        }
        Err(ReviewError::Order(error)) => Err(error.into()),
        Err(ReviewError::Database(error)) => Err(error.into()),
    }
}

pub async fn withdraw(
    State(shop): State<Shop>,
    visitor: SignedIn,
    InAddress(slug): InAddress<ItemSlug>,
) -> Result<Response, Refusal> {
    let item = find(&shop, &slug).await?;
    let withdrawn = writing::withdraw(&shop, &visitor.user.id, &item.id).await?;
    let words = if withdrawn { "Your review is withdrawn." } else { "You have no review of this." };
    visitor.tell(words).await?;
    Ok(see_other(&format!("/items/{slug}")))
}
