//! From HTTP to parameters.

use super::recording::Sent;
use axum::extract::Request;
use fps_protocol::api_request::ApiRequest;
use fps_protocol::parameters::Parameters;
use fps_protocol::{DecodeError, ErrorCode, FpsError, Unverified};
use http::header::{CONTENT_TYPE, HOST};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use platform::web::read_body;

/// More than the largest request, a `VerifySignature` with everything encoded twice.
const LARGEST_BODY: usize = 512 * 1024;
const FORM: &str = "application/x-www-form-urlencoded";

/// The request as it was sent; nothing in it is known to be true.
///
/// What is read is noted in `sent`, where somebody wants to know.
pub async fn request(request: Request, sent: &mut Option<Sent>) -> Result<Unverified<ApiRequest>, FpsError> {
    let (parts, body) = request.into_parts();
    note_head(sent, &parts);
    let query = Parameters::from_query(parts.uri.query().unwrap_or_default()).map_err(undecodable)?;
    let parameters = match parts.method {
        // Not HEAD: who only looks whether an address is there must not pay (RFC 9110 §9.2.1).
        Method::GET => query,
        Method::POST => {
            check_content_type(&parts.headers)?;
            let body =
                read_body(body, LARGEST_BODY).await.map_err(|refusal| unreadable(refusal.facts().status))?;
            if let Some(sent) = sent {
                sent.body = String::from_utf8_lossy(&body).into_owned();
            }
            query.joined(Parameters::from_form(&body).map_err(undecodable)?)
        }
        _ => return Err(invalid_request("Requests are sent by GET or POST.")),
    };
    if let Some(sent) = sent {
        sent.note(&parameters);
    }
    let (host, path) = (host(&parts), path(&parts));
    Ok(Unverified::new(ApiRequest { method: parts.method.to_string(), host, path, parameters }))
}

fn note_head(sent: &mut Option<Sent>, parts: &Parts) {
    if let Some(sent) = sent {
        sent.method = parts.method.to_string();
        (sent.host, sent.path) = (host(parts), path(parts));
        parts.uri.query().unwrap_or_default().clone_into(&mut sent.query);
    }
}

/// A client behind a proxy setting sends the host in the request line (fps.md §14.1).
fn host(parts: &Parts) -> String {
    let in_line = parts.uri.authority().map(http::uri::Authority::as_str);
    let in_header = parts.headers.get(HOST).and_then(|value| value.to_str().ok());
    in_header.or(in_line).unwrap_or_default().to_owned()
}

fn path(parts: &Parts) -> String {
    match parts.uri.path() {
        "" => "/".to_owned(),
        path => path.to_owned(),
    }
}

/// Old clients leave the type out; a wrong one means that the body is something else.
fn check_content_type(headers: &HeaderMap) -> Result<(), FpsError> {
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(()) };
    let text = value.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(FORM) {
        Ok(())
    } else {
        Err(invalid_request(&format!("The body of a request must be {FORM}.")))
    }
}

fn unreadable(status: StatusCode) -> FpsError {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => invalid_request("The request is too large."),
        _ => invalid_request("The request did not arrive whole."),
    }
}

fn undecodable(error: DecodeError) -> FpsError {
    invalid_request(&format!("The request cannot be read: {error}."))
}

fn invalid_request(message: &str) -> FpsError {
    FpsError::new(ErrorCode::InvalidRequest, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    async fn read(request: http::Request<&'static str>) -> Result<ApiRequest, ErrorCode> {
        let read = super::request(request.map(Body::from), &mut None).await;
        read.map(|unverified| unverified.claimed().clone()).map_err(|error| error.code)
    }

    #[tokio::test]
    async fn get_and_post_are_read_alike() {
        let get =
            http::Request::get("/?Action=Pay&x=%C3%A9+1").header("host", "127.0.0.1:3001").body("").unwrap();
        let get = read(get).await.unwrap();
        assert_eq!(
            (get.method.as_str(), get.host.as_str(), get.path.as_str()),
            ("GET", "127.0.0.1:3001", "/")
        );
        let post = http::Request::post("/").body("Action=Pay&x=%C3%A9%201").unwrap();
        assert_eq!(read(post).await.unwrap().parameters, get.parameters);
    }

    #[tokio::test]
    async fn an_absolute_request_line_with_an_empty_path_is_the_root() {
        let request = http::Request::post("http://fps.sandbox.amazonaws.com").body("Action=Pay").unwrap();
        let request = read(request).await.unwrap();
        assert_eq!((request.host.as_str(), request.path.as_str()), ("fps.sandbox.amazonaws.com", "/"));
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_refused() {
        let json = http::Request::post("/").header("content-type", "application/json").body("{}").unwrap();
        let escapes = http::Request::get("/?Action=%zz").body("").unwrap();
        let put = http::Request::put("/?Action=Pay").body("").unwrap();
        for request in [json, escapes, put] {
            assert_eq!(read(request).await.unwrap_err(), ErrorCode::InvalidRequest);
        }
    }
}
