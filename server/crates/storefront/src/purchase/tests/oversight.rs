//! What the operator does, and what becomes of purchases then.

use super::{BUYER, PRINT, SONG, Stage, shop_id};
use crate::audit::{self, Deed, Entry, Filter};
use crate::fees;
use crate::ids::{FeeRuleId, OrderId};
use crate::merchants;
use crate::orders::state::Phase;
use crate::orders::{OrderError, differences};
use crate::oversight::disputes;
use crate::oversight::fee_rules::{self, FeeRuleError};
use crate::oversight::mending::{self, Mended};
use crate::oversight::standing::{self, Change, StandingError, Target};
use crate::purchase::cbui_return;
use crate::purchase::commands::{self, Decision};
use crate::purchase::place::PlaceError;
use crate::users::User;
use app::form::FormState;
use fps_protocol::cbui::CbuiStatus;
use fps_protocol::enums::TransactionStatus;
use money::{Money, Percent};
use platform::paging::Part;

const DAY: i64 = 24 * 3600;

pub(super) fn olga() -> User {
    User {
        id: "olga".parse().unwrap(),
        email: "olga@example.com".to_owned(),
        name: "Olga".to_owned(),
        operator: true,
    }
}

impl Stage {
    async fn log(&self) -> Vec<Entry> {
        audit::of_page(&self.shop.db, &Filter::default(), &Part::Newest, 100).await.unwrap()
    }

    async fn put(&self, target: &Target, change: Change) -> bool {
        standing::set(&self.shop, &olga(), target.clone(), change, "Complaints.").await.unwrap()
    }

    async fn make_rule(&self, fields: &[(&str, &str)]) -> Result<(), FormState> {
        let mut form = FormState::default();
        for (name, value) in fields {
            form.set(name, *value);
        }
        match fee_rules::make(&self.shop, &olga(), form).await {
            Ok(()) => Ok(()),
            Err(FeeRuleError::Invalid(form)) => Err(form),
            Err(error) => panic!("{error}"),
        }
    }

    /// The registered seller's token allows as much.
    async fn agree_to_more(&self) {
        let changed: Result<(), sqlx::Error> = self
            .shop
            .db
            .transact((), |c, ()| {
                Box::pin(async move {
                    let sql = "UPDATE merchants SET max_fixed_fee = 1000000, max_variable_fee = 200000";
                    sqlx::query(sql).execute(c).await?;
                    Ok(())
                })
            })
            .await;
        changed.unwrap();
    }

    async fn fees_of(&self, id: &OrderId) -> (Money, Percent) {
        let order = self.order(id).await;
        (order.fixed_fee, order.variable_fee)
    }
}

fn percent(text: &str) -> Percent {
    Percent::parse(text).unwrap()
}

/// Who is at Amazon Payments when the hold comes has placed the order: it goes on. A new attempt is a new purchase.
#[tokio::test]
async fn what_is_held_cannot_be_bought_and_what_was_placed_goes_on() {
    for stage in Stage::set_on_each().await {
        for target in [Target::Seller(shop_id("m")), Target::Item(SONG.parse().unwrap())] {
            let placed = stage.place(SONG).await;
            let left = stage.order_of(&super::NEWCOMER, SONG).await.unwrap().order;
            assert!(stage.put(&target, Change::Hold).await);
            assert!(!stage.put(&target, Change::Hold).await, "it is held already");

            let refused = stage.order_of(&BUYER, SONG).await;
            assert!(matches!(refused, Err(PlaceError::NotForSale { .. })), "{target:?}: {refused:?}");
            let confirmation = stage.confirmation(&placed).await;
            cbui_return::accept(&stage.shop, &confirmation).await.unwrap();
            assert_eq!(stage.phase(&placed).await, Phase::Paid, "{target:?}");
            let reference = stage.reference(&left).await;
            let back = stage.amazon.signed_return(cbui_return::PATH, CbuiStatus::Abandoned, &reference, None);
            cbui_return::accept(&stage.shop, &back).await.unwrap();
            let again = commands::restart(&stage.shop, &super::NEWCOMER, &left).await;
            assert!(matches!(again, Err(OrderError::Held)), "{target:?}: {again:?}");

            assert!(stage.put(&target, Change::Release).await);
            commands::restart(&stage.shop, &super::NEWCOMER, &left).await.unwrap();
            let bought = stage.order_of(&BUYER, SONG).await.unwrap().order;
            stage.later(2 * DAY).await;
            assert_eq!(stage.phase(&bought).await, Phase::AwaitingAuthorization);
        }
        let deeds: Vec<Deed> = stage.log().await.into_iter().rev().map(|entry| entry.deed).collect();
        assert_eq!(deeds, [Deed::SellerHeld, Deed::SellerReleased, Deed::ItemHeld, Deed::ItemReleased]);
        let held = stage.log().await.pop().unwrap();
        assert_eq!(
            (held.old.as_str(), held.new.as_str(), held.reason.as_str()),
            ("sells", "held", "Complaints.")
        );
    }
}

