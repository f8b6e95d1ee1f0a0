//! `/sell/items`: all listings of a merchant.

use super::Seller;
use crate::Shop;
use crate::catalogue::{Item, ItemState, store as items};
use crate::fees::{self, FeeTerms};
use crate::merchants::Merchant;
use crate::orders::{self, terms};
use crate::web::{address, links, page};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use money::Money;
use platform::paging::{self, Place};
use platform::web::{Refusal, keep_for_the_moment};
use shop_pages::model::{Listing, ListingsPage, PriceSplit};
use shop_pages::pages;

/// Items of one page.
const PER_PAGE: usize = 50;

pub async fn show(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let state = state_of(query.as_deref());
    let place = |item: &Item| Place { at: item.created_at, id: item.slug.clone() };
    let (db, id) = (&shop.db, &merchant.id);
    let (items, ways) = paging::page(paging::part_of(query.as_deref()), PER_PAGE, place, |part, limit| {
        Box::pin(async move { items::of_merchant(db, id, state, &part, limit).await })
    })
    .await?;
    let data = ListingsPage {
        name: merchant.name.clone(),
        state: state.map(ItemState::for_pages),
        listings: rows(&shop, &merchant, items).await?,
        paging: links(ways),
        registered: merchant.is_registered(),
    };
    Ok(keep_for_the_moment(page(true, pages::listings(&visitor.chrome, &data))))
}

/// `state` of the address; what it cannot mean is all.
fn state_of(query: Option<&str>) -> Option<ItemState> {
    let word = address::asked(query, "state")?;
    ItemState::ALL.iter().copied().find(|state| state.as_str().eq_ignore_ascii_case(&word))
}

/// Items as rows of a list, with what each was sold.
pub async fn rows(shop: &Shop, merchant: &Merchant, items: Vec<Item>) -> Result<Vec<Listing>, sqlx::Error> {
    let ids: Vec<_> = items.iter().map(|item| &item.id).collect();
    let sold = orders::sold_of(&shop.db, &ids).await?;
    let book = fees::in_force(shop.db.readers(), Some(merchant), shop.clock.now()).await?;
    let row = |item: &Item| Listing {
        card: item.card(),
        state: item.state.for_pages(),
        split: split_of_listing(item.price, &book.terms(Some(&item.category), item.price)),
        sold: sold.get(&item.id).copied().unwrap_or(0),
        stock: item.stock,
    };
    Ok(items.iter().map(row).collect())
}

/// Listing refuses what the fees would eat up; should the fees rise later, nothing is left for the merchant.
fn split_of_listing(price: Money, fee: &FeeTerms) -> PriceSplit {
    terms::split_by_card(price, fee).unwrap_or(PriceSplit {
        total: price,
        merchant: Money::ZERO,
        marketplace: price,
        amazon: Money::ZERO,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_which_are_shown() {
        assert_eq!(state_of(Some("state=draft&before=1")), Some(ItemState::Draft));
        assert_eq!(state_of(Some("state=Published")), Some(ItemState::Published));
        for all in ["", "state=", "state=sold", "x=draft"] {
            assert_eq!(state_of(Some(all)), None, "{all}");
        }
    }
}
