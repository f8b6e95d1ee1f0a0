//! What buyers and sellers are written of their orders, on both databases.

use super::{BUYER, MERCHANT, PRINT, SONG, Stage};
use crate::ids::{OrderId, UserId};
use crate::mail::{Mailbox, News};
use crate::mailbox;
use crate::orders::Fulfilment;
use crate::orders::refund_terms::RefundPolicy;
use crate::orders::state::Phase;
use crate::purchase::commands::{self, GivenRefund};
use crate::purchase::order_mail::{self, Side};
use fps_protocol::ErrorCode;
use fps_protocol::enums::{IpnOperation, TransactionStatus};
use money::Money;
use platform::paging::Part;
use shop_pages::model::Letter;
use shop_pages::pages::letter_text;

const DAY: i64 = 24 * 60 * 60;

impl Stage {
    /// The subjects of somebody's mail, first things first.
    async fn subjects(&self, user: &UserId) -> Vec<String> {
        let (entries, _) = mailbox::page(&self.shop, Mailbox::Of(user), Part::Newest).await.unwrap();
        entries.into_iter().rev().map(|entry| entry.subject).collect()
    }

    /// Somebody's mail with this subject.
    async fn letter(&self, user: &UserId, subject: &str) -> Letter {
        let (entries, _) = mailbox::page(&self.shop, Mailbox::Of(user), Part::Newest).await.unwrap();
        let entry = entries.into_iter().find(|entry| entry.subject == subject).expect("there is such a mail");
        let opened = mailbox::open(&self.shop, Mailbox::Of(user), &entry.id.parse().unwrap()).await.unwrap();
        opened.unwrap().1
    }

