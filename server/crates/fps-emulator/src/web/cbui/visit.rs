//! An authorization with what its steps need beside it.

use crate::domain::accounts::{self, Account, AccountKind};
use crate::domain::authorizations::{self, Authorization, State};
use crate::domain::callers::{self, Caller};
use crate::domain::instruments::{self, Instrument};
use crate::domain::tokens::{self, Token};
use crate::state::Payments;
use crate::web::cbui::{Stop, branding, opening, return_sites};
use axum::response::{Html, IntoResponse};
use fps_protocol::Parameters;
use fps_protocol::cbui::{AmountType, CbuiRequest, PipelineRequest};
use http::StatusCode;
use money::Money;
use payments_pages::model::{CbuiOver, Chrome};
use payments_pages::pages;
use platform::web::Refusal;
use url::Url;

#[derive(Debug, Clone)]
pub struct Visit {
    pub authorization: Authorization,
    pub caller: Caller,
    pub asked: PipelineRequest,
    pub return_url: Url,
    /// The front of the caller's site.
    pub home: Url,
    /// Who is paid, where the caller named recipient tokens of its own.
    pub recipients: Vec<Account>,
    /// The caller's own account.
    pub caller_account: Account,
    /// `EditToken`: the token, with what pays for it now.
    pub edited: Option<Edited>,
    /// Of an image that may be shown as the caller's.
    pub image: Option<Url>,
}

#[derive(Debug, Clone)]
pub struct Edited {
    pub token: Token,
    pub instrument: Option<Instrument>,
}

impl Visit {
    /// The address of one of its steps.
    pub fn path(&self, step: &str) -> String {
        format!("/cobranded-ui/{}/{step}", self.authorization.id)
    }

    /// All but recipients choose what pays.
    pub const fn chooses_instrument(&self) -> bool {
        !matches!(self.asked, PipelineRequest::Recipient(_))
    }

    pub fn chooses_address(&self) -> bool {
        self.asked.sender_options().is_some_and(|options| options.collect_shipping_address)
    }

    /// What an answer repeats; the set-up pipelines have none.
    pub fn caller_reference(&self) -> Option<&str> {
        self.asked.caller_reference().map(AsRef::as_ref)
    }

    /// The least that an instrument must be good for to be chosen.
    pub fn least_amount(&self) -> Money {
        match &self.asked {
            PipelineRequest::SingleUse(payment) => payment.transaction_amount,
            PipelineRequest::Recurring(payment) => payment.transaction_amount,
            PipelineRequest::SetupPrepaid(prepaid) => prepaid.funding_amount,
            PipelineRequest::MultiUse(payments) => match payments.each_payment {
                Some((AmountType::Exact | AmountType::Minimum, amount)) => amount,
                Some((AmountType::Maximum, _)) | None => Money::ZERO,
            },
            PipelineRequest::Recipient(_)
            | PipelineRequest::SetupPostpaid(_)
            | PipelineRequest::EditToken(_) => Money::ZERO,
        }
    }

    /// Who can be paid is not said: a marketplace that names no recipient says it only when it pays. What
    /// is prepaid or owed is always the caller's.
    pub fn pays_anybody(&self) -> bool {
        self.caller.marketplace
            && !self.names_recipients()
            && !matches!(self.asked, PipelineRequest::SetupPrepaid(_) | PipelineRequest::SetupPostpaid(_))
    }

    fn names_recipients(&self) -> bool {
        let token = self.edited.as_ref().map(|edited| &edited.token);
        let named_before =
            token.is_some_and(|token| token.recipients().next().is_some() || token.stored_value_id.is_some());
        named_before || !self.asked.recipient_tokens().is_empty()
    }

    /// Whether nobody of those who are paid can take cards: personal accounts cannot (REFERENCE §7.4).
    pub fn refuses_cards(&self) -> bool {
        let personal = |account: &Account| account.kind == AccountKind::Personal;
        if self.names_recipients() {
            return !self.recipients.is_empty() && self.recipients.iter().all(personal);
        }
        !self.pays_anybody() && personal(&self.caller_account)
    }

    /// Whether the account would pay itself, and nobody else.
    pub fn pays_only(&self, account: &Account) -> bool {
        if self.recipients.is_empty() {
            return self.caller.account_id == account.id;
        }
        self.recipients.iter().all(|recipient| recipient.id == account.id)
    }

    /// Whether nothing is decided yet.
    pub fn is_open(&self) -> bool {
        self.authorization.state == State::Open
    }

