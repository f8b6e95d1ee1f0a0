//! Whose word counts: what Amazon signed, of this shop's own business, about the order that it names.

use super::fake_amazon::news;
use super::{BUYER, NEWCOMER, PRINT, SONG, Stage};
use crate::merchants;
use crate::orders::state::Phase;
use crate::purchase::cbui_return::{self, ReturnError};
use crate::purchase::notifications::{self, NotificationError};
use crate::purchase::registration::{self, RegistrationOutcome};
use fps_protocol::cbui::CbuiStatus;
use fps_protocol::enums::{IpnOperation, TransactionStatus};
use money::Money;

#[tokio::test]
async fn a_notification_counts_once_and_a_forged_one_never() {
    let stage = Stage::set().await;
    let id = stage.place(SONG).await;
    stage.amazon.leave_pending(true);
    cbui_return::accept(&stage.shop, &stage.confirmation(&id).await).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::Paying);
    let reference = stage.reference(&id).await;
    let transaction = stage.amazon.transaction(&reference);
    let told = news(IpnOperation::Pay, TransactionStatus::Success, &transaction, &reference);
    let body = stage.amazon.notification(&told);

    let forged = String::from_utf8(body.clone()).unwrap().replace("PAY", "RESERVE").into_bytes();
    assert!(matches!(notifications::accept(&stage.shop, &forged).await, Err(NotificationError::Forged)));
    assert!(matches!(
        notifications::accept(&stage.shop, b"transactionId=1&status=SUCCESS").await,
        Err(NotificationError::Forged)
    ));
    assert!(matches!(
        notifications::accept(&stage.shop, b"%ff=%zz").await,
        Err(NotificationError::Malformed)
    ));
    assert_eq!((stage.phase(&id).await, stage.outcomes().await.len()), (Phase::Paying, 0));

    notifications::accept(&stage.shop, &body).await.unwrap();
    notifications::accept(&stage.shop, &body).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::Paid);
    assert_eq!(stage.outcomes().await, ["changed the order"]);
}

#[tokio::test]
async fn notifications_that_contradict_the_order_are_kept_and_change_nothing() {
    let stage = Stage::set().await;
    let id = stage.bought(PRINT).await;
    let reference = stage.reference(&id).await;
    let transaction = stage.amazon.transaction(&reference);
    let mut cheaper = news(IpnOperation::Settle, TransactionStatus::Success, &transaction, &reference);
    cheaper.transaction_amount = Money::from_cents(1);
    let other = "OTHER".parse().unwrap();
    let another = news(IpnOperation::Settle, TransactionStatus::Success, &other, &reference);
    let nobodys = news(IpnOperation::Pay, TransactionStatus::Success, &other, "nobody");
    for told in [cheaper, another, nobodys] {
        notifications::accept(&stage.shop, &stage.amazon.notification(&told)).await.unwrap();
    }
    assert_eq!(stage.phase(&id).await, Phase::Reserved);
    let mut outcomes = stage.outcomes().await;
    outcomes.sort();
    assert_eq!(
        outcomes,
        [
            "ignored: no order of this shop",
            "refused: another amount than the order's",
            "refused: not a payment of this shop"
        ]
    );
}

#[tokio::test]
async fn forged_altered_and_foreign_returns_change_nothing() {
    let stage = Stage::set().await;
    let (id, other) = (stage.place(SONG).await, stage.place(PRINT).await);
    let genuine = stage.confirmation(&id).await;
    let other_reference = stage.reference(&other).await;
    let altered = [
        genuine.replace("SENDER", "SENDER2"),
        genuine.replace(&stage.reference(&id).await, &other_reference),
        genuine.replace("status=SA", "status=SC"),
        format!("{genuine}&extra=1"),
        format!("{genuine}&status=SA"),
        genuine.replace("certs", "account"),
        "status=SA&tokenID=SENDER".to_owned(),
        "%ff".to_owned(),
        String::new(),
    ];
    for query in altered {
        let refused = cbui_return::accept(&stage.shop, &query).await;
        assert!(matches!(refused, Err(ReturnError::Forged)), "{query}: {refused:?}");
    }
    let unknown =
        stage.amazon.signed_return(cbui_return::PATH, CbuiStatus::SuccessAbt, "nobody", Some("SENDER"));
    assert!(matches!(cbui_return::accept(&stage.shop, &unknown).await, Err(ReturnError::UnknownOrder)));
    // Signed for another page of the shop.
    let reference = stage.reference(&id).await;
    let elsewhere = stage.amazon.signed_return(
        registration::RETURN_PATH,
        CbuiStatus::SuccessAbt,
        &reference,
        Some("SENDER"),
    );
    assert!(matches!(cbui_return::accept(&stage.shop, &elsewhere).await, Err(ReturnError::Forged)));
    let recipient = stage.amazon.signed_return(
        cbui_return::PATH,
        CbuiStatus::SuccessRecipient,
        &reference,
        Some("SENDER"),
    );
    assert!(matches!(cbui_return::accept(&stage.shop, &recipient).await, Err(ReturnError::DoesNotFit)));
    assert_eq!(stage.amazon.calls().len(), 0);
    assert_eq!(stage.phase(&id).await, Phase::AwaitingAuthorization);

    cbui_return::accept(&stage.shop, &genuine).await.unwrap();
    let another_token =
        stage.amazon.signed_return(cbui_return::PATH, CbuiStatus::SuccessAbt, &reference, Some("OTHER"));
    assert!(matches!(cbui_return::accept(&stage.shop, &another_token).await, Err(ReturnError::DoesNotFit)));
    assert_eq!(stage.amazon.calls(), ["Pay"]);
}

