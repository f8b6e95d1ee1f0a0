use crate::domain::ledger_accounts;
use crate::domain::tokens::{self, TokenRole};
use crate::domain::transactions::movements::{self, RefundSplit};
use crate::domain::transactions::{Event, Kind, Life, NewTransaction, Parties, State, Transaction, store};
use crate::engine::error::ActionError;
use crate::engine::idempotency::Key;
use crate::engine::payments::actor::Actor;
use crate::engine::payments::settle::{refusal, unknown};
use crate::engine::write_plan::{LedgerChange, WritePlan};
use crate::engine::{Engine, Outcome};
use fps_protocol::actions::Refund;
use fps_protocol::enums::{FpsOperation, MarketplaceRefundPolicy, PaymentMethod};
use fps_protocol::ids::TokenId;
use fps_protocol::{ErrorCode, FpsError};
use jiff::Timestamp;
use money::Money;
use url::Url;

/// Gives back all or a part of what was paid, as a transaction of its own. To a balance the money goes
/// within the call; to a card the processor brings it.
pub async fn refund(
    engine: &Engine,
    actor: impl Into<Actor<'_>>,
    request: &Refund,
    canonical: &str,
) -> Result<Outcome, ActionError> {
    let actor = actor.into();
    let access_key = match actor {
        Actor::Caller { access_key } | Actor::Recipient { access_key, .. } => access_key,
        Actor::Sender { .. } => return Err(unknown(&request.transaction_id).into()),
    };
    let operation = FpsOperation::Refund.as_str();
    let key = Key::new(access_key, operation, &request.caller_reference, canonical);
    engine.answer_once(&key, || attempt(engine, actor, request, &key)).await
}

async fn attempt(
    engine: &Engine,
    actor: Actor<'_>,
    request: &Refund,
    key: &Key,
) -> Result<Outcome, ActionError> {
    let id = &request.transaction_id;
    let original = actor.find(&engine.db, id).await?.ok_or_else(|| unknown(id))?;
    // Callers ask through the API alone: a recipient has begun it on the account site.
    let begun = if matches!(actor, Actor::Recipient { .. }) { Begun::OnSite } else { Begun::ByCaller };
    engine.run(prepare(engine, original, request, begun, key).await?).await
}

/// Where a refund was begun: FPS told of those on the account site in other words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    ByCaller,
    OnSite,
}

/// Checks, and says what is to be written.
pub async fn prepare(
    engine: &Engine,
    original: Transaction,
    request: &Refund,
    begun: Begun,
    key: &Key,
) -> Result<WritePlan, ActionError> {
    let state = State::of(&original);
    state.decide(Event::Refund).map_err(|code| refusal(code, state))?;
    if let Some(token) = &request.refund_token_id {
        check_refund_token(engine, &original, token).await?;
    }
    let owed = owed(engine, &original).await?;
    let fee = match request.marketplace_refund_policy {
        Some(MarketplaceRefundPolicy::MarketplaceTxnOnly) => Some(fee_of(engine, &original).await?),
        _ => None,
    };
    Ok(plan(engine, original, fee.as_ref(), request, (owed, begun))?.once(key))
}

/// The fee that alone is to be given back: a transaction of the recipient with the caller, and so is its
/// refund.
async fn fee_of(engine: &Engine, original: &Transaction) -> Result<Transaction, ActionError> {
    let fee = store::fee_record(&engine.db, original).await?;
    // A small partial Settle can have made it nothing.
    fee.filter(|fee| fee.amount.is_positive()).ok_or_else(|| {
        let reason = "cannot be MarketplaceTxnOnly: the transaction has no marketplace fee";
        FpsError::invalid("MarketplaceRefundPolicy", reason).into()
    })
}

/// The quick start's `RefundTokenId`, when given, must be the recipient's.
async fn check_refund_token(
    engine: &Engine,
    original: &Transaction,
    id: &TokenId,
) -> Result<(), ActionError> {
    let token = tokens::find(&engine.db, id).await?;
    let token =
        token.filter(|token| token.role == TokenRole::Refund && token.access_key == original.access_key);
    let (code, message) = match token {
        None => (ErrorCode::InvalidTokenId, "The refund token is not valid."),
        Some(token) if token.account_id != original.recipient_account_id => {
            (ErrorCode::SenderNotOriginalRecipient, "The refund token is not that of the original recipient.")
        }
        Some(token) if !token.active => (ErrorCode::TokenNotActive, "The refund token was cancelled."),
        Some(_) => return Ok(()),
    };
    Err(ActionError::refused(code, message))
}