    pub fn is_of(&self, account: &Account) -> bool {
        self.authorization.is_of(account)
    }

    /// Whether somebody else has signed in to it.
    pub fn is_of_another(&self, account: &Account) -> bool {
        self.authorization.account_id.is_some() && !self.is_of(account)
    }
}

/// The authorization for its next step: one that is over has none. Its owner has one step left, which is
/// to be led back; who is signed out can be the owner of one that was confirmed.
pub async fn visit(payments: &Payments, id: &str, account: Option<&Account>) -> Result<Visit, Stop> {
    let visit = load(payments, id).await?;
    let over = match visit.authorization.state {
        State::Open => visit.authorization.expires_at <= payments.clock.now_micros(),
        State::Ended => !account.is_some_and(|account| visit.is_of(account)),
        State::Confirmed => account.is_some_and(|account| visit.is_of_another(account)),
    };
    if over { Err(gone(&visit)) } else { Ok(visit) }
}

pub async fn load(payments: &Payments, id: &str) -> Result<Visit, Stop> {
    let db = &payments.db;
    let authorization = authorizations::find(db, id).await?.ok_or_else(Refusal::not_found)?;
    let caller = callers::find(db, &authorization.access_key).await?.ok_or_else(Refusal::not_found)?;
    let (asked, return_url) = stored_request(&authorization)?;
    // The caller can have taken the site back since.
    let sites = opening::registered_sites(payments, &caller).await?;
    let home = return_sites::home(&return_url, &sites).ok_or_else(return_sites::foreign)?;
    let edited = edited(payments, &asked).await?;
    let recipients = recipients(payments, &caller, &asked, edited.as_ref()).await?;
    let caller_account = accounts::find(db, &caller.account_id).await?.ok_or_else(Refusal::not_found)?;
    let image = branding::image(&caller, &asked, &sites);
    Ok(Visit { authorization, caller, asked, return_url, home, recipients, caller_account, edited, image })
}

/// What was asked, once more. It was read when the authorization was made, so that it can be read.
fn stored_request(authorization: &Authorization) -> Result<(PipelineRequest, Url), Refusal> {
    let unreadable = || Refusal::because(format_args!("authorization {} cannot be read", authorization.id));
    let parameters = Parameters::from_query(&authorization.parameters).map_err(|_| unreadable())?;
    let request = CbuiRequest { method: "GET".to_owned(), host: String::new(), parameters };
    let asked = PipelineRequest::parse(&request).map_err(|_| unreadable())?;
    Ok((asked, request.return_url().map_err(|_| unreadable())?))
}

/// Another caller's recipients are not told; the payment will be refused.
async fn recipients(
    payments: &Payments,
    caller: &Caller,
    asked: &PipelineRequest,
    edited: Option<&Edited>,
) -> Result<Vec<Account>, sqlx::Error> {
    let asked = asked.recipient_tokens().iter().map(AsRef::as_ref);
    let before = edited.into_iter().flat_map(|edited| edited.token.recipients());
    let mut recipients: Vec<Account> = Vec::new();
    for id in asked.chain(before) {
        let token = tokens::find(&payments.db, id).await?;
        let Some(token) = token.filter(|token| token.access_key == caller.access_key) else { continue };
        if let Some(account) = accounts::find(&payments.db, &token.account_id).await?
            && recipients.iter().all(|recipient| recipient.id != account.id)
        {
            recipients.push(account);
        }
    }
    Ok(recipients)
}

async fn edited(payments: &Payments, asked: &PipelineRequest) -> Result<Option<Edited>, sqlx::Error> {
    let PipelineRequest::EditToken(edit) = asked else { return Ok(None) };
    let Some(token) = tokens::find(&payments.db, edit.token_id.as_str()).await? else { return Ok(None) };
    let instrument = match &token.instrument_id {
        Some(id) => instruments::find(&payments.db, id).await?,
        None => None,
    };
    Ok(Some(Edited { token, instrument }))
}

/// The page for what is over, with the way back to the caller.
pub fn gone(visit: &Visit) -> Stop {
    let page = CbuiOver {
        caller: visit.caller.display_name.clone(),
        home: visit.home.to_string(),
        confirmed: visit.authorization.state == State::Confirmed,
    };
    let html = pages::cbui_over(&Chrome::default(), &page);
    Stop::Page(Box::new((StatusCode::GONE, Html(html)).into_response()))
}
