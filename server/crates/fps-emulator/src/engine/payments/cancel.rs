use crate::domain::transactions::record::Case;
use crate::domain::transactions::{Event, State};
use crate::engine::error::ActionError;
use crate::engine::payments::actor::Actor;
use crate::engine::payments::settle::{refusal, unknown};
use crate::engine::write_plan::{Books, Step};
use crate::engine::{Engine, Outcome};
use fps_protocol::actions::Cancel;
use fps_protocol::enums::{IpnOperation, StatusCode, TransactionStatus};
use jiff::Timestamp;

/// Gives up what is pending or reserved.
pub async fn cancel(
    engine: &Engine,
    actor: impl Into<Actor<'_>>,
    request: &Cancel,
) -> Result<Outcome, ActionError> {
    let actor = actor.into();
    let answer = engine.until_unchanged(|| async {
        let id = request.transaction_id.as_str();
        let mut case = actor.find(&engine.db, id).await?.ok_or_else(|| unknown(id))?;
        let state = State::of(&case.transaction);
        state.decide(Event::Cancel).map_err(|code| refusal(code, state))?;
        if let Some(url) = &request.override_ipn_url {
            case.transaction.override_ipn_url = Some(url.to_string());
        }
        let now = engine.clock.now();
        engine.run(give_up(engine, case, StatusCode::Canceled, IpnOperation::Cancel, now)).await
    });
    Ok(answer.await??)
}

/// Ends the transaction as cancelled and frees what was held for it.
pub fn give_up(
    engine: &Engine,
    mut case: Case,
    code: StatusCode,
    operation: IpnOperation,
    now: Timestamp,
) -> Step {
    let now_micros = now.as_microsecond();
    case.transaction.finish(TransactionStatus::Cancelled, code, now_micros);
    let books = match &case.transaction.hold_id {
        Some(hold_id) => Books::Release { hold_id: hold_id.clone(), at: now },
        None => Books::Nothing,
    };
    let notification = engine.notify(&case, operation, now_micros);
    Step::change(case, books, notification, now_micros)
}
