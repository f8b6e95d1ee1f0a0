//! The old sandbox's tricks: token ids that stand for accounts in trouble, always, and amounts that fail,
//! where they are switched on (fps.md §6.4).

use crate::on_both_databases;
use crate::support::{App, On, recipient_token, spawn_app_with};

const FIRST: &str = "DDCALLER000000000001";
const JOHN: &str = "john@example.com";

const SENDERS: [(&str, &str); 3] = [
    ("E3FR7BARJV3PB631PMKV74PGKCJLBHI1Q1KMQN7BJ2JJICPDKN3N1CJIKFZ8D7NN", "UnverifiedEmailAddress_Sender"),
    ("H216UECZ8ZM1G8G4QA3V7RKF8JDFZ9SI3SJAFSGUKBBNDHX1NVM8GUQRZNRNAHER", "InvalidAccountState_Sender"),
    ("Z1LGRXR4HMDZBSFKXELA32KZASGWD8IHMHZCK4DETR784LDLD1GMFW4P3WT8VTGX", "InvalidAccountState_Sender"),
];
const RECIPIENTS: [(&str, &str); 3] = [
    ("C4LGSEMXN11FTUXZ2X2C7QVFHN5DVBGQJNF17AIQXXXQSX4DRG4KJFCN2KRFUUZI", "UnverifiedEmailAddress_Recipient"),
    ("R3VK49XVGCAZTJSXKN7ZSBHPMFGKM5VEEQTXGMVE8CFUZ2G5RLLMAB4J6TQRL6BU", "InvalidAccountState_Recipient"),
    ("P1LL7A1LHK935DBGI5NAYCXOCLVEBHBNIU7PBXBAMRKKNLDEPI8M3MUSLZT2VANZ", "InvalidAccountState_Recipient"),
];

on_both_databases!(the_sandboxs_tokens_stand_for_accounts_in_trouble, its_amounts_are_amounts_like_others);

async fn the_sandboxs_tokens_stand_for_accounts_in_trouble(app: App) {
    let good = app.sender_token(FIRST, JOHN, "ABT", "1.00", "good").await;
    let recipient = recipient_token(0);
    let senders = SENDERS.map(|(sender, code)| (sender, recipient.as_str(), code));
    let recipients = RECIPIENTS.map(|(recipient, code)| (good.as_str(), recipient, code));
    for (number, (sender, recipient, code)) in senders.into_iter().chain(recipients).enumerate() {
        for action in ["Pay", "Reserve"] {
            let fields = [
                ("SenderTokenId", sender),
                ("RecipientTokenId", recipient),
                ("TransactionAmount.CurrencyCode", "USD"),
                ("TransactionAmount.Value", "1.00"),
                ("CallerReference", &format!("magic-{number}")),
            ];
            let answer = app.caller().call(action, &fields).await;
            assert_eq!(
                (answer.status, answer.outcome().as_str()),
                (400, code),
                "{action} {sender} {recipient}"
            );
        }
    }
    assert_eq!(app.caller().pay(&good, "1.00", "after").await.outcome(), "Success", "the token is unspent");
    app.stop().await;
}

async fn its_amounts_are_amounts_like_others(app: App) {
    for amount in ["1.60", "1.70", "1.80"] {
        let token = app.sender_token(FIRST, JOHN, "ABT", amount, amount).await;
        assert_eq!(app.caller().pay(&token, amount, amount).await.outcome(), "Success", "{amount}");
    }
    app.stop().await;
}

/// What becomes of a payment of that amount: at once from a balance, after a while from a card.
async fn outcome(app: &App, method: &str, amount: &str) -> String {
    let reference = format!("{method}-{amount}");
    let token = app.sender_token(FIRST, JOHN, method, amount, &reference).await;
    let answer = app.caller().pay(&token, amount, &reference).await;
    if answer.outcome() != "Pending" {
        return answer.outcome();
    }
    app.settle_down().await;
    let status = app.caller().status(&answer.expect("TransactionId")).await;
    format!("{} {}", status.outcome(), status.expect("StatusCode"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_amounts_fail_where_they_are_switched_on() {
    let app = spawn_app_with(On::Sqlite, |options| options.magic_amounts = true).await.unwrap();
    for (amount, code) in [
        ("1.59", "Success"),
        ("1.60", "TransactionDenied"),
        ("1.69", "TransactionDenied"),
        ("1.70", "InsufficientBalance"),
        ("1.79", "InsufficientBalance"),
        ("1.80", "TransactionDenied"),
        ("1.89", "TransactionDenied"),
        ("1.90", "Success"),
    ] {
        assert_eq!(outcome(&app, "ABT", amount).await, code, "{amount}");
        let of_card = if code == "Success" { "Success Success" } else { "Failure TransactionDenied" };
        assert_eq!(outcome(&app, "CC", amount).await, of_card, "{amount}");
    }
    app.assert_books_balance().await;
    app.stop().await;
}
