//! Who sends this? Access key, signature, time, in this order.

use crate::domain::callers::{self, Caller};
use crate::web::query_api::Api;
use fps_protocol::actions::Action;
use fps_protocol::api_request::{ApiRequest, unknown_access_key};
use fps_protocol::parameters::Parameters;
use fps_protocol::{FpsError, Unverified, Verified, timeliness};

/// A request that may be worked on.
pub enum Authentic {
    /// Signed by this caller, and timely.
    Signed { caller: Box<Caller>, request: Verified<ApiRequest> },
    /// Only `VerifySignature` may come unsigned: it tells nothing about anybody (REFERENCE §8).
    Unsigned { parameters: Parameters },
}

impl Authentic {
    pub fn parameters(&self) -> &Parameters {
        match self {
            Self::Signed { request, .. } => &request.parameters,
            Self::Unsigned { parameters } => parameters,
        }
    }
}

pub async fn authenticate(api: &Api, request: Unverified<ApiRequest>) -> Result<Authentic, FpsError> {
    let is_verify_signature = Action::of(&request.claimed().parameters) == Ok(Action::VerifySignature);
    if is_verify_signature && request.is_unsigned() {
        return Ok(Authentic::Unsigned { parameters: request.claimed().parameters.clone() });
    }
    let access_key = request.access_key()?;
    let caller = callers::find(&api.engine.db, access_key.as_str()).await.map_err(|error| {
        tracing::error!(%error, "the caller cannot be looked up");
        FpsError::internal()
    })?;
    let caller = caller.ok_or_else(unknown_access_key)?;
    let request = request.verify(&caller.secret)?;
    let clock = &api.engine.clock;
    timeliness::check(&request.parameters, &[clock.wall(), clock.now()])?;
    Ok(Authentic::Signed { caller: Box::new(caller), request })
}
