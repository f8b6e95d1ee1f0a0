//! Who gets which mail, each once, and what is read of it.

use crate::domain::accounts::AccountId;
use crate::domain::mail::{self, Mail, MailId, mailbox};
use crate::domain::{callers, tokens, transactions};
use crate::engine::mail::{open, read_up_to};
use crate::engine::payments::tests::{MERCHANTS_TOKEN, World, dollars, id, worlds};
use crate::engine::refund_requests::{self, Asked};
use crate::engine::tokens::{self as token_actions, Cancelling};
use fps_protocol::enums::{MarketplaceRefundPolicy, PaymentMethod};
use jiff::SignedDuration;
use platform::paging::{self, Part};
use std::collections::BTreeSet;

impl World {
    async fn mailbox(&self, account: &str) -> Vec<Mail> {
        mail::page(&self.engine.db, &id(account), &Part::Newest, 1000).await.unwrap()
    }

    /// The kinds of the account's mails, in the order in which they came.
    async fn mails(&self, account: &str) -> Vec<&'static str> {
        self.mailbox(account).await.iter().rev().map(|mail| mail.kind.as_str()).collect()
    }

    async fn assert_mails(&self, buyer: &[&str], merchant: &[&str]) {
        assert_eq!(self.mails("buyer").await, buyer);
        assert_eq!(self.mails("merchant").await, merchant);
        // The fee is the caller's business, and no mail.
        assert_eq!(self.mails("operator").await, [""; 0]);
    }

    /// In a moment that lasts, what transactions begin with stands before all else.
    async fn a_second_later(&self) {
        self.advance(SignedDuration::from_secs(1)).await;
    }

    async fn unread(&self, account: &str) -> u32 {
        mail::unread(&self.engine.db, &id(account), 100).await.unwrap()
    }
}

#[tokio::test]
async fn a_pay_is_told_to_both_sides_once() {
    for world in worlds().await {
        let request = world.request(PaymentMethod::Abt, "10.00", "r").await;
        world.pay(&request).await.unwrap();
        world.pay(&request).await.unwrap();
        world.assert_mails(&["PaymentMade"], &["PaymentReceived"]).await;
        // It follows from the payment: nothing was written for it.
        let rows: (i64,) =
            sqlx::query_as("SELECT COUNT(*) FROM mails").fetch_one(world.engine.db.readers()).await.unwrap();
        assert_eq!(rows, (0,));
    }
}

#[tokio::test]
async fn a_purchase_is_authorized_and_then_paid() {
    for world in worlds().await {
        let request = world.request(PaymentMethod::Abt, "10.00", "r").await;
        let reserved = world.reserve(&request).await.unwrap().transaction_id;
        world.assert_mails(&["PaymentReserved"], &["PurchaseAuthorized"]).await;
        // The clock stands still: what comes later stands higher all the same.
        world.settle(&reserved, Some("8.00")).await.unwrap();
        let (buyer, merchant) =
            (["PaymentReserved", "PaymentMade"], ["PurchaseAuthorized", "PaymentReceived"]);
        world.assert_mails(&buyer, &merchant).await;
        world.settle(&reserved, None).await.unwrap_err();
        world.assert_mails(&buyer, &merchant).await;
    }
}

#[tokio::test]
async fn a_card_is_told_of_when_the_processor_has_answered() {
    for world in worlds().await {
        let request = world.request(PaymentMethod::Cc, "10.00", "r").await;
        let reserved = world.reserve(&request).await.unwrap().transaction_id;
        world.assert_mails(&[], &[]).await;
        world.run_due().await;
        world.assert_mails(&["PaymentReserved"], &["PurchaseAuthorized"]).await;
        world.settle(&reserved, None).await.unwrap();
        world.assert_mails(&["PaymentReserved"], &["PurchaseAuthorized"]).await;
        world.run_due().await;
        let mut buyer = vec!["PaymentReserved", "PaymentMade"];
        let mut merchant = vec!["PurchaseAuthorized", "PaymentReceived"];
        world.assert_mails(&buyer, &merchant).await;
        // To a card a refund is under way first; it is told of once.
        world.a_second_later().await;
        world.refund(&reserved, Some("5.00"), "back").await.unwrap();
        buyer.push("RefundReceived");
        merchant.push("RefundGiven");
        world.assert_mails(&buyer, &merchant).await;
        world.run_due().await;
        world.assert_mails(&buyer, &merchant).await;
    }
}

