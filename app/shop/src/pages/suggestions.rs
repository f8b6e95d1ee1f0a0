//! Suggestions below the search field: the options of its list.

use crate::model::Suggestion;
use leptos::prelude::*;

pub fn suggestions(all: &[Suggestion]) -> String {
    app::render::fragment(|| {
        let options: Vec<_> = all
            .iter()
            .enumerate()
            .map(|(number, Suggestion { title, detail, href })| {
                view! {
                    <li role="option" id=format!("suggestion-{number}") data-href=href.clone()>
                        {title.clone()} " " <span>{detail.clone()}</span>
                    </li>
                }
            })
            .collect();
        options.into_any()
    })
}
