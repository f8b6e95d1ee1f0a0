//! `FundPrepaid`, `GetPrepaidBalance` and `GetTotalPrepaidLiability`.

use crate::domain::callers::Caller;
use crate::engine::{ActionError, Engine, stored_value};
use crate::web::query_api::actions::transaction_result;
use fps_protocol::FpsError;
use fps_protocol::actions::{GetPrepaidBalance, StoredValueRequest};
use fps_protocol::responses::Response;

pub async fn fund(
    engine: &Engine,
    caller: &Caller,
    request: &StoredValueRequest,
    canonical: &str,
) -> Result<Response, FpsError> {
    let outcome = stored_value::fund_prepaid(engine, caller, request, canonical).await;
    Ok(Response::FundPrepaid(transaction_result(&outcome.map_err(ActionError::into_fps_error)?)?))
}

pub async fn balance(
    engine: &Engine,
    caller: &Caller,
    request: &GetPrepaidBalance,
) -> Result<Response, FpsError> {
    let id = request.prepaid_instrument_id.as_str();
    let balance = stored_value::prepaid_balance(engine, caller, id).await;
    balance.map(Response::GetPrepaidBalance).map_err(ActionError::into_fps_error)
}

pub async fn total_liability(engine: &Engine, caller: &Caller) -> Result<Response, FpsError> {
    let liability = stored_value::total_prepaid_liability(engine, caller).await;
    liability.map(Response::GetTotalPrepaidLiability).map_err(ActionError::into_fps_error)
}
