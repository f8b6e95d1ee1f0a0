//! The Query API: signed requests at `/`, by GET or POST, answered in XML.

mod actions;
mod answer;
mod authenticate;
mod read;
mod recording;
mod verify_signature;

use crate::engine::clock::SharedClock;
use crate::engine::signer::Signer;
use crate::engine::{ActionError, Engine};
use crate::state::Payments;
use actions::SignedCall;
use answer::Answer;
use authenticate::Authentic;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use fps_protocol::actions::{self as wire, Action};
use fps_protocol::responses;
use fps_protocol::{ApiVersion, ErrorCode, FpsError};
use platform::lab::{Cause, LostPart};
use platform::web::RequestId;
use recording::Sent;
use std::sync::Arc;
use tokio::time::Instant;
pub(super) use verify_signature::certificate_named_by;

/// The message of an error that the lab asked for.
const MADE_TO_FAIL: &str = "The lab made this request fail: the fault stands at /lab/faults.";

/// What the actions work with.
#[derive(Debug)]
struct Api {
    engine: Engine,
    signer: Signer,
    clock: SharedClock,
}

/// Answers everything that it is given: which requests are the API's is decided before.
pub fn router(payments: &Payments) -> Router {
    let (signer, clock) = (payments.signer.clone(), payments.shared_clock.clone());
    let api = Api { engine: payments.engine(), signer, clock };
    Router::new().fallback(handle).with_state(Arc::new(api))
}

async fn handle(State(api): State<Arc<Api>>, request: Request) -> Response {
    let request_id = request_id(&api, &request);
    let mut answer = Answer::new(request_id);
    let begun = Instant::now();
    let mut sent = api.engine.config.lab_ports.records().then(Sent::default);
    let result = call(&api, request, &mut answer, &mut sent).await;
    let worded = answer.word(result);
    if let Some(sent) = sent {
        let xml = if answer.is_lost { String::new() } else { worded.xml.clone() };
        recording::record(&api.engine, sent, begun, &answer, (worded.status, worded.outcome, xml));
    }
    answer.into_response(worded)
}

/// The id that the whole request has; one of its own where nothing has given it one.
fn request_id(api: &Api, request: &Request) -> String {
    let id = RequestId::of(request.extensions());
    if id.is_empty() { api.engine.random.uuid(api.engine.clock.now()).to_string() } else { id }
}

/// From the wire to the action's result. What is known of the request is noted in `answer` on the way,
/// since errors are worded for the version that was asked for, too.
async fn call(
    api: &Api,
    request: Request,
    answer: &mut Answer,
    sent: &mut Option<Sent>,
) -> Result<responses::Response, ActionError> {
    let unverified = read::request(request, sent).await?;
    api.clock.look_again().await?;
    let parameters = &unverified.claimed().parameters;
    let (version, action) = (ApiVersion::of(parameters), Action::of(parameters));
    answer.version = version.clone().unwrap_or(ApiVersion::V2010);
    answer.action = action.as_ref().map_or("", |action| action.as_str());
    go_wrong(api, answer).await?;
    let may_come_unsigned = action.as_ref().is_ok_and(|action| action.may_come_unsigned());
    let authentic = authenticate::authenticate(api, unverified, may_come_unsigned).await?;
    let version = version?;
    let request = wire::Request::parse_as(action?, authentic.parameters())?;
    let cause = Cause::Request { id: answer.request_id().into(), action: answer.action };
    cause.of(perform(api, &authentic, version, &request)).await
}

/// What somebody wants to go wrong with the action, in the lab.
async fn go_wrong(api: &Api, answer: &mut Answer) -> Result<(), ActionError> {
    let Some(fault) = api.engine.config.lab_ports.fault_of_request(answer.action, answer.request_id()) else {
        return Ok(());
    };
    tokio::time::sleep(fault.delay).await;
    answer.is_lost = fault.lost.is_some();
    let code = match (&fault.code, fault.lost) {
        (Some(code), _) => code.parse().unwrap_or(ErrorCode::InternalError),
        // Nothing is done, and nobody reads why.
        (None, Some(LostPart::Connection)) => ErrorCode::InternalError,
        (None, _) => return Ok(()),
    };
    Err(FpsError::new(code, MADE_TO_FAIL).into())
}

async fn perform(
    api: &Api,
    authentic: &Authentic,
    version: ApiVersion,
    request: &wire::Request,
) -> Result<responses::Response, ActionError> {
    let Api { engine, signer, .. } = api;
    match (authentic, request) {
        (Authentic::Signed { caller, .. }, _) => {
            request.perform(&SignedCall { engine, signer, caller, version, request }).await
        }
        (Authentic::Unsigned { .. }, wire::Request::VerifySignature(unsigned)) => {
            let result = verify_signature::verify_signature(signer, None, unsigned).await?;
            Ok(responses::Response::VerifySignature(result))
        }
        // Authentication lets nothing else through.
        (Authentic::Unsigned { .. }, _) => Err(FpsError::missing("Signature").into()),
    }
}
