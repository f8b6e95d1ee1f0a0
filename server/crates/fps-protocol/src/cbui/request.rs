//! A request to the CBUI, before and after its signature was checked.

use super::{Pipeline, START_PATH, fields, returned};
use crate::api_request::{algorithm, does_not_match, refuse_repeated, unknown_access_key};
use crate::encoding::{percent_encode, web_url};
use crate::errors::FpsError;
use crate::ids::AccessKey;
use crate::parameters::Parameters;
use crate::secret::Secret;
use crate::signature::{self, API_HOSTS, CBUI_HOSTS};
use crate::verified::{Unverified, Verified};
use url::Url;

pub(crate) const SIGNATURE: &str = "signature";
/// The older name, always of version 1.
pub(crate) const AWS_SIGNATURE: &str = "awsSignature";

/// What a browser brought: the query, or the fields of a posted form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CbuiRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// The Host header as sent.
    pub host: String,
    pub parameters: Parameters,
}

impl CbuiRequest {
    /// `None`: it names none, or one that there is not.
    pub fn pipeline(&self) -> Option<Pipeline> {
        self.parameters.get("pipelineName")?.parse().ok()
    }

    /// One client sends it in the API's spelling, beside the right one or alone (fps.md §7.1).
    pub fn caller_reference(&self) -> Option<&str> {
        self.first_of(&["callerReference", "CallerReference"])
    }

    /// Where the person goes back to. Without a usable one nobody can be sent anywhere.
    ///
    /// Its own query is signed together with what is added to it, so it must be readable, and must not
    /// have names that stand twice then: those of an address only if one is collected.
    pub fn return_url(&self) -> Result<Url, FpsError> {
        const NAME: &str = "returnURL";
        let text = self.first_of(&[NAME, "returnUrl"]).ok_or_else(|| FpsError::missing(NAME))?;
        let url = web_url(text)
            .ok_or_else(|| FpsError::invalid(NAME, "is not a URL that a browser can be sent to"))?;
        let query = Parameters::from_query(url.query().unwrap_or_default())
            .map_err(|error| FpsError::invalid(NAME, &format!("has a bad query: {error}")))?;
        refuse_repeated(&query)?;
        let address = self.parameters.non_empty("collectShippingAddress").and_then(fields::flag);
        let is_reserved = |name: &str| {
            returned::is_reserved(name) || address == Some(true) && returned::is_of_address(name)
        };
        match query.iter().find(|(name, _)| is_reserved(name)) {
            Some((name, _)) => Err(FpsError::invalid(NAME, &format!("has the reserved parameter {name}"))),
            None => Ok(url),
        }
    }

    fn first_of(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.parameters.non_empty(name))
    }
}

impl Unverified<CbuiRequest> {
    /// Whose secret to check the signature with.
    pub fn access_key(&self) -> Result<AccessKey, FpsError> {
        let text = self.claimed().first_of(&["callerKey", "accessKey"]);
        AccessKey::new(text.ok_or_else(|| FpsError::missing("callerKey"))?).map_err(|_| unknown_access_key())
    }

    /// Whether its signature, if it has one, says that it is of version 1: not every caller is signed for so.
    pub fn is_signed_by_version_1(&self) -> bool {
        let parameters = &self.claimed().parameters;
        match parameters.non_empty(SIGNATURE) {
            Some(_) => matches!(parameters.non_empty("signatureVersion"), Some("1") | None),
            None => parameters.non_empty(AWS_SIGNATURE).is_some(),
        }
    }

    /// Checks `signature` (version 2 or 1) or else `awsSignature` (version 1).
    pub fn verify(self, secret: &Secret) -> Result<Verified<CbuiRequest>, FpsError> {
        let request = self.claimed();
        refuse_repeated(&request.parameters)?;
        let genuine = if let Some(given) = request.parameters.non_empty(SIGNATURE) {
            match request.parameters.non_empty("signatureVersion") {
                Some("2") => verify_v2(request, secret, given)?,
                Some("1") | None => verify_v1(&request.parameters, secret, SIGNATURE, given),
                Some(_) => return Err(FpsError::invalid("signatureVersion", "must be 1 or 2")),
            }
        } else if let Some(given) = request.parameters.non_empty(AWS_SIGNATURE) {
            verify_v1(&request.parameters, secret, AWS_SIGNATURE, given)
        } else {
            return Err(FpsError::missing(SIGNATURE));
        };
        if genuine { Ok(self.into_verified()) } else { Err(does_not_match()) }
    }
}

/// A form may be posted though its fields were signed as for a GET.
fn verify_v2(request: &CbuiRequest, secret: &Secret, given: &str) -> Result<bool, FpsError> {
    let algorithm = algorithm(&request.parameters, "signatureMethod")?;
    let historical = [CBUI_HOSTS, API_HOSTS].concat();
    let hosts = signature::host_candidates(&request.host, &historical);
    let query = request.parameters.canonical_query(SIGNATURE);
    let verify =
        |method: &str| signature::verify_v2(secret, algorithm, method, &hosts, START_PATH, &query, given);
    Ok(verify("GET") || (request.method == "POST" && verify("POST")))
}

/// Both forms in use: names and values run together, or the path with the sorted query (fps.md §8).
fn verify_v1(parameters: &Parameters, secret: &Secret, leave_out: &str, given: &str) -> bool {
    let run_together = signature::sign_v1(secret, parameters, leave_out);
    let as_url = path_and_query(parameters, leave_out);
    // The usual encoders of the time write a space as a plus.
    let with_plus = as_url.replace("%20", "+");
    let signed = |text: &str| signature::same(&signature::sign_v1_text(secret, text), given);
    signature::same(&run_together, given) || signed(&as_url) || signed(&with_plus)
}

