//! What people add and choose on the way: cards, bank accounts, addresses; and how the caller looks.

use crate::domain::accounts;
use crate::domain::instruments::{self, Instrument};
use crate::tests::account_site::call_api;
use crate::tests::support::{App, Browser, JANE, JOHN, recipient_token};
use fps_protocol::Parameters;
use fps_protocol::cbui::Pipeline;
use fps_protocol::enums::PaymentMethod;
use http::StatusCode;
use url::Url;

async fn instruments_of(app: &App, email: &str) -> Vec<Instrument> {
    let db = &app.payments.db;
    let account = accounts::find_by_email(db, email).await.unwrap().unwrap();
    instruments::for_account(db, &account.id).await.unwrap()
}

#[tokio::test]
async fn a_card_is_added_and_used_at_once_and_its_number_is_nowhere() {
    for app in App::on_each_database().await {
        let mut jane = app.browser();
        let choose = jane.sign_in_at(&app.asks_for_payment("o1"), JANE).await;
        let page = jane.get(&choose).await.expect(StatusCode::OK).body;
        assert!(page.contains("/add-card") && page.contains("/add-bank-account"), "{page}");
        let add = choose.replace("instrument", "add-card");
        assert!(jane.get(&add).await.expect(StatusCode::OK).body.contains("Test cards"));
        for (number, expiry, words) in [
            ("4111 1111 1111 1112", "08/34", "check each digit"),
            ("4111 1111 1111 1111", "05/30", "This card has expired."),
            ("", "", "Give the number on the card"),
        ] {
            let refused = jane.post(&add, &[("card_number", number), ("expiry", expiry)]).await;
            let page = refused.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
            let form = page.split("Test cards").next().unwrap();
            assert!(form.contains(words) && (number.is_empty() || !form.contains(number)), "{page}");
        }
        let fields = [("card_number", "4111-1111-1111-1111"), ("expiry", "08/34")];
        let review = jane.post(&add, &fields).await.to();
        assert_eq!(jane.post(&add, &fields).await.to(), review, "twice is once");
        let page = jane.get(&review).await.expect(StatusCode::OK).body;
        assert!(page.contains("Visa ending in 1111"), "{page}");
        let answer = app.returned(&jane.confirm(&review).await.to()).await;
        assert_eq!((answer.get("status"), answer.get("expiry")), (Some("SC"), Some("08/2034")));
        let instruments = instruments_of(&app, JANE).await;
        assert_eq!(instruments.len(), 2, "the one she had and the new one");
        let kept = format!("{:?}", instruments[1]);
        assert!(!kept.contains("411111") && instruments[1].last_four.as_deref() == Some("1111"), "{kept}");
        assert_eq!(instruments[1].fingerprint.as_ref().map(String::len), Some(64));
    }
}

#[tokio::test]
async fn a_bank_account_is_added_where_it_is_taken() {
    let app = App::new().await;
    let parameters = [("transactionAmount", "1"), ("paymentMethod", "ACH")];
    let mut jane = app.browser();
    let choose = jane.sign_in_at(&app.asks(Pipeline::SingleUse, "o1", &parameters), JANE).await;
    let card = choose.replace("instrument", "add-card");
    assert_eq!(jane.get(&card).await.to(), choose, "cards are not taken");
    assert_eq!(jane.post(&card, &[("card_number", "4111111111111111")]).await.to(), choose);
    let add = choose.replace("instrument", "add-bank-account");
    let wrong = [("routing_number", "123456789"), ("account_number", "000123456789")];
    let page = jane.post(&add, &wrong).await.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
    assert!(!page.contains("123456789"), "{page}");
    let right = [("routing_number", "110 000 000"), ("account_number", "000 123 456 789")];
    let review = jane.post(&add, &right).await.to();
    let answer = app.returned(&jane.confirm(&review).await.to()).await;
    assert_eq!(answer.get("status"), Some("SB"));
    let added = instruments_of(&app, JANE).await.pop().unwrap();
    assert_eq!((added.method, added.label.as_str()), (PaymentMethod::Ach, "Bank account ending in 6789"));
}

const NEW_ADDRESS: [(&str, &str); 7] = [
    ("address", "new"),
    ("full_name", "Jane Doe"),
    ("line1", "1 Pine Street"),
    ("city", "Seattle"),
    ("state", "WA"),
    ("zip", "98101"),
    ("country", "United States"),
];

