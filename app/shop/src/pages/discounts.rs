//! What a coupon takes off, and who bears it, wherever a price stands.

use crate::model::{Bearer, DiscountView};
use app::components::amount::amount;
use app::components::field::{TextField, text_field};
use app::form::FormState;
use leptos::prelude::*;
use money::Money;

/// "Coupon SPRING".
pub(super) fn term(discount: &DiscountView) -> String {
    format!("Coupon {}", discount.code)
}

/// A price less something.
pub(super) fn minus(off: Money) -> Money {
    Money::ZERO.sub(off).unwrap_or(off)
}

/// Who bears it, in a sentence.
pub(super) fn who_bears_it(bearer: Bearer, seller: &str) -> String {
    match bearer {
        Bearer::Seller => format!("{seller} bears the discount: what is divided is the lower price."),
        Bearer::Market => {
            format!("DigitalDownload bears the discount, out of its own share: {seller} gets no less for it.")
        }
    }
}

/// The price before, and what the coupon takes off it, as lines of a sum.
pub(super) fn lines(price: Money, discount: Option<&DiscountView>) -> AnyView {
    let discount = discount.map(|discount| {
        view! { <div><dt>{term(discount)}</dt><dd>{amount(minus(discount.amount))}</dd></div> }
    });
    view! { <div><dt>"Price"</dt><dd>{amount(price)}</dd></div> {discount} }.into_any()
}

/// Who bears it, below a sum.
pub(super) fn note(discount: Option<&DiscountView>, seller: &str) -> Option<AnyView> {
    let words = who_bears_it(discount?.bearer, seller);
    Some(view! { <p class="muted">{words}</p> }.into_any())
}

/// Where a code is typed. The button only shows the page anew.
pub(super) fn coupon_field(form: &FormState) -> AnyView {
    let field = TextField { optional: true, width: Some("medium"), ..TextField::new("coupon", "Coupon") };
    view! {
        <div class="group coupon">
            {text_field(form, field)}
            <button class="button button-quiet" type="submit" name="update" value="coupon">"Apply"</button>
        </div>
    }
    .into_any()
}
