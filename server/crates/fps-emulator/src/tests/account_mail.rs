//! The mailbox as its owner sees it, and what its mails say.

use crate::tests::account_site::{call, call_api, pay, signed_in};
use crate::tests::support::{App, Browser, JANE, JOHN, MERCHANT, link};
use fps_protocol::Parameters;
use fps_protocol::cbui::Pipeline;
use http::StatusCode;
use jiff::SignedDuration;

const CALLER: &str = "caller@example.com";
const NEW: &str = "<span class=\"unread\">New</span>";

async fn mailbox(browser: &mut Browser) -> String {
    browser.get("/account/mail").await.expect(StatusCode::OK).body
}

/// The subjects on a page of the mailbox with their addresses, the newest first.
fn mails_on(page: &str) -> Vec<(String, String)> {
    let links = page.split("<a href=\"/account/mail/").skip(1);
    let mails = links.map(|rest| {
        let (id, rest) = rest.split_once('"').unwrap();
        (rest.split_once('>').unwrap().1.split('<').next().unwrap().to_owned(), format!("/account/mail/{id}"))
    });
    mails.collect()
}

async fn subjects(app: &App, email: &str) -> Vec<String> {
    let page = mailbox(&mut signed_in(app, email).await).await;
    mails_on(&page).into_iter().map(|(subject, _)| subject).collect()
}

async fn settle(app: &App, id: &str, amount: &str) {
    let call: Parameters = [
        ("Action", "Settle"),
        ("ReserveTransactionId", id),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", amount),
    ]
    .into_iter()
    .collect();
    call_api(app, call).await;
}

