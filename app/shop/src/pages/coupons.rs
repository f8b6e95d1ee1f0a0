//! `/sell/coupons` and `/operator/coupons`: the coupons that there are, and a form for another.

use super::sections::{DESK, OPERATOR, sections};
use super::shell;
use crate::model::{Bearer, Chrome, CouponRow, CouponStanding, CouponsPage};
use app::components::amount::amount;
use app::components::field::{RadioOption, TextField, error_summary, radio_group, select_field, text_field};
use app::components::paging::pages;
use app::components::table::{Column, table};
use app::components::time;
use leptos::prelude::*;

/// What differs between sellers and the market.
struct Owner {
    path: &'static str,
    lead: &'static str,
    empty: &'static str,
    effect: &'static str,
}

const SELLER: Owner = Owner {
    path: "/sell/coupons",
    lead: "Whoever types a code at the checkout pays less, and you bear it: the price that is divided is the lower one.",
    empty: "You have no coupons yet.",
    effect: "It lowers the price before it is divided, never below the least that can be paid through Amazon Payments. Orders \
             keep what it took off, whatever becomes of it. It cannot be changed, but withdrawn.",
};

const MARKET: Owner = Owner {
    path: "/operator/coupons",
    lead: "Whoever types a code at the checkout pays less, for whatever there is to buy, and the marketplace bears it: its \
           own fee is lower by as much, and sellers get no less.",
    empty: "The market has no coupons yet.",
    effect: "It takes off as much as it says, and never more than the marketplace\u{2019}s fee of the sale. Orders keep what it \
             took off, whatever becomes of it. It cannot be changed, but withdrawn.",
};

pub fn coupons(chrome: &Chrome, page: &CouponsPage) -> String {
    let (owner, nav) = match page.owner {
        Bearer::Seller => (&SELLER, sections("Your shop", DESK, SELLER.path)),
        Bearer::Market => (&MARKET, sections("Operator", OPERATOR, MARKET.path)),
    };
    shell::page(chrome, shell::form_title("Coupons", &page.form), || {
        view! {
            <div class="desk">
                <h1>"Coupons"</h1>
                {nav}
                {error_summary(&page.form)}
                <p class="lead">{owner.lead}</p>
                {list(page, owner)}
                {pages(page.paging.clone(), owner.path, "", "")}
                {form(page, owner)}
            </div>
        }
        .into_any()
    })
}

fn list(page: &CouponsPage, owner: &Owner) -> AnyView {
    const COLUMNS: [Column; 8] = [
        Column::words("Code"),
        Column::words("Takes off"),
        Column::words("For"),
        Column::words("Good"),
        Column::numbers("Used"),
        Column::numbers("Took off"),
        Column::words("State"),
        Column::words("Change"),
    ];
    if page.coupons.is_empty() {
        return view! { <p class="muted">{owner.empty}</p> }.into_any();
    }
    let all = match page.owner {
        Bearer::Seller => "All you sell",
        Bearer::Market => "Everything",
    };
    let rows = page.coupons.iter().map(|coupon| row(coupon, all, owner.path)).collect();
    table("Coupons, the newest first", &COLUMNS, rows)
}

fn row(coupon: &CouponRow, all: &'static str, path: &'static str) -> Vec<AnyView> {
    let of = coupon.most_uses.map_or_else(String::new, |most| format!(" of {most}"));
    let each = coupon
        .most_each
        .map(|most| view! { <span class="muted">{format!(", {most} for each buyer")}</span> });
    vec![
        view! { <code class="reference">{coupon.code.clone()}</code> }.into_any(),
        coupon.value.clone().into_any(),
        coupon.item.clone().unwrap_or_else(|| all.to_owned()).into_any(),
        good(coupon),
        view! { <span>{format!("{}{of}", coupon.used)} {each}</span> }.into_any(),
        amount(coupon.off),
        standing(coupon.standing).into_any(),
        withdraw(coupon, path),
    ]
}

fn good(coupon: &CouponRow) -> AnyView {
    let from = time::date(coupon.begins_at);
    match coupon.ends_at {
        Some(end) => view! { <span>"from " {from} ", before " {time::date(end)}</span> }.into_any(),
        None => view! { <span>"from " {from}</span> }.into_any(),
    }
}

const fn standing(standing: CouponStanding) -> &'static str {
    match standing {
        CouponStanding::Good => "Good",
        CouponStanding::ToCome => "To come",
        CouponStanding::Over => "Over",
        CouponStanding::UsedUp => "Used up",
        CouponStanding::Withdrawn => "Withdrawn",
    }
}

fn withdraw(coupon: &CouponRow, path: &'static str) -> AnyView {
    if coupon.standing == CouponStanding::Withdrawn {
        return ().into_any();
    }
    let label = format!("Withdraw the coupon {}", coupon.code);
    view! {
        <form method="post" action=format!("{path}/{}/withdraw", coupon.id)>
            <button class="button-text" type="submit" aria-label=label>"Withdraw"</button>
        </form>
    }
    .into_any()
}

fn form(page: &CouponsPage, owner: &Owner) -> AnyView {
    let form = &page.form;
    let kinds = [
        RadioOption::new("percent", "Per cent of the price", "Without what sending it costs; from 1 to 99."),
        RadioOption::new("amount", "An amount", "In dollars, off each item that is bought."),
    ];
    let code = TextField {
        hint: Some("3 to 32 letters, digits and hyphens. Small letters and capitals are the same."),
        width: Some("medium"),
        ..TextField::new("code", "Code")
    };
    let off =
        TextField { input_mode: Some("decimal"), width: Some("short"), ..TextField::new("off", "How much") };
    let day = |name, label, hint| TextField {
        kind: "date",
        hint: Some(hint),
        optional: true,
        width: Some("medium"),
        ..TextField::new(name, label)
    };
    let count = |name, label, hint| TextField {
        hint: Some(hint),
        input_mode: Some("numeric"),
        optional: true,
        width: Some("short"),
        ..TextField::new(name, label)
    };
    let item = (page.owner == Bearer::Seller)
        .then(|| select_field(form, "item", "For one item alone", true, &page.items));
    view! {
        <section class="measure" aria-labelledby="new-coupon">
            <h2 id="new-coupon">"Make a coupon"</h2>
            <form method="post" action=owner.path novalidate>
                {text_field(form, code)}
                {radio_group(form, "kind", "What it takes off", Some("percent"), &kinds)}
                {text_field(form, off)}
                {item}
                <div class="row">
                    {text_field(form, day("from", "From", "From midnight UTC on; empty means at once."))}
                    {text_field(form, day("until", "Until", "With that day; empty means until it is withdrawn."))}
                </div>
                <div class="row">
                    {text_field(form, count("uses", "Uses in all", "Each item bought is one; empty means any number."))}
                    {text_field(form, count("each", "Uses of one buyer", "Empty means any number."))}
                </div>
                <button class="button" type="submit" aria-describedby="coupon-effect">"Make this coupon"</button>
                <p class="effect" id="coupon-effect">{owner.effect}</p>
            </form>
        </section>
    }
    .into_any()
}
