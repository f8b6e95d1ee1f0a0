//! Subscriptions: Recurring tokens, in the words of Simple Pay.

use crate::domain::accounts::{self, Account, AccountId};
use crate::domain::callers::Caller;
use crate::domain::tokens::{self, Token, TokenLimit, TokenRole};
use crate::domain::transactions::{self, Transaction};
use crate::engine::{ActionError, Engine};
use fps_protocol::cbui::{Period, PeriodUnit};
use fps_protocol::enums::{SubscriptionStatus, TimeUnit, TokenType, TransactionStatus};
use fps_protocol::ids::TokenId;
use fps_protocol::responses::{
    Duration, SubscriptionDetails, SubscriptionTransaction, SubscriptionTransactions,
};
use fps_protocol::{ErrorCode, FpsError};
use jiff::{SignedDuration, Timestamp};
use money::Money;

/// By how much the ends of two months can differ.
const MONTHS_END: SignedDuration = SignedDuration::from_hours(3 * 24);

/// A caller's own subscription: a Recurring token that was given to it.
pub async fn subscription(engine: &Engine, caller: &Caller, id: &TokenId) -> Result<Token, ActionError> {
    let token = tokens::find(&engine.db, id).await?;
    let own = |token: &Token| token.access_key == caller.access_key && token.role == TokenRole::Sender;
    let token = token
        .filter(own)
        .ok_or_else(|| FpsError::new(ErrorCode::InvalidTokenId, format!("There is no subscription {id}.")))?;
    if token.token_type != TokenType::Recurring {
        let message = format!("The token is for {} and not a subscription.", token.token_type);
        return Err(ActionError::refused(ErrorCode::InvalidTokenType, message));
    }
    Ok(token)
}

/// What was agreed, and how far it went.
pub async fn subscription_details(
    engine: &Engine,
    caller: &Caller,
    id: &TokenId,
) -> Result<SubscriptionDetails, ActionError> {
    let token = subscription(engine, caller, id).await?;
    let succeeded = Some(TransactionStatus::Success);
    let processed = transactions::count_payments_of_token(&engine.db, &token.id, succeeded).await?;
    let limits = tokens::limits_of(&engine.db, &token.id).await?;
    let sender = account(engine, &token.account_id).await?;
    let recipient = recipient(engine, caller, &token).await?;
    let now = engine.clock.now();
    let status = status(&token, now);
    let amount = token.amount.unwrap_or(Money::ZERO);
    let next = next_transaction(&token, limits.first(), now).filter(|_| status == SubscriptionStatus::Active);
    let sender_name = sender.public_name().to_owned();
    Ok(SubscriptionDetails {
        description: token.payment_reason.clone().unwrap_or_default(),
        subscription_amount: amount,
        next_transaction_amount: next.map(|_| amount),
        promotional_amount: None,
        number_of_promotional_transactions: 0,
        start_date: token.valid_from,
        end_date: token.expires_at,
        period: None,
        frequency: frequency(&token)?,
        override_ipn_url: None,
        status,
        number_of_transactions_processed: processed,
        recipient_name: recipient.public_name().to_owned(),
        // Only for whom is paid, as everywhere; the schema wants the element.
        sender_email: if recipient.id == caller.account_id { sender.email } else { String::new() },
        recipient_email: recipient.email,
        sender_name,
        next_transaction_date: next,
        subscription_id: token.id.into_string(),
    })
}

/// The payments of a subscription in time order, numbered from its first; the latest of very many.
pub async fn subscription_transactions(
    engine: &Engine,
    caller: &Caller,
    id: &TokenId,
) -> Result<SubscriptionTransactions, ActionError> {
    let token = subscription(engine, caller, id).await?;
    let payments = transactions::payments_of_token(&engine.db, &token.id).await?;
    let count = transactions::count_payments_of_token(&engine.db, &token.id, None).await?;
    let first = 1 + count.saturating_sub(u32::try_from(payments.len()).unwrap_or(u32::MAX));
    let shown = |(transaction, serial_number): (Transaction, u32)| {
        Ok(SubscriptionTransaction {
            date: transaction.received_at,
            serial_number,
            amount: transaction.charged(),
            status: transaction.status(),
            transaction_id: transaction.id,
            description: transaction.caller_description.unwrap_or_default(),
        })
    };
    let transactions = payments.into_iter().zip(first..).map(shown).collect::<Result<_, FpsError>>()?;
    Ok(SubscriptionTransactions { transactions })
}

async fn account(engine: &Engine, id: &AccountId) -> Result<Account, ActionError> {
    let account = accounts::find(&engine.db, id).await?;
    Ok(account.ok_or_else(FpsError::internal)?)
}

/// Without a recipient token the caller is paid.
async fn recipient(engine: &Engine, caller: &Caller, token: &Token) -> Result<Account, ActionError> {
    let recipient = match &token.recipient_token_id {
        Some(id) => tokens::find(&engine.db, id).await?,
        None => None,
    };
    account(engine, recipient.as_ref().map_or(&caller.account_id, |token| &token.account_id)).await
}

fn status(token: &Token, now: Timestamp) -> SubscriptionStatus {
    if !token.active {
        SubscriptionStatus::Cancelled
    } else if token.expires_at.is_some_and(|at| at <= now) {
        SubscriptionStatus::Completed
    } else {
        SubscriptionStatus::Active
    }
}

/// When the next payment can be taken: now, if the period's has not been; `None` when the token ends before.
fn next_transaction(token: &Token, limit: Option<&TokenLimit>, now: Timestamp) -> Option<Timestamp> {
    let (limit, period) = (limit?, token.recurring_period?);
    let window = limit.window(token.valid_from, now);
    let next = if limit.left_in(window) > 0 {
        window.start.max(token.valid_from)
    } else {
        start_after(period, token.valid_from, window.start)?
    };
    Some(next).filter(|next| token.expires_at.is_none_or(|at| *next < at))
}

/// The first start of a period after another. From the end of a short month one comes too early.
fn start_after(period: Period, first: Timestamp, start: Timestamp) -> Option<Timestamp> {
    let about = period.after(start)?;
    let later = about.checked_add(MONTHS_END).ok()?;
    let candidates = [about, later].map(|at| period.latest_start(first, at));
    candidates.into_iter().flatten().find(|candidate| *candidate > start)
}

/// The schema knows no hours: they count as days, begun ones as whole.
fn frequency(token: &Token) -> Result<Duration, ActionError> {
    let period = token.recurring_period.ok_or_else(FpsError::internal)?;
    let count = u32::from(period.count());
    let (value, unit) = match period.unit() {
        PeriodUnit::Hour => (count.div_ceil(24), TimeUnit::Day),
        PeriodUnit::Day => (count, TimeUnit::Day),
        PeriodUnit::Week => (count, TimeUnit::Week),
        PeriodUnit::Month => (count, TimeUnit::Month),
        PeriodUnit::Year => (count, TimeUnit::Year),
    };
    Ok(Duration { value, unit })
}

#[cfg(test)]
mod tests;
