//! Rows that an earlier program wrote say the same once their tables are made anew.

#[path = "../../../ledger/tests/support/old_schema.rs"]
mod old_schema;

use crate::domain::accounts;
use crate::domain::ledger_accounts;
use crate::domain::ledger_transactions::{InWords, Movement};
use crate::domain::mail::{self, About, Mail};
use crate::domain::place::Place;
use crate::domain::transactions::lists::{self, Filter, Piece};
use crate::domain::transactions::{self, Kind, Transaction};
use crate::engine::ActionError;
use crate::engine::idempotency::{self, Key};
use crate::engine::payments::tests::databases::{self, TestDatabase};
use crate::engine::payments::tests::id;
use crate::{MIGRATIONS, Schema};
use fps_protocol::ErrorCode;
use fps_protocol::enums::{TransactionStatus, TransactionalRole};
use fps_protocol::ids::TransactionId;
use jiff::Timestamp;
use ledger::{Entry, Guard, Name, Origin, Part};
use money::Money;
use old_schema::OldSchema;
use platform::Database;
use platform::db::{Batch, Migrations, Unwritten};

/// Before rows named transactions by number.
static WITHOUT_NUMBERS: Migrations = Migrations::embedded(&OldSchema::<Schema>::with("0009"));

/// A payment with its fee, another of the same moment, a refund from a time that the clock was set back to, and a reserve
/// that was settled.
const ROWS: &[&str] = &[
    "INSERT INTO accounts (id, email, name, kind, status, email_verified, password_hash, created_at) VALUES \
         ('ann', 'ann@example.com', 'Ann', 'Personal', 'Active', 1, '', 0), \
         ('bob', 'bob@example.com', 'Bob', 'Business', 'Active', 1, '', 0), \
         ('dev', 'dev@example.com', 'Dev', 'Business', 'Active', 1, '', 0)",
    "INSERT INTO callers (access_key, account_id, secret, display_name, marketplace, refund_requests, created_at) \
         VALUES ('K', 'dev', 'secret', 'Dev', 1, 1, 0)",
    "INSERT INTO tokens (id, access_key, account_id, role, token_type, active, caller_reference, friendly_name, \
         payment_methods, recipient_token_ids, valid_from, created_at) VALUES \
         ('S', 'K', 'ann', 'Sender', 'Recurring', 0, 's', 'music', 'ABT', '', 0, 0)",
    "INSERT INTO transactions (id, access_key, operation, status, status_code, version, amount, fps_fee, \
         marketplace_fee, fixed_fee, variable_fee, fee_payer, settle_amount, refunded, marketplace_fee_refunded, \
         payment_method, sender_account_id, recipient_account_id, caller_reference, parent_id, relation, \
         refund_policy, received_at, completed_at) VALUES \
         ('T2', 'K', 'Pay', 'Success', 'Success', 1, 10, 0, 1, 1, 0, 'Recipient', NULL, 4, 0, 'ABT', 'ann', 'bob', \
              'r1', NULL, NULL, NULL, 7, 7), \
         ('T3', 'K', 'Pay', 'Success', 'Success', 0, 1, 0, 0, 0, 0, 'Recipient', NULL, 0, 0, 'ABT', 'bob', 'dev', \
              'r1', 'T2', 'MarketplaceFee', NULL, 7, 7), \
         ('T1', 'K', 'Pay', 'Success', 'Success', 0, 5, 0, 0, 0, 0, 'Recipient', NULL, 0, 0, 'ABT', 'ann', 'bob', \
              'r2', NULL, NULL, NULL, 7, 7), \
         ('T4', 'K', 'Refund', 'Success', 'Success', 0, 4, 0, 0, 0, 0, 'Recipient', NULL, 0, 0, 'ABT', 'bob', 'ann', \
              'r3', 'T2', 'Refund', 'MasterTxnOnly', 6, 6), \
         ('T5', 'K', 'Reserve', 'Success', 'Success', 1, 3, 0, 0, 0, 0, 'Recipient', 2, 0, 0, 'ABT', 'ann', 'bob', \
              'r4', NULL, NULL, NULL, 8, 9)",
    "INSERT INTO transaction_history (transaction_id, sequence, at, status, status_code, amount) VALUES \
         ('T5', 0, 8, 'Reserved', 'Success', 3), ('T5', 1, 9, 'Success', 'Success', 2)",
    "INSERT INTO refund_requests (id, transaction_id, amount, reason, state, created_at) VALUES \
         ('a', 'T1', 5, 'broken', 'Open', 8)",
    "INSERT INTO idempotency (access_key, action, caller_reference, request_digest, transaction_id, \
         transaction_status, error_code, error_message, retriable, created_at) VALUES \
         ('K', 'Pay', 'r1', '+/0AzZa9TjMkL1Qx7sYe3w', 'T2', 'Success', NULL, NULL, 0, 7), \
         ('K', 'CancelSubscriptionAndRefund', 'r8', 'AAAAAAAAAAAAAAAAAAAAAA', 'S', 'Cancelled', NULL, NULL, 0, 7), \
         ('K', 'Pay', 'r9', 'nBIeCxLOGv/veOJ9J/1y3+', NULL, NULL, 'InsufficientBalance', 'No.', 1, 8)",
    "INSERT INTO ledger_accounts (number, id, kind, balance, held, movements) VALUES \
         (1, 'world:deposits', 'Summed', 0, 0, 0), (2, 'account:ann', 'Stored', 94, 0, 3), \
         (3, 'account:bob', 'Stored', 5, 0, 3), (4, 'account:dev', 'Stored', 1, 0, 1)",
    "INSERT INTO ledger_transactions (number, id, posted_at) VALUES \
         (1, 'deposit:a', 1), (2, 'charge:T2', 7), (3, 'fee:T3', 7), (4, 'refund:T4', 6), (5, 'charge:gone', 8)",
    "INSERT INTO ledger_postings (transaction_number, line, account_number, amount, summed) VALUES \
         (1, 0, 1, -100, 1), (1, 1, 2, 100, NULL), (2, 0, 2, -10, NULL), (2, 1, 3, 10, NULL), \
         (3, 0, 3, -1, NULL), (3, 1, 4, 1, NULL), (4, 0, 3, -4, NULL), (4, 1, 2, 4, NULL), \
         (5, 0, 1, 3, 1), (5, 1, 1, -3, 1)",
    "INSERT INTO ledger_movements (account_number, sequence, transaction_number, posted_at, amount, balance) VALUES \
         (2, 1, 1, 1, 100, 100), (2, 2, 2, 7, -10, 90), (2, 3, 4, 6, 4, 94), \
         (3, 1, 2, 7, 10, 10), (3, 2, 3, 7, -1, 9), (3, 3, 4, 6, -4, 5), (4, 1, 3, 7, 1, 1)",
];

