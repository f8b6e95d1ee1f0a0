//! What people do with a transaction: cancel, refund, ask for a refund. The money moves through the same
//! functions as the Query API's.

use crate::engine::payments::{self, Actor};
use crate::engine::refund_requests::{self, Asked};
use crate::engine::{ActionError, Engine};
use crate::web::account_site::account_holder::AccountHolder;
use crate::web::account_site::transactions::detail::{REFUND_REFERENCE, TransactionView};
use crate::web::form::typed;
use app::form::FormState;
use axum::extract::{Path, State};
use axum::response::Response;
use fps_protocol::ErrorCode;
use fps_protocol::actions::{Cancel, Refund, Request};
use fps_protocol::enums::{MarketplaceRefundPolicy, TransactionStatus};
use fps_protocol::ids::{CallerReference, TransactionId};
use money::Money;
use payments_pages::pages;
use platform::web::{FormFields, Refusal};

/// What FPS takes as a description (fps.md §10).
const LONGEST_NOTE: usize = 160;
const LONGEST_REASON: usize = 500;

/// The sender gives up a payment that is pending or reserved.
pub async fn cancel(
    State(engine): State<Engine>,
    holder: AccountHolder,
    Path(id): Path<String>,
    _: FormFields,
) -> Result<Response, Refusal> {
    let view = TransactionView::find(&engine, &holder.account, &id).await?;
    if !view.sent() {
        return Err(Refusal::not_found());
    }
    let transaction_id = TransactionId::new(&id).map_err(|_| Refusal::not_found())?;
    let request = Cancel { transaction_id, description: None, override_ipn_url: None };
    let sender = Actor::Sender { account_id: &holder.account.id };
    match payments::cancel(&engine, sender, &request).await {
        Ok(_) => holder.go(&view.path(), "The payment is cancelled. Nothing was charged.").await,
        Err(ActionError::Refused(_) | ActionError::Changed) => {
            holder.go(&view.path(), "It is too late to cancel this payment: see below where it stands.").await
        }
        Err(error) => Err(Refusal::because(error)),
    }
}

/// The recipient gives money back, whole or in part.
pub async fn refund(
    State(engine): State<Engine>,
    holder: AccountHolder,
    Path(id): Path<String>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    holder.must_be_active()?;
    let view = TransactionView::find(&engine, &holder.account, &id).await?;
    if !view.received() {
        return Err(Refusal::not_found());
    }
    let mut form = typed(&fields);
    let Some(request) = read_refund(&id, &fields, &mut form) else {
        return again(&engine, &holder, &view, form).await;
    };
    let transaction = &view.transaction;
    let recipient = Actor::Recipient { account_id: &holder.account.id, access_key: &transaction.access_key };
    let canonical = Request::Refund(request.clone()).canonical_digest_input();
    match payments::refund(&engine, recipient, &request, &canonical).await {
        Ok(outcome) => {
            let path = format!("/account/transactions/{}", outcome.transaction_id);
            holder.go(&path, said_of_refund(outcome.status, &view)).await
        }
        Err(ActionError::Refused(error)) => {
            form.refuse("amount", why_not_refunded(error.code));
            again(&engine, &holder, &view, form).await
        }
        Err(ActionError::Changed) => Err(Refusal::conflict("Somebody else changed the payment meanwhile.")),
        Err(error) => Err(Refusal::because(error)),
    }
}

fn said_of_refund(status: TransactionStatus, view: &TransactionView) -> String {
    let buyer = &view.transaction.parties.sender.name;
    match status {
        TransactionStatus::Success => format!("The refund has reached {buyer}."),
        _ => format!("The refund is on its way to {buyer}'s card."),
    }
}

fn why_not_refunded(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::InsufficientBalance => {
            "Your balance is less than that. Deposit money first, or refund a smaller part."
        }
        ErrorCode::RefundAmountExceeded => "That is more than is left of the payment.",
        ErrorCode::TransactionFullyRefundedAlready => "All of it went back already.",
        ErrorCode::DuplicateRequest => {
            "This form was sent before with another amount. Look at what happened first."
        }
        _ => "This payment cannot be refunded now.",
    }
}

