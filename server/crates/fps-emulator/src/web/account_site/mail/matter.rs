//! What mails are about, as it is now: a page of them is looked up at once.

use crate::domain::accounts::Account;
use crate::domain::mail::{About, Mail, MailKind};
use crate::domain::refund_requests::{self, RefundRequest};
use crate::domain::tokens::{self, Token};
use crate::domain::transactions::{self, Transaction};
use crate::domain::{callers, instruments};
use crate::engine::Engine;
use crate::web::account_site::mail::account_words;
use crate::web::account_site::mail::payment_words::{self, Payment};
use crate::web::account_site::mail::token_words;
use crate::web::account_site::tokens::Names;
use fps_protocol::ids::{TokenId, TransactionId};
use payments_pages::model::{Letter, LetterLink};
use payments_pages::pages::plain_text;
use platform::Database;
use platform::web::Refusal;
use std::collections::HashMap;

/// What is said in one mail beside its subject.
#[derive(Debug, Default)]
pub struct Words {
    pub paragraphs: Vec<String>,
    pub quoted: Option<String>,
    pub facts: Vec<(String, String)>,
}

#[derive(Debug)]
pub enum Matter {
    Payment(Box<Payment>),
    Token { token: Box<Token>, caller: String },
    Account,
}

/// The matter of each of some mails.
#[derive(Debug, Default)]
pub struct Matters {
    transactions: HashMap<TransactionId, Transaction>,
    /// By the transaction and the moment, in microseconds.
    requests: HashMap<(TransactionId, i64), RefundRequest>,
    tokens: HashMap<TokenId, (Token, String)>,
}

impl Matters {
    pub async fn of(db: &Database, mails: &[Mail]) -> Result<Self, sqlx::Error> {
        let (mut transaction_ids, mut token_ids) = (Vec::new(), Vec::new());
        let mut matters = Self::default();
        for mail in mails {
            match &mail.about {
                About::Transaction(id) => transaction_ids.push(id),
                About::Token(id) => token_ids.push(id),
                About::Account => {}
            }
            if let (MailKind::RefundAsked, About::Transaction(id)) = (mail.kind, &mail.about)
                && let Some(request) = refund_requests::made_at(db, id, mail.id.at).await?
            {
                matters.requests.insert((id.clone(), mail.id.at.as_microsecond()), request);
            }
        }
        let found = transactions::find_all(db, &transaction_ids).await?;
        // A refund is of what its payment was for.
        let parents: Vec<_> = found.iter().filter_map(Transaction::parent_id).collect();
        let parents = transactions::find_all(db, &parents).await?;
        matters.transactions =
            found.into_iter().chain(parents).map(|found| (found.id.clone(), found)).collect();
        let mut names = Names::default();
        for token in tokens::find_all(db, &token_ids).await? {
            let caller = names.caller(db, &token.access_key).await?;
            matters.tokens.insert(token.id.clone(), (token, caller));
        }
        Ok(matters)
    }

    /// Of one of the mails that were looked up.
    pub fn find(&self, mail: &Mail) -> Result<Matter, sqlx::Error> {
        match &mail.about {
            About::Transaction(id) => {
                let transaction = self.transactions.get(id).ok_or(sqlx::Error::RowNotFound)?;
                let parent = transaction.parent_id().and_then(|id| self.transactions.get(id));
                let item = parent.unwrap_or(transaction).caller_description.as_deref().map(plain_text);
                let asked = self.requests.get(&(id.clone(), mail.id.at.as_microsecond()));
                Ok(Matter::Payment(Box::new(Payment {
                    transaction: transaction.clone(),
                    item: item.filter(|item| !item.is_empty()),
                    asked: asked.cloned(),
                })))
            }
            About::Token(id) => {
                let (token, caller) = self.tokens.get(id).ok_or(sqlx::Error::RowNotFound)?;
                Ok(Matter::Token { token: Box::new(token.clone()), caller: caller.clone() })
            }
            About::Account => Ok(Matter::Account),
        }
    }
}

impl Matter {
    pub fn subject(&self, kind: MailKind, account: &Account) -> String {
        match self {
            Self::Payment(payment) => payment_words::subject(kind, payment, account),
            Self::Token { token, caller } => token_words::subject(kind, token, caller),
            Self::Account => account_words::SUBJECT.to_owned(),
        }
    }

    /// The whole mail.
    pub async fn letter(&self, engine: &Engine, mail: &Mail, account: &Account) -> Result<Letter, Refusal> {
        let db = &engine.db;
        let (words, label, path) = match self {
            Self::Payment(payment) => {
                let transaction = &payment.transaction;
                let caller = callers::find(db, &transaction.access_key).await?;
                let caller = caller.ok_or_else(|| Refusal::because("a transaction without its caller"))?;
                let instrument = match &transaction.instrument_id {
                    // Who is paid does not see it.
                    Some(id) if transaction.sender_account_id == account.id && !transaction.is_refund() => {
                        instruments::find(db, id).await?.map(|instrument| instrument.label)
                    }
                    _ => None,
                };
                let words =
                    payment_words::words(mail.kind, payment, account, &caller.display_name, instrument);
                let path = format!("/account/transactions/{}", transaction.id);
                (words, if transaction.is_refund() { "See the refund" } else { "See the payment" }, path)
            }
            Self::Token { token, caller } => {
                let now = engine.clock.now();
                let words = token_words::words(db, mail.kind, token, caller, now).await?;
                (words, "See your authorizations", "/account/tokens".to_owned())
            }
            Self::Account => {
                (account_words::words(), "See where you are signed in", "/account/security".to_owned())
            }
        };
        let address = engine.config.public_url.join(&path).map_err(Refusal::because)?.into();
        Ok(Letter {
            id: mail.id.to_string(),
            at: mail.id.at,
            subject: self.subject(mail.kind, account),
            to: (account.public_name().to_owned(), account.email.clone()),
            paragraphs: words.paragraphs,
            quoted: words.quoted,
            facts: words.facts,
            link: LetterLink { label, path, address },
        })
    }
}
