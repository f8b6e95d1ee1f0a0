//! What sender tokens that pay more than once allow, below HTTP, on both databases.

use crate::domain::tokens::{self, EditedToken, SenderTerms};
use crate::engine::payments::tests::{MERCHANTS_TOKEN, World, code, dollars, id, worlds};
use crate::engine::{ActionError, Outcome};
use fps_protocol::ErrorCode;
use fps_protocol::actions::PaymentRequest;
use fps_protocol::cbui::{AmountType, UsageLimit};
use fps_protocol::enums::PaymentMethod;
use fps_protocol::ids::{CallerReference, TokenId};
use futures_util::future::join_all;
use jiff::SignedDuration;

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn count(most: u32, period: Option<&str>) -> UsageLimit {
    UsageLimit::Count { most, period: period.map(|text| text.parse().unwrap()) }
}

fn amount(most: &str, period: Option<&str>) -> UsageLimit {
    UsageLimit::Amount { most: dollars(most), period: period.map(|text| text.parse().unwrap()) }
}

fn multi_use(limits: Vec<UsageLimit>) -> SenderTerms {
    SenderTerms::MultiUse { each_payment: None, limits, recipient_token_ids: Vec::new() }
}

fn request(token: &TokenId, amount: &str, reference: &str) -> PaymentRequest {
    let reference = CallerReference::new(reference).unwrap();
    let mut request = PaymentRequest::new(token.clone(), dollars(amount), reference);
    request.recipient_token_id = Some(TokenId::new(MERCHANTS_TOKEN).unwrap());
    request
}

impl World {
    async fn pays(&self, token: &TokenId, amount: &str, reference: &str) -> Result<Outcome, ActionError> {
        self.pay(&request(token, amount, reference)).await
    }

    /// What was used of each limit, in the windows that the latest payments were in.
    async fn used(&self, token: &TokenId) -> Vec<i64> {
        let limits = tokens::limits_of(&self.engine.db, token).await.unwrap();
        limits.iter().map(|limit| limit.used).collect()
    }
}

#[tokio::test]
async fn each_payment_is_as_the_amount_type_says() {
    use AmountType::{Exact, Maximum, Minimum};
    let table =
        [(Exact, [false, true, false]), (Minimum, [false, true, true]), (Maximum, [true, true, false])];
    for world in worlds().await {
        for (kind, allowed) in table {
            let terms = SenderTerms::MultiUse {
                each_payment: Some((kind, dollars("10.00"))),
                limits: vec![amount("100.00", None)],
                recipient_token_ids: Vec::new(),
            };
            let token = world.token_with(PaymentMethod::Abt, terms).await;
            for (asked, allowed) in ["9.99", "10.00", "10.01"].into_iter().zip(allowed) {
                let outcome = world.pays(&token, asked, &format!("{kind} {asked}")).await;
                let refused = outcome.err().map(|error| code::<Outcome>(Err(error)));
                let expected = (!allowed).then_some(ErrorCode::IncompatibleTokens);
                assert_eq!(refused, expected, "{kind} 10.00, asked for {asked}");
            }
        }
    }
}

#[tokio::test]
async fn only_the_recipients_of_the_list_are_paid() {
    for world in worlds().await {
        let to = |ids: &[&str]| SenderTerms::MultiUse {
            each_payment: None,
            limits: vec![amount("100.00", None)],
            recipient_token_ids: ids.iter().map(id).collect(),
        };
        let token = world.token_with(PaymentMethod::Abt, to(&["OTHERTOKEN", MERCHANTS_TOKEN])).await;
        world.pays(&token, "1.00", "listed").await.unwrap();
        let token = world.token_with(PaymentMethod::Abt, to(&["OTHERTOKEN"])).await;
        assert_eq!(code(world.pays(&token, "1.00", "unlisted").await), ErrorCode::IncompatibleTokens);
        assert_eq!(world.used(&token).await, [0]);
    }
}