#[tokio::test]
async fn a_charge_that_is_declined_is_told_to_both_and_a_payment_to_who_tried() {
    for world in worlds().await {
        let world = world.with_magic_amounts();
        let request = world.request(PaymentMethod::Cc, "10.00", "r").await;
        let reserved = world.reserve(&request).await.unwrap().transaction_id;
        world.run_due().await;
        let (mut buyer, mut merchant) = (vec!["PaymentReserved"], vec!["PurchaseAuthorized"]);
        for amount in ["9.61", "8.61"] {
            world.settle(&reserved, Some(amount)).await.unwrap();
            world.run_due().await;
            buyer.push("ChargeFailed");
            merchant.push("ChargeFailed");
            world.assert_mails(&buyer, &merchant).await;
        }
        world.settle(&reserved, None).await.unwrap();
        world.run_due().await;
        buyer.push("PaymentMade");
        merchant.push("PaymentReceived");
        world.assert_mails(&buyer, &merchant).await;
        world.pay(&world.request(PaymentMethod::Cc, "9.61", "declined").await).await.unwrap();
        world.run_due().await;
        buyer.push("PaymentFailed");
        world.assert_mails(&buyer, &merchant).await;
    }
}

#[tokio::test]
async fn what_is_cancelled_or_runs_out_is_told_to_those_who_knew_of_it() {
    for world in worlds().await {
        for (number, ends_by_time) in [false, true].into_iter().enumerate() {
            world.a_second_later().await;
            let request = world.request(PaymentMethod::Abt, "10.00", &format!("r{number}")).await;
            let reserved = world.reserve(&request).await.unwrap().transaction_id;
            if ends_by_time {
                world.advance(SignedDuration::from_hours(8 * 24)).await;
            } else {
                world.cancel(&reserved).await.unwrap();
            }
        }
        let buyer = ["PaymentReserved", "PaymentCancelled"].repeat(2);
        let merchant = ["PurchaseAuthorized", "PurchaseCancelled"].repeat(2);
        world.assert_mails(&buyer, &merchant).await;
        let request = world.request(PaymentMethod::Cc, "10.00", "pending").await;
        let pending = world.pay(&request).await.unwrap().transaction_id;
        world.cancel(&pending).await.unwrap();
        world.assert_mails(&[&buyer[..], &["PaymentCancelled"]].concat(), &merchant).await;
    }
}

#[tokio::test]
async fn refunds_and_requests_for_them_are_told() {
    for world in worlds().await {
        let request = world.request(PaymentMethod::Abt, "10.00", "r").await;
        let paid = world.pay(&request).await.unwrap().transaction_id;
        let transaction = transactions::find(&world.engine.db, &paid).await.unwrap().unwrap();
        let caller = callers::find(&world.engine.db, &id("K1")).await.unwrap().unwrap();
        for answer in [Asked::Sent, Asked::Already] {
            let (amount, reason) = (dollars("4.00"), "Broken".to_owned());
            let asked = refund_requests::ask(&world.engine, &transaction, &caller, amount, reason).await;
            assert_eq!(asked.unwrap(), answer);
        }
        world.refund(&paid, Some("4.00"), "back").await.unwrap();
        let buyer = ["PaymentMade", "RefundReceived"];
        let merchant = ["PaymentReceived", "RefundGiven", "RefundAsked"];
        assert_eq!(world.mails("buyer").await, buyer);
        // What transactions begin with stands before what is written in the same moment.
        assert_eq!(world.mails("merchant").await, merchant);
        // A fee that is given back comes to the merchant, and the buyer has no part in it.
        let policy = Some(MarketplaceRefundPolicy::MarketplaceTxnOnly);
        world.refund_with(&paid, Some("0.20"), "fee", policy).await.unwrap();
        assert_eq!(world.mails("buyer").await, buyer);
        let kinds: BTreeSet<_> = world.mails("merchant").await.into_iter().collect();
        assert_eq!(kinds.len(), 4, "{kinds:?}");
        assert_eq!(world.mails("operator").await, ["RefundGiven"]);
    }
}

