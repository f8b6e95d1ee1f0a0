//! Before a first item the shop asks Amazon whether its sales could be paid.

use super::{MERCHANT, NEWCOMER, Stage, shop_id};
use crate::merchants::{Merchant, Registration, store};
use crate::selling::onboarding::{Standing, standing};
use fps_protocol::ErrorCode;
use fps_protocol::enums::RecipientVerificationStatus;

const ASKED: &str = "GetRecipientVerificationStatus";

/// A merchant who has registered and listed nothing.
async fn newly_registered(stage: &Stage) -> Merchant {
    let registration = Registration {
        recipient_token: "NEWSELLER".parse().unwrap(),
        refund_token: None,
        at: stage.shop.clock.now(),
    };
    let input = (shop_id("n"), registration);
    let registered: Result<bool, sqlx::Error> = stage
        .shop
        .db
        .transact(input, |c, (id, registration)| Box::pin(store::complete_registration(c, id, registration)))
        .await;
    assert!(registered.unwrap());
    store::by_user(&stage.shop.db, &NEWCOMER).await.unwrap().unwrap()
}

#[tokio::test]
async fn what_amazon_says_of_the_account_decides() {
    let stage = Stage::set().await;
    let merchant = newly_registered(&stage).await;
    for (status, expected) in [
        (RecipientVerificationStatus::VerificationComplete, Standing::Ready),
        (RecipientVerificationStatus::VerificationCompleteNoLimits, Standing::Ready),
        (RecipientVerificationStatus::VerificationPending, Standing::NotVerified),
    ] {
        stage.amazon.verify_recipients(status);
        assert_eq!(standing(&stage.shop, &merchant).await.unwrap(), expected, "{status}");
    }
    stage.amazon.refuse(Some((ASKED, ErrorCode::InvalidAccountStateRecipient)));
    assert_eq!(standing(&stage.shop, &merchant).await.unwrap(), Standing::Closed);
    stage.amazon.refuse(None);
    stage.amazon.go_away(true);
    assert_eq!(standing(&stage.shop, &merchant).await.unwrap(), Standing::Ready, "nobody can say");
}

#[tokio::test]
async fn a_registration_that_is_gone_is_forgotten_so_that_there_can_be_another() {
    let stage = Stage::set().await;
    let merchant = newly_registered(&stage).await;
    stage.amazon.refuse(Some((ASKED, ErrorCode::TokenNotActiveRecipient)));
    assert_eq!(standing(&stage.shop, &merchant).await.unwrap(), Standing::RegistrationGone);
    let now = store::by_user(&stage.shop.db, &NEWCOMER).await.unwrap().unwrap();
    assert!(!now.is_registered() && now.cancelled_at.is_some());
    assert_eq!(standing(&stage.shop, &now).await.unwrap(), Standing::RegistrationGone);
    assert_eq!(stage.amazon.called(ASKED), 1, "of nobody there is nothing to ask");
}

#[tokio::test]
async fn who_has_an_item_is_not_asked_about() {
    let stage = Stage::set().await;
    let merchant = store::by_user(&stage.shop.db, &MERCHANT).await.unwrap().unwrap();
    stage.amazon.verify_recipients(RecipientVerificationStatus::VerificationPending);
    assert_eq!(standing(&stage.shop, &merchant).await.unwrap(), Standing::Ready);
    assert_eq!(stage.amazon.called(ASKED), 0);
}
