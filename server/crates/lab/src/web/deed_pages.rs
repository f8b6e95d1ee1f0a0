//! The pages on which deeds are done by hand: each shows how things stand and has a form for each deed that the table puts
//! on it.

use super::deeds_read::{lead_back, perform_typed, status_of};
use super::{json_view, lessons, page, query};
use crate::state::Lab;
use app::form::FormState;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use futures_util::future::BoxFuture;
use http::StatusCode;
use lab_pages::model::{Answer, DeedAnswer, DeedField, DeedFieldKind, DeedForm, DeedsPage};
use lab_pages::pages;
use platform::deeds::{Arguments, Deed, Kind};
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// A page of deeds.
#[derive(Debug)]
pub struct Page {
    pub path: &'static str,
    title: &'static str,
    lead: &'static str,
    /// Deeds whose answers say how things stand, each with its heading.
    shown: &'static [(&'static str, &'static str)],
}

/// All of them.
pub static PAGES: &[Page] = &[
    Page {
        path: "/lab/clock",
        title: "Clock",
        lead: "One clock for everything. Moving it lets all that falls due happen, in order, before the answer comes.",
        shown: &[("clock", "It shows")],
    },
    Page {
        path: "/lab/faults",
        title: "Faults",
        lead: "What is to go wrong, how often, and then all is well again.",
        shown: &[("faults", "What stands")],
    },
    Page {
        path: "/lab/accounts",
        title: "People and programs",
        lead: "Accounts at Amazon Payments, the programs that call it, and the tokens that the former gave to the latter.",
        shown: &[("accounts", "Accounts"), ("callers", "Programs")],
    },
    Page {
        path: "/lab/doctor",
        title: "Doctor",
        lead: "What is wrong here, if anything is, and what to do about it.",
        shown: &[("doctor", "Findings")],
    },
    Page {
        path: "/lab/reset",
        title: "Reset",
        lead: "All of it back to the demo data, on both sites. What happened is forgotten, too.",
        shown: &[],
    },
    Page {
        path: "/lab/scenarios",
        title: "Scenarios",
        lead: "Let a whole story happen, and look at what it did.",
        shown: &[("scenarios", "Stories")],
    },
];

/// Answers that somebody is on the way to look at.
#[derive(Debug, Default)]
pub struct Answers(Mutex<VecDeque<(String, &'static str, Value)>>);

impl Answers {
    /// So many wait to be looked at.
    const MOST: usize = 50;

    pub(super) fn keep(&self, id: String, deed: &'static str, answer: Value) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push_back((id, deed, answer));
        if all.len() > Self::MOST {
            all.pop_front();
        }
    }

    /// The secret in an answer is shown once.
    pub(super) fn take(&self, id: &str) -> Option<(&'static str, Value)> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.iter().position(|(known, ..)| known == id)?;
        all.remove(at).map(|(_, deed, answer)| (deed, answer))
    }
}

type Handled = BoxFuture<'static, Response>;

pub fn show(page: &'static Page) -> impl Fn(State<Lab>, RawQuery) -> Handled + Clone + Send + Sync + 'static {
    move |State(lab), RawQuery(asked)| {
        Box::pin(async move {
            let asked = query::fields(asked.as_deref().unwrap_or_default());
            let done = asked.get("answer").and_then(|id| lab.answers.take(id));
            let answer = done.map(|(deed, value)| DeedAnswer {
                summary: lab.deed(deed).map_or("", |deed| deed.summary),
                outcome: Ok(json_view::answer(&value)),
            });
            render(&lab, page, answer, None).await.into_response()
        })
    }
}

/// Does what the form says, and leads back to its page; what is wrong is said above the form as it was filled in.
pub fn act(page: &'static Page) -> impl Fn(State<Lab>, Bytes) -> Handled + Clone + Send + Sync + 'static {
    move |State(lab), body| {
        Box::pin(async move {
            let mut typed = query::fields(&String::from_utf8_lossy(&body));
            let lesson = typed.remove("lesson").and_then(|slug| pages::lessons::find(&slug));
            let back = lesson.map(|lesson| format!("{}/{}", lessons::PATH, lesson.slug));
            let known = typed.get("deed").and_then(|name| lab.deed(name));
            let Some(deed) = known.filter(|deed| deed.page == page.path) else {
                return (StatusCode::UNPROCESSABLE_ENTITY, "There is no such form.").into_response();
            };
            match perform_typed(&lab, deed, &typed).await {
                Ok(value) => lead_back(&lab, back.as_deref().unwrap_or(page.path), deed.name, value),
                Err(refused) => {
                    let answer = DeedAnswer { summary: deed.summary, outcome: Err(refused.to_string()) };
                    let shown = render(&lab, page, Some(answer), Some((deed, typed))).await;
                    (status_of(&refused), shown).into_response()
                }
            }
        })
    }
}

async fn render(
    lab: &Lab,
    of: &'static Page,
    answer: Option<DeedAnswer>,
    refused: Option<(&'static Deed, BTreeMap<String, String>)>,
) -> Html<String> {
    let mut shown = Vec::new();
    for (name, heading) in of.shown {
        if lab.deed(name).is_some() {
            let answer = match lab.perform(name, Arguments::default()).await {
                Ok(value) => json_view::answer(&value),
                Err(refused) => Answer::Text(refused.to_string()),
            };
            shown.push((*heading, answer));
        }
    }
    let is_form =
        |deed: &&'static Deed| deed.page == of.path && !of.shown.iter().any(|(name, _)| *name == deed.name);
    let mut on_it: Vec<&'static Deed> = lab.deeds().into_iter().filter(is_form).collect();
    // What the page is called after comes first.
    on_it.sort_by_key(|deed| !of.path.ends_with(deed.path.split("/{").next().unwrap_or_default()));
    let forms = on_it.into_iter().map(|deed| {
        let typed = refused.as_ref().filter(|(wrong, _)| wrong.name == deed.name).map(|(_, typed)| typed);
        form(deed, typed)
    });
    let data =
        DeedsPage { path: of.path, title: of.title, lead: of.lead, answer, shown, forms: forms.collect() };
    page(pages::deeds(&lab.chrome(of.path), &data))
}

fn form(deed: &'static Deed, typed: Option<&BTreeMap<String, String>>) -> DeedForm {
    let mut form = FormState::default();
    if let Some(typed) = typed {
        let secret = |name: &str| deed.field(name).is_some_and(|field| field.kind == Kind::Secret);
        form = FormState::typed(typed.clone().into_iter().filter(|(name, _)| !secret(name)).collect());
        form.refuse("", "See above.");
    }
    let fields = deed.fields.iter().map(|field| DeedField {
        name: field.name,
        label: field.summary,
        example: field.example,
        required: field.required,
        kind: match field.kind {
            Kind::Secret => DeedFieldKind::Secret,
            Kind::OneOf(words) => DeedFieldKind::OneOf(words.to_vec()),
            Kind::Flag => DeedFieldKind::OneOf(vec!["true", "false"]),
            _ => DeedFieldKind::Text,
        },
    });
    let fields = fields.collect();
    let call = format!("{} /_control{}", deed.method.as_str(), deed.path);
    DeedForm { deed: deed.name, summary: deed.summary, fields, form, call }
}

impl Lab {
    /// The deed of this name, wherever it is done.
    pub(crate) fn deed(&self, name: &str) -> Option<&'static Deed> {
        self.deeds().into_iter().find(|deed| deed.name == name)
    }
}
