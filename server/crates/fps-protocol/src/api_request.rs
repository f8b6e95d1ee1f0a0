//! A request to the Query API, before and after its signature was checked.

use crate::errors::{ErrorCode, FpsError};
use crate::ids::AccessKey;
use crate::parameters::Parameters;
use crate::secret::Secret;
use crate::signature::{self, API_HOSTS, CBUI_HOSTS, HmacAlgorithm};
use crate::verified::{Unverified, Verified};
use crate::version::ApiVersion;
use jiff::Timestamp;
use url::Url;

pub(crate) const SIGNATURE: &str = "Signature";

/// What a client sent: by GET in the query, by POST in the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// The Host header as sent.
    pub host: String,
    pub path: String,
    pub parameters: Parameters,
}

impl Unverified<ApiRequest> {
    /// Whose secret to check the signature with.
    pub fn access_key(&self) -> Result<AccessKey, FpsError> {
        let text = self.claimed().parameters.non_empty("AWSAccessKeyId");
        let text = text.ok_or_else(|| FpsError::missing("AWSAccessKeyId"))?;
        AccessKey::new(text).map_err(|_| unknown_access_key())
    }

    /// Whether no signature is claimed, whoever is said to send it: only `VerifySignature` may be so
    /// (fps.md §8).
    pub fn is_unsigned(&self) -> bool {
        !self.claimed().parameters.contains(SIGNATURE)
    }

    /// Checks the signature, version 1 or 2, over all parameters.
    pub fn verify(self, secret: &Secret) -> Result<Verified<ApiRequest>, FpsError> {
        let ApiRequest { method, host, path, parameters } = self.claimed();
        refuse_repeated(parameters)?;
        let given = parameters.non_empty(SIGNATURE).ok_or_else(|| FpsError::missing(SIGNATURE))?;
        let genuine = match parameters.non_empty("SignatureVersion") {
            Some("2") => {
                let algorithm = algorithm(parameters, "SignatureMethod")?;
                let historical = [API_HOSTS, CBUI_HOSTS].concat();
                let hosts = signature::host_candidates(host, &historical);
                let query = parameters.canonical_query(SIGNATURE);
                signature::verify_v2(secret, algorithm, method, &hosts, path, &query, given)
            }
            Some("1") => signature::same(&signature::sign_v1(secret, parameters, SIGNATURE), given),
            Some(_) => return Err(FpsError::invalid("SignatureVersion", "must be 1 or 2")),
            None => return Err(FpsError::missing("SignatureVersion")),
        };
        if genuine { Ok(self.into_verified()) } else { Err(does_not_match()) }
    }
}

/// The error for an access key that nobody has.
pub fn unknown_access_key() -> FpsError {
    let message = "The AWS Access Key Id you provided does not exist in our records.";
    FpsError::new(ErrorCode::InvalidClientTokenId, message)
}

pub(crate) fn does_not_match() -> FpsError {
    let message = "The request signature we calculated does not match the signature you provided. \
                   Check your secret key and your way of signing.";
    FpsError::new(ErrorCode::SignatureDoesNotMatch, message)
}

/// Refuses a name that stands twice: which of the two values was meant?
pub fn refuse_repeated(parameters: &Parameters) -> Result<(), FpsError> {
    match parameters.first_repeated() {
        Some(name) => Err(FpsError::invalid(name, "was given more than once")),
        None => Ok(()),
    }
}

pub(crate) fn algorithm(parameters: &Parameters, name: &str) -> Result<HmacAlgorithm, FpsError> {
    let text = parameters.non_empty(name).ok_or_else(|| FpsError::missing(name))?;
    text.parse().map_err(|_| FpsError::invalid(name, "must be HmacSHA256 or HmacSHA1"))
}

/// Client side: the parameters of a call, completed and signed (version 2, `HmacSHA256`) for `endpoint`.
pub fn sign(
    method: &str,
    endpoint: &Url,
    call: Parameters,
    access_key: &AccessKey,
    secret: &Secret,
    at: Timestamp,
) -> Parameters {
    let mut parameters = call;
    parameters.set("AWSAccessKeyId", access_key.as_str());
    parameters.set("SignatureVersion", "2");
    parameters.set("SignatureMethod", HmacAlgorithm::Sha256.as_str());
    parameters.set("Timestamp", at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    parameters.set("Version", ApiVersion::V2010.as_str());
    let (host, path) = (signature::host_of(endpoint), endpoint.path());
    let signature =
        signature::sign_v2(secret, HmacAlgorithm::Sha256, method, &host, path, &parameters, SIGNATURE);
    parameters.set(SIGNATURE, signature);
    parameters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(query: &str) -> Unverified<ApiRequest> {
        Unverified::new(ApiRequest {
            method: "GET".to_owned(),
            host: "127.0.0.1:3001".to_owned(),
            path: "/".to_owned(),
            parameters: Parameters::from_query(query).unwrap(),
        })
    }

    fn secret() -> Secret {
        Secret::new("secretKEY")
    }

    fn code(query: &str) -> ErrorCode {
        request(query).verify(&secret()).unwrap_err().code
    }

    #[test]
    fn what_the_client_signs_the_server_accepts() {
        let endpoint = Url::parse("http://127.0.0.1:3001/").unwrap();
        let call =
            Parameters::from_query("Action=Cancel&TransactionId=T&Description=a%20b*~%2B%C3%A9").unwrap();
        let key = AccessKey::new("AKEXAMPLE").unwrap();
        let signed = sign("GET", &endpoint, call, &key, &secret(), Timestamp::UNIX_EPOCH);
        let request = request(&signed.to_query());
        assert_eq!(request.access_key().unwrap(), key);
        let verified = request.verify(&secret()).unwrap();
        assert_eq!(verified.parameters.get("Timestamp"), Some("1970-01-01T00:00:00Z"));
    }

    #[test]
    fn version_1_is_accepted() {
        let query = "Action=CancelToken&AWSAccessKeyId=AKEXAMPLE&SignatureVersion=1\
                     &Timestamp=2010-08-28T00:00:00Z&TokenId=T1&Version=2010-08-28\
                     &Signature=TZCAGfPH6roIR/JdHHTT/UGleQs%3D";
        assert!(request(query).verify(&secret()).is_ok());
        assert_eq!(code(&query.replace("T1", "T2")), ErrorCode::SignatureDoesNotMatch);
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(code("Action=Pay"), ErrorCode::InvalidParams);
        assert_eq!(code("Signature=x"), ErrorCode::InvalidParams);
        assert_eq!(code("Signature=x&SignatureVersion=3"), ErrorCode::InvalidParams);
        assert_eq!(code("Signature=x&SignatureVersion=2"), ErrorCode::InvalidParams);
        assert_eq!(code("Signature=x&SignatureVersion=2&SignatureMethod=none"), ErrorCode::InvalidParams);
        assert!(request("Action=Pay").access_key().unwrap_err().message.contains("AWSAccessKeyId"));
        assert!(request("Action=VerifySignature").is_unsigned());
        assert!(request("Action=VerifySignature&AWSAccessKeyId=K&SignatureVersion=2").is_unsigned());
        assert!(!request("Action=VerifySignature&Signature=").is_unsigned());
    }
}
