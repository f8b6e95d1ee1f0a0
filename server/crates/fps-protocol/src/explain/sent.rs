//! What was sent, and what a right signature of it would be made over.

use super::recipe::{Algorithm, Encoding, Order, Recipe, Scheme};
use crate::api_request::{self, ApiRequest};
use crate::cbui::{self, CbuiRequest, START_PATH};
use crate::encoding::canonical_path;
use crate::errors::FpsError;
use crate::outbound;
use crate::parameters::Parameters;
use crate::signature::{API_HOSTS, CBUI_HOSTS, HmacAlgorithm, host_candidates, host_of};
use url::Url;

/// Something signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    Api(ApiRequest),
    Cbui(CbuiRequest),
    Outbound(Outbound),
}

/// What Amazon signs: a return (`GET`) or a notification (`POST`), as it arrived at `url`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbound {
    pub method: String,
    /// Its query is not looked at: the parameters are all of them.
    pub url: Url,
    pub parameters: Parameters,
}

/// Whose signature it is, by words for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Api,
    Cbui,
    Return,
    Notification,
}

impl Sent {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Api(_) => Kind::Api,
            Self::Cbui(_) => Kind::Cbui,
            Self::Outbound(outbound) if outbound.method == "POST" => Kind::Notification,
            Self::Outbound(_) => Kind::Return,
        }
    }

    pub fn parameters(&self) -> &Parameters {
        match self {
            Self::Api(request) => &request.parameters,
            Self::Cbui(request) => &request.parameters,
            Self::Outbound(outbound) => &outbound.parameters,
        }
    }

    /// Whose secret it is to be checked with; a return or a notification names nobody.
    pub fn access_key(&self) -> Option<&str> {
        let names: &[&str] = match self {
            Self::Api(_) => &["AWSAccessKeyId"],
            Self::Cbui(_) => &["callerKey", "accessKey"],
            Self::Outbound(_) => &[],
        };
        names.iter().find_map(|name| self.parameters().non_empty(name))
    }

    /// The parameter that holds the signature.
    pub(super) fn signature_name(&self) -> &'static str {
        match self {
            Self::Api(_) => api_request::SIGNATURE,
            Self::Cbui(request) => {
                let is_old = request.parameters.non_empty(cbui::SIGNATURE).is_none()
                    && request.parameters.non_empty(cbui::AWS_SIGNATURE).is_some();
                if is_old { cbui::AWS_SIGNATURE } else { cbui::SIGNATURE }
            }
            Self::Outbound(_) => outbound::SIGNATURE,
        }
    }

    /// The recipes that are accepted, the usual one first; and what is wrong with what is said about the
    /// signature, if anything is: then they are those of version 2 with `HmacSHA256`.
    pub(super) fn recipes(&self) -> (Vec<Recipe>, Option<FpsError>) {
        match self {
            Self::Api(request) => {
                let (scheme, algorithm, wrong) = self.claimed(Some("SignatureVersion"), "SignatureMethod");
                let hosts = historical(&request.host, [API_HOSTS, CBUI_HOSTS]);
                let of = |host| self.recipe(scheme, algorithm, &request.method, host, &request.path);
                (if scheme == Scheme::V2 { hosts.into_iter().map(of).collect() } else { vec![of("")] }, wrong)
            }
            Self::Cbui(request) => self.recipes_of_cbui(request),
            Self::Outbound(Outbound { method, url, .. }) => {
                let wrong = self.wrong_outbound();
                let host = host_of(url);
                (vec![self.recipe(Scheme::V2, Algorithm::RsaSha1, method, &host, url.path())], wrong)
            }
        }
    }

    fn recipes_of_cbui(&self, request: &CbuiRequest) -> (Vec<Recipe>, Option<FpsError>) {
        let version = (self.signature_name() == cbui::SIGNATURE).then_some("signatureVersion");
        let (scheme, algorithm, wrong) = self.claimed(version, "signatureMethod");
        if scheme != Scheme::V2 {
            let of = |scheme| self.recipe(scheme, algorithm, "", "", START_PATH);
            let as_url = of(Scheme::AsUrl);
            let with_plus = Recipe { encoding: Encoding::PlusForSpace, ..as_url.clone() };
            return (vec![of(Scheme::RunTogether), as_url, with_plus], wrong);
        }
        let hosts = historical(&request.host, [CBUI_HOSTS, API_HOSTS]);
        let methods: &[&str] = if request.method == "POST" { &["GET", "POST"] } else { &["GET"] };
        let of = |method: &str, host: &str| self.recipe(scheme, algorithm, method, host, START_PATH);
        let recipes = methods.iter().flat_map(|method| hosts.iter().map(move |host| of(method, host)));
        (recipes.collect(), wrong)
    }

    /// The version and algorithm that it says of itself. Without a name for the version it is 1.
    fn claimed(&self, version: Option<&str>, method: &str) -> (Scheme, Algorithm, Option<FpsError>) {
        let parameters = self.parameters();
        let usual = Algorithm::Hmac(HmacAlgorithm::Sha256);
        let wrong = |error| (Scheme::V2, usual, Some(error));
        let version_1 = (Scheme::RunTogether, Algorithm::Hmac(HmacAlgorithm::Sha1), None);
        let Some(name) = version else { return version_1 };
        match parameters.non_empty(name) {
            Some("2") => match api_request::algorithm(parameters, method) {
                Ok(algorithm) => (Scheme::V2, Algorithm::Hmac(algorithm), None),
                Err(error) => wrong(error),
            },
            Some("1") => version_1,
            None if matches!(self, Self::Cbui(_)) => version_1,
            None => wrong(FpsError::missing(name)),
            Some(_) => wrong(FpsError::invalid(name, "must be 1 or 2")),
        }
    }

    fn wrong_outbound(&self) -> Option<FpsError> {
        let expected = [("signatureVersion", "2"), ("signatureMethod", "RSA-SHA1")];
        expected.into_iter().find_map(|(name, expected)| match self.parameters().non_empty(name) {
            Some(value) if value == expected => None,
            Some(_) => Some(FpsError::invalid(name, &format!("must be {expected}"))),
            None => Some(FpsError::missing(name)),
        })
    }

    fn recipe(&self, scheme: Scheme, algorithm: Algorithm, method: &str, host: &str, path: &str) -> Recipe {
        let left_out = self.signature_name();
        let signed = self.parameters().iter().filter(|(name, _)| *name != left_out);
        Recipe {
            scheme,
            algorithm,
            method: method.to_owned(),
            host: host.to_ascii_lowercase(),
            path: canonical_path(path),
            parameters: signed.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            order: if scheme == Scheme::V2 { Order::Bytes } else { Order::IgnoringCase },
            encoding: Encoding::Rfc3986,
        }
    }

    /// The host and path as they were sent, letters as they were.
    pub(super) fn host_and_path(&self) -> (&str, &str) {
        match self {
            Self::Api(request) => (&request.host, &request.path),
            Self::Cbui(request) => (&request.host, START_PATH),
            Self::Outbound(outbound) => (outbound.url.authority(), outbound.url.path()),
        }
    }
}

fn historical<'a>(host: &'a str, known: [[&'static str; 2]; 2]) -> Vec<&'a str> {
    host_candidates(host, &known.concat())
}
