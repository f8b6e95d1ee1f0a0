//! Credit: paid ahead once at Amazon Payments, then spent without another visit there.
//!
//! The buyer confirms `SetupPrepaid` in the Co-Branded UI, which charges nothing; back here the shop fills the new balance
//! with `FundPrepaid`, and pays Amazon's fee for it. A payment out of it costs no fee of Amazon's (fps.md §4). A return that
//! is lost has charged nothing, and cannot be made good: only it names the balance. No answer to `FundPrepaid` means
//! *unknown*: the same request is sent again until it is known.

use super::cbui_return::{self, ReturnError};
use super::order_updates::{self, Outcome, Update};
use super::{failure_messages, provenance, requests};
use crate::Shop;
use crate::credit::{Credit, CreditId, CreditState, PrepaidTokens, store};
use crate::fps_client::{FundingTerms, PrepaidTerms, Reply};
use crate::ids::{CallerReference, TokenId, TransactionId, UserId};
use crate::orders::state::Event;
use crate::orders::{Order, OrderError};
use fps_protocol::cbui::CbuiStatus;
use fps_protocol::enums::{PaymentMethod, TransactionStatus};
use futures_util::stream::{self, StreamExt};
use jiff::SignedDuration;
use money::Money;
use std::time::Duration;
use url::Url;

/// How long a page waits for Amazon's word on a balance; else what it said last stands.
const PATIENCE: Duration = Duration::from_secs(3);
/// Balances that are asked for at the same time.
const AT_ONCE: usize = 8;
/// How long `FundPrepaid` may take to be answered.
const UNDER_WAY: SignedDuration = SignedDuration::from_secs(30);

/// The returnURL's path: it names the credit, since the pipeline has two references and returns none.
pub fn return_path(id: &CreditId) -> String {
    format!("/credit/{id}/return")
}

/// How a way through the pipeline ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setup {
    /// The credit is filled, or will be; its page says which.
    Confirmed,
    Left,
    /// A sentence for people.
    Refused(&'static str),
}

/// Where the buyer confirms so much.
pub async fn begin(shop: &Shop, user: &UserId, amount: Money) -> Result<Url, sqlx::Error> {
    let credit = Credit {
        id: shop.new_id(),
        user_id: user.clone(),
        amount,
        sender_reference: shop.new_id(),
        funding_reference: shop.new_id(),
        state: CreditState::Waiting,
        balance: Money::ZERO,
        checks: 0,
        at: shop.clock.now(),
    };
    let terms = PrepaidTerms {
        sender_reference: credit.sender_reference.clone(),
        funding_reference: credit.funding_reference.clone(),
        amount,
    };
    let url = shop.fps.prepaid_url(&terms, &return_path(&credit.id));
    shop.db.transact(credit, |c, credit| Box::pin(store::insert(c, credit))).await?;
    Ok(url)
}

/// Takes the query of the return. The same return again changes nothing.
pub async fn accept_return(shop: &Shop, id: &CreditId, query: &str) -> Result<Setup, ReturnError> {
    let back = cbui_return::read(shop, &return_path(id), query).await?;
    let credit = store::load(shop.db.readers(), id).await?.ok_or(ReturnError::UnknownOrder)?;
    match (back.status, back.prepaid) {
        (CbuiStatus::SuccessAbt | CbuiStatus::SuccessAch | CbuiStatus::SuccessCard, Some(made)) => {
            let tokens = PrepaidTokens {
                instrument: made.instrument_id,
                sender: made.sender_token_id,
                funding: made.source_token_id,
            };
            confirm(shop, &credit, tokens).await?;
            Ok(Setup::Confirmed)
        }
        (CbuiStatus::Abandoned, _) => {
            leave(shop, id).await?;
            Ok(Setup::Left)
        }
        (
            status @ (CbuiStatus::CallerException
            | CbuiStatus::SystemError
            | CbuiStatus::PaymentMethodMismatch
            | CbuiStatus::PaymentNotPossible
            | CbuiStatus::NotMarketplace),
            _,
        ) => Ok(Setup::Refused(failure_messages::not_authorized(status))),
        _ => Err(ReturnError::DoesNotFit),
    }
}

