//! Every status code of fps.md §7.4, and what leads to it. SA and SC stand in `cbui`, SB and SU in
//! `cbui_pipelines`.

use crate::config::Config;
use crate::tests::support::{App, JANE, JOHN, MERCHANT, RETURN_URL, config, recipient_token};
use fps_protocol::cbui::Pipeline;
use http::StatusCode;
use url::Url;

async fn execute(app: &App, sql: &'static str) {
    app.payments
        .db
        .write(move |c| Box::pin(async move { sqlx::query(sql).execute(c).await.map(|_| ()) }))
        .await
        .unwrap();
}

/// What the caller is told when this person signs in.
async fn after_sign_in(app: &App, start: &Url, email: &str) -> String {
    let location = app.browser().sign_in_at(start, email).await;
    assert!(location.starts_with(RETURN_URL), "{location}");
    app.returned(&location).await.get("status").unwrap().to_owned()
}

/// What the caller is told at once.
async fn at_once(app: &App, start: &Url) -> String {
    let location = app.browser().follow(start).await.to();
    app.returned(&location).await.get("status").unwrap().to_owned()
}

async fn status_of(app: &App, location: String) -> String {
    app.returned(&location).await.get("status").unwrap().to_owned()
}

/// A multi-use token of John's.
async fn johns_token(app: &App, reference: &str) -> String {
    let start = app.asks(Pipeline::MultiUse, reference, &[("globalAmountLimit", "100.00")]);
    let mut john = app.browser();
    let review = john.go_to_review(&start, JOHN, "Account balance").await;
    let answer = app.returned(&john.confirm(&review).await.to()).await;
    answer.get("tokenID").unwrap().to_owned()
}

fn edit(app: &App, reference: &str, token: &str) -> Url {
    app.asks(Pipeline::EditToken, reference, &[("tokenId", token)])
}

#[tokio::test]
async fn a_and_ce_and_sr_lead_back_from_every_pipeline() {
    let app = App::new().await;
    let token = johns_token(&app, "m1").await;
    let whole: [(Pipeline, &[(&str, &str)]); 7] = [
        (Pipeline::SingleUse, &[("transactionAmount", "1")]),
        (Pipeline::MultiUse, &[("globalAmountLimit", "1")]),
        (Pipeline::Recurring, &[("transactionAmount", "1"), ("recurringPeriod", "1 Month")]),
        (Pipeline::Recipient, &[("recipientPaysFee", "True")]),
        (
            Pipeline::SetupPrepaid,
            &[("callerReferenceSender", "s"), ("callerReferenceFunding", "f"), ("fundingAmount", "1")],
        ),
        (
            Pipeline::SetupPostpaid,
            &[
                ("callerReferenceSender", "s"),
                ("callerReferenceSettlement", "t"),
                ("creditLimit", "1"),
                ("globalAmountLimit", "1"),
            ],
        ),
        (Pipeline::EditToken, &[("tokenId", &token)]),
    ];
    for (pipeline, parameters) in whole {
        assert_eq!(at_once(&app, &app.asks(pipeline, "c", &[])).await, "CE", "{pipeline}");
        let sign_in = app.browser().follow(&app.asks(pipeline, "c", parameters)).await.to();
        let page = app.browser().get(&sign_in).await.expect(StatusCode::OK).body;
        assert!(page.contains("Takes you back to DigitalDownload."), "{page}");
        let location = app.browser().post(&sign_in.replace("sign-in", "cancel"), &[]).await.to();
        assert_eq!(status_of(&app, location).await, "A", "{pipeline}");
    }
    let start = app.asks(Pipeline::Recipient, "r", &[("recipientPaysFee", "True")]);
    let mut merchant = app.browser();
    let review = merchant.sign_in_at(&start, MERCHANT).await;
    assert_eq!(status_of(&app, merchant.confirm(&review).await.to()).await, "SR");
    let start = app.asks(Pipeline::Recipient, "r2", &[("recipientPaysFee", "True")]);
    let mut john = app.browser();
    let review = john.sign_in_at(&start, JOHN).await;
    let page = john.get(&review).await.expect(StatusCode::OK).body;
    assert!(page.contains("Yours is a personal account"), "{page}");
}

#[tokio::test]
async fn np_says_that_it_is_not_possible() {
    let app = App::new().await;
    let pay = |reference| app.asks_for_payment(reference);
    assert_eq!(after_sign_in(&app, &pay("o1"), MERCHANT).await, "NP", "nobody pays themselves");
    execute(&app, "UPDATE accounts SET email_verified = 0 WHERE email = 'jane@example.com'").await;
    assert_eq!(after_sign_in(&app, &pay("o2"), JANE).await, "NP", "unverified");
    execute(&app, "UPDATE accounts SET kind = 'Personal' WHERE email = 'merchant@example.com'").await;
    let recipient = recipient_token();
    let cards_only =
        [("transactionAmount", "1"), ("recipientToken", recipient.as_str()), ("paymentMethod", "CC")];
    let start = app.asks(Pipeline::SingleUse, "o3", &cards_only);
    assert_eq!(after_sign_in(&app, &start, JOHN).await, "NP", "personal accounts take no cards");
    // Nor does a caller's own account, where the caller itself is paid.
    execute(&app, "UPDATE callers SET marketplace = 0").await;
    execute(&app, "UPDATE accounts SET kind = 'Personal' WHERE email = 'caller@example.com'").await;
    let own = app.asks(Pipeline::SingleUse, "o5", &[("transactionAmount", "1"), ("paymentMethod", "CC")]);
    assert_eq!(after_sign_in(&app, &own, JOHN).await, "NP");
    execute(&app, "UPDATE callers SET marketplace = 1").await;
    let mut john = app.browser();
    let choose = john.sign_in_at(&pay("o4"), JOHN).await;
    let page = john.get(&choose).await.expect(StatusCode::OK).body;
    assert!(page.contains("which cannot take cards") && !page.contains("add-card"), "{page}");
    johns_token(&app, "m1").await;
    assert_eq!(after_sign_in(&app, &pay("m1"), JOHN).await, "NP", "the reference is used");
}

