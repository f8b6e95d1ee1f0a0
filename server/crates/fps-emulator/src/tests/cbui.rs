use crate::domain::tokens::{self, TokenRole};
use crate::engine::authorizations::Selection;
use crate::seed::first_caller;
use crate::tests::support::{App, JANE, JOHN, MERCHANT, RETURN_URL, recipient_token};
use fps_protocol::cbui::Pipeline;
use fps_protocol::enums::PaymentMethod;
use http::StatusCode;
use jiff::SignedDuration;
use money::Money;

#[tokio::test]
async fn a_person_allows_one_payment() {
    let app = App::new().await;
    let mut john = app.browser();
    let review = john.go_to_review(&app.asks_for_payment("order-7"), JOHN, "Account balance").await;
    let page = john.get(&review).await.expect(StatusCode::OK).body;
    assert!(
        page.contains("$10.00") && page.contains("Account balance") && page.contains("Right Here Records"),
        "{page}"
    );

    let location = john.confirm(&review).await.to();
    let answer = app.returned(&location).await;
    let get = |name: &str| answer.get(name).unwrap_or_default().to_owned();
    assert_eq!(
        (get("status"), get("callerReference"), get("order")),
        ("SA".into(), "order-7".into(), "7".into())
    );
    assert!(answer.get("refundTokenID").is_none() && answer.get("expiry").is_none());
    let token = tokens::find(&app.payments.db, &get("tokenID").parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((token.role, token.amount), (TokenRole::Sender, Some(Money::from_cents(1000))));
    assert_eq!(token.recipient_token_id, Some(recipient_token().parse().unwrap()));
    assert_eq!(token.payment_methods, [PaymentMethod::Abt]);
}

#[tokio::test]
async fn confirming_twice_makes_one_token_and_one_answer() {
    let app = App::new().await;
    let mut john = app.browser();
    let review = john.go_to_review(&app.asks_for_payment("order-7"), JOHN, "Visa ending in 1111").await;
    let first = john.confirm(&review).await.to();
    assert_eq!(john.post(&review, &[]).await.to(), first);
    for step in ["", "/sign-in", "/instrument", "/confirm"] {
        let back = john.get(&review.replace("/confirm", step)).await.to();
        let back = if back.starts_with("http") { back } else { john.get(&back).await.to() };
        assert_eq!(back, first, "{step}");
    }
    assert_eq!(john.post(&review.replace("confirm", "cancel"), &[]).await.to(), first, "too late to cancel");
    let answer = app.returned(&first).await;
    assert_eq!((answer.get("status"), answer.get("expiry")), (Some("SC"), Some("06/2034")));
}

#[tokio::test]
async fn two_tabs_of_one_reference_make_one_token() {
    let app = App::new().await;
    let mut john = app.browser();
    let start = app.asks_for_payment("order-7");
    let first = john.go_to_review(&start, JOHN, "Account balance").await;
    let choose = john.follow(&start).await.to();
    let page = john.get(&choose).await.expect(StatusCode::OK);
    let second = john.post(&choose, &[("instrument", &page.choice("Account balance"))]).await.to();
    assert_ne!(first, second);
    let status = async |location: String| app.returned(&location).await.get("status").unwrap().to_owned();
    assert_eq!(status(john.confirm(&first).await.to()).await, "SA");
    let ended = john.post(&second, &[]).await.to();
    assert_eq!(status(ended.clone()).await, "NP");
    for step in ["", "/sign-in", "/instrument", "/confirm"] {
        let back = john.get(&second.replace("/confirm", step)).await.to();
        let back = if back.starts_with("http") { back } else { john.get(&back).await.to() };
        assert_eq!(back, ended, "a second click leads back like the first one: {step}");
    }
    assert_eq!(john.post(&second, &[]).await.to(), ended);
    app.browser().get(&second).await.expect(StatusCode::GONE);
}

#[tokio::test]
async fn only_what_was_reviewed_is_confirmed() {
    for app in App::on_each_database().await {
        let mut john = app.browser();
        let review = john.go_to_review(&app.asks_for_payment("order-7"), JOHN, "Account balance").await;
        let first_tab = john.get(&review).await.expect(StatusCode::OK);
        let choose = review.replace("confirm", "instrument");
        let card = john.get(&choose).await.choice("Visa ending in 1111");
        john.post(&choose, &[("instrument", &card)]).await.to();
        let page = john.submit(&first_tab, &review).await.expect(StatusCode::CONFLICT);
        assert!(page.body.contains("changed elsewhere") && page.body.contains("Visa ending in 1111"));
        assert!(page.body.contains("Nothing is confirmed yet."), "{}", page.body);
        let other_account = [("account", "NOBODY")];
        john.post(&review, &other_account).await.expect(StatusCode::CONFLICT);
        let answer = app.returned(&john.submit(&page, &review).await.to()).await;
        assert_eq!(answer.get("status"), Some("SC"), "what was looked at once more");
        let mut program = app.browser();
        let review = program.go_to_review(&app.asks_for_payment("order-8"), JOHN, "Account balance").await;
        let answer = app.returned(&program.post(&review, &[]).await.to()).await;
        assert_eq!(answer.get("status"), Some("SA"), "a program that names nothing agrees to what is chosen");
    }
}

#[tokio::test]
async fn a_choice_that_changes_under_the_confirmation_is_not_confirmed() {
    for app in App::on_each_database().await {
        let mut john = app.browser();
        let review = john.go_to_review(&app.asks_for_payment("order-7"), JOHN, "Account balance").await;
        let id = review.split('/').nth(2).unwrap();
        let account = crate::domain::accounts::find_by_email(&app.payments.db, JOHN).await.unwrap().unwrap();
        let authorizations = app.payments.authorizations();
        let request = authorizations.resume(&id.parse().unwrap(), Some(&account)).await.unwrap();
        let entered = authorizations.enter(request, &account).await.unwrap();
        let option = entered.chosen_option().unwrap().clone();
        let choose = review.replace("confirm", "instrument");
        let card = john.get(&choose).await.choice("Visa ending in 1111");
        john.post(&choose, &[("instrument", &card)]).await.to();
        let selection = Selection { instrument: Some(option.instrument), address: None };
        let confirmed = authorizations.confirm(entered, selection).await.unwrap();
        assert_eq!(confirmed, None);
        let (key, reference) = (first_caller(), "order-7".parse().unwrap());
        assert!(
            tokens::store::find_by_reference(&app.payments.db, &key, &reference).await.unwrap().is_none()
        );
        john.get(&review).await.expect(StatusCode::OK);
    }
}

#[tokio::test]
async fn who_is_signed_in_and_cannot_pay_is_asked_for_another_account() {
    let app = App::new().await;
    let mut browser = app.browser();
    browser.post("/account/sign-in", &[("email", MERCHANT), ("password", "amazonpayments")]).await.to();
    let sign_in = browser.follow(&app.asks_for_payment("order-7")).await.to();
    let page = browser.get(&sign_in).await.expect(StatusCode::OK).body;
    assert!(page.contains(MERCHANT) && page.contains("Sign in with another one"), "{page}");
    let choose = browser.post(&sign_in, &[("email", JOHN), ("password", "amazonpayments")]).await.to();
    assert!(choose.ends_with("/instrument"), "{choose}");
}

/// Who lures a person that is signed in to an address gets nothing: it stays for whoever signs in or sends a form.
#[tokio::test]
async fn opening_an_address_takes_hold_of_nothing() {
    for app in App::on_each_database().await {
        let start = app.asks_for_payment("order-7");
        let sign_in = app.browser().follow(&start).await.to();
        let mut jane = app.browser();
        jane.post("/account/sign-in", &[("email", JANE), ("password", "amazonpayments")]).await.to();
        let mut merchant = app.browser();
        merchant.post("/account/sign-in", &[("email", MERCHANT), ("password", "amazonpayments")]).await.to();
        for step in ["", "/sign-in", "/create-account", "/instrument", "/add-card", "/address", "/confirm"] {
            let address = sign_in.replace("/sign-in", step);
            let seen = jane.get(&address).await;
            assert!(seen.status == StatusCode::OK || seen.location.is_some(), "{step}: {}", seen.body);
            merchant.get(&address).await;
        }
        let mut john = app.browser();
        let fields = [("email", JOHN), ("password", "amazonpayments")];
        let choose = john.post(&sign_in, &fields).await.to();
        assert!(choose.ends_with("/instrument"), "still free: {choose}");
        jane.get(&choose).await.expect(StatusCode::FORBIDDEN);

        // A form that is sent does take hold, for who was signed in before as for who signs in there.
        let choose = jane.follow(&app.asks_for_payment("order-8")).await.to();
        let page = jane.get(&choose).await.expect(StatusCode::OK);
        jane.post(&choose, &[("instrument", &page.choice("Mastercard"))]).await.to();
        john.get(&choose).await.expect(StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn version_1_signatures_are_taken_from_callers_that_switched_them_on() {
    let app = App::new().await;
    let start = |key: &str, secret: &str| {
        let query = format!(
            "callerKey={key}&callerReference=old&pipelineName=SingleUse\
             &returnURL=http%3A%2F%2Flocalhost%3A3000%2Fpayments%2Freturn&transactionAmount=1.00&version=2009-01-09"
        );
        let parameters = fps_protocol::Parameters::from_query(&query).unwrap();
        let signature =
            fps_protocol::signature::sign_v1(&fps_protocol::Secret::new(secret), &parameters, "awsSignature");
        let signature: String = form_urlencoded::byte_serialize(signature.as_bytes()).collect();
        format!("/cobranded-ui/actions/start?{query}&awsSignature={signature}")
    };
    let (first, second) = (
        start("DDCALLER000000000001", "digitaldownload-demo-secret"),
        start("DDCALLER000000000002", "second-demo-secret"),
    );
    assert!(app.browser().get(&second).await.to().ends_with("/sign-in"), "on for old programs");
    let refused = app.browser().get(&first).await.expect(StatusCode::FORBIDDEN);
    assert!(refused.location.is_none() && refused.body.contains("Signature version 1"), "{}", refused.body);

    let mut caller = app.browser();
    let fields = [("email", "caller@example.com"), ("password", "amazonpayments")];
    caller.post("/account/sign-in", &fields).await.to();
    let page = caller.get("/account/developer/settings").await.expect(StatusCode::OK).body;
    assert!(page.contains("name=\"signature_v1\""), "{page}");
    let settings = "/account/developer/DDCALLER000000000001/settings";
    let fields = [("display_name", "Shop"), ("marketplace", "on"), ("signature_v1", "on")];
    caller.post(settings, &fields).await.to();
    assert!(app.browser().get(&first).await.to().ends_with("/sign-in"), "switched on");
    caller.post(settings, &fields[..2]).await.to();
    app.browser().get(&first).await.expect(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_new_merchant_opens_an_account_and_registers() {
    let app = App::new().await;
    let terms = [("recipientPaysFee", "True"), ("maxFixedFee", "1.00"), ("maxVariableFee", "20")];
    let start = app.asks(Pipeline::Recipient, "seller-9", &terms);
    let mut nadia = app.browser();
    let create = nadia.follow(&start).await.to().replace("sign-in", "create-account");
    nadia.get(&create).await.expect(StatusCode::OK);
    let mut fields =
        [("name", "Nadia"), ("email", JOHN), ("password", "short"), ("business_name", "Brandt Prints")];
    let page = nadia.post(&create, &fields).await.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
    assert!(
        page.contains("at least 8 characters") && page.contains("Brandt Prints") && !page.contains("short\"")
    );
    fields[2].1 = "long enough now";
    // John's: the way is the same, and then leads to signing in.
    let review = nadia.post(&create, &fields).await.to();
    let sign_in = nadia.get(&review).await.to();
    assert!(nadia.get(&sign_in).await.body.contains("We have written to john@example.com."));
    fields[1].1 = "nadia@example.com";
    let review = nadia.post(&create, &fields).await.to();
    assert!(review.ends_with("/confirm"), "{review}");
    nadia.get(&review).await.expect(StatusCode::OK);
    let answer = app.returned(&nadia.confirm(&review).await.to()).await;
    assert_eq!(answer.get("status"), Some("SR"));
    let db = &app.payments.db;
    let recipient =
        tokens::find(db, &answer.get("tokenID").unwrap().parse().unwrap()).await.unwrap().unwrap();
    let refund =
        tokens::find(db, &answer.get("refundTokenID").unwrap().parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((recipient.role, refund.role), (TokenRole::Recipient, TokenRole::Refund));
    assert_eq!(recipient.max_fixed_fee, Some(Money::from_cents(100)));
    let account = crate::domain::accounts::find(db, &recipient.account_id).await.unwrap().unwrap();
    assert_eq!(account.public_name(), "Brandt Prints");
}

#[tokio::test]
async fn who_did_not_sign_is_not_followed() {
    let app = App::new().await;
    let genuine = app.asks_for_payment("order-7");
    let tampered =
        [("10.00", "1.00"), ("DDCALLER000000000001", "DDCALLER000000000002"), ("order-7", "order-8")];
    for (from, to) in tampered {
        let forged = genuine.as_str().replace(from, to).parse().unwrap();
        let answer = app.browser().follow(&forged).await.expect(StatusCode::FORBIDDEN);
        assert_eq!(answer.location, None, "{from} → {to}");
    }
    for query in
        ["", "callerKey=NOBODY&signature=x", "callerKey=DDCALLER000000000001", "a=%ff", "a=%zz", "a=%00"]
    {
        let answer = app.browser().get(&format!("/cobranded-ui/actions/start?{query}")).await;
        assert!(answer.status.is_client_error() && answer.location.is_none(), "{query}: {}", answer.status);
    }
}

#[tokio::test]
async fn nobody_is_sent_to_a_site_that_is_not_registered() {
    let app = App::new().await;
    for foreign in
        ["http://evil.example/return", "http://localhost:3001/", "https://localhost:3000/payments/return"]
    {
        let start =
            app.asks_to_return(foreign, Pipeline::SingleUse, "order-7", &[("transactionAmount", "1.00")]);
        let answer = app.browser().follow(&start).await.expect(StatusCode::FORBIDDEN);
        assert_eq!(answer.location, None, "{foreign}");
    }
}

/// What is asked, and the field that is named as wrong.
type Case<'a> = (Pipeline, &'a [(&'a str, &'a str)], &'a str);

#[tokio::test]
async fn wrong_parameters_go_back_to_the_caller() {
    let app = App::new().await;
    let cases: [Case; 6] = [
        (Pipeline::SingleUse, &[], "[transactionAmount]"),
        (Pipeline::SingleUse, &[("transactionAmount", "a lot")], "[transactionAmount]"),
        (
            Pipeline::SingleUse,
            &[("transactionAmount", "1.00"), ("recipientToken", "NONE")],
            "[recipientToken]",
        ),
        (
            Pipeline::Recipient,
            &[("recipientPaysFee", "True"), ("validityExpiry", "1000")],
            "[validityExpiry]",
        ),
        (Pipeline::MultiUse, &[("transactionAmount", "9.00")], "[globalAmountLimit]"),
        (
            Pipeline::MultiUse,
            &[("globalAmountLimit", "9.00"), ("recipientTokenList", "NONE")],
            "[recipientTokenList]",
        ),
    ];
    for (pipeline, parameters, named) in cases {
        let location = app.browser().follow(&app.asks(pipeline, "order-7", parameters)).await.to();
        let answer = app.returned(&location).await;
        assert_eq!(
            (answer.get("status"), answer.get("callerReference")),
            (Some("CE"), Some("order-7")),
            "{named}"
        );
        assert!(answer.get("errorMessage").unwrap().contains(named), "{answer:?}");
    }
}

#[tokio::test]
async fn giving_up_leads_back_and_ends_it() {
    let app = App::new().await;
    let mut nobody = app.browser();
    let sign_in = nobody.follow(&app.asks_for_payment("order-7")).await.to();
    let cancel = sign_in.replace("sign-in", "cancel");
    let location = nobody.post(&cancel, &[]).await.to();
    assert_eq!(app.returned(&location).await.get("status"), Some("A"));
    assert_eq!(nobody.post(&cancel, &[]).await.to(), location, "the same again");
    let page = nobody.get(&sign_in).await.expect(StatusCode::GONE).body;
    assert!(page.contains("Go back to DigitalDownload") && page.contains("Nothing was charged"), "{page}");
    assert!(page.contains("href=\"http://localhost:3000/\""), "the way back: {page}");
    let again = app.browser().go_to_review(&app.asks_for_payment("order-7"), JOHN, "Account balance").await;
    assert!(again.ends_with("/confirm"), "the reference was not used up");
}

#[tokio::test]
async fn an_authorization_belongs_to_who_signed_in() {
    let app = App::new().await;
    let (mut john, mut jane) = (app.browser(), app.browser());
    let review = john.go_to_review(&app.asks_for_payment("order-7"), JOHN, "Account balance").await;
    let jane_signs_in = review.replace("confirm", "sign-in");
    let fields = [("email", JANE), ("password", "amazonpayments")];
    let mut refused = vec![jane.post(&jane_signs_in, &fields).await];
    for step in ["", "/instrument", "/add-card", "/sign-in", "/confirm"] {
        refused.push(jane.get(&review.replace("/confirm", step)).await);
    }
    for step in ["confirm", "instrument", "add-card"] {
        refused.push(jane.post(&review.replace("confirm", step), &[]).await);
    }
    for page in refused {
        let page = page.expect(StatusCode::FORBIDDEN).body;
        assert!(page.contains("Another account has begun this") && page.contains(JANE), "{page}");
        assert!(page.contains("/switch-account") && page.contains("/cancel"), "{page}");
        for of_john in ["John Doe", JOHN, "Account balance", "500.00"] {
            assert!(!page.contains(of_john), "{of_john}: {page}");
        }
    }
    john.post(&review.replace("confirm", "switch-account"), &[]).await.to();
    assert!(jane.get(&jane_signs_in).await.to().ends_with("/instrument"), "given back, it can be taken");
    assert_eq!(john.get(&review).await.to(), jane_signs_in, "he has signed out by that");
}

#[tokio::test]
async fn another_account_signs_out_and_its_owner_goes_on() {
    let app = App::new().await;
    let mut browser = app.browser();
    let review = browser.go_to_review(&app.asks_for_payment("order-7"), JOHN, "Account balance").await;
    let sign_in = review.replace("confirm", "sign-in");
    browser.post("/account/sign-out", &[]).await.to();
    browser.post(&sign_in, &[("email", JANE), ("password", "amazonpayments")]).await;
    let switch = review.replace("confirm", "switch-account");
    assert_eq!(browser.post(&switch, &[]).await.to(), sign_in);
    browser.get(&sign_in).await.expect(StatusCode::OK);
    browser.post(&sign_in, &[("email", JOHN), ("password", "amazonpayments")]).await.to();
    let answer = app.returned(&browser.confirm(&review).await.to()).await;
    assert_eq!(answer.get("status"), Some("SA"), "what John had chosen is still chosen");
}

#[tokio::test]
async fn who_is_signed_out_or_another_can_go_back_without_learning_anything() {
    let app = App::new().await;
    for (reference, another) in [("order-7", None), ("order-8", Some(JANE))] {
        let mut john = app.browser();
        let review = john.go_to_review(&app.asks_for_payment(reference), JOHN, "Account balance").await;
        let mut browser = app.browser();
        if let Some(email) = another {
            browser.post("/account/sign-in", &[("email", email), ("password", "amazonpayments")]).await.to();
        }
        let cancel = review.replace("confirm", "cancel");
        let location = browser.post(&cancel, &[]).await.to();
        let answer = app.returned(&location).await;
        assert_eq!((answer.get("status"), answer.get("callerReference")), (Some("A"), Some(reference)));
        assert_eq!(browser.post(&cancel, &[]).await.to(), location, "pressed twice");
        assert_eq!(john.get(&review).await.to(), location, "and its owner is led back, too");
    }
}

#[tokio::test]
async fn what_was_made_is_told_to_its_giver_only() {
    let app = App::new().await;
    let mut john = app.browser();
    let review = john.go_to_review(&app.asks_for_payment("order-7"), JOHN, "Account balance").await;
    let location = john.confirm(&review).await.to();
    let token = app.returned(&location).await.get("tokenID").unwrap().to_owned();
    let mut jane = app.browser();
    jane.post("/account/sign-in", &[("email", JANE), ("password", "amazonpayments")]).await.to();
    for browser in [&mut jane, &mut app.browser()] {
        let answer = browser.post(&review.replace("confirm", "cancel"), &[]).await.expect(StatusCode::GONE);
        assert!(answer.location.is_none() && !answer.body.contains(&token), "{answer:?}");
        assert!(answer.body.contains("Go back to DigitalDownload") && !answer.body.contains("Nothing was"));
    }
    jane.get(&review).await.expect(StatusCode::GONE);
}

#[tokio::test]
async fn nobody_is_sent_to_a_site_that_is_not_registered_any_more() {
    let app = App::new().await;
    let mut john = app.browser();
    let review = john.go_to_review(&app.asks_for_payment("order-7"), JOHN, "Account balance").await;
    let mut caller = app.browser();
    let fields = [("email", "caller@example.com"), ("password", "amazonpayments")];
    caller.post("/account/sign-in", &fields).await.to();
    let sites = "/account/developer/DDCALLER000000000001/sites";
    caller.post(&format!("{sites}/remove"), &[("site", "http://localhost:3000/")]).await.to();
    for step in ["confirm", "cancel"] {
        let answer = john.post(&review.replace("confirm", step), &[]).await.expect(StatusCode::FORBIDDEN);
        assert!(answer.location.is_none() && answer.body.contains("has not registered"), "{}", answer.body);
    }
    caller.post(sites, &[("site", "http://localhost:3000/")]).await.to();
    assert!(john.confirm(&review).await.to().starts_with(RETURN_URL));
}

#[tokio::test]
async fn an_authorization_ends_after_three_hours() {
    let app = App::new().await;
    let mut john = app.browser();
    let review = john.go_to_review(&app.asks_for_payment("order-7"), JOHN, "Account balance").await;
    app.clock.advance(SignedDuration::from_hours(3)).unwrap();
    john.get(&review).await.expect(StatusCode::GONE);
    john.post(&review, &[]).await.expect(StatusCode::GONE);
    let location = john.post(&review.replace("confirm", "cancel"), &[]).await.to();
    assert_eq!(app.returned(&location).await.get("status"), Some("A"));
}

#[tokio::test]
async fn what_cannot_be_paid_goes_back_to_the_caller() {
    let app = App::new().await;
    let location = app.browser().sign_in_at(&app.asks_for_payment("order-7"), MERCHANT).await;
    assert_eq!(app.returned(&location).await.get("status"), Some("NP"), "nobody pays themselves");
    let parameters = [("transactionAmount", "1.00"), ("paymentMethod", "ABT")];
    let start = app.asks(Pipeline::SingleUse, "order-8", &parameters);
    let location = app.browser().sign_in_at(&start, JANE).await;
    assert_eq!(app.returned(&location).await.get("status"), Some("PE"), "Jane has a card only");
}

#[tokio::test]
async fn only_what_can_pay_is_taken() {
    let app = App::new().await;
    let mut john = app.browser();
    let parameters = [("transactionAmount", "500.01"), ("paymentMethod", "ABT,CC")];
    let choose = john.sign_in_at(&app.asks(Pipeline::SingleUse, "order-7", &parameters), JOHN).await;
    let page = john.get(&choose).await.expect(StatusCode::OK);
    assert!(page.body.contains("The balance is less than $500.01"), "{}", page.body);
    assert!(!page.body.contains("Bank account ending in"), "the caller does not take it");
    let too_short = page.choice("Account balance");
    for instrument in ["", "NONE", too_short.as_str()] {
        let refused = john.post(&choose, &[("instrument", instrument)]).await;
        let page = refused.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
        assert!(instrument == too_short || page.contains("Choose how you want to pay."), "{page}");
    }
    let review = choose.replace("instrument", "confirm");
    assert_eq!(john.get(&review).await.to(), choose, "nothing is chosen yet");
    assert_eq!(john.post(&review, &[]).await.to(), choose);
    john.post(&choose, &[("instrument", &page.choice("Visa ending in 1111"))]).await.to();
    assert!(john.confirm(&review).await.to().starts_with(RETURN_URL));
}

#[tokio::test]
async fn a_posted_form_starts_it_too() {
    let app = App::new().await;
    let start = app.asks_for_payment("order-7");
    let fields: Vec<(String, String)> = start.query_pairs().into_owned().collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert!(app.browser().post(start.path(), &fields).await.to().ends_with("/sign-in"));
}

#[tokio::test]
async fn a_wrong_password_shows_the_form_again() {
    let app = App::new().await;
    let mut browser = app.browser();
    let sign_in = browser.follow(&app.asks_for_payment("order-7")).await.to();
    for email in [JOHN, "nobody@example.com"] {
        let answer = browser.post(&sign_in, &[("email", email), ("password", "wrong-guess")]).await;
        let page = answer.expect(StatusCode::UNPROCESSABLE_ENTITY).body;
        assert!(
            page.contains("is not right") && page.contains(email) && !page.contains("wrong-guess"),
            "{page}"
        );
    }
    browser.get("/cobranded-ui/NONE/sign-in").await.expect(StatusCode::NOT_FOUND);
}