fn path_and_query(parameters: &Parameters, leave_out: &str) -> String {
    let sorted = parameters.sorted_ignoring_case(leave_out);
    let pairs =
        sorted.into_iter().map(|(name, value)| format!("{}={}", percent_encode(name), percent_encode(value)));
    format!("{START_PATH}?{}", pairs.collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::ErrorCode;
    use crate::signature::HmacAlgorithm;

    const VECTOR: &str = "callerKey=AKEXAMPLE&callerReference=cr1&pipelineName=SingleUse\
                          &returnURL=http%3A%2F%2F127.0.0.1%3A9%2Fret&transactionAmount=1.00&version=2009-01-09";

    fn request(method: &str, query: &str) -> Unverified<CbuiRequest> {
        Unverified::new(CbuiRequest {
            method: method.to_owned(),
            host: "127.0.0.1:3001".to_owned(),
            parameters: Parameters::from_query(query).unwrap(),
        })
    }

    fn secret() -> Secret {
        Secret::new("secretKEY")
    }

    fn accepted(method: &str, query: &str) -> bool {
        match request(method, query).verify(&secret()) {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error.code, ErrorCode::SignatureDoesNotMatch, "{query}");
                false
            }
        }
    }

    #[test]
    fn version_1_vectors_in_both_forms() {
        for signature in ["hoYKu2cCiQF4bLbZpV%2BIvgLLQH4%3D", "28ffX%2BtpYh26IjG3D2KcXRUAIbw%3D"] {
            assert!(accepted("GET", &format!("{VECTOR}&awsSignature={signature}")));
            assert!(accepted("GET", &format!("{VECTOR}&signature={signature}")));
            let tampered = VECTOR.replace("1.00", "2.00");
            assert!(!accepted("GET", &format!("{tampered}&awsSignature={signature}")));
        }
    }

    #[test]
    fn version_2_over_any_of_the_hosts() {
        let unsigned = format!("{VECTOR}&signatureVersion=2&signatureMethod=HmacSHA256");
        let parameters = Parameters::from_query(&unsigned).unwrap();
        let sign = |method: &str, host: &str| {
            let signature = signature::sign_v2(
                &secret(),
                HmacAlgorithm::Sha256,
                method,
                host,
                START_PATH,
                &parameters,
                SIGNATURE,
            );
            format!("{unsigned}&signature={}", percent_encode(&signature))
        };
        let historical = ["authorize.payments.amazon.com", "authorize.payments-sandbox.amazon.com"];
        for host in ["127.0.0.1:3001", "127.0.0.1"].into_iter().chain(historical) {
            assert!(accepted("GET", &sign("GET", host)), "{host}");
            assert!(accepted("POST", &sign("GET", host)), "{host}");
            assert!(accepted("POST", &sign("POST", host)), "{host}");
            assert!(!accepted("GET", &sign("POST", host)), "{host}");
        }
        assert!(!accepted("GET", &sign("GET", "evil.example")));
    }

    #[test]
    fn the_version_is_told_before_the_signature_is_checked() {
        let of_version_1 = |query: &str| request("GET", query).is_signed_by_version_1();
        for query in
            ["awsSignature=x", "signature=x", "signature=x&signatureVersion=1", "signature=x&awsSignature=y"]
        {
            assert!(of_version_1(query), "{query}");
        }
        for query in
            ["a=b", "signature=x&signatureVersion=2", "signature=x&signatureVersion=3", "awsSignature="]
        {
            assert!(!of_version_1(query), "{query}");
        }
    }

    #[test]
    fn unsigned_or_ambiguous_requests_are_refused() {
        let code = |query: &str| request("GET", query).verify(&secret()).unwrap_err().code;
        assert_eq!(code(VECTOR), ErrorCode::InvalidParams);
        assert_eq!(code(&format!("{VECTOR}&callerReference=x&signature=x")), ErrorCode::InvalidParams);
        assert_eq!(code(&format!("{VECTOR}&signature=x&signatureVersion=3")), ErrorCode::InvalidParams);
        assert_eq!(request("GET", "a=b").access_key().unwrap_err().code, ErrorCode::InvalidParams);
        assert_eq!(request("GET", "accessKey=AK").access_key().unwrap().as_str(), "AK");
    }

    #[test]
    fn the_return_url_must_be_usable() {
        let url = |value: &str| {
            let query = format!("returnUrl={}", percent_encode(value));
            request("GET", &query).claimed().return_url()
        };
        assert_eq!(url("http://localhost:3000/payments/return?order=7").unwrap().query(), Some("order=7"));
        for bad in [
            "",
            "nonsense",
            "javascript:alert(1)",
            "http://a/?x=1&x=2",
            "http://a/?status=SA",
            "http://a/?%ff",
        ] {
            assert!(url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_return_url_may_have_the_names_of_an_address_unless_one_is_collected() {
        let with = |collect: &str| {
            let url = percent_encode("http://localhost:3000/return?state=xyz&city=1");
            request("GET", &format!("returnURL={url}&collectShippingAddress={collect}"))
                .claimed()
                .return_url()
        };
        assert_eq!(with("").unwrap().query(), Some("state=xyz&city=1"));
        assert!(with("False").is_ok());
        assert!(with("True").is_err() && with("true").is_err());
    }

    #[test]
    fn the_other_spelling_of_the_reference_is_a_fallback() {
        let both = request("GET", "CallerReference=b&callerReference=a");
        assert_eq!(both.claimed().caller_reference(), Some("a"));
        assert_eq!(request("GET", "CallerReference=b").claimed().caller_reference(), Some("b"));
    }
}
