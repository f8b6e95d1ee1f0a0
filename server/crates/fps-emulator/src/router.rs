//! The site's routes, put together.

use crate::engine::clock::SharedClock;
use crate::state::{Payments, Site};
use crate::web::control::{self, Control};
use crate::web::errors::{error_page, own_error_page};
use crate::web::{account_site, cbui, certificate, query_api};
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use http::Method;
use platform::deeds::Offer;
use platform::lab::Keys;
use platform::password::Passwords;
use platform::sessions::session_layer;
use platform::throttle::SignInThrottle;
use platform::web::{self, Refusal, SiteRules};
use std::sync::Arc;
use tower::ServiceExt;

/// The session cookie; the shop's has another name, since cookies do not tell ports apart.
const SESSION_COOKIE: &str = "amazon_payments_session";

impl Payments {
    /// All routes, with everything that must be around them.
    pub fn router(&self) -> Router {
        web::site(self.routes(), self.rules())
    }

    /// The same with the lab's pages, and with all control calls where there are any.
    pub fn router_with(&self, control: Option<Router>, lab: Router) -> Router {
        web::site(self.routes_with(control).merge(lab), self.rules())
    }

    /// What can be done here by hand.
    pub fn deeds(&self) -> Offer {
        Arc::new(Control::new(self.clone()))
    }

    /// What its signatures are checked with, for the lab.
    pub fn keys(&self) -> Arc<dyn Keys> {
        Arc::new(self.clone())
    }

    pub(crate) fn routes(&self) -> Router {
        self.routes_with(self.config.lab.then(|| control::router(self.clone())))
    }

    fn routes_with(&self, control: Option<Router>) -> Router {
        let site = Site {
            payments: self.clone(),
            passwords: Passwords::new(self.random.clone()),
            throttle: SignInThrottle::new(self.clock.clone(), self.config.throttle_sign_in).into(),
        };
        let sessions = session_layer(self.session_store(), SESSION_COOKIE, &self.config.public_url);
        let clock = from_fn_with_state(self.shared_clock.clone(), look_at_the_clock);
        let own_errors = from_fn_with_state(site.clone(), own_error_page);
        let with_session = |router: Router| router.layer(own_errors.clone()).layer(sessions.clone());
        let front = with_session(account_site::front_router(site.clone()));
        let own_pages = web::own_pages(self.db.clone(), self.clock.clone());
        let account = account_site::router(site.clone()).layer(own_errors.clone());
        let account = account.layer((own_pages, sessions.clone()));
        let pages = with_session(cbui::router(site)).merge(account).layer(clock);
        let nothing_here = with_session(Router::new().fallback(async || Refusal::not_found()));
        let roots = Roots { query_api: query_api::router(self), front };
        let routes = Router::new()
            .route("/", any(root).with_state(roots))
            .route("/robots.txt", get(account_site::robots))
            .merge(certificate::router(self.signer.clone()))
            .merge(pages)
            .merge(nothing_here);
        match control {
            Some(control) => routes.nest("/_control", control),
            None => routes,
        }
    }

    fn rules(&self) -> SiteRules {
        SiteRules {
            public_url: self.config.public_url.clone(),
            allowed_hosts: self.config.allowed_hosts.clone(),
            takes_any_host,
            content_security_policy: web::content_security_policy(&self.config.shop_url),
            exempt_from_same_origin: is_called_by_programs,
            refuses_nul_itself: is_api_request,
            render_error: error_page,
            clock: self.clock.clone(),
            random: self.random.clone(),
            at_hand: web::AtHand::nothing(),
        }
    }
}

async fn look_at_the_clock(
    State(clock): State<SharedClock>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    clock.look_again().await?;
    Ok(next.run(request).await)
}

/// What shares the path `/`.
#[derive(Debug, Clone)]
struct Roots {
    query_api: Router,
    front: Router,
}

/// The Query API when there is an `Action`, else the front page. A body is always the Query API's:
/// nothing else takes one here.
async fn root(State(roots): State<Roots>, request: Request) -> Response {
    let router = if is_query_api(&request) { roots.query_api } else { roots.front };
    router.oneshot(request).await.into_response()
}

fn is_api_request(request: &Request) -> bool {
    request.uri().path() == "/" && is_query_api(request)
}

fn is_query_api(request: &Request) -> bool {
    request.method() == Method::POST || has_action(request.uri().query().unwrap_or_default())
}

/// Lenient about the rest of the query: that is the Query API's to refuse, in its own format.
fn has_action(query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "Action")
}

/// Posts that come from programs and other sites by design; the control API has its own rule.
fn is_called_by_programs(request: &Request) -> bool {
    let path = request.uri().path();
    path == "/" || path == cbui::START || path.starts_with("/_control/")
}

/// Programs know the service by names of their own; no cookie is read for them. The control API has its own rule.
fn takes_any_host(request: &Request) -> bool {
    let path = request.uri().path();
    is_api_request(request)
        || path.starts_with("/certs/")
        || path.starts_with("/_control/")
        || path == cbui::START && cbui::is_for_historical_host(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_anywhere_in_the_query_makes_it_the_query_api() {
        assert!(has_action("Action=Pay"));
        assert!(has_action("a=%ff&Action=VerifySignature"));
        assert!(!has_action("action=Pay"));
        assert!(!has_action(""));
    }
}
