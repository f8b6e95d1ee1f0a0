//! Who must be signed in to see a page of the account site, and the message that they get after a form.

use crate::domain::accounts::{Account, AccountStatus};
use crate::domain::mail;
use crate::state::Site;
use crate::web::account_site::HOME;
use crate::web::sign_in::{NOTICE, Visitor};
use axum::extract::FromRequestParts;
use axum::response::{Html, IntoResponse, Response};
use http::request::Parts;
use http::{Method, StatusCode, Uri};
use payments_pages::model::{Chrome, MANY_UNREAD};
use platform::sessions::{self, Session};
use platform::web::{Refusal, page_to_come_back_to, see_other, sign_in_address};

/// The holder of an account, signed in; whoever is not signed in is sent to do that first, and comes back.
#[derive(Debug, Clone)]
pub struct AccountHolder {
    pub account: Account,
    pub chrome: Chrome,
    session: Session,
}

impl FromRequestParts<Site> for AccountHolder {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let visitor = Visitor::from_request_parts(parts, site).await.map_err(Refusal::into_response)?;
        let mut chrome = visitor.chrome();
        let Some(account) = visitor.account else {
            return Err(see_other(&sign_in_address(
                "/account/sign-in",
                &page_to_return_to(&parts.method, &parts.uri),
            )));
        };
        chrome.unread = mail::unread(&site.payments.db, &account.id, MANY_UNREAD)
            .await
            .map_err(|error| Refusal::from(error).into_response())?;
        if parts.method == Method::GET {
            let notice = sessions::take(&visitor.session, NOTICE).await;
            chrome.notice = notice.map_err(|error| Refusal::from(error).into_response())?;
        }
        Ok(Self { account, chrome, session: visitor.session })
    }
}

impl AccountHolder {
    /// Off to `path`, with a message there.
    pub async fn go(&self, path: &str, notice: impl Into<String>) -> Result<Response, Refusal> {
        self.session.insert(NOTICE, notice.into()).await?;
        Ok(see_other(path))
    }

    /// Names the session that the page was asked for with.
    pub fn session_handle(&self) -> String {
        sessions::handle(&self.session).unwrap_or_default()
    }

    /// Goes on under a new id, after the holder has shown again who they are.
    pub async fn renew_session(&self) -> Result<(), Refusal> {
        Ok(self.session.cycle_id().await?)
    }

    /// For what moves money of this account.
    pub fn must_be_active(&self) -> Result<(), Refusal> {
        match self.account.status {
            AccountStatus::Active => Ok(()),
            AccountStatus::Suspended | AccountStatus::Closed => {
                Err(Refusal::forbidden("This account is not active: it can neither pay nor be paid."))
            }
        }
    }

    /// The page of a form once more, on which the form's own address stands.
    pub fn again(page: String) -> Response {
        (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response()
    }

    /// The page as it is highlighted in the navigation, for a form that has another address.
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        path.clone_into(&mut self.chrome.path);
        self
    }
}

/// The page to come back to: for a form's target, the page that the form stands on.
fn page_to_return_to(method: &Method, uri: &Uri) -> String {
    page_to_come_back_to(method, uri, |parts| match parts {
        ["account", "transactions", id, ..] => format!("/account/transactions/{id}"),
        ["account", page, ..] => format!("/account/{page}"),
        _ => HOME.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_back_to_its_page() {
        let back = |path: &str| page_to_return_to(&Method::POST, &path.parse().unwrap());
        assert_eq!(back("/account/transactions/T1/refund"), "/account/transactions/T1");
        assert_eq!(back("/account/tokens/T1/cancel"), "/account/tokens");
        assert_eq!(back("/account/balance/deposit"), "/account/balance");
        assert_eq!(back("/account"), "/account");
        assert_eq!(page_to_return_to(&Method::GET, &"/account?page=2".parse().unwrap()), "/account?page=2");
    }
}
