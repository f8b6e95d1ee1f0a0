use crate::domain::transactions::{Event, Life, State, Transaction, movements};
use crate::engine::error::ActionError;
use crate::engine::payments::actor::Actor;
use crate::engine::payments::settle::{refusal, unknown};
use crate::engine::write_plan::{LedgerChange, WritePlan};
use crate::engine::{Engine, Outcome};
use fps_protocol::actions::Cancel;
use fps_protocol::enums::{IpnOperation, StatusCode};
use jiff::Timestamp;

/// Gives up what is pending or reserved.
pub async fn cancel(
    engine: &Engine,
    actor: impl Into<Actor<'_>>,
    request: &Cancel,
) -> Result<Outcome, ActionError> {
    let actor = actor.into();
    let attempt = || async {
        let id = &request.transaction_id;
        let mut transaction = actor.find(&engine.db, id).await?.ok_or_else(|| unknown(id))?;
        let state = State::of(&transaction);
        state.decide(Event::Cancel).map_err(|code| refusal(code, state))?;
        if let Some(url) = &request.override_ipn_url {
            transaction.override_ipn_url = Some(url.to_string());
        }
        let now = engine.clock.now();
        engine.run(give_up(transaction, StatusCode::Canceled, IpnOperation::Cancel, now)?).await
    };
    engine.until_unchanged(attempt).await
}

/// Ends the transaction as cancelled and frees what was held for it.
pub fn give_up(
    mut transaction: Transaction,
    code: StatusCode,
    operation: IpnOperation,
    now: Timestamp,
) -> Result<WritePlan, ActionError> {
    let hold = movements::held(&transaction)?;
    transaction.life = Life::Cancelled { code, at: now };
    let notification = Engine::notify(&transaction, operation, now);
    let plan = WritePlan::change(transaction, now);
    Ok(plan.moving(LedgerChange::release(hold, now)).notifying(notification))
}