/// What an earlier program had written, under today's schema.
async fn migrated() -> Vec<TestDatabase> {
    let tests = databases::each(&WITHOUT_NUMBERS).await;
    for test in &tests {
        for statement in ROWS {
            sqlx::query(*statement).execute(test.db.readers()).await.unwrap();
        }
        test.db.migrate(&MIGRATIONS).await.unwrap();
    }
    tests
}

async fn listed(db: &Database, piece: Piece) -> Vec<TransactionId> {
    let filter = Filter::all(TransactionalRole::ALL);
    let found = lists::of_account(db, &id("bob"), &filter, &piece, 10).await.unwrap();
    found.into_iter().map(|transaction| transaction.id).collect()
}

async fn found(db: &Database, name: &str) -> Transaction {
    transactions::find(db, &id(name)).await.unwrap().unwrap()
}

#[tokio::test]
async fn transactions_stand_where_they_stood_and_know_each_other() {
    for test in migrated().await {
        let db = &test.db;
        let ids = |names: &[&str]| -> Vec<TransactionId> { names.iter().map(id).collect() };
        assert_eq!(listed(db, Piece::Newest).await, ids(&["T5", "T3", "T2", "T1", "T4"]));
        // A link that an earlier program gave out, and one that names a place between two rows.
        for (place, older, from) in [
            ("T2", &["T1", "T4"][..], &["T2", "T3", "T5"][..]),
            ("T11", &["T1", "T4"], &["T2", "T3", "T5"]),
            ("T", &["T4"], &["T1", "T2", "T3", "T5"]),
        ] {
            let place = Place { at: Timestamp::from_microsecond(7).unwrap(), id: place.to_owned() };
            assert_eq!(listed(db, Piece::OlderThan(place.clone())).await, ids(older), "{place}");
            assert_eq!(listed(db, Piece::From(place.clone())).await, ids(from), "{place}");
        }
        let paid = found(db, "T2").await;
        let related = transactions::related(db, &paid.id).await.unwrap();
        let related: Vec<_> = related.into_iter().map(|one| one.id).collect();
        assert_eq!(related, ids(&["T4", "T3"]));
        assert_eq!(transactions::fee_id(db, &paid).await.unwrap(), Some(id("T3")));
        assert_eq!(found(db, "T4").await.parent_id(), Some(&paid.id));
        let fee = found(db, "T3").await;
        assert_eq!(fee.kind, Kind::MarketplaceFee { of: paid.id.clone() });
        assert_eq!(fee.caller_reference, paid.caller_reference);
        assert_eq!((fee.sender_account_id, fee.recipient_account_id), (id("bob"), id("dev")));
        let history = transactions::history(db, &found(db, "T5").await).await.unwrap();
        assert_eq!(history.iter().map(|past| past.amount.micros()).collect::<Vec<_>>(), [3, 2]);
        let asked = "SELECT COUNT(*) FROM refund_requests r JOIN transactions t ON t.id = r.transaction_id";
        let (asked,): (i64,) = sqlx::query_as(asked).fetch_one(db.readers()).await.unwrap();
        assert_eq!(asked, 1);
    }
}