#[tokio::test]
async fn a_hold_has_a_reason_and_no_operator_is_closed() {
    let stage = Stage::set().await;
    let target = Target::Seller(shop_id("m"));
    let refused = standing::set(&stage.shop, &olga(), target, Change::Hold, " ").await;
    assert!(matches!(refused, Err(StandingError::Invalid(form)) if form.error("reason").is_some()));
    stage.spoil("UPDATE users SET operator = 1 WHERE id = 'buyer'".to_owned()).await;
    let target = Target::User(BUYER.clone());
    let refused = standing::set(&stage.shop, &olga(), target, Change::Hold, "No.").await;
    assert!(matches!(refused, Err(StandingError::Operator)));
    let target = Target::User("nobody".parse().unwrap());
    let refused = standing::set(&stage.shop, &olga(), target, Change::Hold, "No.").await;
    assert!(matches!(refused, Err(StandingError::NotFound)));
    assert!(stage.log().await.is_empty());
}

/// The seller's own rule before the category's, that before the general one, and an order keeps the one it was made under.
#[tokio::test]
async fn an_order_is_made_under_the_rule_that_is_nearest_to_it() {
    for stage in Stage::set_on_each().await {
        let usual = (Money::from_cents(5), percent("10"));
        let first = stage.place(PRINT).await;
        assert_eq!(stage.fees_of(&first).await, usual);

        let category = [("reach", "category"), ("category", "music"), ("fixed", "0"), ("variable", "8")];
        stage.make_rule(&category).await.unwrap();
        let second = stage.place(PRINT).await;
        assert_ne!(first, second, "other terms are another order");
        assert_eq!(stage.fees_of(&second).await, (Money::ZERO, percent("8")));

        let own = [
            ("reach", "seller"),
            ("seller", "SELLER@example.com"),
            ("fixed", "0.01"),
            ("variable", "5 %"),
            ("most", "0.04"),
        ];
        stage.make_rule(&own).await.unwrap();
        let third = stage.place(PRINT).await;
        // Of $1.00 it would be $0.06.
        assert_eq!(stage.fees_of(&third).await, (Money::ZERO, percent("4")));
        assert_eq!((stage.fees_of(&first).await, stage.fees_of(&second).await.1), (usual, percent("8")));

        let tomorrow = [("reach", "all"), ("fixed", "0"), ("variable", "1"), ("from", "2030-01-02")];
        stage.make_rule(&tomorrow).await.unwrap();
        let now = stage.shop.clock.now();
        assert_eq!(fees::to_come(stage.shop.db.readers(), now).await.unwrap().len(), 1);
        let deeds: Vec<Deed> = stage.log().await.into_iter().map(|entry| entry.deed).collect();
        assert_eq!(deeds, [Deed::FeeRuleMade; 3]);
    }
}

