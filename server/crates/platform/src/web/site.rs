//! What stands around all routes of a site.

use super::error_pages::{whatever_happens, with_error_page};
use super::hosts::{AllowedHosts, Hosts, TakesAnyHost};
use super::request_id::Identified;
use super::same_origin::{self, SameOrigin};
use super::{Refusal, RenderError, SecurityHeaders};
use crate::{Clock, Random};
use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use http::{HeaderValue, Method, StatusCode};
use std::convert::Infallible;
use std::fmt;
use std::future::ready;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tower::{Layer, Service};
use tracing::Instrument;
use url::Url;

/// No request takes longer, a large upload over a slow line included.
const LONGEST: Duration = Duration::from_mins(5);

/// What differs between the sites.
#[derive(Debug, Clone)]
pub struct SiteRules {
    /// Where people reach the site.
    pub public_url: Url,
    /// By which other names.
    pub allowed_hosts: AllowedHosts,
    /// Which requests are answered whatever name they came for.
    pub takes_any_host: TakesAnyHost,
    pub content_security_policy: HeaderValue,
    /// Which posts come from other programs by design.
    pub exempt_from_same_origin: same_origin::Exempt,
    /// Which requests refuse a NUL in their own words.
    pub refuses_nul_itself: fn(&Request) -> bool,
    pub render_error: RenderError,
    pub clock: Clock,
    pub random: Random,
    pub at_hand: AtHand,
}

/// Answers that need no handler, nor anything else that stands around the routes; `None`: the routes have it. axum makes
/// a route anew for each request, which takes longer than to find what is kept.
#[derive(Clone)]
pub struct AtHand(Arc<Find>);

type Find = dyn Fn(&Request) -> Option<Response> + Send + Sync;

impl AtHand {
    pub fn new(find: impl Fn(&Request) -> Option<Response> + Send + Sync + 'static) -> Self {
        Self(Arc::new(find))
    }

    /// Everything is for the routes.
    pub fn nothing() -> Self {
        Self::new(|_| None)
    }
}

impl fmt::Debug for AtHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AtHand")
    }
}

/// Puts the rules around a site's routes: call it last, after all routes, the session layer and the routes' own fallback:
/// without one, what no route takes is answered by whatever is put around the site, and not by its 404 page.
pub fn site(routes: Router, rules: SiteRules) -> Router {
    let rules = Rules {
        headers: SecurityHeaders::new(rules.content_security_policy, &rules.public_url),
        same_origin: SameOrigin { site_url: rules.public_url.clone(), exempt: rules.exempt_from_same_origin },
        hosts: Hosts {
            public_url: rules.public_url,
            allowed: rules.allowed_hosts,
            exempt: rules.takes_any_host,
        },
        refuses_nul_itself: rules.refuses_nul_itself,
        render_error: rules.render_error,
        clock: rules.clock,
        random: rules.random,
        at_hand: rules.at_hand,
    };
    routes.layer(Guard(Arc::new(rules)))
}

#[derive(Debug)]
struct Rules {
    headers: SecurityHeaders,
    hosts: Hosts,
    same_origin: SameOrigin,
    refuses_nul_itself: fn(&Request) -> bool,
    render_error: RenderError,
    clock: Clock,
    random: Random,
    at_hand: AtHand,
}

impl Rules {
    /// Whether the site answers such a request at all.
    fn check(&self, request: &mut Request) -> Result<(), Refusal> {
        self.hosts.check(request)?;
        self.same_origin.check(request)?;
        // PostgreSQL keeps no NUL in a text: no address of ours has one, and none may reach the database.
        let uri = request.uri();
        let has_nul = uri.path().contains("%00") || uri.query().is_some_and(|query| query.contains("%00"));
        if has_nul && !(self.refuses_nul_itself)(request) {
            return Err(Refusal::bad_request("The address has a NUL character."));
        }
        Ok(())
    }

    /// What every answer has. `head`: nothing but a head was asked for.
    fn finish(&self, response: Response, request: Identified, head: bool) -> Response {
        let mut response = with_error_page(response, self.render_error, request.id, head);
        self.headers.set(response.headers_mut());
        request.end(&mut response);
        response
    }
}

/// All rules in one layer. axum puts each layer of a route into a box, and makes that box anew for each request with
/// everything inside of it: seven layers, one for each rule, took longer than the pages.
#[derive(Debug, Clone)]
struct Guard(Arc<Rules>);

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { rules: Arc::clone(&self.0), inner }
    }
}

#[derive(Debug, Clone)]
struct Guarded<S> {
    rules: Arc<Rules>,
    inner: S,
}

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let rules = Arc::clone(&self.rules);
        let identified = Identified::begin(&rules.clock, &rules.random, &request);
        let head = request.method() == Method::HEAD;
        let checked = rules.check(&mut request).map(|()| (rules.at_hand.0)(&request));
        let answered = match checked {
            Ok(None) => {
                request.extensions_mut().insert(identified.id);
                let answering = whatever_happens(in_time(self.inner.call(request)));
                let answering = answering.instrument(identified.span());
                return Box::pin(async move {
                    let response = answering.await;
                    Ok(rules.finish(response, identified, head))
                });
            }
            Ok(Some(response)) => response,
            Err(refusal) => refusal.into_response(),
        };
        Box::pin(ready(Ok(rules.finish(answered, identified, head))))
    }
}

