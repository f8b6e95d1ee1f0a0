//! The payments site alone, with an account that pays and a caller without an address for notifications: where they
//! go, if anywhere, each payment says.

use crate::calls::{FORM, SENDER};
use crate::load::{self, Answer};
use crate::{Failure, address, calls, options, start};
use fps_protocol::actions::{PaymentRequest, Request};
use fps_protocol::ids::{AccessKey, CallerReference, TokenId};
use fps_protocol::{Parameters, Secret, api_request};
use http::header::CONTENT_TYPE;
use money::Money;
use platform::Clock;
use serde_json::{Value, json};
use server::{Options, Running, Sites};
use std::io;
use tempfile::TempDir;
use tokio::runtime::Handle;
use url::Url;

/// The second demo caller.
const ACCESS_KEY: &str = "DDCALLER000000000002";
const SECRET: &str = "second-demo-secret";
const RECIPIENT: &str = "merchant@example.com";
const AMOUNT: Money = Money::from_cents(2);

pub struct PaymentsSite {
    pub running: Running,
    pub address: String,
    pub callers: Callers,
}

/// The demo callers of a payments site, wherever it runs.
#[derive(Debug, Clone)]
pub struct Callers {
    pub address: String,
    /// What is signed.
    pub endpoint: Url,
}

/// The tokens of payments from one account to another.
pub struct Payer {
    sender: TokenId,
    recipient: TokenId,
}

impl PaymentsSite {
    /// On a database of its own.
    pub async fn start(server: &Handle, data: &TempDir, name: &str) -> Result<Self, Failure> {
        Self::start_on(server, data, name, None).await
    }

    /// On the database of this URL, if there is one.
    pub async fn start_on(
        server: &Handle,
        data: &TempDir,
        name: &str,
        database_url: Option<String>,
    ) -> Result<Self, Failure> {
        let set = |options: &mut Options| {
            if let Some(url) = database_url {
                options.payments_database_url = url;
            }
        };
        Self::start_with(server, data, name, set).await
    }

    /// With some of the options set.
    pub async fn start_with(
        server: &Handle,
        data: &TempDir,
        name: &str,
        set: impl FnOnce(&mut Options),
    ) -> Result<Self, Failure> {
        let shop_url = Some(Url::parse("http://localhost:3000")?);
        let mut options = Options { sites: Sites::Payments, shop_url, ..options(data, name) };
        set(&mut options);
        let running = start(server, options).await?;
        let address = address(&running, Running::payments_url)?;
        let callers = Callers { address: address.clone(), endpoint: running.payments_url().clone() };
        Ok(Self { running, address, callers })
    }
}

impl Callers {
    /// Of a site at this URL.
    pub fn at(url: &str) -> Result<Self, Failure> {
        let endpoint = Url::parse(url)?;
        let port = endpoint.port().ok_or("a site without a port")?;
        Ok(Self { address: format!("127.0.0.1:{port}"), endpoint })
    }

    /// One for as many payments as there are to be.
    pub async fn payer(&self) -> Result<Payer, Failure> {
        let sender = self.token("MultiUse", SENDER, json!({ "globalAmountLimit": "500.00" })).await?;
        let recipient = self.token("Recipient", RECIPIENT, json!({ "recipientPaysFee": "True" })).await?;
        Ok(Payer { sender, recipient })
    }

    async fn token(&self, pipeline: &str, account: &str, parameters: Value) -> Result<TokenId, Failure> {
        let wish = json!({
            "access_key": ACCESS_KEY, "pipeline": pipeline, "account": account, "payment_method": "ABT",
            "caller_reference": format!("bench-{pipeline}"), "parameters": parameters,
        });
        let request = platform::http_client().post(format!("http://{}/_control/tokens", self.address));
        let answer = request.header(CONTENT_TYPE, "application/json").body(wish.to_string()).send().await?;
        let made: Value = serde_json::from_str(&answer.text().await?)?;
        let token = made["token_id"].as_str().ok_or_else(|| format!("no token in {made}"))?;
        Ok(TokenId::new(token)?)
    }

    /// A signed Pay as an HTTP request; its notification goes to `ipn_url`.
    pub fn pay(&self, payer: &Payer, reference: &str, ipn_url: Option<&Url>) -> Result<Vec<u8>, Failure> {
        let mut pay = PaymentRequest::new(payer.sender.clone(), AMOUNT, CallerReference::new(reference)?);
        pay.recipient_token_id = Some(payer.recipient.clone());
        pay.override_ipn_url = ipn_url.cloned();
        self.signed(Request::Pay(pay).to_parameters())
    }

    /// Signed Pays of the first demo caller, each with a token of its own and split three ways.
    pub async fn signed_pays(&self, count: usize, ipn_url: &Url) -> Result<Vec<Vec<u8>>, Failure> {
        let pays = calls::pays(&self.address, count, ipn_url).await?;
        calls::sign(&self.address, &self.endpoint, pays)
    }

    pub fn signed(&self, call: Parameters) -> Result<Vec<u8>, Failure> {
        let (access_key, secret) = (AccessKey::new(ACCESS_KEY)?, Secret::new(SECRET));
        let at = Clock::system().wall();
        let signed = api_request::sign("POST", &self.endpoint, call, &access_key, &secret, at);
        Ok(load::post(&self.address, "/", FORM, &signed.to_query()))
    }
}

pub fn expect(answer: Answer<'_>, words: &str) -> io::Result<()> {
    if load::contains(answer.body, words) {
        return Ok(());
    }
    Err(io::Error::other(format!("not what was expected: {}", String::from_utf8_lossy(answer.body))))
}

/// Of a Pay.
pub fn expect_success(answer: Answer<'_>) -> io::Result<()> {
    expect(answer, "<TransactionStatus>Success</TransactionStatus>")
}
