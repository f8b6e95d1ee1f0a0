//! `/sell/coupons` and `/operator/coupons`: what takes something off prices, of sellers and of the market.

use super::operator::Operator;
use super::sell::Seller;
use super::{InAddress, SignedIn, links, page};
use crate::Shop;
use crate::catalogue::{ItemState, store as items};
use crate::coupons::uses::{self, Used};
use crate::coupons::{Coupon, store};
use crate::ids::CouponId;
use crate::selling::coupons::{self, CouponFormError, FIELDS, Maker};
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use jiff::Timestamp;
use platform::paging::{self, Part, Place};
use platform::web::{FormFields, Refusal, see_other};
use shop_pages::model::{Bearer, CouponRow, CouponStanding, CouponsPage};
use shop_pages::pages;

const PER_PAGE: usize = 30;
/// As many items can be chosen from, the newest.
const MOST_ITEMS: i64 = 200;

const SELLERS: &str = "/sell/coupons";
const MARKETS: &str = "/operator/coupons";

pub async fn of_seller(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let part = paging::part_of(query.as_deref());
    shown(&shop, &visitor, Maker::Seller(&merchant), part, FormState::default()).await
}

pub async fn of_market(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let part = paging::part_of(query.as_deref());
    shown(&shop, &visitor, Maker::Market(&visitor.user), part, FormState::default()).await
}

pub async fn make_for_seller(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    fields: FormFields,
) -> Result<Response, Refusal> {
    made(&shop, &visitor, Maker::Seller(&merchant), fields).await
}

pub async fn make_for_market(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    fields: FormFields,
) -> Result<Response, Refusal> {
    made(&shop, &visitor, Maker::Market(&visitor.user), fields).await
}

pub async fn withdraw_of_seller(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    InAddress(id): InAddress<CouponId>,
) -> Result<Response, Refusal> {
    withdrawn(&shop, &visitor, Maker::Seller(&merchant), &id).await
}

pub async fn withdraw_of_market(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<CouponId>,
) -> Result<Response, Refusal> {
    withdrawn(&shop, &visitor, Maker::Market(&visitor.user), &id).await
}

const fn path(maker: Maker<'_>) -> &'static str {
    match maker {
        Maker::Seller(_) => SELLERS,
        Maker::Market(_) => MARKETS,
    }
}

async fn made(
    shop: &Shop,
    visitor: &SignedIn,
    maker: Maker<'_>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let form = FormState::typed_only(fields.into_map(), &FIELDS);
    match coupons::make(shop, maker, form).await {
        Ok(()) => {
            visitor.tell("The coupon is made. Whoever has its code can use it.").await?;
            Ok(see_other(path(maker)))
        }
        Err(CouponFormError::Invalid(form)) => shown(shop, visitor, maker, Part::Newest, form).await,
        Err(CouponFormError::NotFound) => Err(Refusal::not_found()),
        Err(CouponFormError::Database(error)) => Err(error.into()),
    }
}

async fn withdrawn(
    shop: &Shop,
    visitor: &SignedIn,
    maker: Maker<'_>,
    id: &CouponId,
) -> Result<Response, Refusal> {
    match coupons::withdraw(shop, maker, id).await {
        Ok(()) => {
            visitor.tell("The coupon is withdrawn. What was ordered with it stays as it was agreed.").await?;
            Ok(see_other(path(maker)))
        }
        Err(CouponFormError::Database(error)) => Err(error.into()),
        Err(CouponFormError::NotFound | CouponFormError::Invalid(_)) => Err(Refusal::not_found()),
    }
}

async fn shown(
    shop: &Shop,
    visitor: &SignedIn,
    maker: Maker<'_>,
    part: Part<Place<CouponId>>,
    form: FormState,
) -> Result<Response, Refusal> {
    let (owner, merchant) = match maker {
        Maker::Seller(merchant) => (Bearer::Seller, Some(&merchant.id)),
        Maker::Market(_) => (Bearer::Market, None),
    };
    let db = &shop.db;
    let (found, ways) = paging::page(part, PER_PAGE, Coupon::place, |part, limit| {
        Box::pin(async move { store::of_owner(db, merchant, &part, limit).await })
    })
    .await?;
    let ids: Vec<_> = found.iter().map(|coupon| &coupon.id).collect();
    let used = uses::of_coupons(db, &ids).await?;
    let only: Vec<_> = found.iter().filter_map(|coupon| coupon.reach.item()).collect();
    let named = items::with_ids(db, &only).await?;
    let title = |coupon: &Coupon| {
        let id = coupon.reach.item()?;
        named.iter().find(|item| item.id == *id).map(|item| item.title.clone())
    };
    let now = shop.clock.now();
    let row =
        |coupon: &Coupon| row(coupon, title(coupon), used.get(&coupon.id).copied().unwrap_or_default(), now);
    let choice = match merchant {
        Some(merchant) => {
            items::of_merchant(db, merchant, Some(ItemState::Published), &Part::Newest, MOST_ITEMS).await?
        }
        None => Vec::new(),
    };
    let data = CouponsPage {
        owner,
        coupons: found.iter().map(row).collect(),
        items: choice.into_iter().map(|item| (item.slug.to_string(), item.title)).collect(),
        paging: links(ways),
        form,
    };
    Ok(page(data.form.is_valid(), pages::coupons(&visitor.chrome, &data)))
}

fn row(coupon: &Coupon, item: Option<String>, used: Used, now: Timestamp) -> CouponRow {
    let standing = if coupon.withdrawn_at.is_some() {
        CouponStanding::Withdrawn
    } else if coupon.ends_at.is_some_and(|end| end <= now) {
        CouponStanding::Over
    } else if coupon.begins_at > now {
        CouponStanding::ToCome
    } else if coupon.most_uses.is_some_and(|most| most <= used.orders) {
        CouponStanding::UsedUp
    } else {
        CouponStanding::Good
    };
    CouponRow {
        id: coupon.id.to_string(),
        code: coupon.code.to_string(),
        value: coupon.value.to_string(),
        item,
        begins_at: coupon.begins_at,
        ends_at: coupon.ends_at,
        most_uses: coupon.most_uses,
        most_each: coupon.most_each,
        used: used.orders,
        off: used.off,
        standing,
    }
}