async fn in_time(answering: impl Future<Output = Result<Response, Infallible>>) -> Response {
    match tokio::time::timeout(LONGEST, answering).await {
        Ok(Ok(response)) => response,
        Err(_) => Refusal::of(StatusCode::REQUEST_TIMEOUT).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::{ErrorFacts, FormFields, content_security_policy};
    use axum::body::{Body, to_bytes};
    use axum::routing::{get, post};
    use http::header::{ALLOW, CONTENT_TYPE, HOST, REFERRER_POLICY, RETRY_AFTER};
    use std::io::{self, Seek};
    use tower::ServiceExt;

    fn page(facts: &ErrorFacts) -> String {
        format!("<h1>{}</h1><p>{}</p><p>{}</p>", facts.title, facts.detail, facts.request_id)
    }

    fn app() -> Router {
        let routes = Router::new()
            .route("/", get(async || "home"))
            .route("/form", post(async |form: FormFields| form.get("a").unwrap_or_default().to_owned()))
            .route("/ipn", post(async || "taken"))
            .route("/panic", get(async || -> String { panic!("the secret is 42") }))
            .route(
                "/broken",
                get(async || Refusal::from(sqlx::Error::Protocol("the secret is 42".to_owned()))),
            )
            .route("/slow", get(async || Refusal::too_many(Duration::from_mins(2))))
            .route("/xml", get(async || (StatusCode::BAD_REQUEST, [(CONTENT_TYPE, "text/xml")], "<Error/>")));
        let rules = SiteRules {
            public_url: "http://localhost:3000".parse().unwrap(),
            allowed_hosts: "shop.lan".parse().unwrap(),
            takes_any_host: |request| request.uri().path() == "/ipn",
            content_security_policy: content_security_policy(&"http://127.0.0.1:3001/".parse().unwrap()),
            exempt_from_same_origin: |request| request.uri().path() == "/ipn",
            refuses_nul_itself: |request| request.uri().path() == "/xml",
            render_error: page,
            clock: Clock::system(),
            random: Random::seeded(1),
            at_hand: AtHand::new(|request| {
                (request.uri().path() == "/kept").then(|| "it was there".into_response())
            }),
        };
        site(routes, rules)
    }

    /// Sends a request to the site's own name; the text of the answer has its request id replaced.
    async fn send(method: &str, path: &str, headers: &[(&str, &str)]) -> (Response, String) {
        send_to(Some("localhost:3000"), method, path, headers).await
    }

    async fn send_to(
        host: Option<&str>,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> (Response, String) {
        let request = Request::builder().method(method).uri(path);
        let request = host.into_iter().fold(request, |request, host| request.header(HOST, host));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response = app().oneshot(request.body(Body::from("a=1")).unwrap()).await.unwrap();
        let (mut parts, body) = response.into_parts();
        let text = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
        let id = parts.headers.remove("x-request-id").expect("every response has an id");
        assert_eq!(id.len(), 36);
        (Response::from_parts(parts, Body::empty()), text.replace(id.to_str().unwrap(), "ID"))
    }

    #[tokio::test]
    async fn every_refusal_is_the_sites_page_with_the_request_id() {
        let long = "/".to_owned() + &"x".repeat(100);
        let cases = [
            ("GET", long.as_str(), StatusCode::NOT_FOUND, "Page not found"),
            ("POST", "/", StatusCode::METHOD_NOT_ALLOWED, "Not possible here"),
            ("POST", "/form", StatusCode::UNSUPPORTED_MEDIA_TYPE, "Wrong kind of content"),
            ("GET", "/slow", StatusCode::TOO_MANY_REQUESTS, "2 minutes"),
            ("GET", "/?a=%00", StatusCode::BAD_REQUEST, "NUL"),
            ("GET", "/%00", StatusCode::BAD_REQUEST, "NUL"),
        ];
        for (method, path, status, words) in cases {
            let (response, text) = send(method, path, &[]).await;
            assert_eq!(response.status(), status, "{path}");
            assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8", "{path}");
            assert!(text.contains(words) && text.contains("<p>ID</p>"), "{path}: {text}");
        }
        assert!(send("POST", "/", &[]).await.0.headers().contains_key(ALLOW));
        assert!(send("GET", "/slow", &[]).await.0.headers().contains_key(RETRY_AFTER));
        assert!(send("HEAD", "/nothing", &[]).await.1.is_empty());
    }

    #[tokio::test]
    async fn no_page_shows_an_internal_message() {
        for path in ["/panic", "/broken"] {
            let (response, text) = send("GET", path, &[]).await;
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert!(text.contains("Something went wrong") && !text.contains("42"), "{text}");
        }
    }

    #[tokio::test]
    async fn what_is_at_hand_needs_no_route_and_is_under_the_same_rules() {
        let (response, text) = send("GET", "/kept", &[]).await;
        assert_eq!(text, "it was there");
        assert_eq!(response.headers()[REFERRER_POLICY], "same-origin");
        let (response, _) = send_to(Some("evil.example"), "GET", "/kept", &[]).await;
        assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST);
        assert_eq!(send("GET", "/kept?a=%00", &[]).await.0.status(), StatusCode::BAD_REQUEST);
    }

    /// A kept page has no span, and its line says the same.
    #[tokio::test]
    async fn the_log_has_one_line_for_each_answer_with_its_id_and_without_its_query() {
        let log = Arc::new(tempfile::tempfile().unwrap());
        let lines = tracing_subscriber::fmt().compact().with_ansi(false).without_time();
        let paths = ["/kept?token=secret", "/?token=secret", "/broken?token=secret"];
        let _logged = tracing::subscriber::set_default(lines.with_writer(Arc::clone(&log)).finish());
        // A place in the code where another test's thread logs for the first time while this one begins to listen is
        // taken for one that nobody wants, until it is looked at again.
        let mut text = String::new();
        for _ in 0..100 {
            tracing::callsite::rebuild_interest_cache();
            log.set_len(0).unwrap();
            (&*log).rewind().unwrap();
            for path in paths {
                send("GET", path, &[]).await;
            }
            (&*log).rewind().unwrap();
            text = io::read_to_string(&*log).unwrap();
            if text.lines().count() >= 4 {
                break;
            }
        }
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4, "{text}");
        for (line, words) in
            lines.iter().zip(["answered status=200", "answered status=200", "42", "failed status=500"])
        {
            assert!(line.contains(words) && line.contains(" id=") && line.contains("method=GET"), "{line}");
            assert!(line.contains(" path=\"/") && !line.contains("token"), "{line}");
        }
        let id = |line: &str| line.split(" id=").nth(1).unwrap().trim_matches('"')[..36].to_owned();
        assert_eq!(id(lines[2]), id(lines[3]), "what went wrong is found by the id of the answer");
    }

    #[tokio::test]
    async fn answers_with_content_of_their_own_stay() {
        let (response, text) = send("GET", "/xml", &[]).await;
        assert_eq!((response.status(), text.as_str()), (StatusCode::BAD_REQUEST, "<Error/>"));
        assert_eq!(send("GET", "/xml?a=%00", &[]).await.1, "<Error/>");
        assert_eq!(send("GET", "/", &[]).await.1, "home");
    }

    #[tokio::test]
    async fn forms_of_other_sites_are_refused_unless_exempt() {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let foreign = ("sec-fetch-site", "cross-site");
        let (response, text) = send("POST", "/form", &[form, foreign]).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        assert!(text.contains("another site"), "{text}");
        assert_eq!(send("POST", "/ipn", &[form, foreign]).await.1, "taken");
        assert_eq!(send("POST", "/form", &[form, ("sec-fetch-site", "same-origin")]).await.1, "1");
        assert_eq!(send("GET", "/", &[foreign]).await.1, "home");
    }

    #[tokio::test]
    async fn a_name_that_is_not_the_sites_gets_no_page() {
        for own in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "shop.lan:3000"] {
            assert_eq!(send_to(Some(own), "GET", "/", &[]).await.1, "home", "{own}");
        }
        let form = ("content-type", "application/x-www-form-urlencoded");
        for foreign in ["evil.example:3000", "localhost.evil.example", "localhost@evil.example"] {
            let (response, text) = send_to(Some(foreign), "GET", "/", &[]).await;
            assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST, "{foreign}");
            assert!(text.contains("http://localhost:3000") && text.contains("DD_ALLOWED_HOSTS"), "{text}");
            // What a page whose name was pointed here can send: for the browser all of it is one origin.
            let origin = format!("http://{foreign}");
            let rebound = [form, ("sec-fetch-site", "same-origin"), ("origin", &origin)];
            let (response, _) = send_to(Some(foreign), "POST", "/form", &rebound).await;
            assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST, "{foreign}");
            assert_eq!(send_to(Some(foreign), "POST", "/ipn", &[form]).await.1, "taken");
        }
        let absolute = send_to(Some("localhost:3000"), "GET", "http://evil.example/", &[]).await.0;
        assert_eq!(absolute.status(), StatusCode::MISDIRECTED_REQUEST, "the target's name counts");
        assert_eq!(send_to(None, "GET", "/", &[]).await.0.status(), StatusCode::BAD_REQUEST);
        let twice = send_to(Some("localhost:3000"), "GET", "/", &[("host", "localhost:3000")]).await.0;
        assert_eq!(twice.status(), StatusCode::BAD_REQUEST);
    }

    #[tokio::test]
    async fn pages_may_do_little() {
        let (response, _) = send("GET", "/", &[]).await;
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("form-action 'self' http://127.0.0.1:3001"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(response.headers()[REFERRER_POLICY], "same-origin");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    }
}
