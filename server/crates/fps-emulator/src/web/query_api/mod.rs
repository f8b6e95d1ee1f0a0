//! The Query API: signed requests at `/`, by GET or POST, answered in XML.

mod actions;
mod answer;
mod authenticate;
mod read;
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
use fps_protocol::{ApiVersion, FpsError};
use platform::web::RequestId;
use std::sync::Arc;

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
    let result = call(&api, request, &mut answer).await;
    answer.into_response(result)
}

/// The id that the whole request has; one of its own where nothing has given it one.
fn request_id(api: &Api, request: &Request) -> String {
    let id = RequestId::of(request.extensions());
    if id.is_empty() { api.engine.random.uuid(api.engine.clock.now()).to_string() } else { id }
}

/// From the wire to the action's result. What is known of the request is noted in `answer` on the way,
/// since errors are worded for the version that was asked for, too.
async fn call(api: &Api, request: Request, answer: &mut Answer) -> Result<responses::Response, ActionError> {
    let unverified = read::request(request).await?;
    api.clock.look_again().await?;
    let parameters = &unverified.claimed().parameters;
    let (version, action) = (ApiVersion::of(parameters), Action::of(parameters));
    answer.version = version.clone().unwrap_or(ApiVersion::V2010);
    answer.action = action.as_ref().map_or("", |action| action.as_str());
    let may_come_unsigned = action.as_ref().is_ok_and(|action| action.may_come_unsigned());
    let authentic = authenticate::authenticate(api, unverified, may_come_unsigned).await?;
    let version = version?;
    let request = wire::Request::parse_as(action?, authentic.parameters())?;
    perform(api, &authentic, version, &request).await
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
