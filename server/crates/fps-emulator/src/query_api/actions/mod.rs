//! The actions, one file each, and the one place that maps a name to its handler.

mod cancel;
mod get_transaction_status;
mod pay;
mod refund;
mod reserve;
mod settle;
mod verify_signature;

use super::Api;
use super::answer::Answer;
use super::authenticate::Authentic;
use crate::callers::Caller;
use crate::transactions::Outcome;
use fps_protocol::FpsError;
use fps_protocol::actions::Request;
use fps_protocol::ids::TransactionId;
use fps_protocol::responses::{Response, TransactionResult};

/// Parses the action that the request names and does it. Actions that FPS had and that are not built
/// are refused as such by the parser.
pub async fn perform(api: &Api, authentic: Authentic, answer: &mut Answer) -> Result<Response, FpsError> {
    let request = Request::parse(authentic.parameters())?;
    answer.action = request.action().as_str();
    match authentic {
        Authentic::Signed { caller, .. } => perform_signed(api, &caller, &request).await,
        Authentic::Unsigned { .. } => match &request {
            Request::VerifySignature(request) => verify_signature::perform(api, None, request).await,
            // Authentication lets nothing else through.
            _ => Err(FpsError::missing("Signature")),
        },
    }
}

async fn perform_signed(api: &Api, caller: &Caller, request: &Request) -> Result<Response, FpsError> {
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
        Request::VerifySignature(request) => verify_signature::perform(api, Some(caller), request).await,
    }
}

/// What most actions answer.
fn transaction_result(outcome: &Outcome) -> Result<TransactionResult, FpsError> {
    let transaction_id = TransactionId::new(&outcome.transaction_id).map_err(|_| FpsError::internal())?;
    Ok(TransactionResult { transaction_id, transaction_status: outcome.status })
}
