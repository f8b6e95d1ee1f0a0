//! What the lab is told of calls and of people who are sent to pay.

use super::{Call, FpsClient};
use fps_protocol::actions::Request;
use fps_protocol::cbui::{CbuiUrl, Pipeline};
use fps_protocol::ids::CallerReference;
use platform::lab::{About, Event, Site, What};
use url::Url;

/// What a call is about.
pub(super) fn about(request: &Request) -> About {
    let parameters = request.to_parameters();
    About {
        references: parameters.all_of(&["CallerReference"]),
        transactions: parameters.all_of(&["TransactionId", "ReserveTransactionId"]),
        tokens: parameters.all_of(&["SenderTokenId"]),
        ..About::default()
    }
}

impl FpsClient {
    pub(super) fn record_call(&self, about: About, call: &Call) {
        // Successes have `:0` behind the id (fps.md §2).
        let request = call.request_id.as_deref().map(|id| id.strip_suffix(":0").unwrap_or(id).to_owned());
        let about = About { request, ..about };
        let what = What::Asked {
            action: call.action.to_owned(),
            asked: call.asked.clone(),
            outcome: call.outcome.clone(),
        };
        self.tell(about, what);
    }

    /// Signs an address that somebody is sent to.
    pub(super) fn sent(&self, url: CbuiUrl, pipeline: Pipeline, reference: &CallerReference) -> Url {
        let url = url.signed(&self.inner.secret);
        if self.inner.lab_ports.records() {
            let about = About { references: vec![reference.to_string()], ..About::default() };
            self.tell(about, What::SentToPay { pipeline: pipeline.to_string(), url: url.to_string() });
        }
        url
    }

    fn tell(&self, mut about: About, what: What) {
        let inner = &self.inner;
        about.caller = Some(inner.access_key.to_string());
        let (at, wall) = (inner.clock.now(), inner.clock.wall());
        inner.lab_ports.record(|| Event { at, wall, site: Site::Shop, about, what });
    }
}
