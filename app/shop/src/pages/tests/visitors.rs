//! Who is not signed in, and who has nothing yet.

use super::samples::{item_page, merchant, order_page, sell_page};
use super::*;

#[test]
fn signing_in_leads_back() {
    let there = Chrome { path: "/items/a?b=c&d".to_owned(), ..chrome() };
    let html = item(&there, &item_page("Song"));
    assert!(html.contains("href=\"/sign-in?next=%2Fitems%2Fa%3Fb%3Dc%26d\""));
    let on_the_page = Chrome { path: "/sign-in?next=%2Flibrary".to_owned(), ..chrome() };
    let sign = SignPage { next: "/library".to_owned(), ..SignPage::default() };
    let html = sign_in(&on_the_page, &sign);
    assert!(html.contains(r#"<input type="hidden" name="next" value="/library""#));
    assert!(html.contains("href=\"/sign-up?next=%2Flibrary\""), "the other form leads on to the same place");
    assert!(!html.contains("john@example.com"), "demo accounts only where they may be shown");
}

#[test]
fn nothing_there_says_what_to_do_first() {
    let none = OrderActions::default();
    assert!(orders(&chrome(), &[], &Paging::default()).contains("href=\"/\">Look around the shop"));
    assert!(library(&chrome(), &LibraryPage::default()).contains("href=\"/\">Find something to buy"));
    assert!(
        home(&chrome(), &HomePage { query: "x".to_owned(), ..HomePage::default() })
            .contains("Show everything")
    );
    let fresh =
        MerchantDesk { to_fulfil: WaitingOrders::default(), listings: Vec::new(), ..merchant("Shop") };
    assert!(sell(&chrome(), &sell_page(Some(fresh))).contains("Add your first item"));
    let unregistered = MerchantDesk { registered: false, ..merchant("Shop") };
    let html = sell(&chrome(), &sell_page(Some(unregistered)));
    assert!(html.contains("action=\"/sell/register\"") && !html.contains("/sell/items/new"));
    assert!(!order(&chrome(), &order_page("Song", OrderStatus::Paid, none)).contains("What you can do now"));
}
