//! `VerifySignature`: is what a caller received really from Amazon?

use super::ActionRequest;
use super::fields::{Fields, required};
use crate::enums::VerificationStatus;
use crate::errors::{ErrorCode, FpsError};
use crate::outbound::{CERTIFICATE_URL, Certificate, SIGNATURE};
use crate::parameters::Parameters;
use url::Url;

const URL_END_POINT: &str = "UrlEndPoint";
const HTTP_PARAMETERS: &str = "HttpParameters";
/// More than any return or notification has.
const LONGEST_HTTP_PARAMETERS: usize = 1 << 16;

/// May come unsigned (fps.md §8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifySignature {
    /// Where the caller received it, without the query.
    pub url_end_point: Url,
    /// All that it received, form-encoded, the signature included.
    pub http_parameters: String,
}

impl ActionRequest for VerifySignature {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let fields = Fields::new(parameters, &[URL_END_POINT, HTTP_PARAMETERS])?;
        let http_parameters = fields.text(HTTP_PARAMETERS, LONGEST_HTTP_PARAMETERS)?;
        Ok(Self {
            url_end_point: required(URL_END_POINT, fields.url(URL_END_POINT)?)?,
            http_parameters: required(HTTP_PARAMETERS, http_parameters)?,
        })
    }

    fn to_parameters(&self) -> Parameters {
        Parameters::from_iter([
            (URL_END_POINT, self.url_end_point.as_str()),
            (HTTP_PARAMETERS, self.http_parameters.as_str()),
        ])
    }
}

impl VerifySignature {
    /// Checks against a certificate of Amazon's own, wherever the parameters say that it lies. A return arrived by GET, a
    /// notification by POST; the request does not say which it was.
    pub fn check(&self, certificate: &Certificate) -> Result<VerificationStatus, FpsError> {
        let received = Parameters::from_form(self.http_parameters.as_bytes())
            .map_err(|_| FpsError::invalid(HTTP_PARAMETERS, "is not properly encoded"))?;
        for name in [SIGNATURE, CERTIFICATE_URL] {
            if received.non_empty(name).is_none() {
                let message = format!("{name} is missing in 'HttpParameters'.");
                return Err(FpsError::new(ErrorCode::InvalidParams, message));
            }
        }
        let genuine = |method| certificate.verify(method, &self.url_end_point, received.clone()).is_ok();
        if genuine("GET") || genuine("POST") {
            Ok(VerificationStatus::Success)
        } else {
            Ok(VerificationStatus::Failure)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbound::tests::{certificate, key};
    use crate::outbound::{sign, signed_return};

    fn check(url: &str, http_parameters: &str) -> Result<VerificationStatus, FpsError> {
        let request = Parameters::from_iter([("UrlEndPoint", url), ("HttpParameters", http_parameters)]);
        VerifySignature::parse(&request)?.check(&certificate())
    }

    #[test]
    fn returns_and_notifications_verify_and_changed_ones_do_not() {
        let certificate_url = Url::parse("http://127.0.0.1:3001/certs/101128/PKICert.pem").unwrap();
        let back = Url::parse("http://localhost:3000/payments/return?order=7").unwrap();
        let status = Parameters::from_query("status=SC&tokenID=T").unwrap();
        let location = signed_return(&key(), &back, &status, &certificate_url).unwrap();
        let query = location.query().unwrap();
        let end_point = "http://localhost:3000/payments/return";
        assert_eq!(check(end_point, query), Ok(VerificationStatus::Success));
        assert_eq!(check(&format!("{end_point}/"), query), Ok(VerificationStatus::Failure));
        assert_eq!(check(end_point, &format!("{query}&action=x")), Ok(VerificationStatus::Failure));
        assert_eq!(check(end_point, &query.replace("order=7", "order=8")), Ok(VerificationStatus::Failure));

        let notification = sign(&key(), "POST", &back, status, &certificate_url).unwrap();
        assert_eq!(check(end_point, &notification.to_query()), Ok(VerificationStatus::Success));
    }

    #[test]
    fn what_is_missing_is_named() {
        let refusal = check("http://127.0.0.1:9/ipn", "a=b&c=d%20e&signature=x").unwrap_err();
        assert_eq!(refusal.message, "certificateUrl is missing in 'HttpParameters'.");
        assert!(check("http://127.0.0.1:9/ipn", "a=b").unwrap_err().message.contains("signature is missing"));
        assert!(check("localhost", "a=b").unwrap_err().message.contains("is an invalid URL"));
        assert!(check("http://a/", "%").is_err());
        assert!(check("http://a/", "").is_err());
    }
}
