//! Every kind has its words, and what is kept of it comes back as it was.

use super::about::Kind;
use super::words::{self, OrderFacts};
use super::{About, News, reminders, store};
use crate::MIGRATIONS;
use crate::catalogue::Delivery;
use crate::databases::each;
use crate::ids::LinkId;
use crate::merchants::RefundRule;
use crate::merchants::ShippingSpeed;
use crate::orders::refund_requests::{Origin, RefundRequest};
use crate::orders::refund_terms::RefundPolicy;
use crate::orders::state::State;
use crate::orders::{Order, Shipping};
use jiff::Timestamp;
use money::{Money, Percent};
use platform::db::Backend;
use shop_pages::model::{Letter, Part};
use shop_pages::pages::{letter_document, letter_text};
use sqlx::AssertSqlSafe;
use std::collections::BTreeSet;

const SITE: &str = "https://shop.example";
/// What would be markup if it were not escaped.
const TITLE: &str = "<b>Ünder</b> & \"Song\"";

fn at() -> Timestamp {
    "2030-06-03T09:00:00Z".parse().unwrap()
}

fn link() -> LinkId {
    "x".repeat(43).parse().unwrap()
}

fn why() -> String {
    "The card was <refused>.".to_owned()
}

/// One of each that is about no order.
fn of_accounts() -> Vec<About> {
    vec![
        About::Welcome,
        About::ConfirmSignUp(link()),
        About::SignUpAttempt,
        About::PasswordReset(link()),
        About::NoAccount,
        About::PasswordChanged,
        About::EmailChange(link()),
        About::EmailChangeAsked { to: "new@example.com".to_owned() },
        About::EmailChanged { to: "new@example.com".to_owned() },
        About::AddressTaken,
        About::SecondFactorOn,
        About::SecondFactorOff,
        About::RecoveryCodeUsed,
        About::RecoveryCodesMade,
        About::WrongCodes,
        About::AccountDeleted,
        About::RegistrationCancelled,
    ]
}

/// One of each that is about an order.
fn of_orders() -> Vec<News> {
    let amount = Money::from_cents(40);
    vec![
        News::Paid,
        News::Reserved,
        News::Fulfilled,
        News::Charged,
        News::NotCharged { why: why() },
        News::PaymentFailed { why: why() },
        News::Cancelled,
        News::Refunded(amount),
        News::PartlyRefunded(amount),
        News::RefundFailed { why: why() },
        News::RefundDeclined,
        News::Sold,
        News::ToFulfil { by: at() },
        News::FulfilBy { by: at() },
        News::ToSend,
        News::NotToSend { why: why() },
        News::SaleCancelled,
        News::SaleRefunded(amount),
        News::RefundRequested("request 1".parse().unwrap()),
        News::MarketplaceAsked { words: "because".to_owned() },
        News::MarketplaceGranted { why: "because".to_owned() },
        News::MarketplaceDeclined { why: "because".to_owned() },
        News::Message,
        News::LinkAsked,
        News::Gift,
        News::Reviewed { words: why() },
        News::ReviewAnswered { words: why() },
    ]
}

fn order() -> Order {
    Order {
        id: "order-1".parse().unwrap(),
        buyer_id: "b".parse().unwrap(),
        buyer_name: "Jane <Doe>".to_owned(),
        guest_email: None,
        item_id: "i".parse().unwrap(),
        item_slug: "song".parse().unwrap(),
        merchant_id: "m".parse().unwrap(),
        merchant_user_id: "s".parse().unwrap(),
        merchant_name: "Seller & Co".to_owned(),
        title: TITLE.to_owned(),
        price: Money::from_cents(1200),
        shipping_price: Money::ZERO,
        discount: None,
        item_version: None,
        handling_days: None,
        took_stock: false,
        charged_less: None,
        fixed_fee: Money::ZERO,
        variable_fee: Percent::from_ten_thousandths(0),
        recipient_token: "R".parse().unwrap(),
        refund_token: None,
        delivery: Delivery::Manual,
        physical: true,
        shipping: Some(Shipping {
            name: "Jane".to_owned(),
            line1: "12 Elm Street".to_owned(),
            line2: String::new(),
            city: "Seattle".to_owned(),
            state: "WA".to_owned(),
            zip: "98101".to_owned(),
            country: "US".to_owned(),
            speed: ShippingSpeed::Express,
        }),
        refund_rule: RefundRule::default(),
        is_gift: false,
        basket: None,
        shared_authorization: None,
        caller_reference: "ref".parse().unwrap(),
        sender_token: None,
        payment_method: None,
        state: State::Reserved { transaction: "T".parse().unwrap() },
        refund_attempt: 0,
        refund_amount: None,
        refund_policy: RefundPolicy::Shared,
        refunded: Money::ZERO,
        shipped_at: None,
        tracking: None,
        seller_message: None,
        paid_at: None,
        settle_accepted: false,
        fees_taken: None,
        checks: 0,
        placed_at: at(),
    }
}

