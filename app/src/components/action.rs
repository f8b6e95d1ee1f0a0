//! Buttons that change something.

use leptos::prelude::*;

/// How much a button asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The one thing to do here.
    Primary,
    Quiet,
    /// Takes something away that does not come back by itself.
    Danger,
}

impl Weight {
    pub const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
        }
    }
}

/// A button that leads to a page, which says more before anything is changed.
pub fn way_button(path: String, label: &'static str, weight: Weight, id: String, effect: String) -> AnyView {
    view! {
        <form class="action" method="get" action=path>
            <button class=weight.class() type="submit" aria-describedby=id.clone()>{label}</button>
            <p class="effect" id=id>{effect}</p>
        </form>
    }
    .into_any()
}

/// A form of one button, with a sentence that says what pressing it does. `id` is the sentence's, and
/// must be unique on the page.
pub fn post_button(path: String, label: &'static str, weight: Weight, id: String, effect: String) -> AnyView {
    view! {
        <form class="action" method="post" action=path>
            <button class=weight.class() type="submit" aria-describedby=id.clone()>{label}</button>
            <p class="effect" id=id>{effect}</p>
        </form>
    }
    .into_any()
}
