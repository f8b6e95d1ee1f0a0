//! `/lab/attack`.

use super::deeds_read::{lead_back, perform_typed, status_of};
use super::{page, query};
use crate::attack::{self, ATTACK, MOST_CALLS, Report};
use crate::state::Lab;
use app::form::FormState;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use lab_pages::model::{AttackAnswer, AttackPage, AttackResult};
use lab_pages::pages;
use platform::deeds::DeedRefused;

pub const PATH: &str = "/lab/attack";

pub async fn show(State(lab): State<Lab>, RawQuery(asked): RawQuery) -> Response {
    let asked = query::fields(asked.as_deref().unwrap_or_default());
    let done = asked.get("answer").and_then(|id| lab.answers.take(id));
    let report = done.and_then(|(_, answer)| attack::read(answer));
    let mut form = FormState::default();
    let result = report.map(result);
    if let Some(result) = &result {
        form.set("kind", &result.kind);
        form.set("calls", result.calls.to_string());
    }
    render(&lab, form, result)
}

/// Fires, and leads to the answer; what is wrong is said above the form as it was filled in.
pub async fn act(State(lab): State<Lab>, body: Bytes) -> Response {
    let typed = query::fields(&String::from_utf8_lossy(&body));
    match perform_typed(&lab, &ATTACK, &typed).await {
        Ok(answer) => lead_back(&lab, PATH, ATTACK.name, answer),
        Err(refused) => {
            let status = status_of(&refused);
            let field = if matches!(refused, DeedRefused::BadRequest(_)) { "calls" } else { "" };
            let mut form = FormState::typed_only(typed, &["kind", "calls"]);
            form.refuse(field, refused.to_string());
            (status, render(&lab, form, None)).into_response()
        }
    }
}

fn render(lab: &Lab, form: FormState, result: Option<AttackResult>) -> Response {
    let data = AttackPage { form, most_calls: MOST_CALLS, result };
    page(pages::attack(&lab.chrome(PATH), &data)).into_response()
}

fn result(report: Report) -> AttackResult {
    let answers = report.answers.into_iter().map(|answer| AttackAnswer {
        count: answer.count,
        status: answer.status,
        code: answer.code,
        what: answer.what,
    });
    let balances =
        report.balances.into_iter().map(|balance| (balance.email, balance.before, balance.after)).collect();
    AttackResult {
        kind: report.kind.as_str().to_owned(),
        calls: report.calls,
        as_expected: report.as_expected,
        answers: answers.collect(),
        movements: report.movements,
        balances,
        look: report.look,
    }
}