fn read_refund(id: &str, fields: &FormFields, form: &mut FormState) -> Option<Refund> {
    let refund_amount = read_amount(form);
    let note = form.value("note").trim().to_owned();
    if note.chars().count() > LONGEST_NOTE || note.chars().any(char::is_control) {
        form.refuse("note", "The note can have at most 160 characters, on one line.");
    }
    let reference = fields.get("reference").unwrap_or_default();
    let is_ours = reference.starts_with(REFUND_REFERENCE) && reference.len() == REFUND_REFERENCE.len() + 36;
    let reference = CallerReference::new(reference).ok().filter(|_| is_ours);
    if reference.is_none() {
        form.refuse("", "This form was incomplete. Please try again.");
    }
    let (Ok(transaction_id), Some(caller_reference), true) =
        (TransactionId::new(id), reference, form.is_valid())
    else {
        return None;
    };
    Some(Refund {
        transaction_id,
        refund_amount,
        caller_reference,
        caller_description: (!note.is_empty()).then_some(note),
        marketplace_refund_policy: Some(MarketplaceRefundPolicy::MasterTxnOnly),
        override_ipn_url: None,
        refund_token_id: None,
    })
}

/// The sender asks the shop for money back.
pub async fn ask_for_refund(
    State(engine): State<Engine>,
    holder: AccountHolder,
    Path(id): Path<String>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let view = TransactionView::find(&engine, &holder.account, &id).await?;
    if !view.sent() {
        return Err(Refusal::not_found());
    }
    let Some(left) = view.refundable() else {
        return holder.go(&view.path(), "There is nothing left of this payment to ask for.").await;
    };
    let mut form = typed(&fields);
    let Some(asked) = read_refund_request(left, &mut form) else {
        return again(&engine, &holder, &view, form).await;
    };
    let caller = &view.caller.display_name;
    let asked =
        refund_requests::ask(&engine, &view.transaction, &view.caller, asked.amount, asked.reason).await?;
    let notice = match asked {
        Asked::Sent => format!("{caller} was told. It decides, and you see here what comes back."),
        Asked::Already => format!("You have asked {caller} already: it has to answer first."),
        Asked::NotTaken => format!("{caller} takes no requests from here: ask at its own site."),
    };
    holder.go(&view.path(), notice).await
}

/// What the sender wants back, and why: the form, checked.
struct RefundRequestForm {
    amount: Money,
    reason: String,
}

fn read_refund_request(left: Money, form: &mut FormState) -> Option<RefundRequestForm> {
    let amount = read_amount(form);
    if amount.is_some_and(|amount| amount > left) {
        form.refuse("amount", format!("That is more than is left of the payment: {left}."));
    }
    let reason = form.value("reason").replace("\r\n", "\n").trim().to_owned();
    let odd = reason.chars().any(|c| c.is_control() && c != '\n');
    if reason.is_empty() {
        form.refuse("reason", "Say what was wrong: the shop decides by it.");
    } else if odd || reason.chars().count() > LONGEST_REASON {
        form.refuse("reason", "The reason can have at most 500 characters.");
    }
    let amount = amount.filter(|_| form.is_valid())?;
    Some(RefundRequestForm { amount, reason })
}

/// More than nothing, in dollars and cents.
pub fn read_amount(form: &mut FormState) -> Option<Money> {
    let text = form.value("amount").trim().trim_start_matches('$').to_owned();
    let amount = Money::parse_dollars(&text).ok().filter(|amount| amount.is_positive());
    if amount.is_none() {
        form.refuse("amount", "Give an amount such as 12.50.");
    }
    amount
}

async fn again(
    engine: &Engine,
    holder: &AccountHolder,
    view: &TransactionView,
    form: FormState,
) -> Result<Response, Refusal> {
    let page = view.page(engine, form).await?;
    Ok(AccountHolder::again(pages::transaction(&holder.chrome, &page)))
}
