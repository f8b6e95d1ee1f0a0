//! Makes a token as a person's click through the Co-Branded UI would have: by the same steps.

use super::{Control, bad_request};
use crate::domain::accounts::{self, Account};
use crate::domain::callers::{self, Caller};
use crate::domain::instruments::Instrument;
use crate::engine::authorizations::{AuthorizationError, AuthorizationRequest, Entered, Selection};
use fps_protocol::Parameters;
use fps_protocol::cbui::{CbuiRequest, CbuiStatus, ShippingAddress};
use fps_protocol::enums::PaymentMethod;
use platform::deeds::{Command, Deed, DeedRefused, Field, Kind, Method};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

pub const CREATE: Deed = Deed {
    name: "token-create",
    method: Method::Post,
    path: "/tokens",
    summary: "Makes a token, as a person's click through the Co-Branded UI would",
    fields: &[
        Field::body("access_key", Kind::Text, "of the caller who gets it", "DDCALLER000000000001").required(),
        Field::body("pipeline", Kind::Text, "the pipeline", "SingleUse").required(),
        Field::body("account", Kind::Text, "the e-mail address of who clicks", "john@example.com").required(),
        Field::body("payment_method", Kind::OneOf(&["ABT", "ACH", "CC"]), "what the person pays with", "ABT"),
        Field::body("caller_reference", Kind::Text, "the caller's reference", "order-1"),
        Field::body(
            "parameters",
            Kind::Object,
            "further parameters of the pipeline",
            r#"{"transactionAmount":"10.00"}"#,
        ),
    ],
    answer: r#"{"token_id":"…","refund_token_id":null,"status":"SA","return_parameters":{}}"#,
    commands: &[Command {
        words: &["token", "create"],
        summary: "Makes a token, as a person's click through the Co-Branded UI would",
        positional: &[],
        flags: &["access_key", "pipeline", "account", "payment_method", "caller_reference", "parameters"],
        fixed: &[],
    }],
    page: "/lab/accounts",
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    access_key: String,
    pipeline: String,
    /// The e-mail address of who clicks.
    account: String,
    /// The instrument that the person picks; of no meaning to a recipient.
    #[serde(default)]
    payment_method: Option<String>,
    /// The set-up pipelines have two references of their own among the parameters instead.
    #[serde(default)]
    caller_reference: Option<String>,
    #[serde(default)]
    parameters: BTreeMap<String, Value>,
}

/// Parameters are text on the wire; numbers and truth values are taken as they would be typed.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Flag(bool),
    Number(serde_json::Number),
}

