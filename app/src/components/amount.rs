//! Money as pages show it.

use leptos::prelude::*;
use money::Money;

/// An amount, with digits that align in columns.
pub fn amount(money: Money) -> AnyView {
    view! { <span class="amount">{money.to_string()}</span> }.into_any()
}
