//! What a person's steps do. The pages and the control API go through the same functions, so that a
//! token made by either is the same.

use super::authorizations::{self, Authorization, State};
use super::offers::{self, Offer};
use super::{Stop, confirmation, returns};
use crate::Payments;
use crate::accounts::{self, Account};
use crate::callers::{self, Caller};
use crate::tokens;
use fps_protocol::cbui::{CbuiRequest, CbuiReturn, CbuiStatus, PipelineRequest};
use fps_protocol::ids::TokenId;
use fps_protocol::parameters::Parameters;
use http::StatusCode;
use platform::web::Refusal;
use url::Url;

/// An authorization with what its pages need beside it.
#[derive(Debug, Clone)]
pub struct Visit {
    pub authorization: Authorization,
    pub caller: Caller,
    pub asked: PipelineRequest,
    pub return_url: Url,
    /// Who is paid, where the caller named a recipient token of its own.
    pub recipient: Option<Account>,
}

impl Visit {
    /// The address of one of its steps.
    pub fn path(&self, step: &str) -> String {
        format!("/cobranded-ui/{}/{step}", self.authorization.id)
    }

    pub fn asks_for_payment(&self) -> bool {
        matches!(self.asked, PipelineRequest::SingleUse(_))
    }

    pub fn caller_reference(&self) -> &str {
        self.asked.caller_reference().map_or("", |reference| reference.as_str())
    }

    fn is_of(&self, account: &Account) -> bool {
        self.authorization.account_id.as_deref() == Some(account.id.as_str())
    }
}

/// The authorization for its next step: one that is over has none.
pub async fn visit(payments: &Payments, id: &str) -> Result<Visit, Stop> {
    let visit = load(payments, id).await?;
    let over = match visit.authorization.state {
        State::Open => visit.authorization.expires_at <= payments.clock.now_micros(),
        State::Ended => true,
        State::Confirmed => false,
    };
    if over { Err(gone(&visit.caller).into()) } else { Ok(visit) }
}

async fn load(payments: &Payments, id: &str) -> Result<Visit, Stop> {
    let db = &payments.db;
    let authorization = authorizations::find(db, id).await?.ok_or_else(Refusal::not_found)?;
    let caller = callers::find(db, &authorization.access_key).await?.ok_or_else(Refusal::not_found)?;
    let (asked, return_url) = stored_request(&authorization)?;
    let recipient = match &asked {
        PipelineRequest::SingleUse(payment) => {
            let token = payment.recipient_token.as_ref().map(TokenId::as_str);
            recipient(payments, &caller, token).await?
        }
        _ => None,
    };
    Ok(Visit { authorization, caller, asked, return_url, recipient })
}

/// What was asked, once more. It was read when the authorization was made, so that it can be read.
fn stored_request(authorization: &Authorization) -> Result<(PipelineRequest, Url), Refusal> {
    let unreadable = || Refusal::because(format_args!("authorization {} cannot be read", authorization.id));
    let parameters = Parameters::from_query(&authorization.parameters).map_err(|_| unreadable())?;
    let request = CbuiRequest { method: "GET".to_owned(), host: String::new(), parameters };
    let asked = PipelineRequest::parse(&request).map_err(|_| unreadable())?;
    Ok((asked, request.return_url().map_err(|_| unreadable())?))
}

/// Who is paid. Another caller's recipients are not told; the payment will be refused.
async fn recipient(
    payments: &Payments,
    caller: &Caller,
    token: Option<&str>,
) -> Result<Option<Account>, sqlx::Error> {
    let Some(token) = token else { return Ok(None) };
    match tokens::find(&payments.db, token).await? {
        Some(token) if token.access_key == caller.access_key => {
            accounts::find(&payments.db, &token.account_id).await
        }
        _ => Ok(None),
    }
}

fn gone(caller: &Caller) -> Refusal {
    let detail = format!(
        "This authorization is over, and nothing was charged by it. Go back to {} and start again from there.",
        caller.display_name
    );
    Refusal::new(StatusCode::GONE, "This authorization has ended", detail)
}

/// The visit as this account's own. Somebody else's does not exist for it; one that is decided, or that
/// can come to nothing, leads back to the caller.
pub async fn enter(payments: &Payments, mut visit: Visit, account: &Account) -> Result<Visit, Stop> {
    if visit.authorization.account_id.is_some() && !visit.is_of(account) {
        return Err(Refusal::not_found().into());
    }
    if let (State::Confirmed, Some(location)) =
        (visit.authorization.state, &visit.authorization.return_location)
    {
        return Err(Stop::Leave(location.clone()));
    }
    let used = tokens::find_by_reference(&payments.db, &visit.caller.access_key, visit.caller_reference());
    let status = match used.await? {
        Some(_) => Some(CbuiStatus::PaymentNotPossible),
        None => objection_to(payments, &visit, account).await?,
    };
    if let Some(status) = status {
        return Err(Stop::Leave(end(payments, &visit, status).await?));
    }
    if !visit.is_of(account) {
        if !authorizations::claim(&payments.db, &visit.authorization.id, &account.id).await? {
            return Err(Refusal::not_found().into());
        }
        visit.authorization.account_id = Some(account.id.clone());
    }
    Ok(visit)
}

