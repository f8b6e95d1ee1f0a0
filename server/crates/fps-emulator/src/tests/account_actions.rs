//! What people do with their money on the account site, and what callers hear of it.

use crate::domain::accounts;
use crate::domain::place::Place;
use crate::domain::transactions::lists::{self, Filter, Piece};
use crate::tests::account_site::{call, pay, signed_in};
use crate::tests::support::{App, Browser, JANE, JOHN, MERCHANT, link};
use fps_protocol::Parameters;
use fps_protocol::enums::TransactionalRole;
use fps_protocol::ipn::RefundRequestNotification;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

const CALLER: &str = "caller@example.com";
/// As a page's form would make it.
const REFERENCE: &str = "txnDtls01935800-0000-7000-8000-000000000001";

/// The bodies of all notifications, the newest first.
async fn told(app: &App) -> Vec<Parameters> {
    let shown = app.browser().get("/_control/notifications").await.expect(StatusCode::OK).json();
    let bodies = shown.as_array().unwrap().iter().map(|one| one["body"].as_str().unwrap().to_owned());
    bodies.map(|body| Parameters::from_form(body.as_bytes()).unwrap()).collect()
}

async fn balance(app: &App, email: &str) -> String {
    let page = signed_in(app, email).await.get("/account/balance").await.expect(StatusCode::OK).body;
    let shown = page.split("<dt>Balance</dt>").nth(1).unwrap().split('$').nth(1).unwrap();
    shown.split('<').next().unwrap().to_owned()
}

async fn page(browser: &mut Browser, id: &str) -> String {
    browser.get(&format!("/account/transactions/{id}")).await.expect(StatusCode::OK).body
}

#[tokio::test]
async fn the_sender_cancels_what_is_reserved_or_pending_and_nobody_else_does() {
    let app = App::new().await;
    for (action, method) in [("Reserve", "ABT"), ("Pay", "CC")] {
        let id = call(&app, action, method, action).await;
        let cancel = format!("/account/transactions/{id}/cancel");
        let mut john = signed_in(&app, JOHN).await;
        assert!(page(&mut john, &id).await.contains(&cancel));
        let mut merchant = signed_in(&app, MERCHANT).await;
        assert!(!page(&mut merchant, &id).await.contains(&cancel));
        merchant.post(&cancel, &[]).await.expect(StatusCode::NOT_FOUND);
        signed_in(&app, JANE).await.post(&cancel, &[]).await.expect(StatusCode::NOT_FOUND);
        assert!(!page(&mut john, &id).await.contains("Cancelled"), "{action}");

        assert_eq!(john.post(&cancel, &[]).await.to(), format!("/account/transactions/{id}"));
        let shown = page(&mut john, &id).await;
        assert!(shown.contains("The payment is cancelled.") && shown.contains("Cancelled"), "{shown}");
        assert!(!shown.contains(&cancel));
        assert!(!page(&mut john, &id).await.contains("The payment is cancelled."), "said once");
        let notified = told(&app).await;
        assert_eq!(notified[0].get("operation"), Some("CANCEL"));
        assert_eq!(notified[0].get("transactionStatus"), Some("CANCELLED"));
        john.post(&cancel, &[]).await.to();
        assert!(page(&mut john, &id).await.contains("too late"));
        assert_eq!(told(&app).await.len(), notified.len());
    }
    assert_eq!(balance(&app, JOHN).await, "500.00");
}

/// Moves so much to a bank account of the account's owner.
async fn take_out(browser: &mut Browser, amount: &str) {
    let bank = [("routing_number", "110000000"), ("account_number", "000123456789")];
    browser.post("/account/instruments/add-bank-account", &bank).await.to();
    let page = browser.get("/account/balance").await.expect(StatusCode::OK).body;
    let bank = page.split("<option value=\"").nth(1).unwrap().split('"').next().unwrap();
    let reference = "01935800-0000-7000-8000-000000000009";
    let fields = [("withdraw_amount", amount), ("withdraw_bank", bank), ("reference", reference)];
    browser.post("/account/balance/withdraw", &fields).await.to();
}

