//! The Query API: signed requests at `/`, by GET or POST, answered in XML.

mod actions;
mod answer;
mod authenticate;
mod read;

use crate::engine::Engine;
use crate::engine::signer::Signer;
use crate::state::Payments;
use answer::Answer;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use fps_protocol::actions::Action;
use fps_protocol::{ApiVersion, FpsError};
use platform::web::RequestId;

/// What the actions work with; clones share everything.
#[derive(Debug, Clone)]
struct Api {
    engine: Engine,
    signer: Signer,
}

/// Answers everything that it is given: which requests are the API's is decided before.
pub fn router(payments: Payments) -> Router {
    let api = Api { engine: payments.engine(), signer: payments.signer };
    Router::new().fallback(handle).with_state(api)
}

async fn handle(State(api): State<Api>, request: Request) -> Response {
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
async fn call(
    api: &Api,
    request: Request,
    answer: &mut Answer,
) -> Result<fps_protocol::responses::Response, FpsError> {
    let unverified = read::request(request).await?;
    let version = ApiVersion::of(&unverified.claimed().parameters);
    answer.version = version.clone().unwrap_or(ApiVersion::V2010);
    answer.action = Action::of(&unverified.claimed().parameters).map_or("", Action::as_str);
    let authentic = authenticate::authenticate(api, unverified).await?;
    actions::perform(api, authentic, version?).await
}