async fn confirm(shop: &Shop, credit: &Credit, tokens: PrepaidTokens) -> Result<(), ReturnError> {
    if let Some(known) = credit.state.tokens() {
        return if *known == tokens { Ok(()) } else { Err(ReturnError::DoesNotFit) };
    }
    for (token, reference) in
        [(&tokens.sender, &credit.sender_reference), (&tokens.funding, &credit.funding_reference)]
    {
        if !provenance::is_our_token(shop, token, reference).await? {
            tracing::warn!(credit = %credit.id, "a return for credit {} has a token that is not this shop's", credit.id);
            return Err(ReturnError::DoesNotFit);
        }
    }
    let begins = |state: &CreditState| state.tokens().is_none();
    let funding = CreditState::Funding { tokens };
    if let Some(credit) = change(shop, &credit.id, begins, funding, Some(UNDER_WAY)).await? {
        fund(shop, &credit).await?;
    }
    Ok(())
}

async fn leave(shop: &Shop, id: &CreditId) -> Result<(), sqlx::Error> {
    let waits = |state: &CreditState| matches!(state, CreditState::Waiting);
    change(shop, id, waits, CreditState::Left, None).await.map(|_| ())
}

/// Asks Amazon to fill it, or how that went.
async fn fund(shop: &Shop, credit: &Credit) -> Result<(), sqlx::Error> {
    let (tokens, found) = match &credit.state {
        CreditState::Funding { tokens } => {
            let terms = FundingTerms {
                funding_token: tokens.funding.clone(),
                instrument: tokens.instrument.clone(),
                amount: credit.amount,
                reference: credit.funding_reference.clone(),
            };
            let found = match shop.fps.fund_prepaid(terms).await {
                Reply::Known(result) => {
                    Some(told(tokens, result.transaction_id, result.transaction_status, None))
                }
                Reply::Refused(code) => {
                    let why = failure_messages::payment_refused(code).to_owned();
                    Some(CreditState::Failed { tokens: Some(tokens.clone()), why })
                }
                Reply::Unknown => None,
            };
            (tokens, found)
        }
        CreditState::Pending { tokens, transaction } => {
            let found = match shop.fps.status(transaction).await {
                Reply::Known(result) => {
                    let code = result.status_code.as_deref();
                    Some(told(tokens, result.transaction_id, result.transaction_status, code))
                }
                Reply::Refused(_) | Reply::Unknown => None,
            };
            (tokens, found)
        }
        _ => return Ok(()),
    };
    let next = found.unwrap_or_else(|| credit.state.clone());
    let is_open = matches!(next, CreditState::Funding { .. } | CreditState::Pending { .. });
    let wait = is_open.then(|| requests::wait(if next == credit.state { credit.checks + 1 } else { 0 }));
    let before = credit.state.clone();
    let changed = change(shop, &credit.id, move |state| *state == before, next, wait).await?;
    if changed.is_some_and(|credit| credit.pays().is_some()) {
        refresh(shop, &credit.id, tokens).await?;
    }
    Ok(())
}

/// Where Amazon's word leaves it.
fn told(
    tokens: &PrepaidTokens,
    transaction: TransactionId,
    status: TransactionStatus,
    code: Option<&str>,
) -> CreditState {
    let tokens = tokens.clone();
    match status {
        TransactionStatus::Success => CreditState::Ready { tokens, transaction },
        TransactionStatus::Pending | TransactionStatus::Reserved => {
            CreditState::Pending { tokens, transaction }
        }
        TransactionStatus::Failure | TransactionStatus::Cancelled => {
            let why = failure_messages::failed(code).to_owned();
            CreditState::Failed { tokens: Some(tokens), why }
        }
    }
}

