//! What is posted, and what is refused.

use super::{MIGRATIONS, assert_append_only, begun, databases, person, posted, total, transfer, world};
use futures_util::future::join_all;
use ledger::{Account, LedgerError, audit};
use money::Money;

#[tokio::test]
async fn money_moves_and_the_books_stay_in_order() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        posted(db, transfer("t1", person("ann"), person("bob"), 300)).await.unwrap();
        assert_eq!(total(db, "ann").await, Money::from_cents(700));
        assert_eq!(total(db, "bob").await, Money::from_cents(300));
        assert_eq!(total(db, "world").await, Money::from_cents(-1000), "the outside world may be below zero");
        assert!(audit(db.readers()).await.unwrap().is_clean());
    }
}

#[tokio::test]
async fn nobody_gives_what_they_have_not() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        let refused = posted(db, transfer("t1", person("bob"), person("ann"), 1)).await.unwrap_err();
        assert!(matches!(refused.0, LedgerError::InsufficientFunds { account } if account == person("bob")));
        let nobody = posted(db, transfer("t2", world(), person("eve"), 1)).await;
        assert!(nobody.is_err());
        assert!(audit(db.readers()).await.unwrap().is_clean(), "nothing of it was kept");
        assert_eq!(ledger::transaction_count(db.readers()).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn the_same_movement_is_posted_once() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        let once = transfer("t1", person("ann"), person("bob"), 300);
        posted(db, once.clone()).await.unwrap();
        assert!(matches!(posted(db, once).await.unwrap_err().0, LedgerError::Database(_)));
        assert_eq!(total(db, "bob").await, Money::from_cents(300));
    }
}

#[tokio::test]
async fn parallel_transfers_never_overdraw() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        // There and back, so that two of them want the same rows in the other order.
        let transfers = (0..40).map(|n| {
            let (from, to) = if n % 4 == 3 { ("bob", "ann") } else { ("ann", "bob") };
            posted(db, transfer(&format!("t{n}"), person(from), person(to), 100))
        });
        let done = join_all(transfers).await;
        for refused in done.iter().filter_map(|outcome| outcome.as_ref().err()) {
            assert!(matches!(refused.0, LedgerError::InsufficientFunds { .. }), "{refused:?}");
        }
        assert!(done.iter().any(Result::is_ok));
        assert!(!total(db, "ann").await.is_negative() && !total(db, "bob").await.is_negative());
        assert!(audit(db.readers()).await.unwrap().is_clean());
    }
}

#[tokio::test]
async fn the_books_are_append_only() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        assert_append_only(db).await;
        assert!(audit(db.readers()).await.unwrap().is_clean());
    }
}

/// A line is not left out because its account is missing.
#[tokio::test]
async fn nothing_is_posted_to_an_account_that_was_never_opened() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        for account in [person("eve"), Account::summed("the moon")] {
            let refused = posted(db, transfer("t1", person("ann"), account, 300)).await.unwrap_err();
            assert!(!matches!(refused.0, LedgerError::InsufficientFunds { .. }), "{refused:?}");
        }
        assert_eq!(ledger::transaction_count(db.readers()).await.unwrap(), 1);
        assert_eq!(total(db, "ann").await, Money::from_cents(1000));
    }
}
