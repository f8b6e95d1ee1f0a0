//! Confirming: the token and the authorization's end in one transaction.

use super::authorizations;
use super::flow::Visit;
use crate::Payments;
use crate::accounts::Account;
use crate::instruments::Instrument;
use crate::tokens::{self, NewRecipientToken, NewSenderToken};
use fps_protocol::cbui::{CbuiReturn, CbuiStatus, PipelineRequest};
use fps_protocol::ids::TokenId;
use jiff::Timestamp;
use platform::db::WriteError;
use platform::web::Refusal;
use sqlx::AnyConnection;

/// The token to be made.
#[derive(Debug, Clone)]
pub enum Grant {
    /// With the card's expiry, `MM/YYYY`.
    Sender(NewSenderToken, Option<String>),
    Recipient(NewRecipientToken),
}

impl Grant {
    fn token_id(&self) -> &str {
        match self {
            Self::Sender(new, _) => &new.id,
            Self::Recipient(new) => &new.id,
        }
    }

    /// What the caller is told.
    pub fn answer(&self) -> Result<CbuiReturn, Refusal> {
        Ok(match self {
            Self::Sender(new, expiry) => CbuiReturn {
                token_id: Some(token_id(&new.id)?),
                expiry: expiry.clone(),
                ..CbuiReturn::new(new.payment_method.into())
            },
            Self::Recipient(new) => CbuiReturn {
                token_id: Some(token_id(&new.id)?),
                refund_token_id: Some(token_id(&new.refund_token_id)?),
                ..CbuiReturn::new(CbuiStatus::SuccessRecipient)
            },
        })
    }

    async fn install(&self, c: &mut AnyConnection) -> Result<(), sqlx::Error> {
        match self {
            Self::Sender(new, _) => tokens::install_sender(c, new).await,
            Self::Recipient(new) => tokens::install_recipient(c, new).await,
        }
    }
}

fn token_id(text: &str) -> Result<TokenId, Refusal> {
    TokenId::new(text).map_err(Refusal::because)
}

/// Why no token was made; the transaction is rolled back.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the authorization was decided meanwhile")]
    Decided,
    #[error("the caller has used this reference already")]
    ReferenceUsed,
    #[error(transparent)]
    Sqlx(sqlx::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let taken = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
        if taken { Self::ReferenceUsed } else { Self::Sqlx(error) }
    }
}

impl WriteError for Error {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Sqlx(error) => Some(error),
            Self::Decided | Self::ReferenceUsed => None,
        }
    }
}

/// The token that a confirmation makes.
pub fn prepare(
    payments: &Payments,
    visit: &Visit,
    account: &Account,
    instrument: Option<&Instrument>,
) -> Result<Grant, Refusal> {
    let id = tokens::new_id(&payments.random);
    let created_at = payments.clock.now_micros();
    match (&visit.asked, instrument) {
        (PipelineRequest::SingleUse(payment), Some(instrument)) => Ok(Grant::Sender(
            NewSenderToken {
                id,
                access_key: visit.caller.access_key.clone(),
                account_id: account.id.clone(),
                caller_reference: visit.caller_reference().to_owned(),
                payment_reason: payment.options.payment_reason.clone(),
                instrument_id: instrument.id.clone(),
                payment_method: instrument.method,
                amount: payment.transaction_amount,
                recipient_token_id: payment.recipient_token.as_ref().map(|token| token.as_str().to_owned()),
                created_at,
            },
            instrument.expires.clone(),
        )),
        (PipelineRequest::SingleUse(_), None) => {
            Err(Refusal::bad_request("Choose how you want to pay first."))
        }
        (PipelineRequest::Recipient(terms), _) => Ok(Grant::Recipient(NewRecipientToken {
            id,
            refund_token_id: tokens::new_id(&payments.random),
            access_key: visit.caller.access_key.clone(),
            account_id: account.id.clone(),
            caller_reference: visit.caller_reference().to_owned(),
            payment_reason: terms.payment_reason.clone(),
            payment_methods: terms.payment_methods.clone(),
            max_fixed_fee: terms.max_fixed_fee,
            max_variable_fee: terms.max_variable_fee,
            recipient_pays_fee: terms.recipient_pays_fee,
            valid_from: terms.validity.start.map(Timestamp::as_microsecond),
            expires_at: terms.validity.expiry.map(Timestamp::as_microsecond),
            created_at,
        })),
        _ => Err(Refusal::bad_request("This pipeline is not there yet.")),
    }
}

/// Writes the token and ends the authorization, both or neither.
pub async fn make(
    payments: &Payments,
    visit: &Visit,
    account: &Account,
    grant: Grant,
    location: &str,
) -> Result<(), Error> {
    let (id, account_id) = (visit.authorization.id.clone(), account.id.clone());
    let location = location.to_owned();
    payments
        .db
        .write(move |c| {
            let (id, account_id, location) = (id.clone(), account_id.clone(), location.clone());
            let grant = grant.clone();
            Box::pin(async move {
                grant.install(&mut *c).await?;
                let decided =
                    authorizations::confirm(c, &id, &account_id, grant.token_id(), &location).await?;
                if decided { Ok(()) } else { Err(Error::Decided) }
            })
        })
        .await
}