/// Of everything that is paid with the token, from the first on; not of what goes back.
async fn notifications_have_the_address(app: &App, token: &str) {
    let pay = format!(
        "Action=Reserve&SenderTokenId={token}&RecipientTokenId={}&TransactionAmount.CurrencyCode=USD\
         &TransactionAmount.Value=1&CallerReference=ship",
        recipient_token()
    );
    let call = async |query: &str| call_api(app, Parameters::from_query(query).unwrap()).await;
    let id = call(&pay).await;
    app.payments.run_due().await.unwrap();
    call(&format!("Action=Settle&ReserveTransactionId={id}")).await;
    app.payments.run_due().await.unwrap();
    call(&format!("Action=Refund&TransactionId={id}&CallerReference=back")).await;
    let shown = app.browser().get("/_control/notifications").await.json();
    let bodies = shown.as_array().unwrap().iter().map(|one| one["body"].as_str().unwrap());
    let bodies: Vec<_> = bodies.map(|body| Parameters::from_form(body.as_bytes()).unwrap()).collect();
    let (refunds, payments): (Vec<_>, Vec<_>) =
        bodies.iter().partition(|body| body.get("operation") == Some("REFUND"));
    assert!(payments.len() >= 4 && !refunds.is_empty(), "pending, reserved, pending, settled: {bodies:?}");
    for told in payments {
        let fields = [
            ("isShippingAddressProvided", "TRUE"),
            ("addressFullName", "Jane Doe"),
            ("addressLine1", "1 Pine Street"),
            ("addressState", "WA"),
            ("addressZip", "98101"),
            ("addressCountry", "United States"),
            ("customerName", "Jane Doe"),
            ("customerEmail", JANE),
        ];
        for (name, value) in fields {
            assert_eq!(told.get(name), Some(value), "{name} in {told:?}");
        }
        assert_eq!(told.get("buyerEmail"), None, "a marketplace");
    }
    assert!(refunds.iter().all(|told| told.get("addressFullName").is_none()));
}

