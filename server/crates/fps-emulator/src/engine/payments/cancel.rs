use crate::domain::transactions::{Case, Event, Life, State};
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
        let id = request.transaction_id.as_str();
        let mut case = actor.find(&engine.db, id).await?.ok_or_else(|| unknown(id))?;
        let state = State::of(&case.transaction);
        state.decide(Event::Cancel).map_err(|code| refusal(code, state))?;
        if let Some(url) = &request.override_ipn_url {
            case.transaction.override_ipn_url = Some(url.to_string());
        }
        let now = engine.clock.now();
        engine.run(give_up(engine, case, StatusCode::Canceled, IpnOperation::Cancel, now)).await
    };
    engine.until_unchanged(attempt).await
}

/// Ends the transaction as cancelled and frees what was held for it.
pub fn give_up(
    engine: &Engine,
    mut case: Case,
    code: StatusCode,
    operation: IpnOperation,
    now: Timestamp,
) -> WritePlan {
    let hold_id = case.transaction.life.hold_id().cloned();
    case.transaction.life = Life::Cancelled { code, at: now };
    let notification = engine.notify(&case, operation, now);
    WritePlan::change(case.transaction, now)
        .moving(LedgerChange::release(hold_id, now))
        .notifying(notification)
}
