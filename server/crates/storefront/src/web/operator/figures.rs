//! `/operator/figures`: what all sold in a time.

use super::Operator;
use crate::Shop;
use crate::figures::{self, Asked};
use crate::orders;
use crate::web::page;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::web::{Refusal, keep_for_the_moment};
use shop_pages::model::{CouponSums, MarketFiguresPage};
use shop_pages::pages;

pub async fn show(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let Asked { period, unit, form } = figures::asked(query.as_deref(), shop.clock.now());
    let (figures, coupons) = match period {
        Some(period) => {
            let coupons = orders::taken_off(&shop.db, None, [period.begins(), period.ends()]).await?;
            (Some(figures::of_market(&shop.db, period, unit).await?), coupons)
        }
        None => (None, CouponSums::default()),
    };
    let valid = figures.is_some();
    let data = MarketFiguresPage { form, figures, coupons };
    let answer = page(valid, pages::market_figures(&visitor.chrome, &data));
    Ok(if valid { keep_for_the_moment(answer) } else { answer })
}
