use super::support::test_shop;
use http::StatusCode;

const ADDRESS: [(&str, &str); 7] = [
    ("ship_name", "Jane Doe"),
    ("ship_line1", "12 Elm Street"),
    ("ship_city", "Portland"),
    ("ship_state", "OR"),
    ("ship_zip", "97201"),
    ("ship_speed", "express"),
    ("payment_method", "amazon-payments"),
];

fn asked(url: &str, name: &str) -> String {
    let (_, query) = url.split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name).unwrap().1.into_owned()
}

#[tokio::test]
async fn the_price_and_the_recipient_are_those_of_the_item() {
    let test = test_shop().await;
    let mut john = test.signed_in("john@example.com").await;
    assert!(john.get("/checkout/now-and-forever").await.text().contains("Download Now"));
    let fields = [("payment_method", "amazon-payments"), ("price", "0.01"), ("recipient_token_id", "X")];
    let page = john.post("/checkout/now-and-forever", &fields).await;
    let url = page.leads_to();
    assert!(url.starts_with("http://127.0.0.1:3001/cobranded-ui/actions/start?"), "{url}");
    assert_eq!(asked(url, "transactionAmount"), "0.99");
    assert_eq!(asked(url, "recipientToken"), format!("{:R<64}", "DEMORECIPIENTTOKEN00"));
    assert!(john.get("/orders").await.text().contains("Now and Forever"));
}

#[tokio::test]
async fn a_physical_item_asks_where_it_goes() {
    let test = test_shop().await;
    let mut jane = test.signed_in("jane@example.com").await;
    let page = jane
        .post("/checkout/gannet-linocut", &[("payment_method", "amazon-payments"), ("ship_city", "Porto")])
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("Enter street and number") && page.text().contains("Porto"));
    assert!(!jane.get("/orders").await.text().contains("Gannet"), "nothing was placed");
    let page = jane.post("/checkout/gannet-linocut", &ADDRESS).await;
    let url = page.leads_to();
    assert_eq!(asked(url, "transactionAmount"), "54.00");
    assert_eq!((asked(url, "itemTotal").as_str(), asked(url, "shipping").as_str()), ("42.00", "12.00"));
    // The address is remembered, and another one beside it.
    let again = jane.get("/checkout/gannet-linocut").await.text();
    assert!(again.contains("12 Elm Street") && again.contains("97201"), "{again}");
    assert!(!again.contains("another of your addresses"), "there is only one");
    let other = [&ADDRESS[..1], &[("ship_line1", "9 Quay")], &ADDRESS[2..]].concat();
    jane.post("/checkout/gannet-linocut", &other).await.leads_to();
    let page = jane.get("/checkout/gannet-linocut?address=2").await.text();
    assert!(page.contains("another of your addresses"), "{page}");
    assert!(page.contains("value=\"12 Elm Street\"") || page.contains("value=\"9 Quay\""), "{page}");
    let nobodys =
        test.signed_in("john@example.com").await.get("/checkout/gannet-linocut?address=2").await.text();
    assert!(!nobodys.contains("12 Elm Street") && nobodys.contains("John Doe"), "{nobodys}");
}

#[tokio::test]
async fn what_cannot_be_bought_is_refused() {
    let test = test_shop().await;
    let mut merchant = test.signed_in("merchant@example.com").await;
    assert_eq!(merchant.get("/checkout/now-and-forever").await.leads_to(), "/items/now-and-forever");
    let paying = [("payment_method", "amazon-payments")];
    assert_eq!(merchant.post("/checkout/now-and-forever", &paying).await.status, StatusCode::CONFLICT);
    assert_eq!(merchant.post("/checkout/nothing", &paying).await.status, StatusCode::NOT_FOUND);
    let by_cheque = merchant.post("/checkout/glasshouse", &[("payment_method", "cheque")]).await;
    assert_eq!(by_cheque.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_order_is_nobody_elses_business() {
    let test = test_shop().await;
    let mut john = test.signed_in("john@example.com").await;
    john.post("/checkout/now-and-forever", &[("payment_method", "amazon-payments")]).await;
    let list = john.get("/orders").await.text();
    let id = list.split("/orders/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(john.get(&format!("/orders/{id}")).await.status, StatusCode::OK);
    let thanks = john.get(&format!("/orders/{id}/thank-you")).await;
    assert_eq!(thanks.leads_to(), format!("/orders/{id}"), "nothing is paid yet");
    let mut jane = test.signed_in("jane@example.com").await;
    assert_eq!(jane.get(&format!("/orders/{id}")).await.status, StatusCode::NOT_FOUND);
    for step in ["cancel", "refund", "fulfil", "restart"] {
        let refused = jane.post(&format!("/orders/{id}/{step}"), &[]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{step}");
    }
    assert_eq!(jane.get(&format!("/orders/{id}/download")).await.status, StatusCode::NOT_FOUND);
    let mut merchant = test.signed_in("merchant@example.com").await;
    assert_eq!(merchant.get(&format!("/orders/{id}")).await.status, StatusCode::OK, "the seller sees it");
    let early = john.post(&format!("/orders/{id}/refund"), &[]).await;
    assert_eq!(early.leads_to(), format!("/orders/{id}"));
    assert!(john.get(&format!("/orders/{id}")).await.text().contains("not possible any more"));
    assert!(!john.get(&format!("/orders/{id}")).await.text().contains("not possible any more"), "told once");
    assert_eq!(john.get("/orders/%00").await.status, StatusCode::BAD_REQUEST);
    for impossible in ["/orders/a_b", "/orders/%C3%BC/download", "/items/Now"] {
        assert_eq!(john.get(impossible).await.status, StatusCode::NOT_FOUND, "{impossible}");
    }
}

#[tokio::test]
async fn a_return_that_nobody_signed_is_refused() {
    let test = test_shop().await;
    for query in ["", "?status=SA&tokenID=X&callerReference=Y", "?%ff=%ff"] {
        let page = test.stranger().get(&format!("/payments/return{query}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn what_is_no_signed_notification_is_refused() {
    let test = test_shop().await;
    let form = "application/x-www-form-urlencoded";
    let mut anyone = test.stranger();
    for (content_type, body) in [("text/plain", &b"a=b"[..]), (form, b"a=b"), (form, b"%zz"), (form, b"")] {
        let page = anyone.post_body("/payments/ipn", content_type, body.to_vec()).await;
        assert!(page.status.is_client_error(), "{content_type} {body:?}: {}", page.status);
    }
}
