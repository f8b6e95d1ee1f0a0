//! A seller's page, and what sellers say of themselves.

use super::goods::{guest, martha, rates, some_cards};
use app::form::FormState;
use shop_pages::model::{Availability, NotReady, NotReadyPage, Paging, ProfilePage, RefundRule, SellerPage};
use shop_pages::pages;

fn seller_page() -> SellerPage {
    SellerPage {
        name: "Right Here Records".to_owned(),
        path: "/sellers/right-here-records".to_owned(),
        picture: None,
        about: "Small runs, recorded in one room.\n\nEverything is made by hand and sent by post.".to_owned(),
        links: vec!["https://righthere.example/".to_owned()],
        refund_rule: RefundRule::AtOnce { days: 30, unless_downloaded: true },
        rates: rates(),
        availability: Availability::ForSale,
        rating: shop_pages::model::Rating([0, 0, 1, 4, 12]),
        items: some_cards(&[0, 1, 2, 3, 4, 34, 36]),
        paging: Paging::default(),
        own: false,
    }
}

pub fn profile_pages() -> Vec<(&'static str, String)> {
    let mut form = FormState::default();
    for (field, value) in [
        ("name", "Right Here Records"),
        ("refund", "at-once"),
        ("refund_days", "30"),
        ("rate_united_states_standard", "4.50"),
        ("rate_united_states_express", "12.00"),
    ] {
        form.set(field, value);
    }
    let profile = ProfilePage {
        name: "Right Here Records".to_owned(),
        path: Some("/sellers/right-here-records".to_owned()),
        picture: None,
        form: form.clone(),
        picture_form: FormState::default(),
        rates_unset: true,
    };
    form.refuse("name", "There is this name already, or one that looks like it. Choose another one.");
    form.refuse("rate_canada_standard", "Enter an amount like 4.50, or nothing where you do not send.");
    let refused = ProfilePage { form, ..profile.clone() };
    let away = Availability::OnVacation { words: "At the sea. Back on 3 March.".to_owned() };
    let away = SellerPage { availability: away, ..seller_page() };
    let account_url = "http://127.0.0.1:3001/account".to_owned();
    let not_ready = NotReadyPage { why: NotReady::NotVerified, account_url };
    vec![
        ("seller", pages::seller(&guest("/sellers/right-here-records"), &seller_page())),
        ("seller-away", pages::seller(&guest("/sellers/right-here-records"), &away)),
        ("sell-profile", pages::profile(&martha("/sell/profile"), &profile)),
        ("sell-profile-refused", pages::profile(&martha("/sell/profile"), &refused)),
        ("sell-not-ready", pages::not_ready(&martha("/sell/items/new"), &not_ready)),
    ]
}