/// Of a payment by debt: what is still owed, and need not be paid back but only forgotten. More is owed
/// for other payments, perhaps; a debt does not say what for.
async fn owed(engine: &Engine, original: &Transaction) -> Result<Money, ActionError> {
    match &original.instrument_id {
        Some(instrument) if original.payment_method == PaymentMethod::Debt => {
            let debt = ledger_accounts::debt(instrument);
            Ok(ledger_accounts::balance(engine.db.readers(), debt).await?.available())
        }
        _ => Ok(Money::ZERO),
    }
}

fn plan(
    engine: &Engine,
    mut original: Transaction,
    fee: Option<&Transaction>,
    request: &Refund,
    (owed, begun): (Money, Begun),
) -> Result<WritePlan, ActionError> {
    let now = engine.clock.now();
    let policy = request.marketplace_refund_policy.unwrap_or(MarketplaceRefundPolicy::MasterTxnOnly);
    let amount = amount(&original, request.refund_amount, policy)?;
    let split = movements::refund_split(&original, amount, policy)?;
    let split = RefundSplit { forgiven: split.sender.min(owed), ..split };
    let mut refund = new_refund(engine, fee.unwrap_or(&original), request, (amount, policy), now);
    refund.fps_fee = split.amazon;
    // The refund of a fee is not one of a payment with a fee.
    refund.marketplace_fee = if fee.is_some() { Money::ZERO } else { split.marketplace };
    let movements = movements::refund(&refund, &original, split, now)?;
    original.count_refund(split.sender, split.marketplace)?;
    let told = match begun {
        Begun::ByCaller => [None, Some(Engine::notify(&refund, FpsOperation::Refund.into(), now))],
        // Of what is not at its end yet, no more than that it is begun.
        Begun::OnSite => {
            let begun = Engine::notify_initiated(&refund, now);
            let ended = refund.completed_at().is_some();
            [Some(begun), ended.then(|| Engine::notify(&refund, FpsOperation::Refund.into(), now))]
        }
    };
    let plan = WritePlan::create(refund, now).changing(original).moving(LedgerChange::Post(movements));
    Ok(told.into_iter().fold(plan, WritePlan::notifying))
}

/// What was asked for, or else all that is left; never more than that.
fn amount(
    original: &Transaction,
    asked: Option<Money>,
    policy: MarketplaceRefundPolicy,
) -> Result<Money, ActionError> {
    let left = match policy {
        MarketplaceRefundPolicy::MarketplaceTxnOnly => {
            original.marketplace_fee.sub(original.marketplace_fee_refunded())?
        }
        _ => original.charged().sub(original.refunded())?,
    };
    if !left.is_positive() {
        let message = "There is nothing left of the transaction to refund.";
        return Err(ActionError::refused(ErrorCode::TransactionFullyRefundedAlready, message));
    }
    match asked {
        Some(asked) if asked > left => {
            let message =
                format!("The amount to refund is more than what is left, {} USD.", left.to_six_decimals());
            Err(FpsError::new(ErrorCode::RefundAmountExceeded, message).into())
        }
        asked => Ok(asked.unwrap_or(left)),
    }
}

/// The refund's sender is who was paid, and its recipient who paid. A card gets it from the processor;
/// a balance, which is where bank payments go back to as well, has it at once.
fn new_refund(
    engine: &Engine,
    paid: &Transaction,
    request: &Refund,
    (amount, policy): (Money, MarketplaceRefundPolicy),
    now: Timestamp,
) -> Transaction {
    let life = if paid.payment_method == PaymentMethod::Cc {
        Life::Pending { process_at: engine.process_at(), expires_at: None, hold_id: None }
    } else {
        Life::completed(amount, now)
    };
    let parties = paid.parties.clone();
    let parties = Parties { sender: parties.recipient, recipient: parties.sender, ship_to: None, ..parties };
    Transaction {
        fee_payer: paid.fee_payer,
        instrument_id: paid.instrument_id.clone(),
        sender_token_id: request.refund_token_id.clone(),
        caller_description: request.caller_description.clone(),
        override_ipn_url: request.override_ipn_url.as_ref().map(Url::to_string),
        ..Transaction::new(NewTransaction {
            id: engine.new_transaction_id(),
            access_key: paid.access_key.clone(),
            kind: Kind::Refund { of: paid.id.clone(), policy },
            life,
            amount,
            payment_method: paid.payment_method,
            sender_account_id: paid.recipient_account_id.clone(),
            recipient_account_id: paid.sender_account_id.clone(),
            caller_reference: request.caller_reference.clone(),
            received_at: now,
            parties,
        })
    }
}
