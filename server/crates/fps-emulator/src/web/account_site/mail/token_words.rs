//! Mail of what was allowed and taken back, in words.

use crate::domain::mail::MailKind;
use crate::domain::tokens::{self, Token};
use crate::web::account_site::mail::matter::Words;
use crate::web::account_site::tokens::{Names, effect, shown, terms};
use jiff::Timestamp;
use payments_pages::pages::plain_text;
use platform::Database;

/// What it is for stands behind it, where the shop has said so.
pub fn subject(kind: MailKind, token: &Token, caller: &str) -> String {
    let what = match kind {
        MailKind::RegistrationMade => format!("{caller} can collect payments for you"),
        MailKind::RegistrationCancelled => format!("{caller} can no longer collect payments for you"),
        MailKind::AuthorizationCancelled => format!("Authorization cancelled: {caller}"),
        _ => format!("Authorization given to {caller}"),
    };
    let amount = token.amount.map(|amount| format!(", {amount}")).unwrap_or_default();
    match reason(token) {
        Some(reason) => format!("{what}: {reason}{amount}"),
        None => format!("{what}{amount}"),
    }
}

fn reason(token: &Token) -> Option<String> {
    token.payment_reason.as_deref().map(plain_text).filter(|reason| !reason.is_empty())
}

pub async fn words(
    db: &Database,
    kind: MailKind,
    token: &Token,
    caller: &str,
    now: Timestamp,
) -> Result<Words, sqlx::Error> {
    let paragraphs = match kind {
        MailKind::RegistrationCancelled => {
            vec![effect(token, caller), "What you were paid stays yours.".to_owned()]
        }
        MailKind::AuthorizationCancelled => vec![effect(token, caller)],
        MailKind::RegistrationMade => vec![
            format!("You have registered with {caller}: what it sells for you is paid to your account here."),
            "Take it back whenever you like, under Authorizations.".to_owned(),
        ],
        _ => vec![
            format!("You have allowed {caller} to take payments without asking you each time."),
            "Take it back whenever you like, under Authorizations.".to_owned(),
        ],
    };
    let mut facts: Vec<(String, String)> =
        reason(token).map(|reason| ("For".to_owned(), reason)).into_iter().collect();
    let terms = terms(db, &mut Names::default(), token).await?;
    facts.extend(terms.into_iter().map(|term| ("Terms".to_owned(), term)));
    for limit in tokens::limits_of(db, &token.id).await? {
        let limit = shown(&limit, token.valid_from, now);
        let period = limit.period.map(|period| format!(" {period}")).unwrap_or_default();
        facts.push(("Limit".to_owned(), format!("{}{period}", limit.limit)));
    }
    Ok(Words { paragraphs, quoted: None, facts })
}