fn letter_about(news: &News) -> Letter {
    let asked = RefundRequest {
        id: "request 1".parse().unwrap(),
        amount: Money::from_cents(40),
        reason: "It <stops>.".to_owned(),
        requester: "Jane".to_owned(),
        origin: Origin::Shop,
    };
    words::of_order(news, OrderFacts { order: &order(), asked: Some(&asked), link: None }, SITE)
}

fn is_written(letter: &Letter) {
    assert!(!letter.subject.is_empty());
    let (text, html) = (letter_text(letter), letter_document(letter));
    assert!(matches!(letter.parts.first(), Some(Part::Paragraph(_))), "{letter:?}");
    assert!(text.contains(SITE) && html.contains(SITE), "where to go on: {text}");
    for raw in ["<b>", "<refused>", "<Doe>", "<stops>", "Seller & Co"] {
        assert!(!html.contains(raw), "{raw} in {html}");
    }
}

#[test]
fn mail_about_an_order_names_the_item_and_leads_to_the_order() {
    for news in of_orders() {
        let letter = letter_about(&news);
        is_written(&letter);
        assert!(letter.subject.contains(TITLE), "{}", letter.subject);
        let about = About::Order(order().id, news);
        assert_eq!(words::subject(&about, TITLE), letter.subject, "the same in the list");
        let (text, html) = (letter_text(&letter), letter_document(&letter));
        assert!(text.contains(TITLE) && text.contains("$12.00"), "{text}");
        assert!(text.contains("https://shop.example/orders/order-1\n"), "{text}");
        assert!(html.contains("&lt;b&gt;Ünder&lt;/b&gt; &amp; "), "{html}");
    }
}

#[test]
fn words_say_what_happened() {
    let text = |news| letter_text(&letter_about(&news)).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text(News::PartlyRefunded(Money::from_cents(40))).contains("$0.40 of what you paid"));
    assert!(text(News::FulfilBy { by: at() }).contains("held until 3 Jun 2030, 09:00 UTC"));
    assert!(text(News::PaymentFailed { why: why() }).contains("The card was <refused>."));
    let asked = text(News::RefundRequested("request 1".parse().unwrap()));
    assert!(asked.contains("asks for $0.40 back") && asked.contains("> It <stops>."), "{asked}");
    assert!(text(News::ToSend).contains("Send to: Jane, 12 Elm Street, Seattle WA 98101, US"));
    assert!(!text(News::Paid).contains("Elm Street"));
}

#[test]
fn mail_about_an_account_leads_on_while_its_link_is_good() {
    for about in of_accounts() {
        for link in [Some("TOKEN"), None] {
            let letter = words::of_account(&about, SITE, link);
            is_written(&letter);
            assert_eq!(words::subject(&about, ""), letter.subject);
            let has_link =
                matches!(about, About::ConfirmSignUp(_) | About::PasswordReset(_) | About::EmailChange(_));
            let carries = has_link && link.is_some();
            assert_eq!(letter_text(&letter).contains("?token=TOKEN"), carries, "{about:?}");
            assert_eq!(letter_document(&letter).contains("?token=TOKEN"), carries, "{about:?}");
        }
    }
}

#[test]
fn what_is_kept_of_a_mail_comes_back() {
    let news = of_orders().into_iter().map(|news| About::Order("order-1".parse().unwrap(), news));
    let all: Vec<About> = of_accounts().into_iter().chain(news).collect();
    let kinds: BTreeSet<Kind> = all.iter().map(About::kind).collect();
    assert_eq!(kinds.len(), Kind::ALL.len(), "every kind is here");
    assert_eq!(all.len(), Kind::ALL.len());
    for about in all {
        let (kind, reference, detail) = (about.kind(), about.reference().to_owned(), about.detail());
        assert_eq!(About::from_columns(kind, reference, detail, about.due_at()), Ok(about));
    }
}

#[test]
fn a_row_that_fits_no_mail_is_an_error() {
    let wrong = [
        (Kind::Paid, "", ""),
        (Kind::Paid, "not/an/order", ""),
        (Kind::Refunded, "order-1", ""),
        (Kind::Refunded, "order-1", "forty"),
        (Kind::FulfilBy, "order-1", "soon"),
        (Kind::RefundRequested, "order-1", ""),
        (Kind::PasswordReset, "short", ""),
    ];
    for (kind, reference, detail) in wrong {
        let read = About::from_columns(kind, reference.to_owned(), detail.to_owned(), None);
        assert!(read.is_err(), "{kind} {reference:?} {detail:?}");
    }
}

/// Nothing is gone through, and nothing is sorted, however much mail there is.
#[tokio::test]
async fn mail_is_found_by_indexes() {
    let databases = each(&MIGRATIONS).await;
    let sqlite = databases.iter().find(|test| test.db.backend() == Backend::Sqlite).unwrap();
    for query in store::STATEMENTS.iter().chain(&reminders::STATEMENTS) {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(explain).fetch_all(sqlite.db.readers()).await.unwrap();
        for (_, _, _, step) in &plan {
            let found = step.starts_with("SEARCH ") || step == "SCAN n" || step == "CO-ROUTINE n";
            assert!(found, "{query}: {step} in {plan:?}");
        }
    }
}