impl Value {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Flag(true) => "True".to_owned(),
            Self::Flag(false) => "False".to_owned(),
            Self::Number(number) => number.to_string(),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Made {
    /// Of the set-up pipelines the one that pays.
    token_id: Option<String>,
    refund_token_id: Option<String>,
    status: Option<String>,
    /// What the returnURL would have got.
    return_parameters: BTreeMap<String, String>,
}

pub async fn create(control: &Control, asked: TokenRequest) -> Result<Made, DeedRefused> {
    let payments = &control.payments;
    let unknown = || bad_request("there is no caller with that access_key");
    let access_key = asked.access_key.parse().map_err(|_| unknown())?;
    let caller = callers::find(&payments.db, &access_key).await?.ok_or_else(unknown)?;
    let account = accounts::find_by_email(&payments.db, &asked.account).await?;
    let account = account.ok_or_else(|| bad_request("there is no account with that e-mail address"))?;
    let method = asked.payment_method.clone();
    let request = request(control, &caller, asked).await?;
    match click_through(control, &caller, &account, &request, method.as_deref()).await {
        // Leaving without a token is an answer, too: what the caller would have been told.
        Ok(location) | Err(ClickError::Authorization(AuthorizationError::Returned(location))) => {
            made(&location)
        }
        Err(ClickError::Authorization(error)) => Err(refused(error)),
        Err(ClickError::Control(error)) => Err(error),
    }
}

fn refused(error: AuthorizationError) -> DeedRefused {
    match error {
        AuthorizationError::Sqlx(_)
        | AuthorizationError::Signer(_)
        | AuthorizationError::Id(_)
        | AuthorizationError::Unreadable(_) => DeedRefused::Internal(error.into()),
        error => bad_request(error.to_string()),
    }
}

/// The request that the caller would have signed.
async fn request(
    control: &Control,
    caller: &Caller,
    asked: TokenRequest,
) -> Result<CbuiRequest, DeedRefused> {
    let mut parameters: Parameters =
        asked.parameters.into_iter().map(|(name, value)| (name, value.into_text())).collect();
    parameters.set("callerKey", caller.access_key.as_str());
    parameters.set("pipelineName", asked.pipeline);
    if let Some(reference) = asked.caller_reference {
        parameters.set("callerReference", reference);
    }
    if !parameters.contains("returnURL") && !parameters.contains("returnUrl") {
        let sites = callers::sites(&control.payments.db, &caller.access_key).await?;
        let site = sites
            .into_iter()
            .next()
            .ok_or_else(|| bad_request("the caller has no site; give a returnURL"))?;
        parameters.set("returnURL", site.url);
    }
    Ok(CbuiRequest { method: "GET".to_owned(), host: String::new(), parameters })
}

enum ClickError {
    Authorization(AuthorizationError),
    Control(DeedRefused),
}

impl From<AuthorizationError> for ClickError {
    fn from(error: AuthorizationError) -> Self {
        Self::Authorization(error)
    }
}

async fn click_through(
    control: &Control,
    caller: &Caller,
    account: &Account,
    request: &CbuiRequest,
    method: Option<&str>,
) -> Result<String, ClickError> {
    let authorizations = control.payments.authorizations();
    let request = authorizations.open(caller, request).await?;
    let entered = authorizations.enter(request, account).await?;
    let mut selection = Selection::default();
    if entered.request.chooses_instrument() {
        if entered.payment_options.is_empty() {
            return Ok(authorizations.abandon(entered.request, Some(account)).await?);
        }
        selection.instrument = Some(pick(&entered, method)?);
    }
    if entered.request.chooses_address() {
        selection.address = Some(address(control, &entered.request, account).await?);
    }
    let location = authorizations.confirm(entered, selection).await?;
    location.ok_or_else(|| ClickError::Control(bad_request("the authorization was changed meanwhile")))
}

/// The newest of the address book; where that is empty the person types the one that the parameters have.
async fn address(
    control: &Control,
    request: &AuthorizationRequest,
    account: &Account,
) -> Result<ShippingAddress, ClickError> {
    let book = control.payments.authorizations().address_book(account).await?;
    if let Some(newest) = book.into_iter().next() {
        return Ok(newest.label.into());
    }
    let sent = request.asked.sender_options().map(|options| options.address.clone());
    sent.filter(ShippingAddress::is_complete).ok_or_else(|| {
        ClickError::Control(bad_request(
            "the account has no shipping address, and the parameters have no whole one",
        ))
    })
}

/// The first instrument of that method. A balance that is too short is no obstacle here: it can be
/// filled, or emptied, between the click and the payment.
fn pick(entered: &Entered<'_>, method: Option<&str>) -> Result<Instrument, ClickError> {
    let refuse = |reason: &str| ClickError::Control(bad_request(reason));
    let method: PaymentMethod = method
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| refuse("payment_method must be ABT, ACH or CC"))?;
    let option = entered.payment_options.iter().find(|option| option.instrument.method == method);
    option
        .map(|option| option.instrument.clone())
        .ok_or_else(|| refuse("the account has no such payment method, or the request does not allow it"))
}

fn made(location: &str) -> Result<Made, DeedRefused> {
    let location = Url::parse(location).map_err(|error| DeedRefused::Internal(error.into()))?;
    let return_parameters: BTreeMap<String, String> = location.query_pairs().into_owned().collect();
    let get = |name: &str| return_parameters.get(name).cloned();
    if get("status").as_deref() == Some(CbuiStatus::CallerException.as_str()) {
        return Err(bad_request(get("errorMessage").unwrap_or_default()));
    }
    let token_id = ["tokenID", "prepaidSenderTokenID", "creditSenderTokenID"].into_iter().find_map(&get);
    let (refund_token_id, status) = (get("refundTokenID"), get("status"));
    Ok(Made { token_id, refund_token_id, status, return_parameters })
}
