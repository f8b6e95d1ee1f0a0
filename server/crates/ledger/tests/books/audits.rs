//! What the audit finds.

use super::{MIGRATIONS, begun, databases};
use ledger::{Finding, audit};
use money::Money;
use platform::Database;

/// A transaction of one line, whatever the books say to it.
async fn write_line(db: &Database, id: &str, account: &str, micros: i64, summed: Option<i64>) {
    for statement in [
        "INSERT INTO ledger_names (id) VALUES ($1)",
        "INSERT INTO ledger_transactions (number, posted_at) SELECT 8 * number, 0 FROM ledger_names WHERE id = $1",
    ] {
        sqlx::query(statement).bind(id).execute(db.readers()).await.unwrap();
    }
    let line = "INSERT INTO ledger_postings (transaction_number, line, account_number, amount, summed) \
                SELECT 8 * n.number, 0, a.number, $3, $4 FROM ledger_names n, ledger_accounts a \
                WHERE n.id = $1 AND a.id = $2";
    let written =
        sqlx::query(line).bind(id).bind(account).bind(micros).bind(summed).execute(db.readers()).await;
    assert_eq!(written.unwrap().rows_affected(), 1);
}

#[tokio::test]
async fn the_audit_finds_what_was_done_behind_its_back() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        sqlx::query("UPDATE ledger_accounts SET balance = 999, held = 5 WHERE id = 'ann'")
            .execute(db.readers())
            .await
            .unwrap();
        write_line(db, "odd", "world", 7, Some(1)).await;
        sqlx::query("INSERT INTO ledger_transactions (number, posted_at) VALUES (8000, 0)")
            .execute(db.readers())
            .await
            .unwrap();
        let found = audit(db.readers()).await.unwrap();
        let ann = || "ann".to_owned();
        assert_eq!(found.sum, Money::from_micros(7));
        assert_eq!(
            found.findings,
            [
                Finding::BalanceDiffers { account: ann() },
                Finding::MovementsDiffer { account: ann() },
                Finding::HeldDiffers { account: ann() },
                Finding::Unbalanced { transaction: "8000".to_owned() },
                Finding::Unbalanced { transaction: "odd".to_owned() },
                Finding::Orphan { id: "8000".to_owned() },
            ]
        );
    }
}

/// A balance that is a sum is that of the lines that are marked so.
#[tokio::test]
async fn the_audit_finds_lines_that_no_sum_or_a_wrong_one_has() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        write_line(db, "left out", "world", -5, None).await;
        write_line(db, "too much", "bob", 5, Some(1)).await;
        let found = audit(db.readers()).await.unwrap();
        assert!(found.sum.is_zero());
        for account in ["bob", "world"] {
            assert!(
                found.findings.contains(&Finding::BalanceDiffers { account: account.to_owned() }),
                "{found:?}"
            );
        }
    }
}
