//! Taking a token back. What was reserved or is pending with it goes on: that was authorized before.

use crate::domain::mail::{self, MailKind, NewMail};
use crate::domain::notifications::{self, NewNotification};
use crate::domain::tokens::{self, Token};
use crate::domain::{Changed, accounts, callers};
use crate::engine::Engine;
use crate::engine::recorded::queued;
use fps_protocol::ids::TokenId;
use fps_protocol::ipn::TokenCancellationNotification;
use platform::db::{Batch, Unwritten};
use platform::lab::{About, Change};
use url::Url;

/// How a token is cancelled.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cancelling<'a> {
    pub reason: Option<&'a str>,
    /// Where the notification goes instead of to the caller's own address.
    pub override_ipn_url: Option<&'a Url>,
}

/// A cancellation to be written, with the notification of it, and the mail to who gave the token.
#[derive(Debug, Clone)]
pub struct Cancellation {
    token_id: TokenId,
    reason: Option<String>,
    notification: NewNotification,
    mail: Option<NewMail>,
}

impl Cancellation {
    pub fn token_id(&self) -> &TokenId {
        &self.token_id
    }

    /// What its caller is told.
    pub fn notification(&self) -> &NewNotification {
        &self.notification
    }
}

/// Cancels a token of whatever role and tells the caller; whoever asks must be its caller or its giver.
/// `false` when it was cancelled before: then nothing happens.
pub async fn cancel(engine: &Engine, token: &Token, how: Cancelling<'_>) -> Result<bool, sqlx::Error> {
    let cancellation = prepare_cancellation(engine, token, how).await?;
    let mut batch = Batch::<Changed>::default();
    write_cancellation(&mut batch, &cancellation);
    match engine.db.write_batch(batch).await {
        Ok(()) => {}
        Err(Unwritten::Unmet(Changed)) => return Ok(false),
        Err(Unwritten::Database(error)) => return Err(error),
    }
    let about = About {
        caller: Some(token.access_key.to_string()),
        references: vec![token.caller_reference.to_string()],
        tokens: vec![token.id.to_string()],
        ..About::default()
    };
    let cancelled = Change::TokenCancelled { token: token.id.to_string() };
    engine.record_written(about, vec![cancelled, queued(cancellation.notification())]);
    engine.outbox_bell.ring([cancellation.notification()]);
    Ok(true)
}

/// What there is to write, for those who write more with it.
pub async fn prepare_cancellation(
    engine: &Engine,
    token: &Token,
    how: Cancelling<'_>,
) -> Result<Cancellation, sqlx::Error> {
    let own_url = callers::find(&engine.db, &token.access_key).await?.and_then(|caller| caller.ipn_url);
    let url = how.override_ipn_url.map(Url::to_string).or(own_url);
    let notification = notification(engine, token, url).await?;
    let mail = MailKind::of_cancelled_token(token.role, token.token_type).map(|kind| NewMail {
        to: token.account_id.clone(),
        kind,
        reference: token.id.to_string(),
        at: notification.created_at,
    });
    Ok(Cancellation { token_id: token.id.clone(), reason: how.reason.map(str::to_owned), notification, mail })
}

/// The token's end, its notification and its mail, unless it was cancelled before.
pub fn write_cancellation<G: From<Changed>>(batch: &mut Batch<G>, cancellation: &Cancellation) {
    tokens::cancel(batch, &cancellation.token_id, cancellation.reason.as_deref());
    notifications::enqueue(batch, &cancellation.notification);
    if let Some(new) = &cancellation.mail {
        mail::write(batch, new);
    }
}

async fn notification(
    engine: &Engine,
    token: &Token,
    url: Option<String>,
) -> Result<NewNotification, sqlx::Error> {
    let customer = accounts::find(&engine.db, &token.account_id).await?;
    let (customer_name, customer_email) =
        customer.map(|customer| (customer.public_name().to_owned(), customer.email)).unzip();
    let told = TokenCancellationNotification {
        token_id: token.id.clone(),
        token_type: token.token_type,
        caller_reference: token.caller_reference.to_string(),
        payment_reason: token.payment_reason.clone(),
        customer_name,
        customer_email,
        date_installed: TokenCancellationNotification::date_of(token.created_at),
    };
    let now = engine.clock.now();
    Ok(NewNotification {
        access_key: token.access_key.clone(),
        subject_id: token.id.clone().into(),
        url,
        body: told.to_parameters(),
        created_at: now,
    })
}
