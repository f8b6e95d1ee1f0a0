//! Answers that are made for one request, compressed on their way out.
//!
//! Not what shows a secret ([`never_compressed`]): whoever can have a page made with words of their own in it, and sees
//! how long it is on the wire, reads from the length whether the secret begins like those words (BREACH, 2013).

use super::Refusal;
use super::encoding::{Encoding, WORTH_COMPRESSING, preferred};
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_TYPE, ETAG, VARY,
};
use http::{HeaderMap, HeaderValue};
use std::convert::Infallible;
use std::task::{Context, Poll};
use tower::{Layer, Service};

/// What takes longer than a millisecond to compress is for other threads than those that answer, in bytes.
const LONG: usize = 64 << 10;

/// The page shows a secret: it is sent as it is, also by what stands between the server and the browser.
#[must_use]
pub fn never_compressed(mut page: Response) -> Response {
    page.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store, no-transform"));
    page
}

/// Around a site: texts go out in the encoding that their reader likes best. Content that is kept has its encodings
/// already, files that are downloaded are mostly compressed, and a stream is not held up.
#[derive(Debug, Clone, Copy, Default)]
pub struct Compressed;

impl<S> Layer<S> for Compressed {
    type Service = CompressedService<S>;

    fn layer(&self, inner: S) -> CompressedService<S> {
        CompressedService { inner }
    }
}

#[derive(Debug, Clone)]
pub struct CompressedService<S> {
    inner: S,
}

impl<S> Service<Request> for CompressedService<S>
where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let encoding = preferred(request.headers());
        let answering = self.inner.call(request);
        Box::pin(async move {
            let Ok(mut response) = answering.await;
            if !is_plain_text(response.headers()) {
                return Ok(response);
            }
            response.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
            let length = response.body().size_hint().exact().and_then(|length| usize::try_from(length).ok());
            let worth = length.is_some_and(|length| length >= WORTH_COMPRESSING);
            Ok(if worth && encoding != Encoding::Identity {
                compress(response, encoding).await
            } else {
                response
            })
        })
    }
}

/// Pages, drawings, feeds and answers that nobody has encoded yet.
fn is_plain_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let texts =
        [&b"text/"[..], b"image/svg+xml", b"application/json", b"application/xml", b"application/atom+xml"];
    let caching = headers.get_all(CACHE_CONTROL).iter();
    let must_stay = caching
        .map(HeaderValue::as_bytes)
        .any(|rules| memchr::memmem::find(rules, b"no-transform").is_some());
    let whole =
        [CONTENT_ENCODING, CONTENT_DISPOSITION, CONTENT_RANGE].iter().all(|name| !headers.contains_key(name));
    whole && !must_stay && texts.iter().any(|text| kind.starts_with(text))
}

async fn compress(response: Response, encoding: Encoding) -> Response {
    let (mut parts, body) = response.into_parts();
    // All of it is there: its length is known.
    let content = match to_bytes(body, usize::MAX).await {
        Ok(content) => content,
        Err(error) => return Refusal::because(error).into_response(),
    };
    let encoded = if content.len() > LONG {
        let content = content.clone();
        tokio::task::spawn_blocking(move || encoding.encode(&content, false)).await.ok().flatten()
    } else {
        encoding.encode(&content, false)
    };
    let (Some(encoded), Some(name)) = (encoded, encoding.name()) else {
        return Response::from_parts(parts, Body::from(content));
    };
    let headers = &mut parts.headers;
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    headers.remove(CONTENT_LENGTH);
    headers.remove(ACCEPT_RANGES);
    // The same to read, and not to the byte.
    let weak = headers.get(ETAG).filter(|tag| !tag.as_bytes().starts_with(b"W/"));
    if let Some(weak) = weak.and_then(|tag| HeaderValue::from_bytes(&[b"W/", tag.as_bytes()].concat()).ok()) {
        headers.insert(ETAG, weak);
    }
    Response::from_parts(parts, Body::from(encoded))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;
    use http::header::ACCEPT_ENCODING;
    use std::io::Read;
    use tower::ServiceExt;

    async fn send(accepted: &str, response: Response) -> (HeaderMap, Vec<u8>) {
        let request = Request::builder().header(ACCEPT_ENCODING, accepted).body(Body::empty()).unwrap();
        let mut answer = Some(response);
        let inner = tower::service_fn(move |_: Request| {
            let answer = answer.take().unwrap();
            async move { Ok::<_, Infallible>(answer) }
        });
        let (parts, body) = Compressed.layer(inner).oneshot(request).await.unwrap().into_parts();
        (parts.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
    }

    fn text(words: usize) -> String {
        "Now and Forever ".repeat(words)
    }

    fn page(words: usize) -> Response {
        ([(ETAG, "\"1\"")], axum::response::Html(text(words))).into_response()
    }

    #[tokio::test]
    async fn a_text_goes_out_as_its_reader_likes_it_best() {
        for words in [200, 10_000] {
            for (accepted, name) in [("gzip, br", "br"), ("br;q=0.1, gzip", "gzip"), ("br;q=0, gzip;q=0", "")]
            {
                let (headers, content) = send(accepted, page(words)).await;
                let mut decoded = Vec::new();
                match name {
                    "br" => brotli::BrotliDecompress(&mut &*content, &mut decoded).unwrap(),
                    "gzip" => {
                        flate2::read::GzDecoder::new(&*content).read_to_end(&mut decoded).unwrap();
                    }
                    _ => decoded.clone_from(&content),
                }
                assert!(decoded == text(words).as_bytes(), "{accepted}");
                assert_eq!(headers.get(CONTENT_ENCODING).map_or("", |name| name.to_str().unwrap()), name);
                assert_eq!(headers[VARY], "accept-encoding");
                assert_eq!(headers[ETAG], if name.is_empty() { "\"1\"" } else { "W/\"1\"" });
            }
        }
    }

    #[tokio::test]
    async fn what_must_stay_as_it_is_stays() {
        let pieces = stream::iter([Ok::<_, Infallible>(text(200))]);
        let with = |name, value: &'static str| ([(name, value)], page(200)).into_response();
        for (what, response) in [
            ("a short text", page(10)),
            ("a stream", axum::response::Html(Body::from_stream(pieces)).into_response()),
            ("a picture", with(CONTENT_TYPE, "image/png")),
            ("a download", with(CONTENT_DISPOSITION, "attachment")),
            ("a part", with(CONTENT_RANGE, "bytes 0-9/10")),
            ("a secret", never_compressed(page(200))),
        ] {
            let before = response.headers().get(CONTENT_ENCODING).cloned();
            let (headers, content) = send("br, gzip", response).await;
            assert_eq!(headers.get(CONTENT_ENCODING), before.as_ref(), "{what}");
            assert!(content.starts_with(b"Now and Forever"), "{what}");
        }
        let (headers, _) = send("br, gzip", with(CONTENT_ENCODING, "gzip")).await;
        assert_eq!(headers[CONTENT_ENCODING], "gzip", "it is encoded already");
        let (headers, _) = send("br", never_compressed(page(200))).await;
        assert_eq!(headers[CACHE_CONTROL], "private, no-store, no-transform", "proxies keep to it, too");
    }
}
