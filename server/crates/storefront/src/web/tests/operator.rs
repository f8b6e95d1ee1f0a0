//! The operator's pages: for nobody else, and what they do to what others see.

use super::support::{Browser, TestShop, test_shop, test_shop_with};
use crate::Smtp;
use crate::merchants;
use crate::users::store as users;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use platform::Tls;

const OPERATOR: &str = "operator@example.com";
const PAGES: [&str; 9] = [
    "/operator",
    "/operator/audit",
    "/operator/audit.csv",
    "/operator/users",
    "/operator/items",
    "/operator/orders",
    "/operator/fees",
    "/operator/disputes",
    "/operator/health",
];

async fn user_id(test: &TestShop, email: &str) -> String {
    users::by_email(&test.shop.db, email).await.unwrap().unwrap().user.id.to_string()
}

async fn seller_id(test: &TestShop, email: &str) -> String {
    let id = user_id(test, email).await.parse().unwrap();
    merchants::store::by_user(&test.shop.db, &id).await.unwrap().unwrap().id.to_string()
}

/// The first order that a page links to.
async fn newest_order(browser: &mut Browser) -> String {
    let list = browser.get("/orders").await.text();
    list.split("/orders/").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn for_everybody_else_there_are_no_such_pages() {
    let test = test_shop().await;
    let mut operator = test.signed_in(OPERATOR).await;
    let mut merchant = test.signed_in("merchant@example.com").await;
    let john = user_id(&test, "john@example.com").await;
    let more = [format!("/operator/users/{john}"), "/operator/items/now-and-forever".to_owned()];
    for path in PAGES.iter().map(|path| (*path).to_owned()).chain(more) {
        assert_eq!(operator.get(&path).await.status, StatusCode::OK, "{path}");
        assert_eq!(merchant.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert!(test.stranger().get(&path).await.leads_to().starts_with("/sign-in"), "{path}");
    }
    let seller = seller_id(&test, "merchant@example.com").await;
    for path in [
        format!("/operator/users/{john}/close"),
        format!("/operator/users/{john}/open"),
        format!("/operator/sellers/{seller}/hold"),
        format!("/operator/sellers/{seller}/release"),
        "/operator/items/now-and-forever/hold".to_owned(),
        "/operator/items/now-and-forever/release".to_owned(),
        "/operator/fees".to_owned(),
        "/operator/fees/general/withdraw".to_owned(),
        "/operator/disputes/some-order".to_owned(),
        "/operator/health/orders/some-order/mend".to_owned(),
        "/operator/health/mails/some-mail/send".to_owned(),
    ] {
        let fields = [("reason", "x"), ("shop_reason", "x")];
        assert_eq!(merchant.post(&path, &fields).await.status, StatusCode::NOT_FOUND, "{path}");
        assert!(test.stranger().post(&path, &fields).await.leads_to().starts_with("/sign-in"), "{path}");
    }
    let log = operator.get("/operator/audit.csv?deed=seller-held").await.text();
    assert_eq!(log.lines().count(), 1, "the headings alone: {log}");
}

#[tokio::test]
async fn a_held_item_says_so_and_its_seller_why() {
    let test = test_shop().await;
    let mut operator = test.signed_in(OPERATOR).await;
    let path = "/operator/items/now-and-forever";
    let item = "/items/now-and-forever";
    let stranger = &mut test.stranger();
    assert!(stranger.get(item).await.text().contains("Buy Now"));
    let form = operator.post(&format!("{path}/hold"), &[("reason", "")]).await;
    assert_eq!(form.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(form.text().contains("#field-reason"));
    assert!(stranger.get(item).await.text().contains("Buy Now"));
    operator.post(&format!("{path}/hold"), &[("reason", "It is <not> theirs.")]).await.leads_to();
    let page = stranger.get(item).await.text();
    assert!(page.contains("stopped the sale of this") && !page.contains("Buy Now"), "{page}");
    assert!(!page.contains("theirs."), "why is the seller's business");
    let mut john = test.signed_in("john@example.com").await;
    assert_eq!(john.get("/checkout/now-and-forever").await.leads_to(), item);
    let paying = [("payment_method", "amazon-payments")];
    assert_eq!(john.post("/checkout/now-and-forever", &paying).await.leads_to(), item);
    let seller = test.signed_in("merchant@example.com").await.get(item).await.text();
    assert!(seller.contains("It is &lt;not&gt; theirs."), "{seller}");
    assert!(operator.get("/operator/items?show=held").await.text().contains("Now and Forever"));
    assert!(operator.get("/operator/items?q=forever+now").await.text().contains("Held"));
    let log = operator.get("/operator/audit?subject=NOW+and+forever").await.text();
    assert!(log.contains("Held an item") && log.contains("It is &lt;not&gt; theirs."), "{log}");
    operator.post(&format!("{path}/release"), &[("reason", "Shown to be theirs.")]).await.leads_to();
    assert!(stranger.get(item).await.text().contains("Buy Now"));
    assert!(!operator.get("/operator/items?show=held").await.text().contains("Now and Forever"));
}

#[tokio::test]
async fn a_held_shop_sells_nothing_and_reads_why() {
    let test = test_shop().await;
    let mut operator = test.signed_in(OPERATOR).await;
    let seller = seller_id(&test, "merchant@example.com").await;
    let person = user_id(&test, "merchant@example.com").await;
    let missing = operator.post(&format!("/operator/sellers/{seller}/hold"), &[]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.text().contains("#field-shop_reason"));
    let held = operator
        .post(&format!("/operator/sellers/{seller}/hold"), &[("shop_reason", "Parcels are late.")])
        .await;
    assert_eq!(held.leads_to(), format!("/operator/users/{person}"));
    let page = test.stranger().get("/items/now-and-forever").await.text();
    assert!(page.contains("stopped the sales of") && !page.contains("Buy Now"));
    assert!(test.stranger().get("/items/gannet-linocut").await.text().contains("Buy Now"), "others sell on");
    let desk = test.signed_in("merchant@example.com").await.get("/sell").await.text();
    assert!(desk.contains("Your shop is held") && desk.contains("Parcels are late."));
    assert!(operator.get("/operator/users?show=held").await.text().contains("merchant@example.com"));
    operator
        .post(&format!("/operator/sellers/{seller}/release"), &[("shop_reason", "They arrived.")])
        .await
        .leads_to();
    assert!(test.stranger().get("/items/now-and-forever").await.text().contains("Buy Now"));
    assert_eq!(
        operator.get(&format!("/operator/sellers/{seller}")).await.leads_to(),
        format!("/operator/users/{person}")
    );
}

#[tokio::test]
async fn a_closed_account_is_signed_out_and_told_only_with_the_right_password() {
    let test = test_shop().await;
    let mut operator = test.signed_in(OPERATOR).await;
    let mut jane = test.signed_in("jane@example.com").await;
    let person = user_id(&test, "jane@example.com").await;
    let closed =
        operator.post(&format!("/operator/users/{person}/close"), &[("reason", "Asked for it.")]).await;
    assert_eq!(closed.leads_to(), format!("/operator/users/{person}"));
    assert!(jane.get("/orders").await.leads_to().starts_with("/sign-in"));
    let sign_in = async |password: &str| {
        let fields = [("email", "jane@example.com"), ("password", password)];
        test.stranger().post("/sign-in", &fields).await
    };
    let wrong = sign_in("not her password").await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && !wrong.text().contains("closed"));
    let right = sign_in("digitaldownload").await;
    assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(right.text().contains("closed this account"));
    assert!(operator.get("/operator/users?show=closed").await.text().contains("jane@example.com"));
    operator.post(&format!("/operator/users/{person}/open"), &[("reason", "Came back.")]).await.leads_to();
    assert_eq!(sign_in("digitaldownload").await.status, StatusCode::SEE_OTHER);
    let own = user_id(&test, OPERATOR).await;
    let refused = operator.post(&format!("/operator/users/{own}/close"), &[("reason", "x")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn people_and_orders_are_found_by_how_they_begin() {
    let test = test_shop().await;
    let mut john = test.signed_in("john@example.com").await;
    john.post("/checkout/now-and-forever", &[("payment_method", "amazon-payments")]).await.leads_to();
    let order = newest_order(&mut john).await;
    let mut operator = test.signed_in(OPERATOR).await;
    for found in ["john", "JOHN+D", "doe", "john%40example.com"] {
        let page = operator.get(&format!("/operator/users?q={found}")).await.text();
        assert!(page.contains("john@example.com"), "{found}");
        assert!(!page.contains("merchant@example.com"), "{found}");
    }
    for (query, finds) in [
        ("", true),
        ("status=AwaitingAuthorization", true),
        ("status=Paid", false),
        ("buyer=john", true),
        ("buyer=jane", false),
        ("buyer=nobody", false),
        ("q=forever", true),
        ("q=gannet", false),
        (&format!("q={order}"), true),
        ("seller=right+here&buyer=doe&status=AwaitingAuthorization&q=now", true),
        ("seller=nobody", false),
        ("older=x&newer=y&q=%25%27", false),
    ] {
        let page = operator.get(&format!("/operator/orders?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert_eq!(page.text().contains(&format!("/orders/{order}")), finds, "{query}");
    }
    let nonsense = operator.get("/operator/orders?status=Sold").await;
    assert_eq!(nonsense.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(operator.get(&format!("/orders/{order}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_log_is_filtered_and_saved_without_formulas() {
    let test = test_shop().await;
    let mut operator = test.signed_in(OPERATOR).await;
    for (slug, reason) in [("now-and-forever", "=1+1"), ("glasshouse", "Plain, \"quoted\"")] {
        operator.post(&format!("/operator/items/{slug}/hold"), &[("reason", reason)]).await.leads_to();
    }
    let file = operator.get("/operator/audit.csv?deed=item-held").await;
    assert_eq!(file.header(CONTENT_TYPE), "text/csv; charset=utf-8");
    let csv = file.text();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 3, "{csv}");
    assert!(lines[0].starts_with("at,who,who_id,deed,kind,subject"));
    assert!(lines[1].contains("item-held") && lines[1].contains(r#""Plain, ""quoted""""#), "{csv}");
    assert!(lines[2].ends_with("'=1+1"), "{csv}");
    for (query, finds) in [
        ("who=olga", true),
        ("who=olga%40", false),
        ("who=the+shop", false),
        ("deed=item-held", true),
        ("deed=user-closed", false),
        ("from=2030-06-03&to=2030-06-03", true),
        ("to=2030-06-02", false),
    ] {
        let page = operator.get(&format!("/operator/audit?{query}")).await.text();
        assert_eq!(page.contains("Glasshouse"), finds, "{query}");
    }
    for nonsense in ["deed=eaten", "from=soon", "from=2030-06-03&to=2030-06-02"] {
        let page = operator.get(&format!("/operator/audit?{nonsense}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{nonsense}");
        let file = operator.get(&format!("/operator/audit.csv?{nonsense}")).await;
        assert_eq!(file.status, StatusCode::BAD_REQUEST, "{nonsense}");
    }
}

#[tokio::test]
async fn a_fee_rule_is_made_shown_and_withdrawn() {
    let test = test_shop().await;
    let mut operator = test.signed_in(OPERATOR).await;
    let fields = |variable: &'static str, from: &'static str| {
        [("reach", "all"), ("fixed", "0.02"), ("variable", variable), ("from", from)]
    };
    let refused = operator.post("/operator/fees", &fields("50", "")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = refused.text();
    assert!(form.contains("agreed to less") && form.contains("value=\"50\""), "{form}");
    operator.post("/operator/fees", &fields("7", "2030-07-01")).await.leads_to();
    let page = operator.get("/operator/fees").await.text();
    assert!(page.contains("$0.02 and 7 % of the price") && page.contains("$7.02"), "{page}");
    let id = page.split("/operator/fees/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    operator.post(&format!("/operator/fees/{id}/withdraw"), &[]).await.leads_to();
    operator.post("/operator/fees", &fields("7", "")).await.leads_to();
    let page = operator.get("/operator/fees").await.text();
    assert!(!page.contains("/withdraw") && page.contains("$0.02 and 7 % of the price"));
    let mut merchant = test.signed_in("merchant@example.com").await;
    assert!(merchant.get("/sell/items/new").await.text().contains("$0.02 and 7 % of the price"));
    let mut john = test.signed_in("john@example.com").await;
    let url = john.post("/checkout/now-and-forever", &[("payment_method", "amazon-payments")]).await;
    assert!(url.leads_to().contains("cobranded-ui"));
    let order = newest_order(&mut john).await.parse().unwrap();
    let order = crate::orders::find(&test.shop.db, &order).await.unwrap();
    assert_eq!((order.fixed_fee.to_string(), order.variable_fee.to_string()), ("$0.02".into(), "7".into()));
}

#[tokio::test]
async fn the_jobs_are_seen_at_work() {
    let test = test_shop().await;
    let mut operator = test.signed_in(OPERATOR).await;
    let page = operator.get("/operator/health").await.text();
    assert!(page.contains("payment tracking") && page.contains("not yet"), "{page}");
    test.shop.run_due().await.unwrap();
    let page = operator.get("/operator/health").await.text();
    assert!(!page.contains("not yet") && page.contains("nothing to do"), "{page}");
    assert!(page.contains("No differences"));
    let mut stranger = test.stranger();
    stranger
        .post("/payments/ipn", &[("notificationType", "TransactionStatus"), ("signature", "forged")])
        .await;
    let page = operator.get("/operator/health").await.text();
    let (_, forged) = page.split_once("Not from Amazon").unwrap();
    assert!(forged.starts_with("</dt><dd>1</dd>"), "{}", &forged[..40]);
}

#[tokio::test]
async fn mail_that_could_not_be_sent_is_seen_and_sent_again() {
    let test = test_shop_with(|config| {
        let smtp = Smtp::new(&"smtp://127.0.0.1:1".into(), None, &config.public_url, &Tls::default());
        config.smtp = Some(smtp.unwrap());
    })
    .await;
    let mut operator = test.signed_in(OPERATOR).await;
    assert!(operator.get("/operator/health").await.text().contains("All mail was sent"));
    test.stranger().post("/password/forgot", &[("email", "john@example.com")]).await;
    let failed: Result<_, sqlx::Error> = test
        .shop
        .db
        .transact((), |c, ()| {
            Box::pin(async move {
                let sql = "UPDATE mails SET sending = 'failed', send_at = NULL, attempts = 8, failure = '<no> such person'";
                sqlx::query(sql).execute(c).await
            })
        })
        .await;
    assert_eq!(failed.unwrap().rows_affected(), 1);
    let page = operator.get("/operator/health").await.text();
    for words in ["john@example.com", "Choose a new password", "Given up", "&lt;no&gt; such person", ">8<"] {
        assert!(page.contains(words), "{words} in {page}");
    }
    let path = page.split("/operator/health/mails/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/operator/health/mails/{path}");
    assert_eq!(operator.post(&path, &[]).await.leads_to(), "/operator/health");
    let page = operator.get("/operator/health").await.text();
    assert!(page.contains("It is sent now.") && !page.contains(&path), "it is on its way: {page}");
    operator.post(&path, &[]).await.leads_to();
    assert!(operator.get("/operator/health").await.text().contains("There was nothing to send"));
    operator.post("/operator/health/mails/nothing/send", &[]).await.leads_to();
    let log = operator.get("/operator/audit.csv?deed=mail-sent-again").await.text();
    assert!(log.lines().count() == 2 && log.contains("mail,john@example.com,"), "{log}");
}
