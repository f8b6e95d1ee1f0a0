//! The site's error page, for anybody and for whoever is signed in.

use crate::state::Site;
use crate::web::sign_in::Visitor;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use payments_pages::model::{Chrome, ErrorPage};
use payments_pages::pages;
use platform::web::{ErrorFacts, OwnErrorPage, with_own_error_page};

/// For anybody.
pub fn error_page(facts: &ErrorFacts) -> String {
    pages::error(&Chrome::default(), &of(facts))
}

/// Stands inside of the sessions: an error page too knows who is signed in, where that can be told.
pub async fn own_error_page(State(site): State<Site>, request: Request, next: Next) -> Response {
    with_own_error_page(request, next, async |mut parts| {
        // Where it cannot be told, for example because the database is away, the page is the one for anybody.
        let visitor = Visitor::from_request_parts(&mut parts, &site).await.ok()?;
        let chrome = visitor.account.is_some().then(|| visitor.chrome())?;
        Some(OwnErrorPage::new(move |facts| pages::error(&chrome, &of(facts))))
    })
    .await
}

fn of(facts: &ErrorFacts) -> ErrorPage {
    ErrorPage {
        status: facts.status.as_u16(),
        title: facts.title.clone(),
        detail: facts.detail.clone(),
        request_id: facts.request_id.clone(),
    }
}
