//! What can be done by hand: how things stand, and a form for each deed. Made of the table of deeds, like the calls and the
//! commands.

use super::shell;
use crate::model::{Answer, Chrome, DeedAnswer, DeedField, DeedFieldKind, DeedForm, DeedsPage};
use leptos::prelude::*;

/// One of the pages of deeds.
pub fn deeds(chrome: &Chrome, data: &DeedsPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let few = data.forms.len() <= 2;
        let shown: Vec<_> = data
            .shown
            .iter()
            .map(|(heading, answer)| view! { <section><h2>{*heading}</h2>{answer_view(answer)}</section> })
            .collect();
        let forms: Vec<_> = data
            .forms
            .iter()
            .enumerate()
            .map(|(at, form)| deed_form(data.path, form, few || at == 0))
            .collect();
        let main = view! {
            {data.answer.as_ref().map(done)}
            {shown}
            {(!forms.is_empty()).then(|| view! { <h2>"By hand"</h2> })}
            {forms}
        };
        shell::page(&chrome, data.title, data.lead, main.into_any())
    })
}

fn done(answer: &DeedAnswer) -> AnyView {
    match &answer.outcome {
        Ok(outcome) => view! {
            <section class="lab-done" role="status">
                <h2>"Done: "{answer.summary}</h2>
                {answer_view(outcome)}
            </section>
        }
        .into_any(),
        Err(words) => {
            let words = words.clone();
            view! {
                <div class="error-summary" role="alert" tabindex="-1">
                    <p class="error-summary-title"><strong>"Not done: "{answer.summary}</strong></p>
                    <p>{words}</p>
                </div>
            }
            .into_any()
        }
    }
}

/// JSON as people read it.
pub(super) fn answer_view(answer: &Answer) -> AnyView {
    match answer {
        Answer::Text(text) => {
            let text = text.clone();
            view! { <pre>{text}</pre> }.into_any()
        }
        Answer::Facts(facts) => {
            let facts: Vec<_> = facts
                .iter()
                .cloned()
                .map(|(name, value)| view! { <div><dt>{name}</dt><dd class="mono">{value_view(value)}</dd></div> })
                .collect();
            view! { <dl class="lab-facts">{facts}</dl> }.into_any()
        }
        Answer::Table { rows, .. } if rows.is_empty() => {
            view! { <p class="lab-empty">"None."</p> }.into_any()
        }
        Answer::Table { headings, rows } => table(headings, rows),
    }
}

/// What names a page of the lab leads there.
fn value_view(value: String) -> AnyView {
    if value.starts_with("/lab/") {
        return view! { <a href=value.clone()>{value.clone()}</a> }.into_any();
    }
    value.into_any()
}

/// Like `app::components::table`, with headings that are known only when the page is made.
fn table(headings: &[String], rows: &[Vec<String>]) -> AnyView {
    let head: Vec<_> = headings
        .iter()
        .cloned()
        .map(|heading| view! { <th scope="col" role="columnheader">{heading}</th> })
        .collect();
    let rows: Vec<_> = rows
        .iter()
        .map(|cells| {
            let cells: Vec<_> = cells
                .iter()
                .cloned()
                .zip(headings.iter().cloned())
                .map(|(cell, heading)| view! { <td role="cell" data-label=heading class="mono">{value_view(cell)}</td> })
                .collect();
            view! { <tr role="row">{cells}</tr> }
        })
        .collect();
    view! {
        <table class="stacking" role="table">
            <thead role="rowgroup"><tr role="row">{head}</tr></thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}

fn deed_form(path: &'static str, form: &DeedForm, open: bool) -> AnyView {
    let open = open || !form.form.is_valid();
    let fields: Vec<_> = form.fields.iter().map(|one| field(form, one)).collect();
    let call = form.call.clone();
    let nothing = fields.is_empty();
    view! {
        <details class="lab-deed" open=open>
            <summary>{form.summary}</summary>
            <form method="post" action=path novalidate>
                <input type="hidden" name="deed" value=form.deed />
                {fields}
                <p class="lab-deed-end">
                    <button class="button" type="submit" aria-label=format!("Do it: {}", form.summary)>
                        {if nothing { "Do it now" } else { "Do it" }}
                    </button>
                    " " <code class="muted">{call}</code>
                </p>
            </form>
        </details>
    }
    .into_any()
}

fn field(form: &DeedForm, field: &DeedField) -> AnyView {
    let id = format!("{}-{}", form.deed, field.name);
    let hint_id = format!("{id}-hint");
    let value = form.form.value(field.name).to_owned();
    let optional = (!field.required).then(|| view! { <span class="muted">" (optional)"</span> });
    let control = match &field.kind {
        DeedFieldKind::OneOf(words) => {
            let nothing = (!field.required).then(|| view! { <option value="">"—"</option> });
            let options: Vec<_> = words
                .iter()
                .copied()
                .map(|word| view! { <option value=word selected=word == value>{word}</option> })
                .collect();
            view! { <select id=id.clone() name=field.name aria-describedby=hint_id.clone()>{nothing} {options}</select> }
                .into_any()
        }
        kind => {
            let secret = *kind == DeedFieldKind::Secret;
            view! {
                <input
                    id=id.clone()
                    name=field.name
                    type=if secret { "password" } else { "text" }
                    value=(!secret).then_some(value)
                    autocomplete="off"
                    spellcheck="false"
                    aria-describedby=hint_id.clone()
                />
            }
            .into_any()
        }
    };
    view! {
        <div class="lab-field">
            <label for=id>{field.label}{optional}</label>
            {control}
            <p class="lab-hint" id=hint_id>"Such as " <code>{field.example}</code></p>
        </div>
    }
    .into_any()
}
