//! Coupons: nobody gets more of them than there are, each takes off what was said, and out of the right share.

use super::{BUYER, NEWCOMER, PRINT, SONG, Stage, asked, shop_id};
use crate::coupons::uses::{self, Used};
use crate::coupons::{Bearer, Code, Coupon, Problem, Reach, Value, store};
use crate::ids::{CouponId, OrderId, UserId};
use crate::orders::state::{Phase, State};
use crate::orders::{self, OrderError, terms};
use crate::purchase::basket::{self, PaidWith, Wanted};
use crate::purchase::place::{Asked, PlaceError, Placed, Shown, place};
use crate::purchase::{cbui_return, commands, payment_terms};
use fps_protocol::ErrorCode;
use fps_protocol::cbui::CbuiStatus;
use fps_protocol::enums::PaymentMethod;
use jiff::Timestamp;
use money::{Money, Percent};

fn percent(of_hundred: i64) -> Value {
    Value::Percent(Percent::from_ten_thousandths(of_hundred * 10_000))
}

/// Good from the beginning of the tests on, any number of times.
fn coupon(code: &str, reach: Reach, value: Value) -> Coupon {
    Coupon {
        id: code.to_lowercase().parse().unwrap(),
        code: code.parse().unwrap(),
        reach,
        value,
        begins_at: Timestamp::UNIX_EPOCH,
        ends_at: None,
        most_uses: None,
        most_each: None,
        made_at: Timestamp::UNIX_EPOCH,
        withdrawn_at: None,
    }
}

fn sellers(code: &str, value: Value) -> Coupon {
    coupon(code, Reach::Seller(shop_id("m")), value)
}

impl Stage {
    async fn make(&self, coupon: Coupon) {
        self.amazon.take_any_terms();
        assert!(self.shop.db.transact(coupon, |c, coupon| Box::pin(store::insert(c, coupon))).await.unwrap());
    }

    async fn order_with(&self, buyer: &UserId, slug: &str, code: &str) -> Result<Placed, PlaceError> {
        let coupon = Some(code.parse().unwrap());
        place(&self.shop, buyer, Asked { coupon, ..asked(slug, None, Shown::Anything) }).await
    }

    async fn used(&self, code: &str) -> Used {
        let id: CouponId = code.to_lowercase().parse().unwrap();
        uses::of_coupons(&self.shop.db, &[&id]).await.unwrap().get(&id).copied().unwrap_or_default()
    }

    async fn confirm(&self, id: &OrderId, token: &str) {
        cbui_return::accept(&self.shop, &self.confirmation_with(id, token).await).await.unwrap();
    }
}

