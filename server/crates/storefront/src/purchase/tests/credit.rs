//! Credit: charged once, spent without a visit to Amazon Payments.

use super::fake_amazon::news;
use super::{BUYER, NEWCOMER, PRINT, SONG, Stage};
use crate::credit::{Credit, CreditState, store};
use crate::ids::{CreditId, ItemSlug};
use crate::orders::state::Phase;
use crate::purchase::basket::{self, BasketError, PaidWith, Placed, Wanted};
use crate::purchase::cbui_return::ReturnError;
use crate::purchase::credit::{self, Setup, return_path};
use crate::purchase::notifications;
use crate::purchase::place::Shown;
use fps_protocol::ErrorCode;
use fps_protocol::cbui::CbuiStatus;
use fps_protocol::enums::{IpnOperation, PaymentMethod, TransactionStatus};
use money::Money;

impl Stage {
    /// The buyer sets out to charge so much.
    async fn begin(&self, cents: i32) -> Credit {
        let url = credit::begin(&self.shop, &BUYER, Money::from_cents(cents)).await.unwrap();
        let asked: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(asked["pipelineName"], "SetupPrepaid");
        store::of_user(&self.shop.db, &BUYER).await.unwrap().remove(0)
    }

    async fn returns_from_setup(&self, credit: &Credit) -> Result<Setup, ReturnError> {
        let path = return_path(&credit.id);
        let (sender, funding) = (credit.sender_reference.as_str(), credit.funding_reference.as_str());
        let query = self.amazon.signed_prepaid_return(&path, sender, funding);
        credit::accept_return(&self.shop, &credit.id, &query).await
    }

    async fn charged(&self, cents: i32) -> CreditId {
        let credit = self.begin(cents).await;
        self.amazon.set_prepaid(cents);
        assert_eq!(self.returns_from_setup(&credit).await.unwrap(), Setup::Confirmed);
        credit.id
    }

    async fn credit(&self, id: &CreditId) -> Credit {
        store::load(self.shop.db.readers(), id).await.unwrap().unwrap()
    }

    async fn buy_with_credit(&self, attempt: &str, slugs: &[&str]) -> Result<Placed, BasketError> {
        let items: Vec<ItemSlug> = slugs.iter().map(|slug| slug.parse().unwrap()).collect();
        let wanted = Wanted {
            id: attempt.parse().unwrap(),
            buyer: BUYER.clone(),
            items,
            shipping: None,
            coupon: None,
            gift: None,
            shown: Shown::Anything,
            with: PaidWith::Credit,
        };
        basket::place(&self.shop, wanted).await
    }
}

#[tokio::test]
async fn it_is_charged_once_and_pays_at_once() {
    for stage in Stage::set_on_each().await {
        let id = stage.charged(500).await;
        let credit = stage.credit(&id).await;
        assert!(matches!(credit.state, CreditState::Ready { .. }), "{credit:?}");
        assert_eq!(credit.balance, Money::from_cents(500));
        assert_eq!(
            stage.returns_from_setup(&credit).await.unwrap(),
            Setup::Confirmed,
            "the same return again"
        );
        assert_eq!(stage.amazon.called("FundPrepaid"), 1);

        let placed = stage.buy_with_credit("attempt-1", &[SONG]).await.unwrap();
        assert_eq!(placed.authorize_at, None);
        let order = stage.order(&placed.orders[0]).await;
        assert_eq!((order.state.phase(), order.payment_method), (Phase::Paid, Some(PaymentMethod::Prepaid)));
        assert_eq!(order.fees_taken.unwrap().amazon, Money::ZERO, "Amazon's fee was the marketplace's");
        assert!(stage.may_download(&order.id).await);
        let again = stage.buy_with_credit("attempt-1", &[SONG]).await.unwrap();
        assert_eq!(again.orders, placed.orders, "the button pressed twice");
        assert_eq!(stage.amazon.called("Pay"), 1);

        let cart = stage.buy_with_credit("attempt-2", &[SONG, PRINT]).await.unwrap();
        assert_eq!(stage.phase(&cart.orders[0]).await, Phase::Paid);
        assert_eq!(stage.phase(&cart.orders[1]).await, Phase::Reserved);
        assert!(stage.amazon.given_back().is_empty(), "the token goes on paying");
    }
}

