//! Client side: the signed address that a person is sent to.

use super::{Pipeline, START_PATH, VERSION};
use crate::ids::{AccessKey, CallerReference};
use crate::parameters::Parameters;
use crate::secret::Secret;
use crate::signature::{self, HmacAlgorithm};
use url::Url;

/// Builds a CBUI address: the common parameters, then those of the pipeline, then the signature.
#[derive(Debug, Clone)]
pub struct CbuiUrl {
    start: Url,
    parameters: Parameters,
}

impl CbuiUrl {
    /// `payments_url` is the payments site's own address.
    pub fn new(
        payments_url: &Url,
        access_key: &AccessKey,
        pipeline: Pipeline,
        caller_reference: &CallerReference,
        return_url: &Url,
    ) -> Self {
        let mut start = payments_url.clone();
        start.set_path(START_PATH);
        start.set_fragment(None);
        let parameters = Parameters::from_iter([
            ("callerKey", access_key.as_str()),
            ("callerReference", caller_reference.as_str()),
            ("pipelineName", pipeline.as_str()),
            ("returnURL", return_url.as_str()),
            ("version", VERSION),
        ]);
        Self { start, parameters }
    }

    /// A parameter of the pipeline.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.parameters.set(name, value);
        self
    }

    /// The address, signed with version 2 and `HmacSHA256`.
    pub fn signed(mut self, secret: &Secret) -> Url {
        self.parameters.set("signatureVersion", "2");
        self.parameters.set("signatureMethod", HmacAlgorithm::Sha256.as_str());
        let host = signature::host_of(&self.start);
        let signature = signature::sign_v2(
            secret,
            HmacAlgorithm::Sha256,
            "GET",
            &host,
            START_PATH,
            &self.parameters,
            "signature",
        );
        self.parameters.set("signature", signature);
        self.start.set_query(Some(&self.parameters.to_query()));
        self.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cbui::{CbuiRequest, PipelineRequest};
    use crate::verified::Unverified;

    #[test]
    fn the_cbui_accepts_it() {
        let secret = Secret::new("digitaldownload-demo-secret");
        let payments = Url::parse("http://127.0.0.1:3001").unwrap();
        let back = Url::parse("http://localhost:3000/payments/return?order=a%20b").unwrap();
        let key = AccessKey::new("DDCALLER000000000001").unwrap();
        let reference = CallerReference::new("order 7/é*~").unwrap();
        let url = CbuiUrl::new(&payments, &key, Pipeline::SingleUse, &reference, &back)
            .with("transactionAmount", "0.99")
            .with("paymentReason", "Now & Forever + more")
            .signed(&secret);
        assert!(url.as_str().starts_with("http://127.0.0.1:3001/cobranded-ui/actions/start?callerKey="));
        let request = Unverified::new(CbuiRequest {
            method: "GET".to_owned(),
            host: "127.0.0.1:3001".to_owned(),
            parameters: Parameters::from_query(url.query().unwrap()).unwrap(),
        });
        assert_eq!(request.access_key(), Ok(key));
        let request = request.verify(&secret).unwrap();
        assert_eq!(request.return_url().unwrap(), back);
        assert_eq!(PipelineRequest::parse(&request).unwrap().caller_reference(), Some(&reference));
    }
}