#[tokio::test]
async fn a_rule_that_takes_more_than_sellers_agreed_to_is_refused() {
    for stage in Stage::set_on_each().await {
        for (fixed, variable, least) in [("0.06", "10", ""), ("0.05", "10.5", ""), ("0.05", "10", "0.50")] {
            let fields = [("reach", "all"), ("fixed", fixed), ("variable", variable), ("least", least)];
            let form = stage.make_rule(&fields).await.unwrap_err();
            let told = form.error("").unwrap();
            assert!(told.contains("1 seller agreed to less") && told.contains("Seller"), "{told}");
            assert_eq!(form.value("fixed"), fixed);
        }
        assert!(stage.log().await.is_empty());
        // Who registers now is asked for what is known to come.
        stage.agree_to_more().await;
        let later = [("reach", "all"), ("fixed", "0.30"), ("variable", "12"), ("from", "2030-03-01")];
        stage.make_rule(&later).await.unwrap();
        let newcomer = merchants::store::find(stage.shop.db.readers(), &shop_id("n")).await.unwrap().unwrap();
        let caps = fees::caps_for(&stage.shop.db, &newcomer, stage.shop.clock.now()).await.unwrap();
        assert_eq!((caps.fixed, caps.variable), (Money::from_cents(30), percent("12")));
    }
}

#[tokio::test]
async fn what_cannot_be_a_rule_is_said_at_its_field() {
    let stage = Stage::set().await;
    let usual = [("reach", "all"), ("fixed", "0"), ("variable", "1")];
    for (field, value, at) in [
        ("reach", "everybody", "reach"),
        ("fixed", "-1", "fixed"),
        ("fixed", "", "fixed"),
        ("variable", "101", "variable"),
        ("least", "x", "least"),
        ("most", "100000", "most"),
        ("from", "2029-12-31", "from"),
        ("from", "soon", "from"),
    ] {
        let mut fields: Vec<_> = usual.iter().copied().filter(|(name, _)| *name != field).collect();
        fields.push((field, value));
        let form = stage.make_rule(&fields).await.unwrap_err();
        assert!(form.error(at).is_some(), "{field}={value}: {:?}", form.errors);
    }
    for (reach, at) in [("category", "category"), ("seller", "seller")] {
        let form = stage.make_rule(&[("reach", reach), ("fixed", "0"), ("variable", "1")]).await.unwrap_err();
        assert!(form.error(at).is_some());
    }
    let twice = [("reach", "seller"), ("seller", "Seller"), ("fixed", "0"), ("variable", "1")];
    let form = stage.make_rule(&twice).await.unwrap_err();
    assert!(form.error("seller").unwrap().contains("Several"));
    let bounds = [("reach", "all"), ("fixed", "0"), ("variable", "1"), ("least", "0.02"), ("most", "0.01")];
    assert!(stage.make_rule(&bounds).await.unwrap_err().error("most").is_some());
}

#[tokio::test]
async fn a_rule_never_changes_and_is_withdrawn_only_before_it_begins() {
    for stage in Stage::set_on_each().await {
        let tomorrow = [("reach", "all"), ("fixed", "0"), ("variable", "1"), ("from", "2030-01-02")];
        stage.make_rule(&tomorrow).await.unwrap();
        stage.make_rule(&tomorrow).await.unwrap();
        let now = stage.shop.clock.now();
        let coming = fees::to_come(stage.shop.db.readers(), now).await.unwrap();
        let (one, other) = (coming[0].id.clone(), coming[1].id.clone());
        fee_rules::withdraw(&stage.shop, &olga(), one.clone()).await.unwrap();
        let general: FeeRuleId = "general".parse().unwrap();
        for gone in [one, general] {
            let refused = fee_rules::withdraw(&stage.shop, &olga(), gone).await;
            assert!(matches!(refused, Err(FeeRuleError::TooLate)));
        }
        stage.later(DAY).await;
        let refused = fee_rules::withdraw(&stage.shop, &olga(), other.clone()).await;
        assert!(matches!(refused, Err(FeeRuleError::TooLate)), "it has begun");
        let changed: Result<(), sqlx::Error> = stage
            .shop
            .db
            .transact((), |c, ()| {
                Box::pin(async move {
                    sqlx::query("UPDATE fee_rules SET variable = 2").execute(c).await?;
                    Ok(())
                })
            })
            .await;
        assert!(changed.is_err());
        let id = stage.place(SONG).await;
        assert_eq!(stage.fees_of(&id).await, (Money::ZERO, percent("1")));
    }
}

