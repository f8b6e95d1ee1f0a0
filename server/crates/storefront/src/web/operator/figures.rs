//! `/operator/figures`: what all sold in a time.

use super::Operator;
use crate::Shop;
use crate::figures::{self, Asked};
use crate::web::page;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::web::{Refusal, keep_for_the_moment};
use shop_pages::model::MarketFiguresPage;
use shop_pages::pages;

pub async fn show(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let Asked { period, unit, form } = figures::asked(query.as_deref(), shop.clock.now());
    let figures = match period {
        Some(period) => Some(figures::of_market(&shop.db, period, unit).await?),
        None => None,
    };
    let valid = figures.is_some();
    let data = MarketFiguresPage { form, figures };
    let answer = page(valid, pages::market_figures(&visitor.chrome, &data));
    Ok(if valid { keep_for_the_moment(answer) } else { answer })
}
