//! Lessons: each a page with the running system in it. Do this, look here, check.

mod safety;
mod terms;

use super::shell;
use crate::model::{Chrome, Finding, LessonCheck, LessonPage};
use leptos::prelude::*;

const PATH: &str = "/lab/lessons";

/// A lesson's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lesson {
    /// `/lab/lessons/{slug}`.
    pub slug: &'static str,
    pub title: &'static str,
    /// Paragraphs.
    pub about: &'static [&'static str],
    pub steps: &'static [Step],
    /// Where to look, each with what is seen there.
    pub look: &'static [Link],
}

/// Something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub words: &'static str,
    pub with: With,
}

/// What it is done with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum With {
    Nothing,
    Link(Link),
    /// A button that makes something go wrong: its label, and the fields of the deed `fault-add`.
    Fault(&'static str, &'static [(&'static str, &'static str)]),
    /// The latest return address, changed.
    ChangedReturn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub place: Place,
    /// `/lab/books`.
    pub path: &'static str,
    pub label: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Shop,
    Lab,
}

const fn step(words: &'static str, with: With) -> Step {
    Step { words, with }
}

const fn shop(path: &'static str, label: &'static str) -> Link {
    Link { place: Place::Shop, path, label }
}

const fn lab(path: &'static str, label: &'static str) -> Link {
    Link { place: Place::Lab, path, label }
}

/// All of them, in the order in which they are best read.
pub static LESSONS: [Lesson; 8] = [
    safety::WHY_REDIRECT,
    safety::SIGN_THE_RETURN,
    terms::PAY_OR_RESERVE,
    terms::FEES,
    safety::IDEMPOTENCY,
    safety::LOST_ANSWER,
    safety::NOTIFICATION_FIRST,
    terms::REFUNDS,
];

pub fn find(slug: &str) -> Option<&'static Lesson> {
    LESSONS.iter().find(|lesson| lesson.slug == slug)
}

/// Which there are.
pub fn list(chrome: &Chrome) -> String {
    let chrome = chrome.clone();
    app::render::document(move || {
        let lead = "Eight short ones. Each has something to do with the running sites, somewhere to look, and a check \
                    of whether it happened.";
        let lessons: Vec<_> = LESSONS
            .iter()
            .map(|lesson| {
                let href = format!("{PATH}/{}", lesson.slug);
                view! { <li><a href=href>{lesson.title}</a> <p>{lesson.about.first().copied()}</p></li> }
            })
            .collect();
        let main = view! { <ol class="lessons">{lessons}</ol> };
        shell::page(&chrome, "Lessons", lead, main.into_any())
    })
}

/// One of them.
pub fn show(chrome: &Chrome, lesson: &'static Lesson, data: &LessonPage) -> String {
    let (chrome, data) = (chrome.clone(), data.clone());
    app::render::document(move || {
        let (lead, rest) = lesson.about.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
        let rest: Vec<_> = rest.iter().map(|words| view! { <p>{*words}</p> }).collect();
        let steps: Vec<_> = lesson.steps.iter().map(|one| step_view(&chrome, lesson, &data, one)).collect();
        let look: Vec<_> =
            lesson.look.iter().map(|one| view! { <li>{link_view(&chrome, one)}</li> }).collect();
        let main = view! {
            <div class="lesson">
                {rest}
                <h2>"Do this"</h2>
                {data.fault.as_deref().map(fault_stands)}
                <ol>{steps}</ol>
                <h2>"Look here"</h2>
                <ul>{look}</ul>
                <h2 id="check">"Check"</h2>
                {data.check.as_ref().map(check_view)}
                <form method="post" action=format!("{PATH}/{}#check", lesson.slug)>
                    <button class="button" type="submit">"Check whether it happened"</button>
                </form>
                <p class="lab-note">"What happened within the last hour counts."</p>
                {next(lesson)}
            </div>
        };
        shell::page(&chrome, lesson.title, lead, main.into_any())
    })
}

fn step_view(chrome: &Chrome, lesson: &Lesson, data: &LessonPage, step: &Step) -> AnyView {
    let with = match step.with {
        With::Nothing => ().into_any(),
        With::Link(link) => link_view(chrome, &link),
        With::Fault(label, fields) => fault_view(lesson, label, fields),
        With::ChangedReturn => data.changed_return.clone().map_or_else(
            || {
                view! { <span class="muted">"(nobody has come back yet; then a link is here)"</span> }
                    .into_any()
            },
            |href| view! { <a href=href>"The latest return, changed"</a> }.into_any(),
        ),
    };
    view! { <li>{step.words} " " {with}</li> }.into_any()
}