#[tokio::test]
async fn the_recipient_refunds_in_parts_and_a_form_counts_once() {
    let app = App::new().await;
    let id = pay(&app).await;
    let refund = format!("/account/transactions/{id}/refund");
    let mut merchant = signed_in(&app, MERCHANT).await;
    let form = page(&mut merchant, &id).await;
    assert!(form.contains(&refund) && form.contains("value=\"10.00\"") && form.contains("txnDtls"), "{form}");
    for (amount, problem) in
        [("", "Give an amount"), ("-1", "Give an amount"), ("10.01", "more than is left")]
    {
        let fields = [("amount", amount), ("reference", &REFERENCE.replace('1', &amount.len().to_string()))];
        let refused = merchant.post(&refund, &fields).await.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
        assert!(refused.contains(problem), "{amount}: {refused}");
    }
    // No word of the one who pays: they cannot give themselves money.
    signed_in(&app, JOHN).await.post(&refund, &[("amount", "1")]).await.expect(StatusCode::NOT_FOUND);

    let fields = [("amount", "4.00"), ("note", "Sorry"), ("reference", REFERENCE)];
    let first = merchant.post(&refund, &fields).await.to();
    assert_eq!(merchant.post(&refund, &fields).await.to(), first, "pressed twice");
    let other = [("amount", "5.00"), ("reference", REFERENCE)];
    let refused = merchant.post(&refund, &other).await.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
    assert!(refused.contains("sent before"), "{refused}");
    assert_eq!(balance(&app, JOHN).await, "494.00");

    let notified = told(&app).await;
    let refunds = notified.iter().filter(|one| one.get("operation") == Some("REFUND")).collect::<Vec<_>>();
    let statuses: Vec<_> =
        refunds.iter().rev().map(|told| (told.get("status"), told.get("transactionStatus"))).collect();
    assert_eq!(statuses, [(Some("INITIATED"), None), (None, Some("SUCCESS"))], "begun, and done");
    assert_eq!(refunds[0].get("callerReference"), Some(REFERENCE));
    assert_eq!(refunds[0].get("parentTransactionId"), Some(id.as_str()));
    assert_eq!(refunds[0].get("paymentReason"), Some("Sorry"));
    let shown = page(&mut merchant, &id).await;
    assert!(shown.contains("Refund to John Doe") && shown.contains("value=\"6.00\""), "{shown}");
    let refunded = merchant.get(&first).await.expect(StatusCode::OK).body;
    assert!(refunded.contains("Payment from John Doe"), "a refund names its payment: {refunded}");
    // The demo merchant begins with 100.00, and the marketplace kept its fee: 10.00 − 1.00 − 0.16, then
    // −4.00 and 40 % of the 0.16 back.
    assert_eq!(balance(&app, MERCHANT).await, "104.90");
    take_out(&mut merchant, "100.00").await;
    let all = [("amount", "6.00"), ("reference", &REFERENCE.replace("01935800", "01935802"))];
    let short = merchant.post(&refund, &all).await.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
    assert!(short.contains("Your balance is less than that"), "{short}");
}

/// A card gets it later; a caller's own refund is told as ever.
#[tokio::test]
async fn a_refund_begun_on_the_site_is_initiated_first() {
    let app = App::new().await;
    let id = call(&app, "Pay", "CC", "by card").await;
    app.payments.run_due().await.unwrap();
    let refund = format!("/account/transactions/{id}/refund");
    let fields = [("amount", "4.00"), ("note", ""), ("reference", REFERENCE)];
    signed_in(&app, MERCHANT).await.post(&refund, &fields).await.to();
    let words = async || -> Vec<String> {
        let refunds = told(&app).await.into_iter().filter(|one| one.get("operation") == Some("REFUND"));
        let words = refunds.map(|one| one.get("status").or(one.get("transactionStatus")).unwrap().to_owned());
        words.collect()
    };
    assert_eq!(words().await, ["INITIATED"], "and not PENDING beside it");
    app.payments.run_due().await.unwrap();
    assert_eq!(words().await, ["SUCCESS", "INITIATED"]);
}

