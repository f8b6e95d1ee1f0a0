//! Who sends this? Access key, signature, time, in this order.

use crate::domain::callers::{self, Caller};
use crate::engine::ActionError;
use crate::web::query_api::Api;
use fps_protocol::api_request::{ApiRequest, unknown_access_key};
use fps_protocol::parameters::Parameters;
use fps_protocol::{Unverified, Verified, timeliness};

/// A request that may be worked on.
pub enum Authentic {
    /// Signed by this caller, and timely.
    Signed { caller: Box<Caller>, request: Verified<ApiRequest> },
    /// Not signed, and its action does not need it.
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

/// `may_come_unsigned` is the word of the action that the request names.
pub async fn authenticate(
    api: &Api,
    request: Unverified<ApiRequest>,
    may_come_unsigned: bool,
) -> Result<Authentic, ActionError> {
    if may_come_unsigned && request.is_unsigned() {
        return Ok(Authentic::Unsigned { parameters: request.claimed().parameters.clone() });
    }
    let access_key = request.access_key()?;
    let caller = callers::find(&api.engine.db, access_key.as_str()).await?;
    let caller = caller.ok_or_else(unknown_access_key)?;
    let request = request.verify(&caller.secret)?;
    let clock = &api.engine.clock;
    timeliness::check(&request.parameters, &[clock.wall(), clock.now()])?;
    Ok(Authentic::Signed { caller: Box::new(caller), request })
}
