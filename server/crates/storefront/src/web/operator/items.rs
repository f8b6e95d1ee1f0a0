//! `/operator/items`: what is listed, and what of it is held.

use super::audit::about;
use super::{Operator, query, standing};
use crate::Shop;
use crate::catalogue::holds::{self, Listed};
use crate::catalogue::search;
use crate::ids::ItemSlug;
use crate::merchants;
use crate::oversight::standing::{Change, Target};
use crate::web::{InAddress, SignedIn, links, page};
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::paging::{self, Place};
use platform::web::{FormFields, Refusal, keep_for_the_moment, see_other};
use shop_pages::model::{HoldView, ItemOversight, ItemRow, ItemsPage};
use shop_pages::pages;
use text_types::words;

const FIELDS: [&str; 2] = ["q", "show"];
const PER_PAGE: usize = 50;
/// Found by their words at the most.
const MOST_FOUND: u32 = 100;

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
    let mut form = query::read(asked.as_deref(), &FIELDS);
    let held = query::word(&mut form, "show") == Some(Show::Held);
    let mut data = ItemsPage {
        shows: [(Show::All, "Everything"), (Show::Held, "What is held")]
            .map(|(show, words)| (show.to_string(), words.to_owned()))
            .into(),
        query: query::again(&form),
        form,
        ..ItemsPage::default()
    };
    if let Some(words) = query::text(&data.form, "q") {
        let items = search::first(&shop.db, words, MOST_FOUND + 1).await?;
        let mut found = holds::listed_all(&shop.db, items).await?;
        let most = usize::try_from(MOST_FOUND).unwrap_or(usize::MAX);
        data.more = found.len() > most;
        found.truncate(most);
        data.items = found.iter().filter(|found| !held || found.held.is_some()).map(row).collect();
    } else {
        let place = |listed: &Listed| Place { at: listed.item.created_at, id: listed.item.slug.clone() };
        let (found, ways) =
            paging::page(paging::part_of(asked.as_deref()), PER_PAGE, place, |part, limit| {
                let db = &shop.db;
                Box::pin(async move { holds::of_page(db, held, &part, limit).await })
            })
            .await?;
        data.items = found.iter().map(row).collect();
        data.paging = links(ways);
    }
    Ok(keep_for_the_moment(page(data.form.is_valid(), pages::items(&visitor.chrome, &data))))
}

fn row(listed: &Listed) -> ItemRow {
    ItemRow { card: listed.item.card(), listed_at: listed.item.created_at, held: listed.held.is_some() }
}

pub async fn show(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(slug): InAddress<ItemSlug>,
) -> Result<Response, Refusal> {
    // The log names items by what never changes of them.
    if let Some(item) = holds::slug_of(&shop.db, slug.as_str()).await? {
        return Ok(see_other(&format!("/operator/items/{item}")));
    }
    Ok(keep_for_the_moment(shown(&shop, &visitor, &slug, FormState::default()).await?))
}

async fn shown(
    shop: &Shop,
    visitor: &SignedIn,
    slug: &ItemSlug,
    form: FormState,
) -> Result<Response, Refusal> {
    let listed = holds::listed(&shop.db, slug).await?.ok_or_else(Refusal::not_found)?;
    let seller = merchants::store::by_id(shop.db.readers(), &listed.item.merchant_id).await?;
    let data = ItemOversight {
        row: row(&listed),
        seller_path: format!("/operator/users/{}", seller.user_id),
        seller_held: seller.hold.is_some(),
        history: about(&shop.db, listed.item.id.as_str()).await?,
        held: listed.held.map(HoldView::from),
        form,
    };
    Ok(page(data.form.is_valid(), pages::item_oversight(&visitor.chrome, &data)))
}

pub async fn hold(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(slug): InAddress<ItemSlug>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    set(&shop, &visitor, slug, Change::Hold, &fields).await
}

pub async fn release(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(slug): InAddress<ItemSlug>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    set(&shop, &visitor, slug, Change::Release, &fields).await
}

async fn set(
    shop: &Shop,
    visitor: &SignedIn,
    slug: ItemSlug,
    change: Change,
    fields: &FormFields,
) -> Result<Response, Refusal> {
    let reason = fields.get("reason").unwrap_or_default();
    match standing::set(shop, visitor, Target::Item(slug.clone()), change, reason).await? {
        None => Ok(see_other(&format!("/operator/items/{slug}"))),
        Some(form) => shown(shop, visitor, &slug, form).await,
    }
}