#[tokio::test]
async fn what_happened_before_there_was_mail_is_in_the_mailbox_and_read() {
    for test in migrated().await {
        let db = &test.db;
        let ann = [
            "T5 PaymentMade",
            "T5 PaymentReserved",
            "T2 PaymentMade",
            "T1 PaymentMade",
            "T4 RefundReceived",
            "S AuthorizationGiven",
        ];
        let bob = [
            "T5 PaymentReceived",
            "T1 RefundAsked",
            "T5 PurchaseAuthorized",
            "T2 PaymentReceived",
            "T1 PaymentReceived",
            "T4 RefundGiven",
        ];
        for (account, mails) in [("ann", &ann[..]), ("bob", &bob), ("dev", &[])] {
            let newest = platform::paging::Part::Newest;
            let found = mail::page(db, &id(account), &newest, 10).await.unwrap();
            let words = |mail: &Mail| match &mail.about {
                About::Transaction(id) => format!("{id} {}", mail.kind),
                About::Token(id) => format!("{id} {}", mail.kind),
                About::Account => mail.kind.to_string(),
            };
            assert_eq!(found.iter().map(words).collect::<Vec<_>>(), mails);
            assert!(found.iter().all(|mail| !mail.unread));
            assert_eq!(mail::unread(db, &id(account), 100).await.unwrap(), 0);
        }
    }
}

#[tokio::test]
async fn the_books_belong_to_the_transactions_that_they_belonged_to() {
    for test in migrated().await {
        let db = &test.db;
        assert!(ledger::audit(db.readers()).await.unwrap().is_clean());
        assert_eq!(ledger::transaction_count(db.readers()).await.unwrap(), 5);
        let ann = accounts::ledger_account(&id("ann"));
        let lines = ledger::statement(db.readers(), &ann, Part::Newest, 10).await.unwrap();
        let mut belongs_to = Vec::new();
        for line in &lines {
            belongs_to.push(match &line.origin {
                Origin::Numbered { number, role } => {
                    let transaction = transactions::find_numbered(db, *number).await.unwrap().unwrap();
                    format!("{:?} {}", Movement::from_role(*role).unwrap(), transaction.id)
                }
                Origin::Words(words) => words.clone(),
            });
        }
        assert_eq!(belongs_to, ["Refund T4", "Charge T2", "deposit:a"]);
        assert_eq!(lines.iter().map(|line| line.balance.micros()).collect::<Vec<_>>(), [94, 90, 100]);
        // Each is there already, also that whose transaction nobody knows any more.
        let gone = Name::words("charge:gone");
        for name in [Movement::MarketplaceFee.of(&id("T3")), InWords::Deposit("a".to_owned()).into(), gone] {
            let lines = [(ann.clone(), -1), (ledger_accounts::world_deposits(), 1)];
            let lines =
                lines.into_iter().map(|(account, micros)| Entry::new(account, Money::from_micros(micros)));
            let again = ledger::Transaction::new(name, Timestamp::UNIX_EPOCH, lines.collect()).unwrap();
            let mut batch = Batch::<Guard>::default();
            ledger::post_all(&mut batch, &[again]).unwrap();
            let posted = db.write_batch(batch).await;
            assert!(matches!(posted, Err(Unwritten::Database(_))), "{posted:?}");
        }
    }
}

#[tokio::test]
async fn a_request_is_answered_as_it_was() {
    for test in migrated().await {
        let db = &test.db;
        let key = |reference: &str, digest: &str| Key {
            access_key: id("K"),
            action: "Pay",
            caller_reference: id(reference),
            digest: u128::from_str_radix(digest, 16).unwrap().to_be_bytes(),
        };
        // The bytes that '+/0AzZa9TjMkL1Qx7sYe3w' and 'nBIeCxLOGv/veOJ9J/1y3+' stand for.
        let paid = key("r1", "fbfd00cd96bd4e33242f5431eec61edf");
        let refused = key("r9", "9c121e0b12ce1affef78e27d27fd72df");
        let answer = idempotency::earlier(db, &paid).await.unwrap().unwrap();
        assert_eq!((answer.transaction_id, answer.status), (id("T2"), TransactionStatus::Success));
        let answer = idempotency::earlier(db, &refused).await.unwrap().unwrap_err();
        assert_eq!(answer.code, ErrorCode::InsufficientBalance);
        let ended = Key { action: "CancelSubscriptionAndRefund", ..key("r8", "0") };
        let answer = idempotency::earlier(db, &ended).await.unwrap().unwrap();
        assert_eq!((answer.transaction_id, answer.status), (id("S"), TransactionStatus::Cancelled));
        let other = Key { digest: refused.digest, ..paid };
        assert!(matches!(idempotency::earlier(db, &other).await, Err(ActionError::Refused(_))));
    }
}
