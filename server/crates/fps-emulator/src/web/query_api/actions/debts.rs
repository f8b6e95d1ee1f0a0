//! `SettleDebt`, `WriteOffDebt`, `GetDebtBalance` and `GetOutstandingDebtBalance`.

use crate::domain::callers::Caller;
use crate::engine::{ActionError, Engine, stored_value};
use crate::web::query_api::actions::transaction_result;
use fps_protocol::FpsError;
use fps_protocol::actions::{GetDebtBalance, StoredValueRequest, WriteOffDebt};
use fps_protocol::responses::{OutstandingDebtResult, Response};

pub async fn settle(
    engine: &Engine,
    caller: &Caller,
    request: &StoredValueRequest,
    canonical: &str,
) -> Result<Response, FpsError> {
    let outcome = stored_value::settle_debt(engine, caller, request, canonical).await;
    Ok(Response::SettleDebt(transaction_result(&outcome.map_err(ActionError::into_fps_error)?)?))
}

pub async fn write_off(
    engine: &Engine,
    caller: &Caller,
    request: &WriteOffDebt,
    canonical: &str,
) -> Result<Response, FpsError> {
    let outcome = stored_value::write_off_debt(engine, caller, request, canonical).await;
    Ok(Response::WriteOffDebt(transaction_result(&outcome.map_err(ActionError::into_fps_error)?)?))
}

pub async fn balance(
    engine: &Engine,
    caller: &Caller,
    request: &GetDebtBalance,
) -> Result<Response, FpsError> {
    let id = request.credit_instrument_id.as_str();
    let balance = stored_value::debt_balance(engine, caller, id).await;
    balance.map(Response::GetDebtBalance).map_err(ActionError::into_fps_error)
}

/// The answer to either spelling of the question.
pub async fn outstanding(engine: &Engine, caller: &Caller) -> Result<OutstandingDebtResult, FpsError> {
    stored_value::outstanding_debt(engine, caller).await.map_err(ActionError::into_fps_error)
}