#[tokio::test]
async fn two_presses_at_once_pay_once() {
    for stage in Stage::set_on_each().await {
        stage.charged(500).await;
        let (one, other) = tokio::join!(
            stage.buy_with_credit("attempt", &[SONG]),
            stage.buy_with_credit("attempt", &[SONG])
        );
        assert_eq!(one.unwrap().orders, other.unwrap().orders);
        assert_eq!(stage.amazon.charges(), 2, "the charging of the credit, and one payment");
    }
}

#[tokio::test]
async fn too_little_orders_nothing() {
    let stage = Stage::set().await;
    let nothing = stage.buy_with_credit("attempt", &[SONG]).await;
    assert!(matches!(nothing, Err(BasketError::CreditTooSmall)), "{nothing:?}");
    stage.charged(500).await;
    stage.amazon.set_prepaid(150);
    let two = stage.buy_with_credit("attempt", &[SONG, PRINT]).await;
    assert!(matches!(two, Err(BasketError::CreditTooSmall)), "{two:?}");
    assert_eq!((stage.amazon.called("Pay"), stage.amazon.called("Reserve")), (0, 0));
    stage.buy_with_credit("attempt", &[SONG]).await.unwrap();
}

/// A card's charging ends later; whoever tells of it, Amazon is asked.
#[tokio::test]
async fn what_is_pending_or_unknown_is_asked_after() {
    for told in [false, true] {
        let stage = Stage::set().await;
        let credit = stage.begin(500).await;
        stage.amazon.leave_pending(true);
        stage.amazon.lose_answers(usize::from(!told));
        stage.returns_from_setup(&credit).await.unwrap();
        let reached = stage.credit(&credit.id).await.state;
        assert_eq!(matches!(reached, CreditState::Pending { .. }), told, "{reached:?}");
        assert!(credit::spendable(&stage.shop, &BUYER).await.unwrap().is_empty());

        stage.later(40).await;
        let transaction = stage.amazon.transaction(credit.funding_reference.as_str());
        stage.amazon.finish(&transaction, TransactionStatus::Success);
        stage.amazon.set_prepaid(500);
        if told {
            let reference = credit.funding_reference.as_str();
            let news = news(IpnOperation::FundPrepaid, TransactionStatus::Success, &transaction, reference);
            notifications::accept(&stage.shop, &stage.amazon.notification(&news)).await.unwrap();
            stage.later(0).await;
        } else {
            stage.later(3600).await;
        }
        assert!(stage.credit(&credit.id).await.pays().is_some());
        assert_eq!(credit::spendable(&stage.shop, &BUYER).await.unwrap()[0].balance, Money::from_cents(500));
    }
}

#[tokio::test]
async fn who_leaves_or_is_refused_has_paid_nothing() {
    let stage = Stage::set().await;
    let credit = stage.begin(500).await;
    let path = return_path(&credit.id);
    let left =
        stage.amazon.signed_return(&path, CbuiStatus::Abandoned, credit.sender_reference.as_str(), None);
    assert_eq!(credit::accept_return(&stage.shop, &credit.id, &left).await.unwrap(), Setup::Left);
    assert_eq!(stage.credit(&credit.id).await.state, CreditState::Left);

    stage.amazon.refuse(Some(("FundPrepaid", ErrorCode::InsufficientBalance)));
    stage.returns_from_setup(&credit).await.unwrap();
    let reached = stage.credit(&credit.id).await.state;
    assert!(
        matches!(&reached, CreditState::Failed { why, .. } if why.contains("not enough money")),
        "{reached:?}"
    );
    assert!(credit::spendable(&stage.shop, &BUYER).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_return_of_another_callers_setup_charges_nothing() {
    let stage = Stage::set().await;
    let credit = stage.begin(500).await;
    // Signed by Amazon, of references that the shop did not give.
    let query = stage.amazon.signed_prepaid_return(&return_path(&credit.id), "elsewhere", "elsewhere-2");
    let refused = credit::accept_return(&stage.shop, &credit.id, &query).await;
    assert!(matches!(refused, Err(ReturnError::DoesNotFit)), "{refused:?}");
    let forged = credit::accept_return(&stage.shop, &credit.id, "status=SA").await;
    assert!(matches!(forged, Err(ReturnError::Forged)), "{forged:?}");
    assert!(stage.amazon.calls().is_empty());
    assert!(credit::of_user(&stage.shop, &NEWCOMER).await.unwrap().is_empty());
}
