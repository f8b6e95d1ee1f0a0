//! For the benchmark alone: what a Pay commits, without everything that stands around it.

use crate::domain::callers;
use crate::engine::ActionError;
use crate::engine::idempotency::Key;
use crate::engine::payments::prepare;
use crate::engine::write_plan::WritePlan;
use crate::state::Payments;
use fps_protocol::actions::Request;
use fps_protocol::api_request::unknown_access_key;
use fps_protocol::enums::FpsOperation;
use fps_protocol::ids::AccessKey;
use fps_protocol::{ErrorCode, FpsError, Parameters};
use sqlx::AnyConnection;

/// A Pay that was read, looked up and checked, and is not written yet.
#[derive(Debug)]
pub struct PlannedPay(WritePlan);

impl PlannedPay {
    /// Everything that a Pay does before it writes.
    pub async fn plan(
        payments: &Payments,
        access_key: &str,
        parameters: &Parameters,
    ) -> Result<Self, FpsError> {
        let request = Request::parse(parameters)?;
        let Request::Pay(pay) = &request else {
            return Err(FpsError::new(ErrorCode::InvalidRequest, "That is not a Pay."));
        };
        let access_key = AccessKey::new(access_key).map_err(|_| unknown_access_key())?;
        let caller = callers::find(&payments.db, &access_key).await.map_err(ActionError::from);
        let caller = caller.map_err(ActionError::into_fps_error)?.ok_or_else(unknown_access_key)?;
        let (reference, canonical) = (&pay.caller_reference, request.canonical_digest_input());
        let key = Key::new(&access_key, FpsOperation::Pay.as_str(), reference, &canonical);
        let plan = prepare(&payments.engine(), &caller, FpsOperation::Pay, pay, &key).await;
        plan.map(Self).map_err(ActionError::into_fps_error)
    }

    /// The statements of a Pay, in the caller's transaction.
    pub async fn write(&self, c: &mut AnyConnection) -> Result<(), FpsError> {
        let batch = self.0.batch().map_err(ActionError::into_fps_error)?;
        batch.run_on(c).await.map_err(|unwritten| {
            FpsError::new(ErrorCode::InternalError, format!("The Pay was not written: {unwritten:?}"))
        })
    }
}
