//! A program that calls the Query API with signed requests.

use fps_protocol::parameters::Parameters;
use fps_protocol::signature::{self, HmacAlgorithm};
use platform::Clock;
use std::collections::BTreeMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use url::Url;

#[derive(Clone)]
pub struct Caller {
    endpoint: Url,
    access_key: String,
    secret: fps_protocol::secret::Secret,
    clock: Clock,
    client: reqwest::Client,
}

/// An answer of the Query API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    /// The header's; the XML has one, too.
    pub request_id: String,
    pub xml: String,
}

impl Answer {
    /// The text of the first element of that name.
    pub fn element(&self, name: &str) -> Option<&str> {
        let rest = self.xml.split_once(&format!("<{name}>"))?.1;
        rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
    }

    #[track_caller]
    pub fn expect(&self, name: &str) -> String {
        self.element(name).unwrap_or_else(|| panic!("no {name} in {self:?}")).to_owned()
    }

    /// `TransactionStatus` of a success, `Code` of an error.
    #[track_caller]
    pub fn outcome(&self) -> String {
        self.element("TransactionStatus")
            .or_else(|| self.element("Code"))
            .unwrap_or_else(|| panic!("{self:?}"))
            .to_owned()
    }
}

impl Caller {
    pub fn new(endpoint: Url, access_key: &str, secret: &str, clock: Clock) -> Self {
        let secret = fps_protocol::secret::Secret::new(secret.to_owned());
        Self { endpoint, access_key: access_key.to_owned(), secret, clock, client: platform::http_client() }
    }

    /// The signed parameters of a call by GET.
    pub fn sign(&self, action: &str, fields: &[(&str, &str)]) -> Parameters {
        self.sign_for("GET", action, fields)
    }

    fn sign_for(&self, method: &str, action: &str, fields: &[(&str, &str)]) -> Parameters {
        let timestamp = self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let mut parameters: BTreeMap<&str, &str> = fields.iter().copied().collect();
        let common = [
            ("Action", action),
            ("AWSAccessKeyId", self.access_key.as_str()),
            ("SignatureVersion", "2"),
            ("SignatureMethod", "HmacSHA256"),
            ("Timestamp", timestamp.as_str()),
            ("Version", "2010-08-28"),
        ];
        for (name, value) in common {
            parameters.entry(name).or_insert(value);
        }
        let mut signed = Parameters::default();
        for (name, value) in parameters {
            signed.push(name, value);
        }
        let host = format!("{}:{}", self.endpoint.host_str().unwrap(), self.endpoint.port().unwrap());
        let signature =
            signature::sign_v2(&self.secret, HmacAlgorithm::Sha256, method, &host, "/", &signed, "Signature");
        signed.push("Signature", signature);
        signed
    }

    pub async fn call(&self, action: &str, fields: &[(&str, &str)]) -> Answer {
        self.send_query(&self.sign(action, fields).to_query()).await
    }

    /// A call of which perhaps no answer comes.
    pub async fn try_call(&self, action: &str, fields: &[(&str, &str)]) -> reqwest::Result<Answer> {
        let mut url = self.endpoint.clone();
        url.set_query(Some(&self.sign(action, fields).to_query()));
        try_answer(self.client.get(url)).await
    }

    /// Sends a query string as it is.
    pub async fn send_query(&self, query: &str) -> Answer {
        let mut url = self.endpoint.clone();
        url.set_query(Some(query));
        answer(self.client.get(url)).await
    }

    /// A call by POST.
    pub async fn post(&self, action: &str, fields: &[(&str, &str)]) -> Answer {
        self.send_form(self.sign_for("POST", action, fields).to_query().into_bytes()).await
    }

    /// Posts a form body as it is.
    pub async fn send_form(&self, body: Vec<u8>) -> Answer {
        let request = self.client.post(self.endpoint.clone());
        answer(request.header("content-type", "application/x-www-form-urlencoded").body(body)).await
    }

    /// Sends bytes as they are on a connection of their own, and returns the beginning of the answer.
    pub async fn send_raw(&self, bytes: &[u8]) -> String {
        let address = (self.endpoint.host_str().unwrap(), self.endpoint.port().unwrap());
        let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
        // The server may hang up before it has read all.
        let _ = connection.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = connection.take(16 * 1024).read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub async fn pay(&self, token: &str, amount: &str, reference: &str) -> Answer {
        self.payment("Pay", token, amount, reference).await
    }

    pub async fn reserve(&self, token: &str, amount: &str, reference: &str) -> Answer {
        self.payment("Reserve", token, amount, reference).await
    }

    async fn payment(&self, action: &str, token: &str, amount: &str, reference: &str) -> Answer {
        let recipient = super::app::recipient_token(0);
        let fields = [
            ("SenderTokenId", token),
            ("RecipientTokenId", recipient.as_str()),
            ("TransactionAmount.CurrencyCode", "USD"),
            ("TransactionAmount.Value", amount),
            ("CallerReference", reference),
        ];
        self.call(action, &fields).await
    }

    pub async fn on_transaction(&self, action: &str, id: &str) -> Answer {
        let name = if action == "Settle" { "ReserveTransactionId" } else { "TransactionId" };
        self.call(action, &[(name, id)]).await
    }

    pub async fn refund(&self, id: &str, amount: &str, reference: &str) -> Answer {
        let fields = [
            ("TransactionId", id),
            ("RefundAmount.CurrencyCode", "USD"),
            ("RefundAmount.Value", amount),
            ("CallerReference", reference),
        ];
        self.call("Refund", &fields).await
    }

    pub async fn status(&self, id: &str) -> Answer {
        self.on_transaction("GetTransactionStatus", id).await
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Answer {
    try_answer(request).await.unwrap()
}

async fn try_answer(request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
    let answer = request.send().await?;
    let header = |name: &str| {
        answer.headers().get(name).map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    };
    let (content_type, request_id) = (header("content-type"), header("x-request-id"));
    let status = answer.status().as_u16();
    Ok(Answer { status, content_type, request_id, xml: answer.text().await? })
}
