//! The actions, one file each, and the one place that maps a name to its handler.

mod cancel;
mod cancel_subscription_and_refund;
mod debts;
mod get_account_activity;
mod get_account_balance;
mod get_recipient_verification_status;
mod get_subscription_details;
mod get_transaction;
mod get_transaction_status;
mod get_transactions_for_subscription;
mod pay;
mod payment_instructions;
mod prepaid;
mod refund;
mod reserve;
mod settle;
mod tokens;
mod verify_signature;

use crate::domain::callers::Caller;
use crate::engine::Outcome;
use crate::web::query_api::Api;
use crate::web::query_api::authenticate::Authentic;
use fps_protocol::actions::Request;
use fps_protocol::ids::TransactionId;
use fps_protocol::responses::{Response, TransactionResult};
use fps_protocol::{ApiVersion, FpsError};

/// Parses the action that the request names and does it.
pub async fn perform(api: &Api, authentic: Authentic, version: ApiVersion) -> Result<Response, FpsError> {
    let request = Request::parse(authentic.parameters())?;
    match authentic {
        Authentic::Signed { caller, .. } => perform_signed(api, &caller, &request, version).await,
        Authentic::Unsigned { .. } => match &request {
            Request::VerifySignature(request) => verify_signature::perform(api, None, request).await,
            // Authentication lets nothing else through.
            _ => Err(FpsError::missing("Signature")),
        },
    }
}

async fn perform_signed(
    api: &Api,
    caller: &Caller,
    request: &Request,
    version: ApiVersion,
) -> Result<Response, FpsError> {
    let engine = &api.engine;
    let canonical = || request.canonical_digest_input();
    match request {
        Request::Pay(request) => pay::perform(engine, caller, request, &canonical()).await,
        Request::Reserve(request) => reserve::perform(engine, caller, request, &canonical()).await,
        Request::Settle(request) => settle::perform(engine, caller, request).await,
        Request::Cancel(request) => cancel::perform(engine, caller, request).await,
        Request::Refund(request) => refund::perform(engine, caller, request, &canonical()).await,
        Request::GetTransactionStatus(request) => {
            get_transaction_status::perform(engine, caller, request).await
        }
        Request::GetTransaction(request) => get_transaction::perform(engine, caller, request).await,
        Request::GetRecipientVerificationStatus(request) => {
            get_recipient_verification_status::perform(engine, caller, request, version).await
        }
        Request::GetAccountActivity(request) => get_account_activity::perform(engine, caller, request).await,
        Request::GetAccountBalance(_) => get_account_balance::perform(engine, caller).await,
        Request::CancelSubscriptionAndRefund(request) => {
            cancel_subscription_and_refund::perform(engine, caller, request, &canonical()).await
        }
        Request::GetSubscriptionDetails(request) => {
            get_subscription_details::perform(engine, caller, request).await
        }
        Request::GetTransactionsForSubscription(request) => {
            get_transactions_for_subscription::perform(engine, caller, request).await
        }
        Request::FundPrepaid(request) => prepaid::fund(engine, caller, request, &canonical()).await,
        Request::GetPrepaidBalance(request) => prepaid::balance(engine, caller, request).await,
        Request::GetTotalPrepaidLiability(_) => prepaid::total_liability(engine, caller).await,
        Request::SettleDebt(request) => debts::settle(engine, caller, request, &canonical()).await,
        Request::WriteOffDebt(request) => debts::write_off(engine, caller, request, &canonical()).await,
        Request::GetDebtBalance(request) => debts::balance(engine, caller, request).await,
        Request::GetOutstandingDebtBalance(_) => {
            Ok(Response::GetOutstandingDebtBalance(debts::outstanding(engine, caller).await?))
        }
        Request::GetOutStandingDebtBalance(_) => {
            Ok(Response::GetOutStandingDebtBalance(debts::outstanding(engine, caller).await?))
        }
        Request::CancelToken(request) => tokens::cancel(engine, caller, request).await,
        Request::GetTokenByCaller(request) => tokens::by_caller(engine, caller, request).await,
        Request::GetTokenUsage(request) => tokens::usage(engine, caller, request).await,
        Request::GetTokens(request) => tokens::list(engine, caller, request).await,
        Request::InstallPaymentInstruction(request) => {
            payment_instructions::install(engine, caller, request).await
        }
        Request::GetPaymentInstruction(request) => payment_instructions::get(engine, caller, request).await,
        Request::VerifySignature(request) => verify_signature::perform(api, Some(caller), request).await,
    }
}

/// What most actions answer.
fn transaction_result(outcome: &Outcome) -> Result<TransactionResult, FpsError> {
    let transaction_id = TransactionId::new(&outcome.transaction_id).map_err(|_| FpsError::internal())?;
    Ok(TransactionResult { transaction_id, transaction_status: outcome.status })
}
