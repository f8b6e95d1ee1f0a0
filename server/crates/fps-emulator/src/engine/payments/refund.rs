use crate::domain::stored_value::books as stored_value;
use crate::domain::tokens::{self, TokenRole};
use crate::domain::transactions::movements::{self, RefundShares};
use crate::domain::transactions::record::{Case, Parties, Transaction};
use crate::domain::transactions::{Event, State, store};
use crate::engine::error::ActionError;
use crate::engine::idempotency::{self, Key};
use crate::engine::payments::actor::Actor;
use crate::engine::payments::settle::{refusal, unknown};
use crate::engine::write_plan::{Books, Step};
use crate::engine::{Engine, Outcome};
use fps_protocol::actions::Refund;
use fps_protocol::enums::{
    FpsOperation, MarketplaceRefundPolicy, PaymentMethod, RelationType, StatusCode, TransactionStatus,
};
use fps_protocol::ids::TokenId;
use fps_protocol::{ErrorCode, FpsError};
use jiff::Timestamp;
use money::{Money, Percent};
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
        Actor::Sender { .. } => return Err(unknown(request.transaction_id.as_str()).into()),
    };
    let operation = FpsOperation::Refund.as_str();
    let key = Key::new(access_key, operation, request.caller_reference.as_str(), canonical);
    engine.answer_once(&key, || attempt(engine, actor, request, &key)).await
}

async fn attempt(
    engine: &Engine,
    actor: Actor<'_>,
    request: &Refund,
    key: &Key,
) -> Result<idempotency::Answer, ActionError> {
    let id = request.transaction_id.as_str();
    let original = actor.find(&engine.db, id).await?.ok_or_else(|| unknown(id))?;
    engine.run(prepare(engine, original, request, key).await?).await
}

/// Checks, and says what is to be written.
pub async fn prepare(
    engine: &Engine,
    original: Case,
    request: &Refund,
    key: &Key,
) -> Result<Step, ActionError> {
    let state = State::of(&original.transaction);
    state.decide(Event::Refund).map_err(|code| refusal(code, state))?;
    if let Some(token) = &request.refund_token_id {
        check_refund_token(engine, &original.transaction, token).await?;
    }
    let owed = owed(engine, &original.transaction).await?;
    let fee = match request.marketplace_refund_policy {
        Some(MarketplaceRefundPolicy::MarketplaceTxnOnly) => Some(fee_of(engine, &original).await?),
        _ => None,
    };
    plan(engine, original, fee.as_ref(), request, owed, key)
}

/// The fee that alone is to be given back: a transaction of the recipient with the caller, and so is its
/// refund.
async fn fee_of(engine: &Engine, original: &Case) -> Result<Case, ActionError> {
    let fee = store::fee_record(&engine.db, &original.transaction).await?;
    // A small partial Settle can have made it nothing.
    fee.filter(|fee| fee.transaction.amount.is_positive()).ok_or_else(|| {
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
    let token = tokens::find(&engine.db, id.as_str()).await?;
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
            let balance = ledger::balance(engine.db.readers(), &stored_value::debt(instrument)).await?;
            Ok(balance.map_or(Money::ZERO, |balance| balance.available()))
        }
        _ => Ok(Money::ZERO),
    }
}

fn plan(
    engine: &Engine,
    mut original: Case,
    fee: Option<&Case>,
    request: &Refund,
    owed: Money,
    key: &Key,
) -> Result<Step, ActionError> {
    let now = engine.clock.now();
    let policy = request.marketplace_refund_policy.unwrap_or(MarketplaceRefundPolicy::MasterTxnOnly);
    let amount = amount(&original.transaction, request.refund_amount, policy)?;
    let shares = movements::refund_shares(&original.transaction, amount, policy)?;
    let shares = RefundShares { forgiven: shares.sender.min(owed), ..shares };
    let mut case = new_case(engine, fee.unwrap_or(&original), request, amount, now);
    let refund = &mut case.transaction;
    refund.refund_policy = Some(policy);
    refund.fps_fee = shares.amazon;
    // The refund of a fee is not one of a payment with a fee.
    refund.marketplace_fee = if fee.is_some() { Money::ZERO } else { shares.marketplace };
    let books = Books::Post(movements::refund(refund, &original, shares, now)?);
    let paid = &mut original.transaction;
    paid.refunded = paid.refunded.add(shares.sender)?;
    paid.marketplace_fee_refunded = paid.marketplace_fee_refunded.add(shares.marketplace)?;
    let notification = engine.notify(&case, FpsOperation::Refund.into(), now.as_microsecond());
    let outcome = Outcome { transaction_id: case.transaction.id.clone(), status: case.transaction.status };
    Ok(Step {
        key: Some(key.clone()),
        spend: None,
        ends: None,
        changed: Some(original.transaction),
        new: vec![case.transaction],
        books,
        notification,
        outcome,
        now: now.as_microsecond(),
    })
}

/// What was asked for, or else all that is left; never more than that.
fn amount(
    original: &Transaction,
    asked: Option<Money>,
    policy: MarketplaceRefundPolicy,
) -> Result<Money, ActionError> {
    let left = match policy {
        MarketplaceRefundPolicy::MarketplaceTxnOnly => {
            original.marketplace_fee.sub(original.marketplace_fee_refunded)?
        }
        _ => original.charged().sub(original.refunded)?,
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
fn new_case(engine: &Engine, original: &Case, request: &Refund, amount: Money, now: Timestamp) -> Case {
    let (paid, now) = (&original.transaction, now.as_microsecond());
    let mut refund = Transaction {
        id: engine.new_transaction_id(),
        operation: FpsOperation::Refund,
        status: TransactionStatus::Pending,
        status_code: StatusCode::PendingNetworkResponse,
        version: 0,
        amount,
        fixed_fee: Money::ZERO,
        variable_fee: Percent::ZERO,
        settle_amount: None,
        refunded: Money::ZERO,
        marketplace_fee_refunded: Money::ZERO,
        sender_account_id: paid.recipient_account_id.clone(),
        recipient_account_id: paid.sender_account_id.clone(),
        sender_token_id: request.refund_token_id.as_ref().map(ToString::to_string),
        recipient_token_id: None,
        caller_reference: request.caller_reference.to_string(),
        caller_description: request.caller_description.clone(),
        sender_description: None,
        override_ipn_url: request.override_ipn_url.as_ref().map(Url::to_string),
        parent_id: Some(paid.id.clone()),
        relation: Some(RelationType::Refund),
        hold_id: None,
        process_at: None,
        expires_at: None,
        received_at: now,
        completed_at: None,
        ..paid.clone()
    };
    if paid.payment_method == PaymentMethod::Cc {
        refund.process_at = Some(engine.process_at());
    } else {
        refund.finish(TransactionStatus::Success, StatusCode::Success, now);
    }
    let parties = original.parties.clone();
    let parties = Parties { sender: parties.recipient, recipient: parties.sender, ..parties };
    Case { transaction: refund, parties }
}
