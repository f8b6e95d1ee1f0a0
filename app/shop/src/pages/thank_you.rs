//! After Amazon Payments: the status in one sentence, the download or when to expect it, the receipt.

use super::cards::suggestions;
use super::facts::download_links;
use super::live::Live;
use super::order::{promise, receipt, refresh_hint};
use super::shell;
use super::split_bar;
use super::{gifts, guests};
use crate::model::{Chrome, OrderPage, OrderStatus};
use crate::status;
use leptos::prelude::*;

pub fn thank_you(chrome: &Chrome, page: &OrderPage) -> String {
    shell::page(chrome, "Thank You", || {
        let order_path = format!("/orders/{}", page.order.id);
        view! {
            <div class="narrow">
                <div class="live" data-live=live(page)>
                    <h1>"Thank You"</h1>
                    <p class="lead">{status::sentence(page)}</p>
                    {download_links(&page.downloads)}
                    {expectation(page)}
                    {promise(page)}
                    {refresh_hint(page)}
                </div>
                {page.gift.as_ref().map(|gift| gifts::note(gift, &page.order.id, &page.form, false))}
                {page.guest.as_ref().map(|guest| guests::note(guest, &page.order.id))}
                {page.divided.as_ref().map(|divided| split_bar::divided(divided, &page.order.seller))}
                {receipt(page)}
                <p class="ways">
                    <a class="button" href="/">"Keep shopping"</a>
                    <a class="button button-quiet" href=order_path>"Follow this order"</a>
                    {shell::money_way(chrome, &page.order.id)}
                </p>
            </div>
            {suggestions("You may like these too", &page.suggestions)}
        }
        .into_any()
    })
}

/// Where the script is told that the page shows no longer what is true.
pub(super) fn live(page: &OrderPage) -> Option<String> {
    Live::of_order(page).address(&format!("/orders/{}", page.order.id))
}

fn expectation(page: &OrderPage) -> Option<AnyView> {
    let seller = &page.order.seller;
    let words = match page.order.status {
        OrderStatus::Reserved if page.physical => {
            format!(
                "{seller} has been told and packs it next. Until then you can cancel on the order's page."
            )
        }
        OrderStatus::Reserved => format!(
            "{seller} has been told. Your download appears in your library when it is ready; until then you can \
             cancel on the order's page."
        ),
        OrderStatus::PaymentPending if page.instant => {
            "Your download appears here and in your library as soon as the payment is through.".to_owned()
        }
        _ => return None,
    };
    Some(view! { <p>{words}</p> }.into_any())
}
