//! What a confirmation makes, and what the caller is told of it.

use crate::domain::instruments::Instrument;
use crate::domain::stored_value;
use crate::domain::tokens::{self, EditedToken, NewRecipientToken, NewSenderToken, Token};
use crate::engine::authorizations::confirm::ConfirmError;
use fps_protocol::cbui::{CbuiReturn, CbuiStatus, StoredValueTokens};
use fps_protocol::enums::PaymentMethod;
use fps_protocol::ids::{InstrumentId, TokenId};
use sqlx::AnyConnection;
use text_types::InvalidId;

/// What is to be made.
#[derive(Debug, Clone)]
pub enum IssuedTokens {
    Sender(SenderToken),
    Recipient(NewRecipientToken),
    StoredValue(StoredValuePair),
    /// Another token in place of the one that was edited.
    Replaced(Replacement),
    /// The same instrument was chosen again.
    Unchanged(String),
}

/// A token and what it pays with.
#[derive(Debug, Clone)]
pub struct SenderToken {
    pub token: NewSenderToken,
    pub instrument: Instrument,
}

/// A prepaid balance or a credit, the token that pays with it, and the one that fills or settles it.
#[derive(Debug, Clone)]
pub struct StoredValuePair {
    pub instrument: Instrument,
    pub pays: NewSenderToken,
    pub source: SenderToken,
}

#[derive(Debug, Clone)]
pub struct Replacement {
    pub old: Token,
    pub new: EditedToken,
    pub instrument: Instrument,
}

impl IssuedTokens {
    /// The token that the authorization came to; of two the one that pays.
    pub fn token_id(&self) -> &str {
        match self {
            Self::Sender(issued) => &issued.token.id,
            Self::Recipient(new) => &new.id,
            Self::StoredValue(issued) => &issued.pays.id,
            Self::Replaced(issued) => &issued.new.id,
            Self::Unchanged(id) => id,
        }
    }

    /// What the caller is told.
    pub fn answer(&self) -> Result<CbuiReturn, InvalidId> {
        Ok(match self {
            Self::Sender(issued) => {
                CbuiReturn { token_id: Some(token_id(&issued.token.id)?), ..paid_with(&issued.instrument) }
            }
            Self::Recipient(new) => CbuiReturn {
                token_id: Some(token_id(&new.id)?),
                refund_token_id: Some(token_id(&new.refund_token_id)?),
                ..CbuiReturn::new(CbuiStatus::SuccessRecipient)
            },
            Self::StoredValue(issued) => issued.answer()?,
            Self::Replaced(issued) => {
                CbuiReturn { token_id: Some(token_id(&issued.new.id)?), ..paid_with(&issued.instrument) }
            }
            Self::Unchanged(id) => {
                CbuiReturn { token_id: Some(token_id(id)?), ..CbuiReturn::new(CbuiStatus::SuccessUnchanged) }
            }
        })
    }

    /// Part of the transaction that ends the authorization.
    pub async fn install(&self, c: &mut AnyConnection) -> Result<(), ConfirmError> {
        match self {
            Self::Sender(issued) => tokens::install_sender(c, &issued.token).await?,
            Self::Recipient(new) => tokens::install_recipient(c, new).await?,
            Self::StoredValue(issued) => {
                stored_value::install(&mut *c, &issued.instrument).await?;
                tokens::install_sender(&mut *c, &issued.pays).await?;
                tokens::install_sender(c, &issued.source.token).await?;
            }
            Self::Replaced(issued) => {
                if !tokens::edit(c, &issued.old, &issued.new).await? {
                    return Err(ConfirmError::NotEditable);
                }
            }
            Self::Unchanged(_) => {}
        }
        Ok(())
    }
}

impl StoredValuePair {
    fn answer(&self) -> Result<CbuiReturn, InvalidId> {
        let made = StoredValueTokens {
            instrument_id: InstrumentId::new(self.instrument.id.as_str())?,
            sender_token_id: token_id(&self.pays.id)?,
            source_token_id: token_id(&self.source.token.id)?,
        };
        let is_prepaid = self.instrument.method == PaymentMethod::Prepaid;
        let (prepaid, postpaid) = if is_prepaid { (Some(made), None) } else { (None, Some(made)) };
        Ok(CbuiReturn { prepaid, postpaid, ..paid_with(&self.source.instrument) })
    }
}

/// The success of a method, with a card's last month.
fn paid_with(instrument: &Instrument) -> CbuiReturn {
    CbuiReturn { expiry: instrument.expires.clone(), ..CbuiReturn::new(instrument.method.into()) }
}

fn token_id(text: &str) -> Result<TokenId, InvalidId> {
    TokenId::new(text)
}