#[tokio::test]
async fn limits_hold_in_each_period_and_begin_anew_by_the_calendar() {
    for world in worlds().await {
        let limits = vec![amount("50.00", None), count(2, Some("1 Month")), amount("15.00", Some("1 Day"))];
        let token = world.token_with(PaymentMethod::Abt, multi_use(limits)).await;
        world.pays(&token, "10.00", "1").await.unwrap();
        let refused = world.pays(&token, "5.01", "2").await;
        assert_eq!(code(refused), ErrorCode::TokenUsageError, "15.00 a day");
        world.engine.clock.advance(DAY).unwrap();
        world.pays(&token, "15.00", "3").await.unwrap();
        assert_eq!(world.used(&token).await, [25_000_000, 2, 15_000_000]);
        world.engine.clock.advance(DAY).unwrap();
        assert_eq!(code(world.pays(&token, "1.00", "4").await), ErrorCode::TokenUsageError, "twice a month");
        // From 3 June to 3 July.
        world.engine.clock.advance(DAY * 27).unwrap();
        assert_eq!(code(world.pays(&token, "1.00", "5").await), ErrorCode::TokenUsageError);
        world.engine.clock.advance(DAY).unwrap();
        world.pays(&token, "15.00", "6").await.unwrap();
        assert_eq!(world.used(&token).await, [40_000_000, 1, 15_000_000]);
        world.engine.clock.advance(DAY).unwrap();
        assert_eq!(code(world.pays(&token, "10.01", "7").await), ErrorCode::TokenUsageError, "50.00 in all");
        world.pays(&token, "10.00", "8").await.unwrap();
        assert_eq!(world.balance("buyer").await, "450.000000");
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn a_recurring_token_pays_once_in_each_period() {
    for world in worlds().await {
        let terms = SenderTerms::Recurring {
            amount: dollars("10.00"),
            period: "1 Month".parse().unwrap(),
            recipient_token_id: Some(id(MERCHANTS_TOKEN)),
        };
        let token = world.token_with(PaymentMethod::Abt, terms).await;
        world.pays(&token, "10.00", "june").await.unwrap();
        assert_eq!(code(world.pays(&token, "10.00", "again").await), ErrorCode::TokenUsageError);
        world.engine.clock.advance(DAY * 30).unwrap();
        assert_eq!(code(world.pays(&token, "10.01", "more").await), ErrorCode::IncompatibleTokens);
        world.pays(&token, "10.00", "july").await.unwrap();
        // Years later it still does, and what was missed is not made up for.
        world.engine.clock.advance(DAY * 800).unwrap();
        world.pays(&token, "10.00", "later").await.unwrap();
        assert_eq!(code(world.pays(&token, "10.00", "again later").await), ErrorCode::TokenUsageError);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_payments_do_not_exceed_a_limit() {
    for world in worlds().await {
        for (name, limits) in [
            ("count", vec![amount("500.00", None), count(5, Some("1 Day"))]),
            ("amount", vec![amount("29.99", None), count(64, None)]),
        ] {
            let token = world.token_with(PaymentMethod::Abt, multi_use(limits)).await;
            let payments = (0..64).map(|n| {
                let (world, request) = (&world, request(&token, "5.00", &format!("{name} {n}")));
                async move { world.pay(&request).await }
            });
            let outcomes = join_all(payments).await;
            let (paid, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
            assert_eq!(paid.len(), 5, "{name}");
            for refusal in refused {
                assert_eq!(code(refusal), ErrorCode::TokenUsageError, "{name}");
            }
        }
        assert_eq!(world.balance("buyer").await, "450.000000");
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn what_comes_to_nothing_is_given_back() {
    for world in worlds().await {
        let limits = || multi_use(vec![amount("10.00", None), count(1, Some("1 Day"))]);
        let token = world.token_with(PaymentMethod::Abt, limits()).await;
        let reserved = world.reserve(&request(&token, "10.00", "r1")).await.unwrap();
        assert_eq!(code(world.pays(&token, "0.01", "p1").await), ErrorCode::TokenUsageError);
        world.cancel(&reserved.transaction_id).await.unwrap();
        assert_eq!(world.used(&token).await, [0, 0]);
        let reserved = world.reserve(&request(&token, "10.00", "r2")).await.unwrap();
        // A part of it is settled: it was a payment, but of less.
        world.settle(&reserved.transaction_id, Some("4.00")).await.unwrap();
        assert_eq!(world.used(&token).await, [4_000_000, 1]);

        // The time of a card payment runs out before the processor has answered.
        let token = world.token_with(PaymentMethod::Cc, limits()).await;
        let mut timed = request(&token, "10.00", "p2");
        timed.transaction_timeout_in_mins = Some(10);
        world.pay(&timed).await.unwrap();
        assert_eq!(world.used(&token).await, [10_000_000, 1]);
        world.advance(SignedDuration::from_mins(11)).await;
        assert_eq!(world.used(&token).await, [0, 0]);
        // An unsettled reserve is cancelled after a week, long after its day.
        let token = world.token_with(PaymentMethod::Abt, limits()).await;
        world.reserve(&request(&token, "6.00", "r3")).await.unwrap();
        world.engine.clock.advance(DAY).unwrap();
        world.pays(&token, "4.00", "p3").await.unwrap();
        world.advance(DAY * 7).await;
        assert_eq!(world.used(&token).await, [4_000_000, 1], "the day's own payment still counts");
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn an_edited_token_goes_on_with_what_was_used() {
    for world in worlds().await {
        let db = &world.engine.db;
        let old = world.token_with(PaymentMethod::Abt, multi_use(vec![amount("10.00", None)])).await;
        let reserved = world.reserve(&request(&old, "6.00", "r1")).await.unwrap();
        let before = tokens::find(db, &old).await.unwrap().unwrap();
        let new = EditedToken {
            id: tokens::new_id(&world.engine.random),
            caller_reference: id("edited"),
            instrument_id: id(PaymentMethod::Cc.as_str()),
            payment_method: PaymentMethod::Cc,
            created_at: world.engine.clock.now(),
        };
        let edit = || {
            let (before, new) = (before.clone(), new.clone());
            db.write(move |c| {
                let (before, new) = (before.clone(), new.clone());
                Box::pin(async move { tokens::edit(c, &before, &new).await })
            })
        };
        assert!(edit().await.unwrap());
        assert!(!edit().await.unwrap(), "it is not the token any more");
        let new = new.id;
        let after = tokens::find(db, &new).await.unwrap().unwrap();
        assert_eq!(after.old_token_id.as_ref(), Some(&old));
        assert_eq!(code(world.pays(&old, "1.00", "p1").await), ErrorCode::TokenNotActiveSender);
        assert_eq!(code(world.pays(&new, "4.01", "p2").await), ErrorCode::TokenUsageError);
        world.cancel(&reserved.transaction_id).await.unwrap();
        world.pays(&new, "10.00", "p3").await.unwrap();
    }
}
