//! A person's browser as far as HTTP goes: keeps cookies per host, follows redirects when asked.

use platform::Tls;
use std::collections::BTreeMap;
use url::Url;

/// Cookies are kept per host name, as browsers do (ports do not matter).
pub struct Browser {
    client: reqwest::Client,
    hangs_up: bool,
    cookies: BTreeMap<String, BTreeMap<String, String>>,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub url: Url,
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Vec<u8>,
}

impl Page {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a redirect leads.
    pub fn location(&self) -> Url {
        assert!((300..400).contains(&self.status), "{} answered {}: {}", self.url, self.status, self.text());
        self.url.join(self.header("location")).unwrap()
    }

    #[track_caller]
    pub fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} answered: {}", self.url, self.text());
        self
    }
}

impl Browser {
    pub fn new() -> Self {
        Self { client: platform::http_client(), hangs_up: false, cookies: BTreeMap::new() }
    }

    /// One that trusts others than the system does.
    pub fn trusting(tls: &Tls) -> Self {
        Self { client: platform::http_client_with(tls), ..Self::new() }
    }

    /// One that makes a connection for each request.
    pub fn that_hangs_up() -> Self {
        Self { hangs_up: true, ..Self::new() }
    }

    pub async fn get(&mut self, url: impl AsRef<str>) -> Page {
        self.try_get(url).await.unwrap()
    }

    /// Posts a form as a browser does from a page of the same site.
    pub async fn post(&mut self, url: impl AsRef<str>, fields: &[(&str, &str)]) -> Page {
        self.try_post(url, fields).await.unwrap()
    }

    /// The same where nobody may be there to answer, as with the other `try_` functions.
    pub async fn try_get(&mut self, url: impl AsRef<str>) -> reqwest::Result<Page> {
        let url = Url::parse(url.as_ref()).unwrap();
        let request = self.client.get(url.clone());
        self.try_send(url, request).await
    }

    pub async fn try_post(&mut self, url: impl AsRef<str>, fields: &[(&str, &str)]) -> reqwest::Result<Page> {
        let url = Url::parse(url.as_ref()).unwrap();
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .client
            .post(url.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header("origin", url.origin().ascii_serialization())
            .body(body);
        self.try_send(url, request).await
    }

    /// Gets a page and follows its redirects.
    pub async fn try_visit(&mut self, url: impl AsRef<str>) -> reqwest::Result<Page> {
        let mut page = self.try_get(url).await?;
        for _ in 0..10 {
            if !(300..400).contains(&page.status) {
                break;
            }
            page = self.try_get(page.location()).await?;
        }
        Ok(page)
    }

    /// Posts a form with a file in it: its field, name and content.
    pub async fn post_file(
        &mut self,
        url: impl AsRef<str>,
        texts: &[(&str, &str)],
        (field, name, content): (&str, &str, &[u8]),
    ) -> Page {
        let url = Url::parse(url.as_ref()).unwrap();
        let part = |disposition: String, content: &[u8]| {
            let head = format!("--BOUNDARY\r\nContent-Disposition: form-data; {disposition}\r\n\r\n");
            [head.as_bytes(), content, b"\r\n"].concat()
        };
        let texts = texts.iter().map(|(name, value)| part(format!("name=\"{name}\""), value.as_bytes()));
        let file = part(format!("name=\"{field}\"; filename=\"{name}\""), content);
        let body: Vec<u8> = texts.chain([file, b"--BOUNDARY--\r\n".to_vec()]).flatten().collect();
        let request = self
            .client
            .post(url.clone())
            .header("content-type", "multipart/form-data; boundary=BOUNDARY")
            .header("sec-fetch-site", "same-origin")
            .body(body);
        self.send(url, request).await
    }

    /// Gets a page and follows its redirects, across both sites.
    pub async fn visit(&mut self, url: impl AsRef<str>) -> Page {
        let page = self.get(url).await;
        self.follow(page).await
    }

    pub async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..10 {
            if !(300..400).contains(&page.status) {
                return page;
            }
            page = self.get(page.location()).await;
        }
        panic!("redirects without end at {}", page.url);
    }

    pub async fn send(&mut self, url: Url, request: reqwest::RequestBuilder) -> Page {
        self.try_send(url, request).await.unwrap()
    }

    pub async fn try_send(&mut self, url: Url, request: reqwest::RequestBuilder) -> reqwest::Result<Page> {
        let host = url.host_str().unwrap().to_owned();
        let cookies = self.cookies.entry(host).or_default();
        let header: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = if header.is_empty() { request } else { request.header("cookie", header.join("; ")) };
        let request = if self.hangs_up { request.header("connection", "close") } else { request };
        let answer = request.send().await?;
        for cookie in answer.headers().get_all("set-cookie") {
            let (pair, rest) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() || rest.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.bytes().await?.to_vec();
        Ok(Page { url, status, headers, body })
    }

    /// All of an answer that comes in pieces; tells when the first has come.
    pub async fn hear(&mut self, url: &str, began: tokio::sync::oneshot::Sender<()>) -> String {
        let host = Url::parse(url).unwrap().host_str().unwrap().to_owned();
        let cookies = self.cookies.entry(host).or_default();
        let header: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut answer = self.client.get(url).header("cookie", header.join("; ")).send().await.unwrap();
        let (mut heard, mut began) = (Vec::new(), Some(began));
        while let Ok(Some(piece)) = answer.chunk().await {
            heard.extend_from_slice(&piece);
            if let Some(began) = began.take() {
                began.send(()).unwrap();
            }
        }
        String::from_utf8(heard).unwrap()
    }

    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }
}
