//! What people do on the account site, below its pages, on both databases.

use crate::domain::accounts::{self, AccountId, Transfer};
use crate::domain::callers::{self, CallerSettings};
use crate::domain::notifications::deliveries::{self, Wish};
use crate::domain::place::Place;
use crate::domain::transactions::lists::{self, Category, Filter, Piece};
use crate::domain::transactions::{find, sums};
use crate::domain::{self, instruments, tokens};
use crate::engine::ActionError;
use crate::engine::payments::tests::{World, code, dollars, id, worlds};
use crate::engine::payments::{Actor, cancel, refund};
use crate::engine::refund_requests::{self, Asked};
use fps_protocol::ErrorCode;
use fps_protocol::actions::{Cancel, Refund, Request};
use fps_protocol::enums::{PaymentMethod, TransactionStatus, TransactionalRole};
use fps_protocol::ids::{AccessKey, CallerReference, InstrumentId, TransactionId};
use jiff::Timestamp;
use money::Money;

/// Somebody, by the account and, of a recipient, the caller's key.
#[derive(Debug, Clone)]
enum Person {
    Sender(AccountId),
    Recipient(AccountId, AccessKey),
}

fn sender(account_id: &str) -> Person {
    Person::Sender(id(account_id))
}

fn recipient(account_id: &str, access_key: &str) -> Person {
    Person::Recipient(id(account_id), id(access_key))
}

impl<'a> From<&'a Person> for Actor<'a> {
    fn from(person: &'a Person) -> Self {
        match person {
            Person::Sender(account_id) => Self::Sender { account_id },
            Person::Recipient(account_id, access_key) => Self::Recipient { account_id, access_key },
        }
    }
}

impl World {
    async fn cancel_as(&self, person: Person, of: impl AsRef<str>) -> Result<TransactionStatus, ActionError> {
        let transaction_id = id(of);
        let request = Cancel { transaction_id, description: None, override_ipn_url: None };
        Ok(cancel(&self.engine, &person, &request).await?.status)
    }

    async fn refund_as(
        &self,
        person: Person,
        of: impl AsRef<str>,
        amount: &str,
    ) -> Result<TransactionId, ActionError> {
        let request = Refund {
            transaction_id: id(of),
            refund_amount: Some(dollars(amount)),
            caller_reference: CallerReference::new(format!("txnDtls-{amount}")).unwrap(),
            caller_description: None,
            marketplace_refund_policy: None,
            override_ipn_url: None,
            refund_token_id: None,
        };
        let canonical = Request::Refund(request.clone()).canonical_digest_input();
        Ok(refund(&self.engine, &person, &request, &canonical).await?.transaction_id)
    }

    async fn ask(&self, of: impl AsRef<str>, amount: &str) -> Asked {
        let transaction = find(&self.engine.db, &id(of)).await.unwrap().unwrap();
        let caller = callers::find(&self.engine.db, &id("K1")).await.unwrap().unwrap();
        let (amount, reason) = (dollars(amount), "Broken".to_owned());
        refund_requests::ask(&self.engine, &transaction, &caller, amount, reason).await.unwrap()
    }

    async fn transfer(
        &self,
        kind: Transfer,
        reference: &'static str,
        amount: &str,
    ) -> Result<(), ActionError> {
        let (amount, now) = (dollars(amount), self.engine.clock.now());
        self.engine
            .db
            .write(move |c| {
                Box::pin(async move {
                    accounts::transfer(c, kind, &id("buyer"), reference, amount, now).await?;
                    Ok(())
                })
            })
            .await
    }
}

