//! What a confirmation makes, and what the caller is told of it.

use crate::domain::accounts::AccountId;
use crate::domain::instruments::Instrument;
use crate::domain::mail::{self, MailKind, NewMail};
use crate::domain::stored_value;
use crate::domain::tokens::{self, EditedToken, NewRecipientToken, NewSenderToken, Token, TokenRole};
use crate::engine::authorizations::confirm::ConfirmError;
use fps_protocol::cbui::{CbuiReturn, CbuiStatus, StoredValueTokens};
use fps_protocol::enums::{PaymentMethod, TokenType};
use fps_protocol::ids::TokenId;
use jiff::Timestamp;
use platform::lab::Change;
use sqlx::AnyConnection;

/// What is to be made.
#[derive(Debug, Clone)]
pub enum IssuedTokens {
    Sender(SenderToken),
    Recipient(NewRecipientToken),
    StoredValue(StoredValuePair),
    /// Another token in place of the one that was edited.
    Replaced(Replacement),
    /// The same instrument was chosen again.
    Unchanged(TokenId),
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
    pub fn token_id(&self) -> &TokenId {
        match self {
            Self::Sender(issued) => &issued.token.id,
            Self::Recipient(new) => &new.id,
            Self::StoredValue(issued) => &issued.pays.id,
            Self::Replaced(issued) => &issued.new.id,
            Self::Unchanged(id) => id,
        }
    }

    /// What the lab is told: what is issued, and which of it pays.
    pub fn told(&self) -> (Vec<Change>, Vec<String>) {
        let issued = |token: &TokenId, token_type: TokenType| Change::TokenIssued {
            token: token.to_string(),
            token_type: token_type.to_string(),
        };
        let sender = |token: &NewSenderToken| issued(&token.id, token.terms.token_type());
        match self {
            Self::Sender(new) => (vec![sender(&new.token)], vec![new.token.id.to_string()]),
            Self::Recipient(new) => (vec![issued(&new.id, TokenType::Unrestricted)], Vec::new()),
            Self::StoredValue(new) => {
                let both = [&new.pays, &new.source.token];
                (both.map(sender).to_vec(), both.map(|token| token.id.to_string()).to_vec())
            }
            Self::Replaced(new) => {
                (vec![issued(&new.new.id, new.old.token_type)], vec![new.new.id.to_string()])
            }
            Self::Unchanged(_) => (Vec::new(), Vec::new()),
        }
    }

    /// What the caller is told.
    pub fn answer(&self) -> CbuiReturn {
        match self {
            Self::Sender(issued) => {
                CbuiReturn { token_id: Some(issued.token.id.clone()), ..paid_with(&issued.instrument) }
            }
            Self::Recipient(new) => CbuiReturn {
                token_id: Some(new.id.clone()),
                refund_token_id: Some(new.refund_token_id.clone()),
                ..CbuiReturn::new(CbuiStatus::SuccessRecipient)
            },
            Self::StoredValue(issued) => issued.answer(),
            Self::Replaced(issued) => {
                CbuiReturn { token_id: Some(issued.new.id.clone()), ..paid_with(&issued.instrument) }
            }
            Self::Unchanged(id) => {
                CbuiReturn { token_id: Some(id.clone()), ..CbuiReturn::new(CbuiStatus::SuccessUnchanged) }
            }
        }
    }

    /// Part of the transaction that ends the authorization.
    pub async fn install(&self, c: &mut AnyConnection) -> Result<(), ConfirmError> {
        match self {
            Self::Sender(issued) => tokens::install_sender(&mut *c, &issued.token).await?,
            Self::Recipient(new) => tokens::install_recipient(&mut *c, new).await?,
            Self::StoredValue(issued) => {
                stored_value::install(&mut *c, &issued.instrument).await?;
                tokens::install_sender(&mut *c, &issued.pays).await?;
                tokens::install_sender(&mut *c, &issued.source.token).await?;
            }
            Self::Replaced(issued) => {
                if !tokens::edit(&mut *c, &issued.old, &issued.new).await? {
                    return Err(ConfirmError::NotEditable);
                }
            }
            Self::Unchanged(_) => {}
        }
        if let Some(new) = self.mail() {
            mail::write_on(c, &new).await?;
        }
        Ok(())
    }

    /// What the giver hears of it.
    fn mail(&self) -> Option<NewMail> {
        let written = |role, token_type: TokenType, to: &AccountId, at: Timestamp| {
            let kind = MailKind::of_new_token(role, token_type)?;
            Some(NewMail { to: to.clone(), kind, reference: self.token_id().to_string(), at })
        };
        let of_sender = |token: &NewSenderToken| {
            written(TokenRole::Sender, token.terms.token_type(), &token.account_id, token.created_at)
        };
        match self {
            Self::Sender(issued) => of_sender(&issued.token),
            Self::Recipient(new) => {
                written(TokenRole::Recipient, TokenType::Unrestricted, &new.account_id, new.created_at)
            }
            Self::StoredValue(issued) => of_sender(&issued.pays),
            Self::Replaced(Replacement { old, new, .. }) => {
                written(old.role, old.token_type, &old.account_id, new.created_at)
            }
            Self::Unchanged(_) => None,
        }
    }
}

impl StoredValuePair {
    fn answer(&self) -> CbuiReturn {
        let made = StoredValueTokens {
            instrument_id: self.instrument.id.clone(),
            sender_token_id: self.pays.id.clone(),
            source_token_id: self.source.token.id.clone(),
        };
        let is_prepaid = self.instrument.method == PaymentMethod::Prepaid;
        let (prepaid, postpaid) = if is_prepaid { (Some(made), None) } else { (None, Some(made)) };
        CbuiReturn { prepaid, postpaid, ..paid_with(&self.source.instrument) }
    }
}

/// The success of a method, with a card's last month.
fn paid_with(instrument: &Instrument) -> CbuiReturn {
    CbuiReturn { expiry: instrument.expires.clone(), ..CbuiReturn::new(instrument.method.into()) }
}