#[tokio::test]
async fn a_registration_that_is_taken_back_is_told_once() {
    for world in worlds().await {
        let token = tokens::find(&world.engine.db, &id(MERCHANTS_TOKEN)).await.unwrap().unwrap();
        for done in [true, false] {
            assert_eq!(
                token_actions::cancel(&world.engine, &token, Cancelling::default()).await.unwrap(),
                done
            );
        }
        // A token for one payment is told of by that payment.
        let single = world.token(PaymentMethod::Abt, "10.00").await;
        let single = tokens::find(&world.engine.db, &single).await.unwrap().unwrap();
        token_actions::cancel(&world.engine, &single, Cancelling::default()).await.unwrap();
        world.assert_mails(&[], &["RegistrationCancelled"]).await;
    }
}

/// Twelve reserves, of which some are settled in one moment and some later.
async fn many(world: &World) {
    for number in 0..12 {
        let request = world.request(PaymentMethod::Abt, "1.00", &format!("r{number}")).await;
        let reserved = world.reserve(&request).await.unwrap().transaction_id;
        if number % 3 == 0 {
            world.a_second_later().await;
        }
        world.settle(&reserved, None).await.unwrap();
    }
}

#[tokio::test]
async fn pages_repeat_and_leave_out_nothing() {
    for world in worlds().await {
        many(&world).await;
        let account: AccountId = id("merchant");
        let all: Vec<MailId> = world.mailbox("merchant").await.into_iter().map(|mail| mail.id).collect();
        assert_eq!(all.len(), 24);
        let read = |part: Part<MailId>| {
            paging::page(
                part,
                5,
                |mail: &Mail| mail.id.clone(),
                |part, limit| {
                    let (db, account) = (&world.engine.db, &account);
                    Box::pin(async move { mail::page(db, account, &part, limit).await })
                },
            )
        };
        let (mut down, mut part, mut last) = (Vec::new(), Part::Newest, None);
        while let Some(next) = {
            let (mails, ways) = read(part.clone()).await.unwrap();
            down.extend(mails.into_iter().map(|mail| mail.id));
            last = ways.newer.or(last);
            ways.older
        } {
            part = paging::part_of(Some(&next));
        }
        assert_eq!(down, all);
        let (up, _) = read(paging::part_of(last.as_deref())).await.unwrap();
        let up: Vec<_> = up.into_iter().map(|mail| mail.id).collect();
        assert_eq!(up, all[15..20]);
        for one in &all {
            let found = mailbox::find(&world.engine.db, &account, one).await.unwrap().unwrap();
            assert_eq!(found.id, *one);
            let of_buyer = mailbox::find(&world.engine.db, &id("other"), one).await.unwrap();
            assert_eq!(of_buyer, None, "nobody else's");
        }
    }
}

#[tokio::test]
async fn what_is_opened_is_read_and_what_comes_later_is_not() {
    for world in worlds().await {
        many(&world).await;
        assert_eq!((world.unread("buyer").await, world.unread("merchant").await), (24, 24));
        let account: AccountId = id("merchant");
        let mails = world.mailbox("merchant").await;
        for one in [&mails[3], &mails[4], &mails[3]] {
            open(&world.engine, &account, &one.id).await.unwrap().unwrap();
        }
        assert_eq!(world.unread("merchant").await, 22);
        let unread: Vec<_> = world.mailbox("merchant").await.iter().map(|mail| mail.unread).collect();
        assert_eq!(unread.iter().position(|unread| !unread), Some(3));
        // Up to the second newest: only the one above it is left, and going back changes nothing.
        for place in [1, 20] {
            read_up_to(&world.engine, &account, &mails[place].id).await.unwrap();
            assert_eq!(world.unread("merchant").await, 1);
            let unread = world.mailbox("merchant").await.into_iter().filter(|mail| mail.unread);
            assert_eq!(unread.map(|mail| mail.id).collect::<Vec<_>>(), [mails[0].id.clone()]);
        }
        assert_eq!(world.unread("buyer").await, 24, "that is the merchant's mailbox alone");
        assert_eq!(mail::unread(&world.engine.db, &id("buyer"), 10).await.unwrap(), 10, "no more is counted");
    }
}