#[tokio::test]
async fn people_act_on_their_own_side_alone() {
    for world in worlds().await {
        let id = world
            .reserve(&world.request(PaymentMethod::Abt, "10.00", "r1").await)
            .await
            .unwrap()
            .transaction_id;
        for other in
            [sender("merchant"), sender("other"), recipient("buyer", "K1"), recipient("merchant", "K2")]
        {
            assert_eq!(
                code(world.cancel_as(other.clone(), &id).await),
                ErrorCode::InvalidTransactionId,
                "{other:?}"
            );
        }
        assert_eq!(world.cancel_as(sender("buyer"), &id).await.unwrap(), TransactionStatus::Cancelled);
        assert_eq!(code(world.cancel_as(sender("buyer"), &id).await), ErrorCode::InvalidTransactionState);
        assert_eq!(world.notified(&id).await, ["CANCEL CANCELLED", "RESERVE RESERVED"]);

        let id =
            world.pay(&world.request(PaymentMethod::Abt, "10.00", "p1").await).await.unwrap().transaction_id;
        for other in [sender("buyer"), recipient("buyer", "K1"), recipient("merchant", "K2")] {
            assert_eq!(
                code(world.refund_as(other.clone(), &id, "1.00").await),
                ErrorCode::InvalidTransactionId
            );
        }
        let refund = world.refund_as(recipient("merchant", "K1"), &id, "2.00").await.unwrap();
        assert_eq!(world.refund_as(recipient("merchant", "K1"), &id, "2.00").await.unwrap(), refund);
        assert_eq!(world.balance("buyer").await, "492.000000");
        assert_eq!(world.notified(&refund).await, ["REFUND INITIATED", "REFUND SUCCESS"]);
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn a_payment_has_one_open_request_however_many_ask_at_once() {
    for world in worlds().await {
        let id =
            world.pay(&world.request(PaymentMethod::Abt, "10.00", "p1").await).await.unwrap().transaction_id;
        let asked = futures_util::future::join_all((0..16).map(|_| world.ask(&id, "1.00"))).await;
        assert_eq!(asked.iter().filter(|one| **one == Asked::Sent).count(), 1);
        let open = async || {
            let now = world.engine.clock.now();
            domain::refund_requests::open_for(&world.engine.db, &id, now).await.unwrap()
        };
        assert_eq!(open().await.unwrap().amount, dollars("1.00"));
        world.refund_as(recipient("merchant", "K1"), &id, "1.00").await.unwrap();
        assert_eq!(open().await, None, "the refund answers it");
        assert_eq!(world.ask(&id, "2.00").await, Asked::Sent);
        world.advance(jiff::SignedDuration::from_hours(14 * 24)).await;
        assert_eq!((open().await, world.ask(&id, "3.00").await), (None, Asked::Sent));

        let settings = CallerSettings {
            display_name: "Shop".to_owned(),
            ipn_url: None,
            marketplace: true,
            refund_requests: true,
            signature_v1: false,
            cobranding_url: None,
        };
        let set: Result<(), sqlx::Error> = world
            .engine
            .db
            .write(move |c| {
                let settings = settings.clone();
                Box::pin(async move { callers::update_settings(c, &"K1".parse().unwrap(), &settings).await })
            })
            .await;
        set.unwrap();
        assert_eq!(world.ask(&id, "1.00").await, Asked::NotTaken, "there is no address to tell");
    }
}

#[tokio::test]
async fn a_transfer_moves_money_once_and_never_more_than_there_is() {
    for world in worlds().await {
        world.transfer(Transfer::Deposit, "1", "20.00").await.unwrap();
        let again = world.transfer(Transfer::Deposit, "1", "20.00").await;
        assert!(matches!(again, Err(ActionError::Database(_))), "{again:?}");
        world.reserve(&world.request(PaymentMethod::Abt, "100.00", "r1").await).await.unwrap();
        let held = world.transfer(Transfer::Withdrawal, "2", "420.01").await;
        assert_eq!(code(held), ErrorCode::InsufficientBalance, "what is held stays");
        world.transfer(Transfer::Withdrawal, "2", "420.00").await.unwrap();
        assert_eq!(world.balance("buyer").await, "100.000000");
        let book = accounts::ledger_account(&id("buyer"));
        let statement =
            ledger::statement(world.engine.db.readers(), &book, ledger::Part::Newest, 10).await.unwrap();
        let sum = Money::sum(statement.iter().map(|line| line.amount)).unwrap();
        assert_eq!((statement.len(), sum), (3, dollars("100.00")));
        world.assert_books_in_order().await;
    }
}

#[tokio::test]
async fn what_the_pages_ask_for_is_found_on_both_databases() {
    for world in worlds().await {
        let (db, epoch) = (&world.engine.db, Timestamp::UNIX_EPOCH);
        world.pay(&world.request(PaymentMethod::Abt, "10.00", "p1").await).await.unwrap();
        let (sent, received) = (&[TransactionalRole::Sender][..], &[TransactionalRole::Recipient][..]);
        let either = &[TransactionalRole::Sender, TransactionalRole::Recipient][..];
        let filter = |status, category, roles| Filter { category, status, ..Filter::all(roles) };
        let (success, fee) = (Some(TransactionStatus::Success), Some(Category::MarketplaceFee));
        for (account, filter, expected) in [
            ("buyer", filter(None, None, either), 1),
            ("buyer", filter(success, Some(Category::Payment), sent), 1),
            ("buyer", filter(None, None, received), 0),
            ("merchant", filter(None, None, either), 2),
            ("merchant", filter(None, fee, sent), 1),
            ("operator", filter(success, fee, received), 1),
            ("other", filter(None, None, either), 0),
        ] {
            for piece in [Piece::Newest, Piece::From(Place::before(epoch))] {
                let found = lists::of_account(db, &id(account), &filter, &piece, 10).await.unwrap();
                assert_eq!(found.len(), expected, "{account} {filter:?}");
            }
        }
        assert_eq!(sums::fees_earned(db, &id("K1")).await.unwrap(), dollars("0.60"));
        assert_eq!(sums::fees_earned(db, &id("K2")).await.unwrap(), Money::ZERO);
        assert_eq!(callers::merchants(db, &id("K1"), 10).await.unwrap().len(), 1);
        assert_eq!(callers::of_account(db, &id("operator")).await.unwrap().unwrap().access_key, id("K1"));
        for (access_key, notifications) in [("K1", 1), ("K2", 0)] {
            let of_caller = Wish { access_key: Some(access_key), ..Wish::default() };
            assert_eq!(deliveries::latest(db, &of_caller, 10).await.unwrap().len(), notifications);
        }
        assert_eq!(tokens::alive_of(db, &id("buyer"), epoch, 10).await.unwrap().len(), 0);
        let past = tokens::past_older_than(db, &id("buyer"), epoch, &Place::END, 10).await.unwrap();
        assert_eq!(past.len(), 1);
        let newer = tokens::past_newer_than(db, &id("buyer"), epoch, &Place::before(epoch), 10).await;
        assert_eq!(newer.unwrap()[0].id, past[0].id);
        assert_eq!(instruments::all_of_account(db, &id("buyer")).await.unwrap().len(), 3);
        let removed = async |instrument: &str| {
            let which: (AccountId, InstrumentId) = (id("buyer"), id(instrument));
            let done: Result<bool, sqlx::Error> =
                db.transact(which, |c, (owner, id)| Box::pin(instruments::remove(c, owner, id))).await;
            done.unwrap()
        };
        assert!(removed("CC").await && !removed("CC").await && !removed("ABT").await);
    }
}
