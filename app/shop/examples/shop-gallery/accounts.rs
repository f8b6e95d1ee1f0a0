//! Signing in and up, and the account.

use super::goods::{at, guest, john};
use app::components::security::SessionEntry;
use app::form::FormState;
use shop_pages::model::{AccountPage, SignPage};
use shop_pages::pages;

fn account(form: FormState) -> AccountPage {
    let session = |browser: &str, hours, this_one| SessionEntry {
        handle: "h4ndle".to_owned(),
        browser: browser.to_owned(),
        address: "203.0.113.77".to_owned(),
        begun_at: at(hours + 20),
        used_at: at(hours),
        this_one,
    };
    AccountPage {
        name: "John Doe".to_owned(),
        email: "john@example.com".to_owned(),
        form,
        sessions: vec![session("Firefox on Linux", 0, true), session("Safari on an iPhone", 30, false)],
    }
}

pub fn sign_pages() -> Vec<(&'static str, String)> {
    let mut refused = FormState::default();
    refused.set("email", "john@example.com");
    refused.refuse("", "This e-mail and password do not belong together. Check both and try again.");
    let mut wrong_password = FormState::default();
    wrong_password.refuse("current_password", "This is not your password.");
    wrong_password.refuse("new_password", "Use at most 256 characters.");
    let page = |form, next: &str| SignPage { form, next: next.to_owned(), show_demo: true };
    vec![
        (
            "sign-in",
            pages::sign_in(&guest("/sign-in"), &page(FormState::default(), "/checkout/now-and-forever")),
        ),
        ("sign-in-refused", pages::sign_in(&guest("/sign-in"), &page(refused, ""))),
        ("account", pages::account(&john("/account"), &account(FormState::default()))),
        ("account-refused", pages::account(&john("/account"), &account(wrong_password))),
        ("sign-up", pages::sign_up(&guest("/sign-up"), &page(FormState::default(), "/sell"))),
    ]
}
