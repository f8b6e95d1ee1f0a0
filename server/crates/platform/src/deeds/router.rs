//! Deeds as control calls: JSON in, JSON out, by their table.

use super::access::{self, AccessRules};
use super::{Arguments, Deed, DeedRefused, Deeds, Method, Place};
use axum::body::Bytes;
use axum::extract::{RawPathParams, RawQuery};
use axum::routing::{MethodFilter, MethodRouter, on};
use axum::{Json, Router};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Deeds that somebody offers.
pub type Offer = Arc<dyn Deeds>;

/// The routes of all that is offered, and of `more`, behind the rules of who may call.
pub fn deeds_router(offers: &[Offer], more: Router, rules: AccessRules) -> Router {
    let guard = axum::middleware::from_fn_with_state(Arc::new(rules), access::guard);
    let mut routes: BTreeMap<&'static str, MethodRouter> = BTreeMap::new();
    for offer in offers {
        for deed in offer.table() {
            let route = routes.remove(deed.path).unwrap_or_default();
            routes.insert(deed.path, route.merge(call(offer.clone(), deed)));
        }
    }
    let all = routes.into_iter().fold(more, |all, (path, route)| all.route(path, route));
    all.fallback(async || DeedRefused::NoSuchCall)
        .method_not_allowed_fallback(async || DeedRefused::MethodNotAllowed)
        .layer(guard)
}

fn call(offer: Offer, deed: &'static Deed) -> MethodRouter {
    let filter = match deed.method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Patch => MethodFilter::PATCH,
        Method::Delete => MethodFilter::DELETE,
    };
    on(filter, async move |path: RawPathParams, RawQuery(query): RawQuery, body: Bytes| {
        let arguments = read(deed, &path, query.as_deref().unwrap_or_default(), &body)?;
        Ok::<_, DeedRefused>(Json(offer.perform(deed, arguments).await?))
    })
}

fn read(deed: &Deed, path: &RawPathParams, query: &str, body: &[u8]) -> Result<Arguments, DeedRefused> {
    let mut arguments = Arguments::default();
    for (name, text) in path {
        arguments.add_text(deed, name, text)?;
    }
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        if deed.field(&name).is_some_and(|field| field.place == Place::Body) {
            return Err(DeedRefused::BadRequest(format!("{name} belongs into the body, which is JSON")));
        }
        arguments.add_text(deed, &name, &text)?;
    }
    let takes_body = deed.fields.iter().any(|field| field.place == Place::Body);
    if takes_body || !is_nothing(body) {
        for (name, value) in object(body)? {
            if deed.field(&name).is_some_and(|field| field.place != Place::Body) {
                return Err(DeedRefused::BadRequest(format!("{name} belongs into the address")));
            }
            arguments.add(deed, &name, value)?;
        }
    }
    arguments.check(deed)?;
    Ok(arguments)
}

/// What is sent where nothing need be said.
fn is_nothing(body: &[u8]) -> bool {
    matches!(body.trim_ascii(), b"" | b"{}")
}

/// Reads a JSON body whatever its content type says: these calls are typed by hand into curl.
fn object(body: &[u8]) -> Result<Map<String, Value>, DeedRefused> {
    // PostgreSQL keeps no NUL in a text, and in JSON there is one way to write it.
    if body.windows(6).any(|window| window == br"\u0000") {
        return Err(DeedRefused::BadRequest("the body has a NUL character".to_owned()));
    }
    serde_json::from_slice(body)
        .map_err(|error| DeedRefused::BadRequest(format!("the body must be an object of JSON: {error}")))
}

#[cfg(test)]
mod tests {
    use super::super::{Field, Kind};
    use super::*;
    use async_trait::async_trait;
    use axum::body::{Body, to_bytes};
    use http::{Request, StatusCode};
    use tower::ServiceExt;

    static TABLE: [Deed; 2] = [
        Deed {
            name: "echo",
            method: Method::Post,
            path: "/things/{id}",
            summary: "Says it again",
            fields: &[
                Field::path("id", "which", "1"),
                Field::query("loud", Kind::Flag, "whether", "true"),
                Field::body("words", Kind::Text, "what", "hello").required(),
            ],
            answer: "what was said",
            commands: &[],
            page: "/lab",
        },
        Deed {
            name: "list",
            method: Method::Get,
            path: "/things",
            summary: "Lists",
            fields: &[],
            answer: "[]",
            commands: &[],
            page: "/lab",
        },
    ];

    struct Echo;

    #[async_trait]
    impl Deeds for Echo {
        fn table(&self) -> &'static [Deed] {
            &TABLE
        }

        async fn perform(&self, deed: &'static Deed, arguments: Arguments) -> Result<Value, DeedRefused> {
            if deed.name == "list" {
                return Err(DeedRefused::Conflict("not now".to_owned()));
            }
            Ok(Value::Object(arguments.into_json()))
        }
    }

    async fn asked(method: &str, path: &str, body: &str) -> (StatusCode, Value) {
        let rules = AccessRules { public_url: "http://127.0.0.1:3001".parse().unwrap(), control_token: None };
        let router = deeds_router(&[Arc::new(Echo)], Router::new(), rules);
        let request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:3001");
        let answer = router.oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
        let status = answer.status();
        let body = to_bytes(answer.into_body(), 1 << 16).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_call_is_read_by_the_table() {
        let (status, said) = asked("POST", "/things/7?loud=true", r#"{"words":"hello"}"#).await;
        assert_eq!(
            (status, said),
            (StatusCode::OK, serde_json::json!({ "id": "7", "loud": true, "words": "hello" }))
        );
    }

    #[tokio::test]
    async fn what_does_not_fit_is_refused_in_words() {
        for (method, path, body, status, words) in [
            ("POST", "/things/7", "", 400, "must be an object"),
            ("POST", "/things/7", "[]", 400, "must be an object"),
            ("POST", "/things/7", r#"{"words":"\u0000"}"#, 400, "NUL"),
            ("POST", "/things/7", r#"{"id":"8","words":"x"}"#, 400, "belongs into the address"),
            ("POST", "/things/7?words=x", "{}", 400, "belongs into the body"),
            ("POST", "/things/7?loud=perhaps", "{}", 400, "true or false"),
            ("POST", "/things/7", "{}", 400, "words is needed"),
            ("POST", "/things/7", r#"{"word":"x"}"#, 400, "there is no field"),
            ("GET", "/things?x=1", "", 400, "nor any other"),
            ("GET", "/things", r#"{"x":1}"#, 400, "nor any other"),
            ("GET", "/things", "{}", 409, "not now"),
            ("DELETE", "/things", "", 405, "another method"),
            ("GET", "/nothing", "", 404, "no such call"),
        ] {
            let (got, answer) = asked(method, path, body).await;
            assert_eq!(got.as_u16(), status, "{method} {path} {body}: {answer}");
            assert!(answer["error"].as_str().unwrap().contains(words), "{method} {path} {body}: {answer}");
        }
    }
}
