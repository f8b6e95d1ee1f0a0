//! Pay calls, made ready before anything is measured, however long it takes: tokens by the control API, then
//! signatures.

use crate::Failure;
use crate::load::{self, Answer, Load};
use crate::report::Progress;
use fps_protocol::actions::{PaymentRequest, Request};
use fps_protocol::ids::{AccessKey, CallerReference, TokenId};
use fps_protocol::{Parameters, Secret, api_request};
use money::{Money, Percent};
use platform::Clock;
use serde_json::{Value, json};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// The demo caller.
pub const ACCESS_KEY: &str = "DDCALLER000000000001";
const SECRET: &str = "digitaldownload-demo-secret";
pub const SENDER: &str = "john@example.com";
/// So little that the demo balance lasts for all calls, and more than the fees.
const AMOUNT: Money = Money::from_cents(2);
/// 5 %, so that the payment is split as a sale of the shop is.
const MARKETPLACE_FEE: Percent = Percent::from_ten_thousandths(50_000);
pub const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";
/// Tokens that are made at once.
const CONNECTIONS: usize = 16;

/// Pay requests with a fresh sender token each; their notifications go to `ipn_url`.
pub async fn pays(site: &str, count: usize, ipn_url: &Url) -> Result<Vec<Parameters>, Failure> {
    let tokens = tokens(site, count).await?;
    tokens.into_iter().enumerate().map(|(number, token)| pay(&token, number, ipn_url)).collect()
}

fn pay(token: &str, number: usize, ipn_url: &Url) -> Result<Parameters, Failure> {
    let reference = CallerReference::new(format!("bench-pay-{number}"))?;
    let mut pay = PaymentRequest::new(TokenId::new(token)?, AMOUNT, reference);
    pay.recipient_token_id = Some(TokenId::new(recipient_token())?);
    pay.marketplace_variable_fee = Some(MARKETPLACE_FEE);
    pay.caller_description = Some("Now and Forever".to_owned());
    pay.override_ipn_url = Some(ipn_url.clone());
    Ok(Request::Pay(pay).to_parameters())
}

/// The demo merchant's.
fn recipient_token() -> String {
    format!("{:R<64}", "DEMORECIPIENTTOKEN00")
}

/// Sender tokens, as John's clicks through the Co-Branded UI would have made them.
async fn tokens(site: &str, count: usize) -> Result<Vec<String>, Failure> {
    let wish = |number| {
        json!({
            "access_key": ACCESS_KEY, "pipeline": "SingleUse", "account": SENDER, "payment_method": "ABT",
            "caller_reference": format!("bench-token-{number}"),
            "parameters": { "transactionAmount": AMOUNT.to_two_decimals(), "recipientToken": recipient_token() },
        })
    };
    let request =
        |number| load::post(site, "/_control/tokens", "application/json", &wish(number).to_string());
    let made = Arc::new(Mutex::new(vec![None; count]));
    let (keep, progress) = (Arc::clone(&made), Progress::new("tokens made", count));
    let check = move |index: usize, answer: Answer<'_>| {
        let token = token_in(answer)?;
        keep.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(token);
        progress.one_more();
        Ok(())
    };
    let load = Load { address: site.to_owned(), connections: CONNECTIONS, limit: None };
    let sent = load.send_each((0..count).map(request).collect(), check).await;
    sent.map_err(|error| format!("a token could not be made: {error}"))?;
    let made = std::mem::take(&mut *made.lock().unwrap_or_else(PoisonError::into_inner));
    made.into_iter().collect::<Option<_>>().ok_or_else(|| "a token was never asked for".into())
}

/// The token that was made; if there is none, the error carries the answer.
fn token_in(answer: Answer<'_>) -> io::Result<String> {
    let parsed: Option<Value> = serde_json::from_slice(answer.body).ok();
    let token = parsed.and_then(|parsed| parsed["token_id"].as_str().map(str::to_owned));
    token.ok_or_else(|| io::Error::other(format!("no token in {}", String::from_utf8_lossy(answer.body))))
}

/// The calls as HTTP requests, signed now.
pub fn sign(site: &str, endpoint: &Url, calls: Vec<Parameters>) -> Result<Vec<Vec<u8>>, Failure> {
    let (access_key, secret) = (AccessKey::new(ACCESS_KEY)?, Secret::new(SECRET));
    let at = Clock::system().wall();
    let signed = calls.into_iter().map(|call| {
        let signed = api_request::sign("POST", endpoint, call, &access_key, &secret, at);
        load::post(site, "/", FORM, &signed.to_query())
    });
    Ok(signed.collect())
}