fn problem(refused: Result<Placed, PlaceError>) -> Problem {
    match refused {
        Err(PlaceError::Coupon(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_sellers_coupon_lowers_the_price_and_the_markets_its_own_fee() {
    for stage in Stage::set_on_each().await {
        stage.make(sellers("SPRING", percent(20))).await;
        stage.make(coupon("MARKET", Reach::Market, percent(50))).await;
        let [sellers, markets] = [
            stage.order_with(&BUYER, SONG, "spring").await.unwrap().order,
            stage.order_with(&NEWCOMER, SONG, " Market ").await.unwrap().order,
        ];
        let (order, cents) = (stage.order(&sellers).await, Money::from_cents);
        assert_eq!((order.price, order.list_price()), (cents(80), cents(100)));
        assert_eq!(order.discount.as_ref().unwrap().bearer, Bearer::Seller);
        let split = terms::split(order.price, order.fixed_fee, order.variable_fee, PaymentMethod::Abt);
        assert_eq!(split.unwrap().marketplace, cents(13), "5 cents and 10 % of what is left");

        let order = stage.order(&markets).await;
        assert_eq!((order.price, order.list_price()), (cents(85), cents(100)), "no more than its fee");
        let discount = order.discount.as_ref().unwrap();
        assert_eq!(
            (discount.bearer, discount.amount, discount.code.as_str()),
            (Bearer::Market, cents(15), "MARKET")
        );
        let told = payment_terms::payment(&order);
        assert_eq!(
            (told.amount, told.fees.fixed, told.fees.variable),
            (cents(85), Money::ZERO, Percent::ZERO)
        );
        let whole =
            terms::split(cents(100), cents(5), Percent::from_ten_thousandths(100_000), PaymentMethod::Abt);
        let split =
            terms::split(order.price, order.fixed_fee, order.variable_fee, PaymentMethod::Abt).unwrap();
        assert!(split.merchant >= whole.unwrap().merchant, "the seller gets no less");

        stage.confirm(&markets, "OTHER").await;
        assert_eq!(stage.amazon.terms(), [(cents(85), Some(Money::ZERO), Some(Percent::ZERO))]);

        // What becomes of the coupon afterwards changes no order.
        stage.confirm(&sellers, "SENDER").await;
        let input = ("spring".parse().unwrap(), stage.shop.clock.now());
        let withdrawn = stage.shop.db.transact(input, |c, (id, at)| Box::pin(store::withdraw(c, id, *at)));
        assert!(withdrawn.await.unwrap());
        let order = stage.order(&sellers).await;
        assert_eq!((order.state.phase(), order.price), (Phase::Paid, cents(80)));
        assert_eq!(order.fees_taken.unwrap().marketplace, cents(13));
        assert_eq!(stage.used("SPRING").await, Used { orders: 1, off: cents(20) });
        assert_eq!(problem(stage.order_with(&NEWCOMER, SONG, "SPRING").await), Problem::Withdrawn);
        super::ask(&stage, &BUYER, &sellers).await.unwrap();
        stage.refund_arrives(&sellers).await;
        assert_eq!(stage.phase(&sellers).await, Phase::Refunded, "what was paid goes back");
        let always = [Timestamp::UNIX_EPOCH, Timestamp::MAX];
        let sums = orders::taken_off(&stage.shop.db, Some(&shop_id("m")), always).await.unwrap();
        assert_eq!(
            (sums.orders, sums.by_sellers, sums.by_market),
            (2, cents(20), cents(15)),
            "of what was paid"
        );
    }
}

#[tokio::test]
async fn a_code_that_takes_nothing_off_says_why() {
    let stage = Stage::set().await;
    let now = stage.shop.clock.now();
    stage.make(Coupon { ends_at: Some(now), ..sellers("OVER", percent(20)) }).await;
    let tomorrow = now.checked_add(jiff::SignedDuration::from_hours(24)).unwrap();
    stage.make(Coupon { begins_at: tomorrow, ..sellers("SOON", percent(20)) }).await;
    stage.make(coupon("PRINTS", Reach::Item(shop_id("m"), PRINT.parse().unwrap()), percent(20))).await;
    stage.make(coupon("OTHERS", Reach::Seller(shop_id("n")), percent(20))).await;
    for (code, why) in [
        ("OVER", Problem::Ended),
        ("SOON", Problem::NotBegun(tomorrow)),
        ("PRINTS", Problem::OtherItem),
        ("OTHERS", Problem::Unknown),
        ("NOTHING", Problem::Unknown),
    ] {
        assert_eq!(problem(stage.order_with(&BUYER, SONG, code).await), why, "{code}");
    }
    assert!(stage.order_with(&BUYER, PRINT, "PRINTS").await.is_ok());
    stage.shop.clock.advance(jiff::SignedDuration::from_hours(24)).unwrap();
    assert!(stage.order_with(&BUYER, SONG, "SOON").await.is_ok(), "by the shop's clock");
    // The market's coupon with the same code is good where the seller's is not.
    stage.make(Coupon { id: "over2".parse().unwrap(), ..coupon("OVER", Reach::Market, percent(5)) }).await;
    let placed = stage.order_with(&BUYER, SONG, "OVER").await.unwrap();
    assert_eq!(stage.order(&placed.order).await.discount.unwrap().bearer, Bearer::Market);
}

#[tokio::test]
async fn the_last_use_goes_to_one_of_two_who_order_at_once() {
    for stage in Stage::set_on_each().await {
        stage.make(Coupon { most_uses: Some(1), ..sellers("LAST", percent(20)) }).await;
        let (one, other) =
            tokio::join!(stage.order_with(&BUYER, SONG, "LAST"), stage.order_with(&NEWCOMER, SONG, "LAST"));
        let (won, lost, loser) = if one.is_ok() { (one, other, &NEWCOMER) } else { (other, one, &BUYER) };
        assert_eq!(problem(lost), Problem::UsedUp);
        let won = won.unwrap().order;
        // Who leaves gives it back; a new attempt takes it again, if it is there.
        let left = stage.amazon.signed_return(
            cbui_return::PATH,
            CbuiStatus::Abandoned,
            &stage.reference(&won).await,
            None,
        );
        cbui_return::accept(&stage.shop, &left).await.unwrap();
        assert_eq!(stage.phase(&won).await, Phase::Abandoned);
        let second = stage.order_with(loser, SONG, "LAST").await.unwrap().order;
        let winner = stage.order(&won).await.buyer_id;
        let again = commands::restart(&stage.shop, &winner, &won).await;
        assert!(matches!(again, Err(OrderError::CouponUsedUp)), "{again:?}");
        // A return that says the first was confirmed after all comes too late.
        stage.confirm(&won, "LATE").await;
        let State::AuthorizationFailed { why } = stage.order(&won).await.state else { panic!() };
        assert!(why.contains("Nothing was charged"), "{why}");
        stage.confirm(&second, "SENDER").await;
        assert_eq!((stage.phase(&second).await, stage.used("LAST").await.orders), (Phase::Paid, 1));
        assert_eq!(stage.amazon.called("Pay"), 1);
    }
}

#[tokio::test]
async fn a_use_comes_back_when_no_money_is_taken_and_not_after_a_refund() {
    for stage in Stage::set_on_each().await {
        stage.make(Coupon { most_uses: Some(1), ..sellers("ONCE", percent(20)) }).await;
        stage.amazon.refuse(Some(("Pay", ErrorCode::InsufficientBalance)));
        let failed = stage.order_with(&BUYER, SONG, "ONCE").await.unwrap().order;
        stage.confirm(&failed, "SENDER").await;
        assert_eq!(stage.phase(&failed).await, Phase::PaymentFailed);
        stage.amazon.refuse(None);
        let held = stage.order_with(&NEWCOMER, PRINT, "ONCE").await.unwrap().order;
        stage.confirm(&held, "OTHER").await;
        assert_eq!(problem(stage.order_with(&BUYER, SONG, "ONCE").await), Problem::UsedUp);
        commands::cancel(&stage.shop, &NEWCOMER, &held, None).await.unwrap();
        stage.later(60).await;
        assert_eq!(stage.phase(&held).await, Phase::Cancelled);
        let paid = stage.order_with(&BUYER, SONG, "ONCE").await.unwrap().order;
        stage.confirm(&paid, "THIRD").await;
        super::ask(&stage, &BUYER, &paid).await.unwrap();
        stage.refund_arrives(&paid).await;
        assert_eq!(stage.phase(&paid).await, Phase::Refunded);
        assert_eq!(problem(stage.order_with(&NEWCOMER, SONG, "ONCE").await), Problem::UsedUp);
    }
}

#[tokio::test]
async fn what_a_buyer_did_not_confirm_makes_way_for_what_they_order_next() {
    for stage in Stage::set_on_each().await {
        stage.make(Coupon { most_each: Some(1), most_uses: Some(1), ..sellers("MINE", percent(20)) }).await;
        let first = stage.order_with(&BUYER, SONG, "MINE").await.unwrap().order;
        let same = stage.order_with(&BUYER, SONG, "MINE").await.unwrap().order;
        assert_eq!(first, same, "a button that was pressed twice");
        let other = stage.order_with(&BUYER, PRINT, "MINE").await.unwrap().order;
        stage.confirm(&other, "SENDER").await;
        assert_eq!(stage.phase(&other).await, Phase::Reserved);
        assert_eq!(problem(stage.order_with(&BUYER, SONG, "MINE").await), Problem::UsedByYou);
        assert_eq!(problem(stage.order_with(&NEWCOMER, SONG, "MINE").await), Problem::UsedUp);
        // The one that made way is refused should it be confirmed after all.
        stage.confirm(&first, "LATE").await;
        assert_eq!(stage.phase(&first).await, Phase::AuthorizationFailed);
    }
}

#[tokio::test]
async fn what_nobody_confirms_for_a_day_holds_no_use() {
    let stage = Stage::set().await;
    stage.make(Coupon { most_uses: Some(1), ..sellers("ONCE", percent(20)) }).await;
    stage.order_with(&BUYER, SONG, "ONCE").await.unwrap();
    assert_eq!(problem(stage.order_with(&NEWCOMER, SONG, "ONCE").await), Problem::UsedUp);
    for _ in 0..250 {
        stage.later(3600).await;
    }
    assert!(stage.order_with(&NEWCOMER, SONG, "ONCE").await.is_ok());
}

fn basket_of(id: &str, code: &str, with: PaidWith) -> Wanted {
    Wanted {
        id: id.parse().unwrap(),
        buyer: BUYER.clone(),
        items: vec![SONG.parse().unwrap(), PRINT.parse().unwrap()],
        shipping: None,
        coupon: Some(code.parse::<Code>().unwrap()),
        gift: None,
        shown: Shown::Anything,
        with,
    }
}

#[tokio::test]
async fn in_a_cart_it_comes_off_each_that_it_is_for_as_often_as_it_can() {
    for stage in Stage::set_on_each().await {
        stage.spoil_price(PRINT, 200).await;
        stage.make(sellers("ALL", percent(10))).await;
        stage.make(Coupon { most_uses: Some(1), ..sellers("ONE", percent(10)) }).await;
        let prices = async |placed: &basket::Placed| {
            let mut prices = Vec::new();
            for id in &placed.orders {
                prices.push(stage.order(id).await.price);
            }
            prices
        };
        let all = basket_of("a0000000-0000-0000-0000-000000000001", "all", PaidWith::AmazonPayments);
        let placed = basket::place(&stage.shop, all).await.unwrap();
        assert_eq!(prices(&placed).await, [90, 180].map(Money::from_cents));
        let query: Vec<_> = placed.authorize_at.as_ref().unwrap().query_pairs().into_owned().collect();
        assert!(query.contains(&("globalAmountLimit".to_owned(), "2.70".to_owned())), "{query:?}");
        // The dearest, where it suffices for one alone.
        let one = basket_of("a0000000-0000-0000-0000-000000000002", "one", PaidWith::AmazonPayments);
        let placed = basket::place(&stage.shop, one).await.unwrap();
        assert_eq!(prices(&placed).await, [100, 180].map(Money::from_cents));
    }
}

impl Stage {
    async fn spoil_price(&self, item: &str, cents: i64) {
        let statement = format!("UPDATE items SET price = {} WHERE id = '{item}'", cents * 10_000);
        self.change(vec![statement]).await;
    }
}
