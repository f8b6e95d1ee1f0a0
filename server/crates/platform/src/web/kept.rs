//! Content that goes out to many as it is: hashed and compressed once, not for each request.

use super::encoding::{Encoding, preferred};
use super::{Caching, StaticFile, is_known};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use sha2::{Digest, Sha256};
use std::sync::{Arc, OnceLock};

/// Clones share all of it, what is made later too.
#[derive(Debug, Clone)]
pub struct KeptContent(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    content: Bytes,
    content_type: HeaderValue,
    caching: HeaderValue,
    vary: HeaderValue,
    etag: HeaderValue,
    /// Made when first asked for; `None` inside when it is no shorter.
    gzip: OnceLock<Option<Bytes>>,
    brotli: OnceLock<Option<Bytes>>,
}

impl KeptContent {
    /// A file of the program: the same for all, in the encodings that came with it.
    pub fn file(file: &StaticFile) -> Self {
        let caching = match file.caching {
            Caching::AskEachTime => "public, no-cache",
            Caching::ForAYear => "public, max-age=31536000, immutable",
        };
        Self(Arc::new(Inner {
            gzip: file.gzip.map(Bytes::from_static).into(),
            brotli: file.brotli.map(Bytes::from_static).into(),
            ..Inner::new(
                Bytes::from_static(file.content),
                file.content_type,
                HeaderValue::from_static(caching),
                HeaderValue::from_static("accept-encoding"),
            )
        }))
    }

    /// A page for visitors who are not known. Others get another one at the same address, so no cache that is shared
    /// may have it.
    pub fn page(html: Bytes) -> Self {
        let vary = HeaderValue::from_static("accept-encoding, cookie");
        let caching = HeaderValue::from_static("private, no-cache");
        Self(Arc::new(Inner::new(html, "text/html; charset=utf-8", caching, vary)))
    }

    pub fn content(&self) -> &Bytes {
        &self.0.content
    }

    /// How much memory it takes at the most, in bytes.
    pub fn most_bytes(&self) -> usize {
        3 * self.0.content.len()
    }

    /// In the encoding that suits the sender best; 304 without content if it has this version already.
    pub fn answer(&self, request: &HeaderMap) -> Response {
        let kept = &*self.0;
        if kept.etag.to_str().is_ok_and(|etag| is_known(request, etag.trim_start_matches("W/"))) {
            let mut answer = StatusCode::NOT_MODIFIED.into_response();
            kept.describe(answer.headers_mut());
            return answer;
        }
        let encoded = self.encoded(request);
        let (encoding, content) = encoded.unwrap_or((Encoding::Identity, &kept.content));
        let mut answer = Response::new(content.clone().into());
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, kept.content_type.clone());
        kept.describe(headers);
        if let Some(name) = encoding.name() {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        answer
    }

    fn encoded(&self, request: &HeaderMap) -> Option<(Encoding, &Bytes)> {
        let kept = &*self.0;
        let encoding = preferred(request);
        let made = match encoding {
            Encoding::Identity => return None,
            Encoding::Gzip => kept.gzip.get_or_init(|| encoding.encode(&kept.content, true)),
            Encoding::Brotli => kept.brotli.get_or_init(|| encoding.encode(&kept.content, true)),
        };
        Some((encoding, made.as_ref()?))
    }
}

impl Inner {
    fn new(content: Bytes, content_type: &'static str, caching: HeaderValue, vary: HeaderValue) -> Self {
        Self {
            etag: etag(&content),
            content,
            content_type: HeaderValue::from_static(content_type),
            caching,
            vary,
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
        }
    }

    fn describe(&self, headers: &mut HeaderMap) {
        headers.insert(ETAG, self.etag.clone());
        headers.insert(CACHE_CONTROL, self.caching.clone());
        headers.insert(VARY, self.vary.clone());
    }
}

/// Weak, because all encodings have the same.
fn etag(content: &[u8]) -> HeaderValue {
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
    let hash = BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(content)[..16]);
    HeaderValue::from_str(&format!("W/\"{hash}\"")).expect("base64 is ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
    use std::io::Read;

    async fn ask(kept: &KeptContent, headers: &[(http::HeaderName, &str)]) -> (HeaderMap, Bytes) {
        let asked = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        let (parts, body) = kept.answer(&asked).into_parts();
        (parts.headers, to_bytes(body, 1 << 20).await.unwrap())
    }

    fn page() -> KeptContent {
        KeptContent::page("<p>Now and Forever</p>".repeat(200).into())
    }

    #[tokio::test]
    async fn each_encoding_is_made_once_and_is_the_same_page() {
        let page = page();
        let (headers, plain) = ask(&page, &[]).await;
        assert!(!headers.contains_key(CONTENT_ENCODING));
        for (accepted, name) in [("gzip, deflate, br", "br"), ("gzip", "gzip")] {
            let (headers, encoded) = ask(&page, &[(ACCEPT_ENCODING, accepted)]).await;
            assert_eq!(headers[CONTENT_ENCODING], name);
            assert_eq!(headers[VARY], "accept-encoding, cookie");
            let (_, again) = ask(&page, &[(ACCEPT_ENCODING, accepted)]).await;
            assert_eq!(encoded.as_ptr(), again.as_ptr(), "{name} is kept");
            let mut decoded = Vec::new();
            if name == "br" {
                brotli::BrotliDecompress(&mut &*encoded, &mut decoded).unwrap();
            } else {
                flate2::read::GzDecoder::new(&*encoded).read_to_end(&mut decoded).unwrap();
            }
            assert_eq!(decoded, plain, "{name}");
            assert!(encoded.len() < plain.len() / 4, "{name}");
        }
    }

    #[tokio::test]
    async fn what_the_sender_has_is_not_sent_again() {
        let (page, other) = (page(), KeptContent::page("x".into()));
        let (headers, _) = ask(&page, &[(ACCEPT_ENCODING, "br")]).await;
        let etag = headers[ETAG].to_str().unwrap();
        assert_eq!(page.answer(&HeaderMap::new()).status(), StatusCode::OK);
        let known = HeaderMap::from_iter([(IF_NONE_MATCH, etag.parse().unwrap())]);
        let answer = page.answer(&known);
        assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(answer.headers()[ETAG], etag);
        assert_eq!(answer.headers()[CACHE_CONTROL], "private, no-cache");
        assert!(to_bytes(answer.into_body(), 10).await.unwrap().is_empty());
        assert_eq!(other.answer(&known).status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn what_does_not_get_shorter_stays_as_it_is() {
        let short = KeptContent::page("a {}".into());
        assert!(!ask(&short, &[(ACCEPT_ENCODING, "br")]).await.0.contains_key(CONTENT_ENCODING));
        let noise: [u8; 5_000] = crate::Random::seeded(1).bytes();
        let noise = KeptContent::page(noise.to_vec().into());
        for accepted in ["br", "gzip"] {
            let (headers, content) = ask(&noise, &[(ACCEPT_ENCODING, accepted)]).await;
            assert!(!headers.contains_key(CONTENT_ENCODING) && content.len() == 5_000, "{accepted}");
        }
    }
}
