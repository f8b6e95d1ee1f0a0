//! `/lab/lessons`: what can be learnt here, and whether it was done.

use super::{page, query};
use crate::lessons::{self, is_confirmed};
use crate::state::Lab;
use crate::store::{Kept, MOST_EVENTS};
use axum::extract::{Path, RawQuery, State};
use axum::response::Html;
use jiff::SignedDuration;
use lab_pages::model::LessonPage;
use lab_pages::pages::lessons as pages;
use platform::lab::{Event, What};
use platform::web::Refusal;
use url::Url;

pub const PATH: &str = "/lab/lessons";
/// What happened before does not count.
const COUNTS: SignedDuration = SignedDuration::from_hours(1);

pub async fn list(State(lab): State<Lab>) -> Html<String> {
    page(pages::list(&lab.chrome(PATH)))
}

/// With the answer of a fault that was set from here.
pub async fn show(
    State(lab): State<Lab>,
    Path(slug): Path<String>,
    RawQuery(asked): RawQuery,
) -> Result<Html<String>, Refusal> {
    let lesson = pages::find(&slug).ok_or_else(Refusal::not_found)?;
    let asked = query::fields(asked.as_deref().unwrap_or_default());
    let is_set = asked.get("answer").and_then(|id| lab.answers.take(id)).is_some();
    let fault = is_set.then(|| lab.faults.list().pop()).flatten().map(|newest| newest.words());
    let data = LessonPage { changed_return: changed_return(&lab), fault, ..LessonPage::default() };
    Ok(page(pages::show(&lab.chrome(&format!("{PATH}/{slug}")), lesson, &data)))
}

/// Asks what has happened; changes nothing.
pub async fn check(State(lab): State<Lab>, Path(slug): Path<String>) -> Result<Html<String>, Refusal> {
    let lesson = pages::find(&slug).ok_or_else(Refusal::not_found)?;
    let since = lab.clock.wall().saturating_sub(COUNTS).unwrap_or_default();
    let mut kept = lab.store.newest(MOST_EVENTS, |kept: &Kept| kept.event.wall >= since);
    kept.reverse();
    let events: Vec<&Event> = kept.iter().map(|kept| &*kept.event).collect();
    let check = lessons::check(lesson.slug, &events);
    let data = LessonPage { check, changed_return: changed_return(&lab), ..LessonPage::default() };
    Ok(page(pages::show(&lab.chrome(&format!("{PATH}/{slug}")), lesson, &data)))
}

/// The latest return of a buyer who confirmed, with a letter of its token changed.
fn changed_return(lab: &Lab) -> Option<String> {
    let confirmed = |kept: &Kept| matches!(&kept.event.what, What::AuthorizationEnded { status, .. } if is_confirmed(status));
    let latest = lab.store.newest(1, confirmed).pop()?;
    match &latest.event.what {
        What::AuthorizationEnded { url, .. } => changed(url),
        _ => None,
    }
}

fn changed(url: &str) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    let fields: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let changed = fields.into_iter().map(|(name, value)| {
        let value = if name == "tokenID" { other_end(&value) } else { value };
        (name, value)
    });
    let changed: Vec<(String, String)> = changed.collect();
    url.query_pairs_mut().clear().extend_pairs(changed);
    Some(url.into())
}

/// With another last letter.
fn other_end(token: &str) -> String {
    let mut letters: Vec<char> = token.chars().collect();
    if let Some(last) = letters.last_mut() {
        *last = if *last == 'A' { 'B' } else { 'A' };
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_of_the_token_is_changed_and_nothing_else() {
        assert_eq!(
            changed("http://shop.example/r?status=SA&tokenID=XYZ&signature=a%2Bb").as_deref(),
            Some("http://shop.example/r?status=SA&tokenID=XYA&signature=a%2Bb")
        );
        assert_eq!(other_end("XA"), "XB");
        assert_eq!(changed("nonsense"), None);
    }
}