/// Why this account in particular cannot give what is asked, as the caller is told (REFERENCE §7.4).
pub async fn objection_to(
    payments: &Payments,
    visit: &Visit,
    account: &Account,
) -> Result<Option<CbuiStatus>, sqlx::Error> {
    let PipelineRequest::SingleUse(payment) = &visit.asked else { return Ok(None) };
    let paid = visit.recipient.as_ref().map_or(&visit.caller.account_id, |recipient| &recipient.id);
    if *paid == account.id || !account.email_verified {
        return Ok(Some(CbuiStatus::PaymentNotPossible));
    }
    let offers = offers::for_payment(payments, account, payment).await?;
    Ok(offers.is_empty().then_some(CbuiStatus::PaymentMethodMismatch))
}

/// Ends it without a token; where the person goes. Whatever was decided first counts.
async fn end(payments: &Payments, visit: &Visit, status: CbuiStatus) -> Result<String, Stop> {
    let answer = returns::without_token(status, Some(visit.caller_reference()));
    let location = returns::location(&payments.signer, &visit.return_url, &answer).await?;
    if authorizations::end(&payments.db, &visit.authorization.id, &location).await? {
        return Ok(location);
    }
    decided(payments, visit).await
}

/// Where the decision that came first leads.
async fn decided(payments: &Payments, visit: &Visit) -> Result<String, Stop> {
    let now = authorizations::find(&payments.db, &visit.authorization.id).await?;
    now.and_then(|authorization| authorization.return_location).ok_or_else(|| gone(&visit.caller).into())
}

/// Gives the authorization back, so that another account can take it.
pub async fn release(payments: &Payments, visit: &Visit, account: &Account) -> Result<(), Stop> {
    Ok(authorizations::release(&payments.db, &visit.authorization.id, &account.id).await?)
}

/// What the account is offered to pay with.
pub async fn offers(payments: &Payments, visit: &Visit, account: &Account) -> Result<Vec<Offer>, Stop> {
    match &visit.asked {
        PipelineRequest::SingleUse(payment) => Ok(offers::for_payment(payments, account, payment).await?),
        _ => Ok(Vec::new()),
    }
}

pub async fn choose(
    payments: &Payments,
    visit: &Visit,
    account: &Account,
    instrument_id: &str,
) -> Result<(), Stop> {
    let id = &visit.authorization.id;
    Ok(authorizations::choose_instrument(&payments.db, id, &account.id, instrument_id).await?)
}

/// The offer that was chosen, if it is still there.
pub async fn chosen(payments: &Payments, visit: &Visit, account: &Account) -> Result<Option<Offer>, Stop> {
    let offers = offers(payments, visit, account).await?;
    let chosen = visit.authorization.instrument_id.as_deref();
    Ok(offers.into_iter().find(|offer| Some(offer.instrument.id.as_str()) == chosen))
}

/// Makes the token; where the person goes. Confirmed twice, or in two tabs, it is one token and one
/// answer.
pub async fn confirm(
    payments: &Payments,
    visit: &Visit,
    account: &Account,
    offer: Option<&Offer>,
) -> Result<String, Stop> {
    let grant = confirmation::prepare(payments, visit, account, offer.map(|offer| &offer.instrument))?;
    let answer =
        CbuiReturn { caller_reference: Some(visit.caller_reference().to_owned()), ..grant.answer()? };
    let location = returns::location(&payments.signer, &visit.return_url, &answer).await?;
    match confirmation::make(payments, visit, account, grant, &location).await {
        Ok(()) => Ok(location),
        Err(confirmation::Error::Decided) => decided(payments, visit).await,
        Err(confirmation::Error::ReferenceUsed) => end(payments, visit, CbuiStatus::PaymentNotPossible).await,
        Err(confirmation::Error::Sqlx(error)) => Err(error.into()),
    }
}

/// Back to the caller without a token. Whoever holds the address may, until somebody has signed in.
pub async fn abandon(payments: &Payments, id: &str, account: Option<&Account>) -> Result<String, Stop> {
    let visit = load(payments, id).await?;
    let is_mine = account.is_some_and(|account| visit.is_of(account));
    if visit.authorization.account_id.is_some() && !is_mine {
        return Err(Refusal::not_found().into());
    }
    end(payments, &visit, CbuiStatus::Abandoned).await
}