/// Where the shop is not in this program, its pages are named and not linked.
fn link_view(chrome: &Chrome, link: &Link) -> AnyView {
    let href = match link.place {
        Place::Lab => Some(link.path.to_owned()),
        Place::Shop => {
            chrome.shop.as_deref().map(|shop| format!("{}{}", shop.trim_end_matches('/'), link.path))
        }
    };
    match href {
        Some(href) => view! { <a href=href>{link.label}</a> }.into_any(),
        None => view! { <span>{link.label} " " <span class="muted">"(in the shop)"</span></span> }.into_any(),
    }
}

/// The form of the faults' page, which leads back to the lesson.
fn fault_view(
    lesson: &Lesson,
    label: &'static str,
    fields: &'static [(&'static str, &'static str)],
) -> AnyView {
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| view! { <input type="hidden" name=*name value=*value /> })
        .collect();
    view! {
        <form class="lesson-fault" method="post" action="/lab/faults">
            <input type="hidden" name="deed" value="fault-add" />
            <input type="hidden" name="lesson" value=lesson.slug />
            {fields}
            <button class="button button-quiet" type="submit">{label}</button>
        </form>
    }
    .into_any()
}

fn fault_stands(words: &str) -> AnyView {
    let words = words.to_owned();
    view! {
        <p class="lesson-check lesson-passed" role="status">
            "Set: " {words} ". It stands until it has happened. " <a href="/lab/faults">"All that stand"</a>
        </p>
    }
    .into_any()
}

fn check_view(check: &LessonCheck) -> AnyView {
    let verdict = if check.passed() { "Done. All of it happened." } else { "Not yet." };
    let class = if check.passed() { "lesson-check lesson-passed" } else { "lesson-check" };
    let findings: Vec<_> = check.findings.iter().map(finding_view).collect();
    view! {
        <div class=class role="status">
            <p><strong>{verdict}</strong></p>
            <ul>{findings}</ul>
        </div>
    }
    .into_any()
}

fn finding_view(finding: &Finding) -> AnyView {
    let (class, verdict) =
        if finding.done { ("lesson-done", "Happened") } else { ("lesson-missing", "Missing") };
    let words = finding.words.clone();
    view! { <li><strong class=class>{verdict}</strong> ": " {words}</li> }.into_any()
}

fn next(lesson: &Lesson) -> AnyView {
    let at = LESSONS.iter().position(|one| one.slug == lesson.slug);
    let next = at.and_then(|at| LESSONS.get(at + 1)).map(|next| {
        let href = format!("{PATH}/{}", next.slug);
        view! { " · " <a href=href>"Next: "{next.title}</a> }
    });
    view! { <p><a href=PATH>"All lessons"</a> {next}</p> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_lesson_has_its_own_address_and_something_to_do_and_to_look_at() {
        let slugs: BTreeSet<&str> = LESSONS.iter().map(|lesson| lesson.slug).collect();
        assert_eq!(slugs.len(), LESSONS.len());
        for lesson in &LESSONS {
            assert!(!lesson.about.is_empty() && !lesson.steps.is_empty() && !lesson.look.is_empty());
            assert_eq!(find(lesson.slug), Some(lesson));
        }
    }

    #[test]
    fn a_page_says_what_happened_and_what_is_missing() {
        let finding = |done, words: &str| Finding { done, words: words.to_owned() };
        let check = LessonCheck { findings: vec![finding(true, "It went."), finding(false, "Come back.")] };
        let data = LessonPage {
            check: Some(check),
            changed_return: Some("http://shop/payments?x=1".to_owned()),
            ..LessonPage::default()
        };
        let chrome = Chrome { shop: Some("http://shop/".to_owned()), ..Chrome::default() };
        let html = show(&chrome, find("sign-the-return").unwrap(), &data);
        for words in [
            "Not yet.",
            "Happened",
            "Missing",
            "Come back.",
            "http://shop/payments?x=1",
            "http://shop/items/",
        ] {
            assert!(html.contains(words), "{words}: {html}");
        }
        let alone = show(&Chrome::default(), find("sign-the-return").unwrap(), &LessonPage::default());
        assert!(alone.contains("(in the shop)") && !alone.contains("Not yet."), "{alone}");
    }
}