    pub(super) async fn said(&self, user: &UserId, subject: &str) -> String {
        let text = letter_text(&self.letter(user, subject).await);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    async fn fulfilled(&self) -> OrderId {
        let id = self.bought(PRINT).await;
        commands::fulfil(&self.shop, &MERCHANT, &id, Fulfilment::default()).await.unwrap();
        assert_eq!(self.phase(&id).await, Phase::Paid);
        id
    }
}

#[tokio::test]
async fn what_is_paid_at_once_is_a_receipt_and_a_sale() {
    for stage in Stage::set_on_each().await {
        let id = stage.bought(SONG).await;
        assert_eq!(stage.subjects(&BUYER).await, ["Your receipt: A song"]);
        assert_eq!(stage.subjects(&MERCHANT).await, ["Sold: A song"]);
        let receipt = stage.said(&BUYER, "Your receipt: A song").await;
        for fact in
            ["$1.00 was paid", "Item: A song", "Seller: Seller", id.as_str(), &format!("/orders/{id}")]
        {
            assert!(receipt.contains(fact), "{fact} in {receipt}");
        }
        // The same news again are no mail.
        stage.notify(&id, IpnOperation::Pay, TransactionStatus::Success).await;
        assert_eq!(stage.subjects(&BUYER).await.len(), 1);
        // An order keeps what was sold.
        let renamed = stage.shop.db.write(|c| {
            Box::pin(async move { sqlx::query("UPDATE items SET title = 'Another title'").execute(c).await })
        });
        assert!(renamed.await.unwrap().rows_affected() > 1);
        assert!(stage.said(&BUYER, "Your receipt: A song").await.contains("Item: A song"));
    }
}

#[tokio::test]
async fn a_seller_is_reminded_once_of_what_waits() {
    for stage in Stage::set_on_each().await {
        stage.bought(PRINT).await;
        let new = "New order: A print, fulfil by 8 Jan 2030, 00:00 UTC";
        let reminder = "Fulfil by 8 Jan 2030, 00:00 UTC: A print";
        assert_eq!(stage.subjects(&BUYER).await, ["Ordered: A print"]);
        assert_eq!(stage.subjects(&MERCHANT).await, [new]);
        stage.later(5 * DAY - 1).await;
        assert_eq!(stage.subjects(&MERCHANT).await, [new]);
        for _ in 0..2 {
            stage.later(1).await;
            assert_eq!(stage.subjects(&MERCHANT).await, [new, reminder]);
        }
        assert!(stage.said(&MERCHANT, reminder).await.contains("held until 8 Jan 2030, 00:00 UTC"));
        assert_eq!(stage.subjects(&BUYER).await, ["Ordered: A print"]);
    }
}

#[tokio::test]
async fn nobody_is_reminded_of_what_is_done() {
    let stage = Stage::set().await;
    stage.fulfilled().await;
    let cancelled = stage.bought(PRINT).await;
    commands::cancel(&stage.shop, &BUYER, &cancelled, None).await.unwrap();
    let before = stage.subjects(&MERCHANT).await;
    stage.later(6 * DAY).await;
    assert_eq!(stage.subjects(&MERCHANT).await, before);
}

#[tokio::test]
async fn from_ready_to_charged_and_back_in_parts() {
    for stage in Stage::set_on_each().await {
        stage.refunds_on_request().await;
        let id = stage.fulfilled().await;
        assert_eq!(
            stage.subjects(&BUYER).await,
            ["Ordered: A print", "Ready for you: A print", "Paid and on its way: A print"]
        );
        assert_eq!(stage.subjects(&MERCHANT).await[1..], ["Charged, deliver now: A print"]);

        stage.asked_there(&id, "1", 40).await;
        let asked = "A buyer asks for a refund: A print";
        assert_eq!(stage.subjects(&MERCHANT).await[2..], [asked]);
        let said = stage.said(&MERCHANT, asked).await;
        assert!(said.contains("$0.40 back") && said.contains("> It does not <b>play</b>."), "{said}");
        commands::grant_refund(&stage.shop, &MERCHANT, &id, &"1".parse().unwrap()).await.unwrap();
        stage.refund_arrives(&id).await;
        let part = stage.said(&BUYER, "Partly refunded: A print").await;
        assert!(part.contains("$0.40 of what you paid"), "{part}");
        assert!(
            stage.said(&MERCHANT, "Sale refunded: A print").await.contains("$0.40 for A print went back")
        );

        let rest = GivenRefund { amount: Money::from_cents(60), policy: RefundPolicy::Shared, reason: None };
        commands::give_refund(&stage.shop, &MERCHANT, &id, rest).await.unwrap();
        stage.refund_arrives(&id).await;
        let rest = stage.said(&BUYER, "Refunded: A print").await;
        assert!(rest.contains("$0.60 for A print went back"), "{rest}");
    }
}

#[tokio::test]
async fn what_goes_wrong_is_told_to_both() {
    let stage = Stage::set().await;
    let id = stage.bought(PRINT).await;
    stage.amazon.refuse(Some(("Settle", ErrorCode::AccountClosed)));
    commands::fulfil(&stage.shop, &MERCHANT, &id, Fulfilment::default()).await.unwrap();
    stage.amazon.refuse(None);
    let told = stage.said(&BUYER, "Your payment did not go through: A print").await;
    assert!(told.contains("could not be charged. Nothing was sent."), "{told}");
    assert!(stage.subjects(&MERCHANT).await.contains(&"Not charged, do not send: A print".to_owned()));
    commands::cancel(&stage.shop, &BUYER, &id, None).await.unwrap();
    assert!(stage.subjects(&BUYER).await.contains(&"Cancelled: A print".to_owned()));
    assert!(stage.subjects(&MERCHANT).await.contains(&"Order cancelled, do not send: A print".to_owned()));
}

#[tokio::test]
async fn a_refund_that_is_declined_and_a_message_are_told_to_the_buyer() {
    let stage = Stage::set().await;
    stage.refunds_on_request().await;
    let id = stage.bought(SONG).await;
    stage.asked_there(&id, "1", 100).await;
    commands::decline_refund(&stage.shop, &MERCHANT, &id, &"1".parse().unwrap()).await.unwrap();
    let said = stage.said(&BUYER, "No refund: A song").await;
    assert!(said.contains("Seller has declined. Nothing was sent back."), "{said}");

    let input = (stage.order(&id).await, stage.shop.mail_stamp());
    let told = stage.shop.db.transact(input, |c, (order, stamp)| {
        Box::pin(order_mail::tell(c, Side::Buyer, order, News::Message, stamp))
    });
    let told: Result<(), sqlx::Error> = told.await;
    told.unwrap();
    let said = stage.said(&BUYER, "New message about A song").await;
    assert!(said.contains(&format!("/orders/{id}")), "{said}");
}

#[tokio::test]
async fn who_is_no_longer_registered_is_told_once() {
    for stage in Stage::set_on_each().await {
        stage.token_cancelled("SELLER").await;
        let told = "You cannot be paid: register with Amazon Payments again";
        assert_eq!(stage.subjects(&MERCHANT).await, [told]);
        assert!(stage.said(&MERCHANT, told).await.contains("/sell"));
        assert!(stage.subjects(&BUYER).await.is_empty());
    }
}