#[tokio::test]
async fn who_is_suspended_on_the_way_can_confirm_nothing() {
    let app = App::new().await;
    let mut john = app.browser();
    let review = john.go_to_review(&app.asks_for_payment("o1"), JOHN, "Account balance").await;
    execute(&app, "UPDATE accounts SET status = 'Suspended' WHERE email = 'john@example.com'").await;
    assert_eq!(status_of(&app, john.post(&review, &[]).await.to()).await, "NP");
}

#[tokio::test]
async fn pe_says_that_the_buyer_lacks_the_method() {
    let app = App::new().await;
    let asks = |reference, methods| {
        app.asks(Pipeline::SingleUse, reference, &[("transactionAmount", "1"), ("paymentMethod", methods)])
    };
    assert_eq!(after_sign_in(&app, &asks("o1", "ABT"), JANE).await, "PE", "a balance cannot be added");
    let mut jane = app.browser();
    let choose = jane.sign_in_at(&asks("o2", "ABT,ACH"), JANE).await;
    let page = jane.get(&choose).await.expect(StatusCode::OK).body;
    assert!(page.contains("You have no payment method that is taken here."), "{page}");
    assert!(page.contains("add-bank-account") && !page.contains("add-card"), "{page}");
    let location = jane.post(&choose.replace("instrument", "cancel"), &[]).await.to();
    assert_eq!(status_of(&app, location).await, "PE", "she did not add one");
}

#[tokio::test]
async fn nm_is_for_callers_who_may_not_have_others_paid() {
    let app = App::new().await;
    execute(&app, "UPDATE callers SET marketplace = 0").await;
    assert_eq!(at_once(&app, &app.asks_for_payment("o1")).await, "NM");
    let terms = [("recipientPaysFee", "True")];
    assert_eq!(at_once(&app, &app.asks(Pipeline::Recipient, "r1", &terms)).await, "NM");
    let for_itself = app.asks(Pipeline::SingleUse, "o2", &[("transactionAmount", "1")]);
    let choose = app.browser().sign_in_at(&for_itself, JOHN).await;
    assert!(choose.ends_with("/instrument"), "its own sales need no marketplace: {choose}");
}

#[tokio::test]
async fn it_na_and_ut_are_about_the_token_to_edit() {
    let app = App::new().await;
    let token = johns_token(&app, "m1").await;
    assert_eq!(at_once(&app, &edit(&app, "e1", "NONE")).await, "IT", "unknown");
    assert_eq!(at_once(&app, &edit(&app, "e2", &recipient_token())).await, "IT", "nothing pays for it");
    assert_eq!(after_sign_in(&app, &edit(&app, "e3", &token), JANE).await, "UT");
    let mut john = app.browser();
    let review = john.go_to_review(&edit(&app, "e4", &token), JOHN, "Visa ending in 1111").await;
    execute(&app, "UPDATE tokens SET active = 0 WHERE caller_reference = 'm1'").await;
    assert_eq!(status_of(&app, john.post(&review, &[]).await.to()).await, "IT", "cancelled meanwhile");
    assert_eq!(at_once(&app, &edit(&app, "e5", &token)).await, "IT", "cancelled");
    let another = johns_token(&app, "m2").await;
    execute(&app, "UPDATE accounts SET status = 'Closed' WHERE email = 'john@example.com'").await;
    assert_eq!(at_once(&app, &edit(&app, "e6", &another)).await, "NA");
}

#[tokio::test]
async fn se_is_what_the_caller_hears_of_our_failures() {
    let app = App::new().await;
    let mut john = app.browser();
    let review = john.go_to_review(&app.asks_for_payment("simulate-SE-1"), JOHN, "Account balance").await;
    assert_eq!(status_of(&app, john.confirm(&review).await.to()).await, "SE", "by request, in the lab");

    let app = App::with(Config { lab: false, ..config() }).await;
    let mut john = app.browser();
    let review = john.go_to_review(&app.asks_for_payment("simulate-SE-1"), JOHN, "Account balance").await;
    assert_eq!(status_of(&app, john.confirm(&review).await.to()).await, "SA", "elsewhere it is only a name");
    let start = app.asks(Pipeline::MultiUse, "m1", &[("globalAmountLimit", "1")]);
    let choose = john.follow(&start).await.to();
    let page = john.get(&choose).await.expect(StatusCode::OK);
    let review = john.post(&choose, &[("instrument", &page.choice("Account balance"))]).await.to();
    execute(&app, "DROP TABLE token_limits").await;
    assert_eq!(status_of(&app, john.confirm(&review).await.to()).await, "SE", "and for real");
}
