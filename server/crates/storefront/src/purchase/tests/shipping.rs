//! Sending a thing has a price, which is part of what is charged; on both databases.

use super::{BUYER, MERCHANT, Stage, asked, elm_street, item, shop_id};
use crate::catalogue::{self, Delivery, Item};
use crate::ids::SellerSlug;
use crate::merchants::{
    Merchant, Rate, RefundRule, Region, ShippingRates, ShippingSpeed, profile_store, store,
};
use crate::orders::Shipping;
use crate::purchase::place::{PlaceError, Placed, Shown, place};
use money::Money;
use shop_pages::model::{Availability, Quote};

const RECORD: &str = "record";

async fn list_record(stage: &Stage) {
    let record = Item { physical: true, ..item(RECORD, Delivery::Manual) };
    stage.shop.db.transact(record, |c, record| Box::pin(catalogue::store::insert(c, record))).await.unwrap();
}

/// Express costs this much to the United States, and nothing is sent elsewhere.
async fn ask_for_express(stage: &Stage, cents: i32) {
    let (region, speed) = (Region::UnitedStates, ShippingSpeed::Express);
    let rates = ShippingRates::new(vec![Rate { region, speed, price: Some(Money::from_cents(cents)) }]);
    let saved: Result<(), sqlx::Error> = stage
        .shop
        .db
        .transact(rates, |c, rates| {
            Box::pin(async move { profile_store::save_rates(c, &shop_id("m"), rates).await })
        })
        .await;
    saved.unwrap();
}

async fn order(stage: &Stage, to: Shipping, shown: Shown) -> Result<Placed, PlaceError> {
    place(&stage.shop, &BUYER, asked(RECORD, Some(to), shown)).await
}

fn quote(price: i32, shipping: i32) -> Quote {
    Quote { price: Money::from_cents(price), shipping: Money::from_cents(shipping) }
}

#[tokio::test]
async fn an_order_is_charged_with_its_shipping() {
    for stage in Stage::set_on_each().await {
        list_record(&stage).await;
        let free = order(&stage, elm_street(), Shown::Anything).await.unwrap().order;
        assert_eq!(stage.order(&free).await.shipping_price, Money::ZERO, "no rates were set");
        ask_for_express(&stage, 250).await;
        let placed = order(&stage, elm_street(), Shown::Terms(Some(quote(100, 250)))).await.unwrap();
        let kept = stage.order(&placed.order).await;
        assert_eq!((kept.price, kept.shipping_price), (Money::from_cents(350), Money::from_cents(250)));
        assert_ne!(placed.order, free, "it is another order than the one that was to cost less");
        let again = order(&stage, elm_street(), Shown::Anything).await.unwrap();
        assert_eq!(again.order, placed.order, "the same once more is the same order");
        let asked: Vec<(String, String)> = placed.authorize_at.query_pairs().into_owned().collect();
        for expected in [("transactionAmount", "3.50"), ("itemTotal", "1.00"), ("shipping", "2.50")] {
            assert!(
                asked.contains(&(expected.0.to_owned(), expected.1.to_owned())),
                "{expected:?} in {asked:?}"
            );
        }
    }
}

#[tokio::test]
async fn nothing_is_placed_at_another_price_than_was_shown() {
    let stage = Stage::set().await;
    list_record(&stage).await;
    ask_for_express(&stage, 250).await;
    for shown in [None, Some(quote(100, 200)), Some(quote(150, 200))] {
        let refused = order(&stage, elm_street(), Shown::Terms(shown)).await;
        assert!(
            matches!(refused, Err(PlaceError::NotAsShown(now)) if now == quote(100, 250)),
            "{shown:?}: {refused:?}"
        );
    }
    assert_eq!(crate::orders::count(&stage.shop.db).await.unwrap(), 0);
}

#[tokio::test]
async fn nothing_is_sent_where_the_seller_does_not_send() {
    let stage = Stage::set().await;
    list_record(&stage).await;
    ask_for_express(&stage, 250).await;
    for (country, speed) in [
        ("Canada", ShippingSpeed::Express),
        ("United States", ShippingSpeed::Standard),
        ("Atlantis", ShippingSpeed::Express),
    ] {
        let to = Shipping { country: country.to_owned(), speed, ..elm_street() };
        let refused = order(&stage, to, Shown::Anything).await;
        assert!(matches!(refused, Err(PlaceError::NotSentThere)), "{country} {speed}: {refused:?}");
    }
}

async fn change(stage: &Stage, merchant: Merchant) {
    let saved: Result<(), sqlx::Error> =
        stage.shop.db.transact(merchant, |c, merchant| Box::pin(profile_store::save(c, merchant))).await;
    saved.unwrap();
}

#[tokio::test]
async fn a_seller_who_is_away_sells_nothing_and_open_orders_go_on() {
    for stage in Stage::set_on_each().await {
        list_record(&stage).await;
        let before = order(&stage, elm_street(), Shown::Anything).await.unwrap().order;
        let merchant = store::by_user(&stage.shop.db, &MERCHANT).await.unwrap().unwrap();
        let refund_rule = RefundRule::AtOnce { days: 14, unless_downloaded: true };
        change(
            &stage,
            Merchant { vacation: Some("Back in May.".to_owned()), refund_rule, ..merchant.clone() },
        )
        .await;
        let away = order(&stage, elm_street(), Shown::Anything).await;
        assert!(
            matches!(&away, Err(PlaceError::NotForSale { availability: Availability::OnVacation { words }, .. })
                if words == "Back in May."),
            "{away:?}"
        );
        let confirmation = stage.confirmation(&before).await;
        crate::purchase::cbui_return::accept(&stage.shop, &confirmation).await.unwrap();
        let open = stage.order(&before).await;
        assert_eq!(open.state.phase(), crate::orders::state::Phase::Reserved);
        assert_eq!(open.refund_rule, RefundRule::default(), "it was made under the rule before");
        change(&stage, Merchant { vacation: None, refund_rule, ..merchant }).await;
        let after = order(&stage, elm_street(), Shown::Anything).await.unwrap().order;
        assert_eq!(stage.order(&after).await.refund_rule, refund_rule);
    }
}

#[tokio::test]
async fn an_address_is_one_sellers_for_good() {
    for stage in Stage::set_on_each().await {
        let db = &stage.shop.db;
        let claim = async |id: &str, slug: &str| {
            let input = (shop_id(id), slug.parse::<SellerSlug>().unwrap());
            let claimed: Result<bool, sqlx::Error> =
                db.transact(input, |c, (id, slug)| Box::pin(profile_store::claim_slug(c, id, slug))).await;
            claimed.unwrap()
        };
        assert!(claim("m", "first").await && claim("m", "second").await);
        assert!(!claim("n", "first").await, "it leads to who had it before");
        assert!(claim("m", "first").await, "who can have it back");
        let of = async |slug: &str| store::by_slug(db, &slug.parse().unwrap()).await.unwrap();
        assert_eq!(of("second").await.unwrap().slug.unwrap().as_str(), "first");
        assert!(of("third").await.is_none());
        let mut unclaimed = store::without_slug(db).await.unwrap();
        assert_eq!(unclaimed.pop().map(|merchant| merchant.id), Some(shop_id("n")));
        crate::selling::profile::claim_missing_addresses(db).await.unwrap();
        assert_eq!(of("seller").await.unwrap().id, shop_id("n"), "made of its name");
    }
}