#[tokio::test]
async fn mending_takes_amazons_word_and_says_what_came_of_it() {
    let stage = Stage::set().await;
    let id = stage.bought(SONG).await;
    let payment = stage.amazon.transaction(&stage.reference(&id).await);
    stage.amazon.finish(&payment, TransactionStatus::Cancelled);
    stage.later(DAY).await;
    assert_eq!(differences::count(&stage.shop.db).await.unwrap(), 1);
    stage.amazon.go_away(true);
    assert_eq!(mending::mend(&stage.shop, &olga(), &id).await.unwrap(), Mended::NotKnown);
    stage.amazon.go_away(false);
    let still = mending::mend(&stage.shop, &olga(), &id).await.unwrap();
    assert!(matches!(&still, Mended::StillDiffer(difference) if difference.found == "Cancelled, $1.00"));
    stage.amazon.finish(&payment, TransactionStatus::Success);
    assert_eq!(mending::mend(&stage.shop, &olga(), &id).await.unwrap(), Mended::Agree(Phase::Paid));
    assert_eq!(differences::count(&stage.shop.db).await.unwrap(), 0);

    // News that never arrived is taken in.
    let pending = stage.place(SONG).await;
    stage.amazon.leave_pending(true);
    let confirmation = stage.confirmation(&pending).await;
    cbui_return::accept(&stage.shop, &confirmation).await.unwrap();
    assert_eq!(stage.phase(&pending).await, Phase::Paying);
    let payment = stage.amazon.transaction(&stage.reference(&pending).await);
    stage.amazon.finish(&payment, TransactionStatus::Success);
    assert_eq!(mending::mend(&stage.shop, &olga(), &pending).await.unwrap(), Mended::Agree(Phase::Paid));
    let log = stage.log().await;
    assert_eq!(log.len(), 4);
    assert!(log[0].new.contains("Paid") && log[1].old.contains("Cancelled"), "{log:?}");
}

#[tokio::test]
async fn the_operator_decides_on_a_refund_with_a_reason() {
    let stage = Stage::set().await;
    stage.refunds_on_request().await;
    let part = Decision::Grant(Money::from_cents(30));
    for (request, decision, deed, after) in [
        ("q1", Decision::Decline, Deed::RefundDeclined, "nothing goes back"),
        ("q2", part, Deed::RefundGranted, "$0.30 goes back"),
    ] {
        let id = stage.bought(SONG).await;
        stage.asked_there(&id, request, 100).await;
        let request = request.parse().unwrap();
        disputes::decide(&stage.shop, &olga(), (&id, &request), decision, "Listened to it.").await.unwrap();
        let log = stage.log().await;
        assert_eq!((log[0].deed, log[0].reason.as_str()), (deed, "Listened to it."));
        assert_eq!(log[0].old, "not answered by the seller, $1.00 asked for");
        assert_eq!(log[0].new, after);
        let again = disputes::decide(&stage.shop, &olga(), (&id, &request), decision, "Again.").await;
        assert!(again.is_err());
        assert_eq!(stage.log().await.len(), log.len(), "what was not done is not in the log");
        stage.later(60).await;
    }
    assert!(stage.amazon.calls().contains(&"Refund"));
}
