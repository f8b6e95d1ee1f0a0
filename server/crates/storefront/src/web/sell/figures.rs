//! `/sell/figures`: what was sold in a time.

use super::Seller;
use crate::Shop;
use crate::figures::{self, Asked};
use crate::orders;
use crate::purchase::amazon_says;
use crate::web::page;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::web::{Refusal, keep_for_the_moment};
use shop_pages::model::{AmazonFiguresPage, CouponSums, FiguresPage};
use shop_pages::pages;

/// Rows of the list of what went back; the file has all.
const REFUNDS: i64 = 20;

pub async fn show(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let Asked { period, unit, form } = figures::asked(query.as_deref(), shop.clock.now());
    let Some(period) = period else {
        let data = FiguresPage { form, figures: None, refunds: Vec::new(), coupons: CouponSums::default() };
        return Ok(page(false, pages::figures(&visitor.chrome, &data)));
    };
    let between = [period.begins(), period.ends()];
    let data = FiguresPage {
        form,
        figures: Some(figures::of_merchant(&shop.db, &merchant.id, period, unit).await?),
        refunds: orders::refunded(&shop.db, &merchant.id, between, REFUNDS).await?,
        coupons: orders::taken_off(&shop.db, Some(&merchant.id), between).await?,
    };
    Ok(keep_for_the_moment(page(true, pages::figures(&visitor.chrome, &data))))
}

/// `/sell/figures/amazon`: asks Amazon, so that it is not kept.
pub async fn amazon(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let now = shop.clock.now();
    let Asked { mut period, mut form, .. } = figures::asked(query.as_deref(), now);
    if period.is_some_and(|period| period.begins() > now) {
        form.refuse("from", "That day is yet to come. Choose an earlier one.");
        period = None;
    }
    let compared = match period {
        Some(period) => Some(amazon_says::compare(&shop, &merchant, period).await?),
        None => None,
    };
    let account_url = shop.config.payments_url.join("account").unwrap_or(shop.config.payments_url.clone());
    let valid = compared.is_some();
    let data = AmazonFiguresPage { form, compared, account_url: account_url.into() };
    Ok(page(valid, pages::amazon_figures(&visitor.chrome, &data)))
}