#[tokio::test]
async fn a_payment_is_told_to_both_sides_and_to_nobody_else() {
    for app in App::on_each_database().await {
        let mut jane = signed_in(&app, JANE).await;
        assert!(mailbox(&mut jane).await.contains("No mail yet."));
        let id = pay(&app).await;
        assert_eq!(subjects(&app, JOHN).await, ["Payment made: A song, $10.00"]);
        assert_eq!(subjects(&app, MERCHANT).await, ["Payment received: A song, $10.00"]);
        assert_eq!(subjects(&app, CALLER).await, [""; 0]);

        let mut merchant = signed_in(&app, MERCHANT).await;
        let [(_, address)] = mails_on(&mailbox(&mut merchant).await).try_into().unwrap();
        let letter = merchant.get(&address).await.expect(StatusCode::OK).body;
        let transaction = format!("/account/transactions/{id}");
        for words in [
            "John Doe paid you $10.00 for A song, through DigitalDownload.",
            "merchant@example.com",
            "Marketplace fee",
            "−$1.00",
            "Left for you",
            "$8.84",
            &format!("<a href=\"{transaction}\">"),
        ] {
            assert!(letter.contains(words), "{words}: {letter}");
        }
        assert!(!letter.contains("Account balance"), "how he paid is the sender's affair: {letter}");
        let text = merchant.get(&format!("{address}/text")).await.expect(StatusCode::OK).body;
        for words in [
            "To: Right Here Records <merchant@example.com>\n",
            "Date: 3 Jun 2030, 09:00 UTC\nSubject: Payment received: A song, $10.00\n\n",
            "Left for you: $8.84\n",
            &format!("See the payment: http://127.0.0.1:3001{transaction}\n"),
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let mut john = signed_in(&app, JOHN).await;
        let [(_, of_john)] = mails_on(&mailbox(&mut john).await).try_into().unwrap();
        let letter = john.get(&of_john).await.expect(StatusCode::OK).body;
        assert!(letter.contains("Account balance") && !letter.contains("fee"), "{letter}");
        // Both mails have one place; each side opens its own, and others find nothing there.
        for foreign in [&address, &format!("{address}/text")] {
            jane.get(foreign).await.expect(StatusCode::NOT_FOUND);
            assert!(app.browser().get(foreign).await.to().starts_with("/account/sign-in?next="));
        }
        for nonsense in ["1", "1-t1", "x-m1", "1-m1", "99999999999999999999-t1"] {
            john.get(&format!("/account/mail/{nonsense}")).await.expect(StatusCode::NOT_FOUND);
        }
    }
}

#[tokio::test]
async fn a_mail_says_what_has_become_of_a_purchase() {
    let app = App::new().await;
    let id = call(&app, "Reserve", "ABT", "r1").await;
    let mut merchant = signed_in(&app, MERCHANT).await;
    let [(subject, authorized)] = mails_on(&mailbox(&mut merchant).await).try_into().unwrap();
    assert_eq!(subject, "A purchase has been authorized: A song, $10.00");
    let letter = merchant.get(&authorized).await.body;
    assert!(letter.contains("Deliver it") && letter.contains("10 Jun 2030, 09:00 UTC"), "{letter}");
    app.clock.advance(SignedDuration::from_hours(1)).unwrap();
    settle(&app, &id, "6.00").await;
    let letter = merchant.get(&authorized).await.body;
    assert!(letter.contains("By now $6.00 of it was charged.") && !letter.contains("Deliver it"), "{letter}");
    assert_eq!(
        subjects(&app, JOHN).await,
        ["Payment made: A song, $6.00", "Payment authorized: A song, $10.00"]
    );
    let (_, made) = mails_on(&mailbox(&mut signed_in(&app, JOHN).await).await).remove(0);
    let letter = signed_in(&app, JOHN).await.get(&made).await.body;
    assert!(letter.contains("$10.00 was reserved. What was not charged of it is free again."), "{letter}");
}

#[tokio::test]
async fn what_ends_without_a_payment_says_that_nothing_was_charged() {
    let app = App::new().await;
    let id = call(&app, "Reserve", "ABT", "r1").await;
    app.clock.advance(SignedDuration::from_secs(1)).unwrap();
    let mut john = signed_in(&app, JOHN).await;
    john.post(&format!("/account/transactions/{id}/cancel"), &[]).await.to();
    let (subject, address) = mails_on(&mailbox(&mut john).await).remove(0);
    assert_eq!(subject, "Payment cancelled: A song, $10.00");
    let letter = john.get(&address).await.body;
    assert!(letter.contains("It was cancelled. Nothing was charged"), "{letter}");
    let mut merchant = signed_in(&app, MERCHANT).await;
    let (subject, address) = mails_on(&mailbox(&mut merchant).await).remove(0);
    assert_eq!(subject, "A purchase was cancelled: A song, $10.00");
    assert!(merchant.get(&address).await.body.contains("Do not deliver it"));
}

#[tokio::test]
async fn a_refund_and_the_question_for_it_are_told_in_the_words_of_who_wrote_them() {
    let app = App::new().await;
    let id = pay(&app).await;
    let mut john = signed_in(&app, JOHN).await;
    let path = format!("/account/transactions/{id}");
    let fields = [("amount", "4.00"), ("reason", "It <b>skips</b>\nin the middle.")];
    app.clock.advance(SignedDuration::from_secs(1)).unwrap();
    let settings = [
        ("display_name", "DigitalDownload"),
        ("ipn_url", "http://localhost:3000/payments/ipn"),
        ("marketplace", "on"),
        ("refund_requests", "on"),
        ("cobranding_url", ""),
    ];
    let key = "/account/developer/DDCALLER000000000001/settings";
    signed_in(&app, CALLER).await.post(key, &settings).await.to();
    john.post(&format!("{path}/refund-request"), &fields).await.to();
    let mut merchant = signed_in(&app, MERCHANT).await;
    let (subject, address) = mails_on(&mailbox(&mut merchant).await).remove(0);
    assert_eq!(subject, "Refund requested: A song, $4.00");
    let letter = merchant.get(&address).await.body;
    assert!(letter.contains("John Doe asks to get back $4.00 of the payment for A song."), "{letter}");
    assert!(letter.contains("It &lt;b&gt;skips&lt;/b&gt;"), "quoted, and no markup: {letter}");
    let text = merchant.get(&format!("{address}/text")).await.body;
    assert!(text.contains("\n> It <b>skips</b>\n> in the middle.\n"), "{text}");

    app.clock.advance(SignedDuration::from_secs(1)).unwrap();
    let refund = format!("{path}/refund");
    let mut fields = merchant.get(&path).await.hidden_fields(&refund);
    fields.extend([("amount".to_owned(), "4.00".to_owned()), ("note".to_owned(), "Sorry for it".to_owned())]);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    merchant.post(&refund, &fields).await.to();
    let (subject, address) = mails_on(&mailbox(&mut john).await).remove(0);
    assert_eq!(subject, "Refund received: A song, $4.00", "it is of what was bought");
    let letter = john.get(&address).await.body;
    for words in ["Right Here Records gave you back $4.00", "It is in your balance here.", "Sorry for it"] {
        assert!(letter.contains(words), "{words}: {letter}");
    }
    let (subject, address) = mails_on(&mailbox(&mut merchant).await).remove(0);
    assert_eq!(subject, "Refund given: A song, $4.00");
    let letter = merchant.get(&address).await.body;
    assert!(letter.contains("Amazon Payments fee") && letter.contains("−$3.94"), "{letter}");
}

#[tokio::test]
async fn what_was_allowed_and_taken_back_is_told_to_who_did() {
    for app in App::on_each_database().await {
        let mut john = app.browser();
        let parameters = [("globalAmountLimit", "100.00"), ("paymentReason", "Tips")];
        let review = john.go_to_review(&app.asks(Pipeline::MultiUse, "c1", &parameters), JOHN, "Visa").await;
        john.confirm(&review).await.to();
        let [(subject, address)] = mails_on(&mailbox(&mut john).await).try_into().unwrap();
        assert_eq!(subject, "Authorization given to DigitalDownload: Tips");
        let letter = john.get(&address).await.body;
        assert!(letter.contains("$100.00") && letter.contains("Visa ending in 1111"), "{letter}");
        app.clock.advance(SignedDuration::from_secs(1)).unwrap();
        let page = john.get("/account/tokens").await.body;
        let cancel = page.split("action=\"/account/tokens/").nth(1).unwrap().split('"').next().unwrap();
        for _ in 0..2 {
            john.post(&format!("/account/tokens/{cancel}"), &[]).await.to();
        }
        let told = subjects(&app, JOHN).await;
        assert_eq!(told[0], "Authorization cancelled: DigitalDownload: Tips");
        assert_eq!(told.len(), 2);

        let mut jane = app.browser();
        let fees = [("maxFixedFee", "0.50"), ("recipientPaysFee", "True")];
        let review = jane.sign_in_at(&app.asks(Pipeline::Recipient, "c2", &fees), JANE).await;
        jane.confirm(&review).await.to();
        let [(subject, address)] = mails_on(&mailbox(&mut jane).await).try_into().unwrap();
        assert_eq!(subject, "DigitalDownload can collect payments for you");
        let letter = jane.get(&address).await.body;
        assert!(letter.contains("Marketplace fee of at most $0.50"), "{letter}");
    }
}

#[tokio::test]
async fn new_mail_is_marked_counted_and_read() {
    for app in App::on_each_database().await {
        let mut john = signed_in(&app, JOHN).await;
        let count = |page: &str| {
            let shown = page.split("class=\"unread-count\">").nth(1)?.split('<').next()?;
            Some(shown.trim().to_owned())
        };
        assert_eq!(count(&mailbox(&mut john).await), None);
        for number in 0..3 {
            call(&app, "Pay", "ABT", &format!("p{number}")).await;
            app.clock.advance(SignedDuration::from_secs(1)).unwrap();
        }
        let page = mailbox(&mut john).await;
        assert_eq!((count(&page).as_deref(), page.matches(NEW).count()), (Some("3"), 3));
        let mails = mails_on(&page);
        let opened = john.get(&mails[1].1).await.body;
        assert_eq!(count(&opened).as_deref(), Some("2"), "this one is read");
        let form = john.get("/account/mail").await;
        assert_eq!((count(&form.body).as_deref(), form.body.matches(NEW).count()), (Some("2"), 2));
        call(&app, "Pay", "ABT", "later").await;
        assert_eq!(john.submit(&form, "/account/mail/read").await.to(), "/account/mail");
        let page = mailbox(&mut john).await;
        assert!(page.contains("All mail is marked as read."), "{page}");
        assert_eq!(
            (count(&page).as_deref(), page.matches(NEW).count()),
            (Some("1"), 1),
            "what came meanwhile"
        );
        john.post("/account/mail/read", &[("up_to", "x")]).await.expect(StatusCode::BAD_REQUEST);
        let merchant = john.get("/account").await.body;
        assert_eq!(count(&merchant).as_deref(), Some("1"), "on each page");
    }
}

#[tokio::test]
async fn a_long_mailbox_has_pages() {
    let app = App::new().await;
    for number in 0..27 {
        call(&app, "Pay", "ABT", &format!("p{number}")).await;
    }
    let mut john = signed_in(&app, JOHN).await;
    let first = mailbox(&mut john).await;
    let second = john.get(&link(&first, "next")).await.expect(StatusCode::OK).body;
    let (first, second) = (mails_on(&first), mails_on(&second));
    assert_eq!((first.len(), second.len()), (25, 2));
    assert!(second.iter().all(|mail| !first.contains(mail)));
}