/// Moves it on from a state that `from` knows, and says when Amazon is asked next; `None`: somebody was faster.
async fn change(
    shop: &Shop,
    id: &CreditId,
    from: impl Fn(&CreditState) -> bool + Send + Sync + 'static,
    to: CreditState,
    wait: Option<SignedDuration>,
) -> Result<Option<Credit>, sqlx::Error> {
    let check_at = wait.and_then(|wait| shop.clock.now().checked_add(wait).ok());
    let input = (id.clone(), from, to, check_at);
    shop.db
        .transact(input, |c, (id, from, to, check_at)| {
            Box::pin(async move {
                let found = store::lock(&mut *c, id).await?.filter(|credit| from(&credit.state));
                let Some(mut credit) = found else { return Ok(None) };
                credit.checks = if credit.state == *to { credit.checks + 1 } else { 0 };
                credit.state = to.clone();
                store::save(c, &credit, *check_at).await?;
                Ok::<_, sqlx::Error>(Some(credit))
            })
        })
        .await
}

/// The job's look at one whose funding is not known to have ended.
pub async fn look(shop: &Shop, id: &CreditId) -> Result<(), sqlx::Error> {
    match store::load(shop.db.readers(), id).await? {
        Some(credit) => fund(shop, &credit).await,
        None => Ok(()),
    }
}

/// Amazon says that something became of this `FundPrepaid`: it is asked what. Answers whether it is of a credit.
pub async fn hear(shop: &Shop, reference: &CallerReference) -> Result<bool, sqlx::Error> {
    let Some(id) = store::by_funding_reference(&shop.db, reference).await? else { return Ok(false) };
    let input = (id, shop.clock.now());
    shop.db.transact(input, |c, (id, now)| Box::pin(store::look_at(c, id, *now))).await?;
    Ok(true)
}

/// The buyer took the token back that pays from a credit. Answers whether there is one.
pub async fn forget_token(shop: &Shop, token: &TokenId) -> Result<bool, sqlx::Error> {
    let Some(id) = store::by_sender_token(&shop.db, token).await? else { return Ok(false) };
    let credit = store::load(shop.db.readers(), &id).await?;
    if let Some(CreditState::Ready { tokens, transaction }) = credit.map(|credit| credit.state) {
        let ready = |state: &CreditState| matches!(state, CreditState::Ready { .. });
        change(shop, &id, ready, CreditState::Cancelled { tokens, transaction }, None).await?;
    }
    Ok(true)
}

pub async fn find(shop: &Shop, id: &CreditId) -> Result<Option<Credit>, sqlx::Error> {
    store::load(shop.db.readers(), id).await
}

/// Those of a buyer that can pay something.
pub async fn spendable(shop: &Shop, user: &UserId) -> Result<Vec<Credit>, sqlx::Error> {
    let mut credits = of_user(shop, user).await?;
    credits.retain(|credit| credit.pays().is_some() && credit.balance.is_positive());
    Ok(credits)
}

/// All of a buyer's, the newest first, with what Amazon says now that is left of each.
pub async fn of_user(shop: &Shop, user: &UserId) -> Result<Vec<Credit>, sqlx::Error> {
    let credits = store::of_user(&shop.db, user).await?;
    let asked = stream::iter(credits).map(|credit| async move {
        let Some(tokens) = credit.pays() else { return Ok(credit) };
        let balance = refresh(shop, &credit.id, tokens).await?;
        Ok::<_, sqlx::Error>(Credit { balance: balance.unwrap_or(credit.balance), ..credit })
    });
    asked.buffered(AT_ONCE).collect::<Vec<_>>().await.into_iter().collect()
}

/// Asks for what is left of it and keeps that; `None` where Amazon does not say.
async fn refresh(shop: &Shop, id: &CreditId, tokens: &PrepaidTokens) -> Result<Option<Money>, sqlx::Error> {
    let asking = shop.fps.prepaid_balance(&tokens.instrument);
    let Ok(Reply::Known(said)) = tokio::time::timeout(PATIENCE, asking).await else { return Ok(None) };
    let input = (id.clone(), said.available, shop.clock.now());
    shop.db
        .transact(input, |c, (id, balance, at)| Box::pin(store::set_balance(c, id, *balance, *at)))
        .await?;
    Ok(Some(said.available))
}

