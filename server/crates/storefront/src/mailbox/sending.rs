//! Sends mail to a mail server, one mail after the other, again with growing waits where it did not work. Never part of
//! a request.

use super::letter;
use crate::Shop;
use crate::mail::Mail;
use crate::mail::store::{self, Attempt};
use crate::smtp::{NotSent, Outgoing, Smtp};
use jiff::{SignedDuration, Timestamp};
use shop_pages::pages;

/// How long an attempt can be under way; who dies in it lets another begin after that.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// Between attempts; after the last of them it is given up.
const WAITS: [SignedDuration; 7] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(15),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(4),
    SignedDuration::from_hours(12),
    SignedDuration::from_hours(24),
];
/// Mails that are tried in one round.
const BATCH: usize = 20;
/// What strangers were written is forgotten after that.
const STRANGERS_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Until when an attempt that begins now can be under way.
pub fn lease(now: Timestamp) -> Timestamp {
    now.saturating_add(LEASE).unwrap_or(Timestamp::MAX)
}

/// Tries what is due; answers how many attempts that were. Where the server is not to be reached, the rest would only
/// wait for the same.
pub async fn send_due(shop: &Shop) -> Result<usize, sqlx::Error> {
    let Some(smtp) = &shop.config.smtp else { return Ok(0) };
    let due = store::due(&shop.db, shop.clock.now(), BATCH).await?;
    let mut tried = 0;
    for mail in due {
        let input = (mail.clone(), lease(shop.clock.now()));
        let begun = shop.db.transact(input, |c, (mail, at)| Box::pin(store::begin_attempt(c, mail, *at)));
        if begun.await? {
            tried += 1;
            let attempt = attempt(shop, smtp, &mail).await;
            let input = (mail.id.clone(), attempt);
            shop.db.transact(input, |c, (id, attempt)| Box::pin(store::end_attempt(c, id, attempt))).await?;
        }
    }
    Ok(tried)
}

async fn attempt(shop: &Shop, smtp: &Smtp, mail: &Mail) -> Attempt {
    let NotSent { why, for_good } = match send(shop, smtp, mail).await {
        Ok(()) => {
            metrics::counter!("shop_mails_total", "outcome" => "sent").increment(1);
            return Attempt::Sent;
        }
        Err(not_sent) => not_sent,
    };
    // Attempts before this one.
    let wait = usize::try_from(mail.attempts).ok().and_then(|before| WAITS.get(before));
    let Some(wait) = wait.filter(|_| !for_good) else {
        metrics::counter!("shop_mails_total", "outcome" => "failed").increment(1);
        tracing::error!(mail = %mail.id, %why, "a mail was not sent, and is not tried again");
        return Attempt::Failed { why };
    };
    metrics::counter!("shop_mails_total", "outcome" => "put off").increment(1);
    tracing::warn!(mail = %mail.id, %why, "a mail was not sent; it is tried again");
    Attempt::PutOff { until: shop.clock.now().saturating_add(*wait).unwrap_or(Timestamp::MAX), why }
}

async fn send(shop: &Shop, smtp: &Smtp, mail: &Mail) -> Result<(), NotSent> {
    let letter = letter(shop, mail).await;
    // A row that cannot be put into words is not held to be good later on.
    let letter = letter.map_err(|error| NotSent {
        for_good: !platform::db::is_unavailable(&error),
        why: format!("it could not be put into words: {error}"),
    })?;
    let outgoing = Outgoing {
        id: &mail.id,
        to: &mail.address,
        at: mail.at,
        text: pages::letter_text(&letter),
        html: pages::letter_document(&letter),
        subject: letter.subject,
    };
    smtp.send(outgoing).await
}

/// Forgets old mail to people without an account; answers how much.
pub async fn forget_strangers(shop: &Shop) -> Result<u64, sqlx::Error> {
    let before = shop.clock.now().saturating_sub(STRANGERS_KEPT).unwrap_or(Timestamp::MIN);
    shop.db.transact(before, |c, before| Box::pin(store::forget_strangers(c, *before))).await
}