#[tokio::test]
async fn the_sender_asks_for_a_refund_and_only_a_caller_who_wants_to_hear_of_it_is_told() {
    let app = App::new().await;
    let id = pay(&app).await;
    let ask = format!("/account/transactions/{id}/refund-request");
    let mut john = signed_in(&app, JOHN).await;
    assert!(page(&mut john, &id).await.contains(&ask));
    let before = told(&app).await.len();
    for fields in [[("amount", "10.01"), ("reason", "Broken")], [("amount", "1"), ("reason", " ")]] {
        john.post(&ask, &fields).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let fields = [("amount", "10"), ("reason", "It does not\r\nplay & jumps.")];
    signed_in(&app, MERCHANT).await.post(&ask, &fields).await.expect(StatusCode::NOT_FOUND);
    john.post(&ask, &fields).await.to();
    let shown = page(&mut john, &id).await;
    assert!(shown.contains("You asked for a refund") && !shown.contains(&ask), "{shown}");
    john.post(&ask, &fields).await.to();
    assert!(page(&mut john, &id).await.contains("You have asked DigitalDownload already"));
    let notified = told(&app).await;
    assert_eq!(notified.len(), before + 1, "one open request per payment");
    let request = RefundRequestNotification::from_parameters(&notified[0]).unwrap();
    assert_eq!(
        (request.transaction_id.as_str(), request.reason.as_str()),
        (id.as_str(), "It does not\nplay & jumps.")
    );
    assert_eq!(
        (request.requester.as_str(), request.amount.to_two_decimals().as_str()),
        ("John Doe", "10.00")
    );

    // A refund answers it, and the rest can be asked for.
    let part = [("amount", "1.00"), ("reference", REFERENCE)];
    signed_in(&app, MERCHANT).await.post(&format!("/account/transactions/{id}/refund"), &part).await.to();
    assert!(page(&mut john, &id).await.contains("value=\"9.00\""));

    let settings = [("display_name", "DigitalDownload"), ("ipn_url", ""), ("marketplace", "on")];
    let mut caller = signed_in(&app, CALLER).await;
    caller.post("/account/developer/DDCALLER000000000001/settings", &settings).await.to();
    assert!(page(&mut john, &id).await.contains("does not take requests from here"));
    john.post(&ask, &[("amount", "1"), ("reason", "Again")]).await.to();
    assert!(page(&mut john, &id).await.contains("ask at its own site"));
}

#[tokio::test]
async fn a_stale_page_moves_what_it_says_or_says_that_it_does_not() {
    for app in App::on_each_database().await {
        let mut john = signed_in(&app, JOHN).await;
        let page = john.get("/account/balance").await.expect(StatusCode::OK);
        let bank = page.body.split("<option value=\"").nth(1).unwrap().split('"').next().unwrap();
        let send = async |john: &mut Browser, name: &str, amount: &str| {
            let path = format!("/account/balance/{name}");
            let mut fields = page.hidden_fields(&path);
            fields.push((format!("{name}_amount"), amount.to_owned()));
            fields.push((format!("{name}_bank"), bank.to_owned()));
            let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            john.post(&path, &fields).await
        };
        send(&mut john, "deposit", "20.00").await.to();
        send(&mut john, "withdraw", "300.00").await.to();
        assert_eq!(balance(&app, JOHN).await, "220.00", "both forms of one page count");
        assert!(john.get("/account/balance").await.body.contains("$300.00 went to your bank account."));
        for (name, amount) in [("deposit", "30.00"), ("withdraw", "20.00")] {
            let refused = send(&mut john, name, amount).await.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
            assert!(refused.contains("sent before with another amount"), "{name}: {refused}");
        }
        send(&mut john, "withdraw", "300.00").await.to();
        assert_eq!(balance(&app, JOHN).await, "220.00");
    }
}

#[tokio::test]
async fn activity_is_filtered_paged_and_written_as_a_file() {
    let app = App::new().await;
    for number in 0..27 {
        call(&app, if number == 0 { "Reserve" } else { "Pay" }, "ABT", &format!("=r{number}")).await;
    }
    let mut john = signed_in(&app, JOHN).await;
    let first = john.get("/account").await.expect(StatusCode::OK).body;
    assert_eq!(first.matches("/account/transactions/").count(), 25);
    assert!(!first.contains("rel=\"prev\"") && !first.contains("27 transactions"), "{first}");
    // Whatever comes in meanwhile.
    app.clock.advance(SignedDuration::from_secs(1)).unwrap();
    call(&app, "Pay", "ABT", "meanwhile").await;
    let second = john.get(&link(&first, "next")).await.expect(StatusCode::OK).body;
    assert_eq!(second.matches("/account/transactions/").count(), 2);
    assert!(!second.contains("rel=\"next\"") && link(&second, "first") == "/account", "{second}");
    let back = john.get(&link(&second, "prev")).await.expect(StatusCode::OK).body;
    assert_eq!(rows(&back), rows(&first), "the one that came is on a page before it");
    let newest = john.get(&link(&back, "prev")).await.expect(StatusCode::OK).body;
    assert!(newest.contains("rel=\"next\"") && !newest.contains("rel=\"prev\""), "{newest}");
    let reserved = john.get("/account?status=Reserved&role=Sender&kind=Payment").await.body;
    assert!(reserved.contains("1 transaction") && !reserved.contains("rel=\"next\""), "{reserved}");
    for nothing in ["kind=Refund", "role=Recipient", "to=2030-06-02", "from=2030-06-04", "status=Failure"] {
        let page = john.get(&format!("/account?{nothing}")).await.expect(StatusCode::OK).body;
        assert!(page.contains("No transaction fits"), "{nothing}: {page}");
    }
    john.get("/account?from=x").await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    let fees = signed_in(&app, CALLER).await.get("/account?kind=MarketplaceFee").await.body;
    assert_eq!(fees.matches("/account/transactions/").count(), 25, "{fees}");
    assert!(link(&fees, "next").starts_with("/account?kind=MarketplaceFee&older="), "{fees}");

    let csv =
        john.get("/account/activity.csv?from=2030-06-03&to=2030-06-03").await.expect(StatusCode::OK).body;
    assert_eq!(csv.lines().count(), 29);
    let ids: BTreeSet<_> = csv.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    assert_eq!(ids.len(), 28, "each once, though the file is written in three pieces");
    assert!(csv.starts_with("Date,Transaction,Description,Status,Amount,Fees,"), "{csv}");
    assert!(csv.contains(",'=r3,") && csv.contains(",-10.00,0.00,USD,John Doe,Right Here Records,"), "{csv}");
    john.get("/account/activity.csv?status=x").await.expect(StatusCode::BAD_REQUEST);
    let sales = signed_in(&app, MERCHANT).await.get("/account/activity.csv?role=Recipient").await.body;
    assert!(sales.contains(",10.00,0.16,USD,"), "the marketplace fee has a row of its own: {sales}");
    let statement = john.get("/account/balance").await.expect(StatusCode::OK).body;
    let statement = john.get(&link(&statement, "next")).await.expect(StatusCode::OK).body;
    let oldest = statement.split("<tr").last().unwrap();
    assert_eq!(oldest.matches("$500.00").count(), 2, "all that he began with: {oldest}");
    assert!(app.browser().get("/account/activity.csv").await.to().starts_with("/account/sign-in?next="));
}

/// The transactions of a page.
fn rows(html: &str) -> Vec<&str> {
    let addresses = html.split("/account/transactions/").skip(1);
    addresses.map(|rest| rest.split('"').next().unwrap()).collect()
}

fn all_of_it() -> Filter {
    Filter::all(&[TransactionalRole::Sender, TransactionalRole::Recipient])
}

/// Many share a moment, and rows arrive between two pieces, at that moment and later: nothing that was there is
/// repeated or left out, up and down.
#[tokio::test]
async fn activity_that_is_read_in_pieces_repeats_nothing() {
    for app in App::on_each_database().await {
        for number in 0..14 {
            call(&app, "Pay", "ABT", &format!("p{number}")).await;
            if number % 5 == 4 {
                app.clock.advance(SignedDuration::from_millis(1)).unwrap();
            }
        }
        let (db, filter) = (&app.payments.db, all_of_it());
        let account = accounts::find_by_email(db, JOHN).await.unwrap().unwrap();
        let read = async |piece: Piece, limit| -> Vec<Place> {
            let found = lists::of_account(db, &account.id, &filter, &piece, limit).await.unwrap();
            found.into_iter().map(|row| Place { at: row.received_at, id: row.id.into_string() }).collect()
        };
        let mut all = read(Piece::Newest, 100).await;
        let directions: [fn(Place) -> Piece; 2] = [Piece::OlderThan, Piece::NewerThan];
        for (direction, begin) in directions.into_iter().zip([Place::END, Place::before(Timestamp::MIN)]) {
            let (mut seen, mut last) = (Vec::new(), begin);
            loop {
                let piece = read(direction(last.clone()), 3).await;
                let Some(end) = piece.last() else { break };
                last = end.clone();
                seen.extend(piece);
                if seen.len() < 12 {
                    call(&app, "Pay", "ABT", &format!("meanwhile{}{}", seen.len(), last.id)).await;
                }
            }
            let places: BTreeSet<_> = seen.iter().collect();
            assert_eq!(places.len(), seen.len(), "nothing twice");
            assert!(all.iter().all(|place| places.contains(place)), "nothing left out");
            all = read(Piece::Newest, 100).await;
        }
    }
}

#[tokio::test]
async fn money_comes_from_the_bank_and_goes_back_there_once_per_form() {
    let app = App::new().await;
    let mut john = signed_in(&app, JOHN).await;
    let form = john.get("/account/balance").await.expect(StatusCode::OK).body;
    let bank = form.split("<option value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let reference = |number: u8| format!("01935800-0000-7000-8000-00000000000{number}");
    let fields = |name: &str, amount: &str, number: u8| {
        let field = |field: &str| format!("{name}_{field}");
        [
            (field("amount"), amount.to_owned()),
            (field("bank"), bank.clone()),
            ("reference".to_owned(), reference(number)),
        ]
    };
    let send = async |john: &mut Browser, name: &str, amount: &str, number: u8| {
        let fields = fields(name, amount, number);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        john.post(&format!("/account/balance/{name}"), &fields).await
    };
    send(&mut john, "deposit", "20.50", 1).await.to();
    send(&mut john, "deposit", "20.50", 1).await.to();
    assert_eq!(balance(&app, JOHN).await, "520.50");
    send(&mut john, "withdraw", "520.50", 2).await.to();
    assert_eq!(balance(&app, JOHN).await, "0.00");
    // The same reference with other contents is no repetition: what was sent first counts.
    for (name, amount) in [("deposit", "20.00"), ("withdraw", "20.50")] {
        let other = send(&mut john, name, amount, 1).await.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
        assert!(other.contains("sent before with another amount"), "{name}: {other}");
    }
    assert_eq!(balance(&app, JOHN).await, "0.00");
    let short = send(&mut john, "withdraw", "0.01", 3).await.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
    assert!(short.contains("more than your balance has free"), "{short}");
    for (amount, problem) in
        [("0", "Give an amount"), ("10000.01", "At most $10,000.00"), ("1e3", "Give an amount")]
    {
        let refused =
            send(&mut john, "deposit", amount, 4).await.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
        assert!(refused.contains(problem), "{amount}: {refused}");
    }
    let foreign = [("deposit_amount", "1"), ("deposit_bank", "NONE"), ("reference", &reference(5))];
    john.post("/account/balance/deposit", &foreign).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    let statement = john.get("/account/balance").await.expect(StatusCode::OK).body;
    assert!(statement.contains("Deposit from your bank account"), "{statement}");
    let books = app.browser().get("/_control/ledger").await.json();
    assert_eq!(books["sum"], "0.000000".get(..6).unwrap_or("0.0000"));
}
