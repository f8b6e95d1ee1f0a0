//! Signing in and up, and the account.

use super::goods::{at, guest, john};
use app::components::security::SessionEntry;
use app::form::FormState;
use money::Money;
use shop_pages::model::{
    AccountPage, DeleteAccountPage, InTheWay, PersonalDataPage, SecondFactorState, SignPage,
};
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
        second_factor: None,
        sessions: vec![session("Firefox on Linux", 0, true), session("Safari on an iPhone", 30, false)],
    }
}

fn leaving(in_the_way: Vec<InTheWay>) -> DeleteAccountPage {
    let form = FormState::default();
    DeleteAccountPage { in_the_way, unspent: Money::from_cents(420), sells: true, second_factor: true, form }
}

fn on_the_way() -> InTheWay {
    InTheWay {
        words: "2 of your orders are under way. Wait, or cancel what can be cancelled.".to_owned(),
        href: "/orders".to_owned(),
        link: "Your orders",
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
        (
            "account-profile",
            pages::account_profile(&john("/account/profile"), "john@example.com", &FormState::default()),
        ),
        (
            "account-data",
            pages::personal_data(
                &john("/account/data"),
                &PersonalDataPage { form: FormState::default(), second_factor: false },
            ),
        ),
        ("account-delete", pages::delete_account(&john("/account/delete"), &leaving(Vec::new()))),
        (
            "account-delete-not-yet",
            pages::delete_account(&john("/account/delete"), &leaving(vec![on_the_way()])),
        ),
        (
            "second-factor",
            pages::second_factor(
                &john("/account/second-factor"),
                &SecondFactorState::On { recovery_codes: 9 },
                &FormState::default(),
            ),
        ),
        ("sign-in-code", pages::sign_in_code(&guest("/sign-in/code"), &FormState::default())),
        ("sign-up", pages::sign_up(&guest("/sign-up"), &page(FormState::default(), "/sell"))),
    ]
}
