//! What is held, since when and why, and the form that holds or releases it.

use crate::model::HoldView;
use app::components::action::Weight;
use app::components::field::text_area;
use app::components::time;
use app::form::FormState;
use leptos::prelude::*;

/// The words around one thing that can be held.
#[derive(Debug, Clone)]
pub(super) struct Words {
    /// The heading's id.
    pub id: &'static str,
    /// The reason's field.
    pub field: &'static str,
    pub heading: &'static str,
    /// "Closed", "Held".
    pub held: &'static str,
    /// Where it is held and released, with the buttons' words, and what each does.
    pub hold: (String, &'static str, String),
    pub release: (String, &'static str, String),
    /// Who reads the reason of a hold.
    pub read_by: &'static str,
}

pub(super) fn hold(form: &FormState, held: Option<&HoldView>, words: Words) -> AnyView {
    let Words { id, field, heading, held: held_word, hold, release, read_by } = words;
    let state = held.map(|held| {
        view! {
            <p><strong>{held_word}</strong> " since " {time::date_time(held.at)} "."</p>
            <blockquote class="quoted">{held.reason.clone()}</blockquote>
        }
    });
    let (weight, deed, read_by) = if held.is_some() {
        (Weight::Primary, release, "Kept in the audit log.")
    } else {
        (Weight::Danger, hold, read_by)
    };
    view! {
        <section class="panel" aria-labelledby=id>
            <h2 id=id>{heading}</h2>
            {state}
            {with_reason(form, field, read_by, weight, deed)}
        </section>
    }
    .into_any()
}

/// A button with a reason, and what it does: where it posts to, its words, its effect. `read_by` says who reads the reason.
pub(super) fn with_reason(
    form: &FormState,
    field: &'static str,
    read_by: &'static str,
    weight: Weight,
    (path, label, effect): (String, &'static str, String),
) -> AnyView {
    let effect_id = format!("{field}-effect");
    view! {
        <form class="action" method="post" action=path novalidate>
            {text_area(form, field, "Reason", 2, Some(read_by))}
            <button class=weight.class() type="submit" aria-describedby=effect_id.clone()>{label}</button>
            <p class="effect" id=effect_id>{effect}</p>
        </form>
    }
    .into_any()
}