/// What buyers have not spent of what they paid ahead, as Amazon says; `None`: nobody did, or it does not say.
pub async fn outstanding(shop: &Shop) -> Result<Option<Money>, sqlx::Error> {
    if !store::is_there_any(&shop.db).await? {
        return Ok(None);
    }
    let asked = tokio::time::timeout(PATIENCE, shop.fps.prepaid_liability()).await;
    Ok(match asked {
        Ok(Reply::Known(said)) => Some(said.outstanding),
        Ok(_) | Err(_) => None,
    })
}

/// The token for each of several payments; `None` where they cannot all be paid so, each of one credit.
pub fn tokens_for(credits: &[Credit], amounts: &[Money]) -> Option<Vec<TokenId>> {
    let mut left: Vec<(&TokenId, Money)> = credits
        .iter()
        .filter_map(|credit| credit.pays().map(|tokens| (&tokens.sender, credit.balance)))
        .collect();
    let mut largest_first: Vec<usize> = (0..amounts.len()).collect();
    largest_first.sort_by_key(|at| std::cmp::Reverse(amounts[*at]));
    let mut chosen = vec![None; amounts.len()];
    for at in largest_first {
        let fits = left.iter_mut().filter(|(_, left)| *left >= amounts[at]);
        let (token, left) = fits.min_by_key(|(_, left)| *left)?;
        *left = left.sub(amounts[at]).ok()?;
        chosen[at] = Some((*token).clone());
    }
    chosen.into_iter().collect()
}

/// Pays an order with it that waits to be authorized.
pub(super) async fn pay(shop: &Shop, order: &Order, token: TokenId) -> Result<(), OrderError> {
    let event = Event::Authorized { token, method: Some(PaymentMethod::Prepaid) };
    let attempt = Some(order.caller_reference.clone());
    let update = Update { order: order.id.clone(), attempt, event, notification: None, calls: Vec::new() };
    let applied = order_updates::apply(shop, update).await?;
    if applied.outcome == Outcome::Changed {
        requests::send(shop, applied.order).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use proptest::prelude::*;

    fn credit(number: usize, cents: i32) -> Credit {
        let id = |kind: &str| format!("{kind}{number}");
        let tokens = PrepaidTokens {
            instrument: id("I").parse().unwrap(),
            sender: id("S").parse().unwrap(),
            funding: id("F").parse().unwrap(),
        };
        Credit {
            id: id("c").parse().unwrap(),
            user_id: "buyer".parse().unwrap(),
            amount: Money::from_cents(cents),
            sender_reference: id("s").parse().unwrap(),
            funding_reference: id("f").parse().unwrap(),
            state: CreditState::Ready { tokens, transaction: id("T").parse().unwrap() },
            balance: Money::from_cents(cents),
            checks: 0,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn chosen(balances: &[i32], amounts: &[i32]) -> Option<Vec<String>> {
        let credits: Vec<_> = balances.iter().enumerate().map(|(at, cents)| credit(at, *cents)).collect();
        let amounts: Vec<_> = amounts.iter().copied().map(Money::from_cents).collect();
        let tokens = tokens_for(&credits, &amounts)?;
        Some(tokens.into_iter().map(TokenId::into_string).collect())
    }

    #[test]
    fn the_smallest_credit_that_suffices_pays() {
        assert_eq!(chosen(&[1000, 300, 500], &[250]).unwrap(), ["S1"]);
        assert_eq!(chosen(&[1000, 400, 500], &[350, 700]).unwrap(), ["S1", "S0"]);
        assert_eq!(chosen(&[500, 500], &[501]), None, "no payment is made of two");
        assert_eq!(chosen(&[500], &[300, 300]), None);
        assert_eq!(chosen(&[], &[1]), None);
    }

    proptest! {
        #[test]
        fn none_pays_more_than_it_has(
            balances in prop::collection::vec(0i32..2_000, 0..5),
            amounts in prop::collection::vec(1i32..1_000, 1..6),
        ) {
            if let Some(tokens) = chosen(&balances, &amounts) {
                for (at, balance) in balances.iter().enumerate() {
                    let name = format!("S{at}");
                    let of_it = tokens.iter().zip(&amounts).filter(|(token, _)| **token == name);
                    prop_assert!(of_it.map(|(_, amount)| amount).sum::<i32>() <= *balance);
                }
            }
        }
    }
}