#[tokio::test]
async fn an_address_is_asked_for_kept_and_told() {
    for app in App::on_each_database().await {
        let start = |reference| {
            let parameters = [
                ("transactionAmount", "1"),
                ("collectShippingAddress", "True"),
                ("addressName", "Somebody else, who is passed over"),
            ];
            app.asks(Pipeline::SingleUse, reference, &parameters)
        };
        let mut jane = app.browser();
        let choose = jane.sign_in_at(&start("o1"), JANE).await;
        let page = jane.get(&choose).await.expect(StatusCode::OK);
        let address = jane.post(&choose, &[("instrument", &page.choice("Mastercard"))]).await.to();
        assert!(address.ends_with("/address"), "{address}");
        let review = address.replace("/address", "/confirm");
        assert_eq!(jane.get(&review).await.to(), address, "nothing is chosen yet");
        assert_eq!(jane.post(&review, &[]).await.to(), address);
        let mut fields = NEW_ADDRESS;
        fields[4].1 = "";
        let page = jane.post(&address, &fields).await.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
        assert!(page.contains("Give the state") && page.contains("1 Pine Street"), "{page}");
        assert_eq!(jane.post(&address, &NEW_ADDRESS).await.to(), review);
        assert_eq!(jane.post(&address, &NEW_ADDRESS).await.to(), review, "twice is once");
        let page = jane.get(&review).await.expect(StatusCode::OK).body;
        assert!(page.contains("Seattle WA 98101") && page.contains("is told this address"), "{page}");
        let answer = app.returned(&jane.confirm(&review).await.to()).await;
        let told = ["addressName", "addressLine1", "city", "state", "zip", "country"]
            .map(|name| answer.get(name).unwrap());
        assert_eq!(told, ["Jane Doe", "1 Pine Street", "Seattle", "WA", "98101", "United States"]);
        notifications_have_the_address(&app, answer.get("tokenID").unwrap()).await;

        let choose = jane.follow(&start("o2")).await.to();
        let page = jane.get(&choose).await.expect(StatusCode::OK);
        let address = jane.post(&choose, &[("instrument", &page.choice("Mastercard"))]).await.to();
        let page = jane.get(&address).await.expect(StatusCode::OK);
        assert_eq!(page.body.matches("type=\"radio\"").count(), 1, "{}", page.body);
        for unknown in ["", "NONE"] {
            jane.post(&address, &[("address", unknown)]).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        }
        let saved = page.choice("Jane Doe");
        assert_eq!(
            jane.post(&address, &[("address", &saved)]).await.to(),
            address.replace("/address", "/confirm")
        );
        let mut john = app.browser();
        let choose = john.sign_in_at(&start("o3"), JOHN).await;
        let of_john = choose.replace("instrument", "address");
        john.post(&of_john, &[("address", &saved)]).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn an_address_that_the_caller_sends_is_shown_and_one_that_is_not_whole_warned_of() {
    let app = App::new().await;
    let mut john = app.browser();
    let parameters = [("transactionAmount", "1"), ("addressName", "Jane Doe"), ("city", "Seattle")];
    let review =
        john.go_to_review(&app.asks(Pipeline::SingleUse, "o1", &parameters), JOHN, "Account balance").await;
    let page = john.get(&review).await.expect(StatusCode::OK).body;
    assert!(page.contains("Ships to") && page.contains("Jane Doe"), "{page}");
    let answer = app.returned(&john.confirm(&review).await.to()).await;
    assert_eq!(
        (answer.get("status"), answer.get("warningCode")),
        (Some("SA"), Some("invalidShippingAddress"))
    );
    assert!(answer.get("warningMessage").is_some() && answer.get("city").is_none(), "{answer:?}");
}

#[tokio::test]
async fn who_is_paid_is_named_or_left_to_a_marketplace_that_names_nobody() {
    let app = App::new().await;
    let recipient = super::support::recipient_token();
    let mut john = app.browser();
    let to = async |john: &mut Browser, start: &Url| {
        let choose = john.follow(start).await.to();
        let page = john.get(&choose).await.expect(StatusCode::OK).body;
        page.split("<dt>To</dt><dd>").nth(1).unwrap().split("</dd>").next().unwrap().to_owned()
    };
    john.post("/account/sign-in", &[("email", JOHN), ("password", "amazonpayments")]).await.to();
    let named = [("globalAmountLimit", "9.00"), ("recipientTokenList", recipient.as_str())];
    let named = app.asks(Pipeline::MultiUse, "m1", &named);
    assert_eq!(to(&mut john, &named).await, "Right Here Records");
    let open = app.asks(Pipeline::SingleUse, "s1", &[("transactionAmount", "1.00")]);
    assert_eq!(to(&mut john, &open).await, "Whoever DigitalDownload names");
    let prepaid =
        [("callerReferenceSender", "s"), ("callerReferenceFunding", "f"), ("fundingAmount", "1.00")];
    let prepaid = app.asks(Pipeline::SetupPrepaid, "c1", &prepaid);
    assert_eq!(to(&mut john, &prepaid).await, "DigitalDownload", "what is prepaid is its own");
    let choose = john.follow(&named).await.to();
    let page = john.get(&choose).await.expect(StatusCode::OK);
    let review = john.post(&choose, &[("instrument", &page.choice("Account balance"))]).await.to();
    let token = app.returned(&john.confirm(&review).await.to()).await.get("tokenID").unwrap().to_owned();
    let edit = app.asks(Pipeline::EditToken, "e1", &[("tokenId", &token)]);
    assert_eq!(to(&mut john, &edit).await, "Right Here Records", "as it was allowed");
}

#[tokio::test]
async fn an_image_is_shown_from_the_callers_site_or_over_https_and_from_nowhere_else() {
    let app = App::new().await;
    let page_with = async |reference: &str, image: &str, style: &str| {
        let parameters = [("transactionAmount", "1"), ("cobrandingUrl", image), ("cobrandingStyle", style)];
        let sign_in = app.browser().follow(&app.asks(Pipeline::SingleUse, reference, &parameters)).await.to();
        app.browser().get(&sign_in).await.expect(StatusCode::OK)
    };
    let plain = app.browser().follow(&app.asks_for_payment("o0")).await.to();
    let plain = app.browser().get(&plain).await.expect(StatusCode::OK);
    assert!(plain.body.contains("src=\"/public/logo.svg\""), "the demo shop's own: {}", plain.body);
    assert!(plain.policy.contains("img-src 'self' data:;"), "{}", plain.policy);
    let own = page_with("o1", "http://localhost:3000/public/logo.svg", "logo").await;
    assert!(
        own.body.contains("class=\"asked-logo\"")
            && own.policy.contains("img-src 'self' data: http://localhost:3000;")
    );
    let cdn = page_with("o2", "https://cdn.example.com/a/banner.png", "banner").await;
    assert!(cdn.body.contains("class=\"asked-banner\""), "{}", cdn.body);
    assert!(cdn.policy.contains("img-src 'self' data: https://cdn.example.com;"), "{}", cdn.policy);
    for foreign in ["http://cdn.example.com/logo.png", "http://localhost:3001/logo.png"] {
        let page = page_with("o3", foreign, "logo").await;
        assert!(
            !page.body.contains("<img") && page.policy.contains("img-src 'self' data:;"),
            "{}",
            page.body
        );
    }
}

#[tokio::test]
async fn who_is_signed_out_on_the_way_signs_in_and_goes_on() {
    let app = App::new().await;
    let mut john = app.browser();
    let review = john.go_to_review(&app.asks_for_payment("o1"), JOHN, "Account balance").await;
    john.post("/account/sign-out", &[]).await.to();
    let sign_in = john.post(&review, &[]).await.to();
    assert!(sign_in.ends_with("/sign-in"), "{sign_in}");
    let choose = john.post(&sign_in, &[("email", JOHN), ("password", "amazonpayments")]).await.to();
    let page = john.get(&choose).await.expect(StatusCode::OK);
    assert!(page.body.contains("checked"), "the choice was kept: {}", page.body);
    let answer = app.returned(&john.confirm(&review).await.to()).await;
    assert_eq!(answer.get("status"), Some("SA"));
}
