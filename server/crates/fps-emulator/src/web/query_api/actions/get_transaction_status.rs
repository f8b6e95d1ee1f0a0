use crate::domain::callers::Caller;
use crate::engine::payments::status;
use crate::engine::{ActionError, Engine};
use fps_protocol::FpsError;
use fps_protocol::actions::GetTransactionStatus;
use fps_protocol::responses::{Response, TransactionStatusResult};

pub async fn perform(
    engine: &Engine,
    caller: &Caller,
    request: &GetTransactionStatus,
) -> Result<Response, FpsError> {
    let transaction =
        status(engine, caller, request.transaction_id.as_str()).await.map_err(ActionError::into_fps_error)?;
    Ok(Response::GetTransactionStatus(TransactionStatusResult {
        transaction_id: request.transaction_id.clone(),
        transaction_status: transaction.status,
        caller_reference: transaction.caller_reference,
        status_code: Some(transaction.status_code.as_str().to_owned()),
        status_message: Some(transaction.status_code.message(transaction.status).to_owned()),
    }))
}
