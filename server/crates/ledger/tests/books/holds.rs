//! What is held.

use super::{MIGRATIONS, Refused, begun, databases, held, hold, person, posted, transfer, written};
use jiff::Timestamp;
use ledger::{LedgerError, Transaction, audit, balance, capture, release};
use money::Money;
use platform::Database;

async fn captured(db: &Database, id: &str, cents: i32, transaction: Transaction) -> Result<(), Refused> {
    let at = transaction.posted_at();
    written(db, |batch| capture(batch, &hold(id, cents), &[transaction], at)).await
}

async fn released(db: &Database, id: &str, cents: i32) -> Result<(), Refused> {
    written(db, |batch| release(batch, &hold(id, cents), Timestamp::UNIX_EPOCH)).await
}

#[tokio::test]
async fn what_is_held_cannot_be_spent_and_is_resolved_once() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        held(db, "h1", 800).await.unwrap();
        assert!(matches!(held(db, "h2", 201).await.unwrap_err().0, LedgerError::InsufficientFunds { .. }));
        let spend = transfer("t1", person("ann"), person("bob"), 300);
        assert!(matches!(posted(db, spend).await.unwrap_err().0, LedgerError::InsufficientFunds { .. }));
        let ann = balance(db.readers(), &person("ann")).await.unwrap().unwrap();
        assert_eq!((ann.total, ann.available()), (Money::from_cents(1000), Money::from_cents(200)));
        assert!(audit(db.readers()).await.unwrap().is_clean());

        // A part is taken; the rest is free again.
        captured(db, "h1", 800, transfer("t2", person("ann"), person("bob"), 500)).await.unwrap();
        let ann = balance(db.readers(), &person("ann")).await.unwrap().unwrap();
        assert_eq!((ann.total, ann.held), (Money::from_cents(500), Money::ZERO));
        let again =
            captured(db, "h1", 800, transfer("t3", person("ann"), person("bob"), 1)).await.unwrap_err();
        assert!(matches!(again.0, LedgerError::HoldAlreadyResolved { .. }));
        assert!(matches!(
            released(db, "h1", 800).await.unwrap_err().0,
            LedgerError::HoldAlreadyResolved { .. }
        ));
        assert!(matches!(released(db, "none", 1).await.unwrap_err().0, LedgerError::UnknownHold { .. }));

        held(db, "h3", 500).await.unwrap();
        released(db, "h3", 500).await.unwrap();
        assert!(matches!(
            released(db, "h3", 500).await.unwrap_err().0,
            LedgerError::HoldAlreadyResolved { .. }
        ));
        posted(db, transfer("t4", person("ann"), person("bob"), 500)).await.unwrap();
        assert!(audit(db.readers()).await.unwrap().is_clean());
    }
}