#[tokio::test]
async fn what_amazon_signed_for_another_caller_moves_no_order() {
    let stage = Stage::set().await;
    let id = stage.place(SONG).await;
    let reference = stage.reference(&id).await;
    let theirs = stage.amazon.signed_return_of_another_caller(
        cbui_return::PATH,
        CbuiStatus::SuccessAbt,
        &reference,
        Some("THEIRS"),
    );
    assert!(matches!(cbui_return::accept(&stage.shop, &theirs).await, Err(ReturnError::DoesNotFit)));
    // They paid themselves, and had the news sent here under the order's reference.
    let payment = "THEIRPAYMENT".parse().unwrap();
    for (operation, status) in [
        (IpnOperation::Pay, TransactionStatus::Success),
        (IpnOperation::Reserve, TransactionStatus::Reserved),
        (IpnOperation::Settle, TransactionStatus::Success),
    ] {
        let told = news(operation, status, &payment, &reference);
        notifications::accept(&stage.shop, &stage.amazon.notification(&told)).await.unwrap();
    }
    assert_eq!(stage.phase(&id).await, Phase::AwaitingAuthorization);
    assert!(!stage.may_download(&id).await && stage.notices().await.is_empty());
    assert_eq!(stage.outcomes().await, ["refused: not a payment of this shop"; 3]);

    cbui_return::accept(&stage.shop, &stage.confirmation(&id).await).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::Paid, "the buyer's own confirmation still counts");

    // Nor does the news of another payment of the shop pay for this order.
    let other = stage.place(PRINT).await;
    let paid = stage.amazon.transaction(&reference);
    let told = news(IpnOperation::Pay, TransactionStatus::Success, &paid, &stage.reference(&other).await);
    notifications::accept(&stage.shop, &stage.amazon.notification(&told)).await.unwrap();
    assert_eq!(stage.phase(&other).await, Phase::AwaitingAuthorization);
}

#[tokio::test]
async fn what_cannot_be_confirmed_now_is_taken_when_it_comes_again() {
    let stage = Stage::set().await;
    let id = stage.place(SONG).await;
    stage.amazon.lose_answers(1);
    cbui_return::accept(&stage.shop, &stage.confirmation(&id).await).await.unwrap();
    let reference = stage.reference(&id).await;
    let transaction = stage.amazon.transaction(&reference);
    let told = news(IpnOperation::Pay, TransactionStatus::Success, &transaction, &reference);
    let body = stage.amazon.notification(&told);
    stage.amazon.lose_answers(1);
    assert!(matches!(notifications::accept(&stage.shop, &body).await, Err(NotificationError::NotNow)));
    assert_eq!((stage.phase(&id).await, stage.outcomes().await.len()), (Phase::Authorized, 0));
    notifications::accept(&stage.shop, &body).await.unwrap();
    assert_eq!(stage.phase(&id).await, Phase::Paid);
}

#[tokio::test]
async fn a_merchant_registers_once_and_only_for_themselves() {
    let stage = Stage::set().await;
    let db = &stage.shop.db;
    let newcomer = merchants::store::by_user(db, &NEWCOMER).await.unwrap().unwrap();
    let url = registration::start(&stage.shop, &newcomer).await.unwrap().unwrap();
    let reference = url.query_pairs().find(|(name, _)| name == "callerReference").unwrap().1.into_owned();
    let path = registration::RETURN_PATH;
    let query = stage.amazon.signed_return(path, CbuiStatus::SuccessRecipient, &reference, Some("NEWSELLER"));

    let stranger = registration::accept_return(&stage.shop, &BUYER, &query).await;
    assert!(matches!(stranger, Err(ReturnError::UnknownOrder)));
    let forged = query.replace("NEWSELLER", "MYTOKEN");
    let forged = registration::accept_return(&stage.shop, &NEWCOMER, &forged).await;
    assert!(matches!(forged, Err(ReturnError::Forged)));
    for _ in 0..2 {
        let done = registration::accept_return(&stage.shop, &NEWCOMER, &query).await.unwrap();
        assert_eq!(done, RegistrationOutcome::Registered);
    }
    let other =
        stage.amazon.signed_return(path, CbuiStatus::SuccessRecipient, &reference, Some("OTHERTOKEN"));
    let other = registration::accept_return(&stage.shop, &NEWCOMER, &other).await;
    assert!(matches!(other, Err(ReturnError::DoesNotFit)));
    let registered = merchants::store::by_user(db, &NEWCOMER).await.unwrap().unwrap();
    assert_eq!(
        registered.registration.as_ref().map(|known| known.recipient_token.as_str()),
        Some("NEWSELLER")
    );
    assert!(registration::start(&stage.shop, &registered).await.unwrap().is_none());
}
