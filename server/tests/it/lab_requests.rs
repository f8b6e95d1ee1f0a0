//! The lab's pages of requests: what was sent, how it was signed; and a signature worked out from what somebody pastes.

use crate::on_both_databases;
use crate::support::{App, Browser};

on_both_databases!(
    a_request_has_a_page_with_its_signature,
    what_is_pasted_is_checked_with_the_sites_own_keys,
);

async fn a_request_has_a_page_with_its_signature(app: App) {
    let mut john = app.signed_in("john@example.com").await;
    app.buy(&mut john, "now-and-forever", "john@example.com", "Account balance").await;
    let pays = app.control("requests?action=Pay&limit=1", None).await;
    let id = pays[0]["request_id"].as_str().unwrap();
    let mut browser = Browser::new();
    let list = browser.get(app.payments("/lab/requests?action=Pay")).await.expect_status(200).text();
    assert!(list.contains(&format!("/lab/requests/{id}")), "{list}");
    let page = browser.get(app.payments(&format!("/lab/requests/{id}"))).await.expect_status(200).text();
    assert!(page.contains("This request to the API is signed as it should be."), "{page}");
    for part in ["TransactionAmount.Value", "&lt;PayResult&gt;", "/account/transactions/", "curl 'http"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("demo-secret"), "{page}");
    let none = browser.get(app.payments("/lab/requests?action=Nothing")).await.expect_status(200).text();
    assert!(none.contains("No request that is kept fits."), "{none}");
    browser.get(app.payments("/lab/requests/nothing")).await.expect_status(404);
    app.stop().await;
}

async fn what_is_pasted_is_checked_with_the_sites_own_keys(app: App) {
    let mut browser = Browser::new();
    let pay = "Action=GetAccountBalance&AWSAccessKeyId=DDCALLER000000000001&SignatureVersion=2\
               &SignatureMethod=HmacSHA256&Timestamp=2010-08-28T00%3A00%3A00Z&Version=2010-08-28";
    let address = app.payments("/lab/signature");
    browser.get(&address).await.expect_status(200);
    let asked = format!("{}?{pay}&Signature=eA%3D%3D", app.payments("/"));
    let page = browser.post(&address, &[("request", &asked)]).await.expect_status(200).text();
    assert!(page.contains("was signed with another secret, or a value was changed after signing"), "{page}");
    let unsigned = browser.post(&address, &[("request", pay)]).await.expect_status(200).text();
    assert!(unsigned.contains("has no signature"), "{unsigned}");
    let own = [("request", asked.as_str()), ("secret", "hush-hush")];
    let page = browser.post(&address, &own).await.expect_status(200).text();
    assert!(page.contains("Does not match.") && !page.contains("hush"), "{page}");
    let wrong = browser.post(&address, &[("request", "hello")]).await.expect_status(422).text();
    assert!(wrong.contains("That is no request"), "{wrong}");
    app.stop().await;
}
