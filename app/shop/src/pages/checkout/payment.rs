//! How it is paid: at Amazon Payments, or out of what was paid ahead there.

use crate::model::CreditOffer;
use app::components::field::{RadioOption, radio_group};
use app::form::FormState;
use leptos::prelude::*;
use money::Money;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

const FIELD: &str = "payment_method";
/// The values of the field.
pub const AMAZON_PAYMENTS: &str = "amazon-payments";
pub const CREDIT: &str = "credit";

pub(super) fn is_credit(form: &FormState) -> bool {
    form.value(FIELD) == CREDIT
}

/// Amazon Payments is chosen unless the viewer said otherwise; who has no account has no credit. `price` is without what
/// sending costs; `here` is the page's path, to come back to.
pub(super) fn payment(form: &FormState, price: Money, credit: Option<CreditOffer>, here: &str) -> AnyView {
    let mut methods = vec![RadioOption::new(
        AMAZON_PAYMENTS,
        "Amazon Payments",
        "You sign in at Amazon Payments and pick a card, a bank account or your balance there. We never see it.",
    )];
    methods.extend(credit.map(|credit| RadioOption::new(CREDIT, "Credit", credit_words(price, credit))));
    let next = utf8_percent_encode(here, NON_ALPHANUMERIC).to_string();
    let charge = credit.is_some_and(|credit| credit.largest < price).then(|| {
        view! { <p class="hint"><a href=format!("/credit?next={next}")>"Charge your credit"</a> ", and come back here."</p> }
    });
    view! {
        <div class="group">
            {radio_group(form, FIELD, "How you pay", Some(AMAZON_PAYMENTS), &methods)}
            {charge}
        </div>
    }
    .into_any()
}

fn credit_words(price: Money, credit: CreditOffer) -> String {
    let CreditOffer { total, largest } = credit;
    if total.is_zero() {
        return "Pay ahead once, then buy with one press and no visit to Amazon Payments. You have none yet."
            .to_owned();
    }
    let has = if total == largest {
        format!("You have {total}.")
    } else {
        format!("You have {total}, of which one payment can take {largest}.")
    };
    if largest < price {
        format!("{has} That is too little for this.")
    } else {
        format!(
            "{has} It is paid at once, without a visit to Amazon Payments, and Amazon takes no fee of it."
        )
    }
}
