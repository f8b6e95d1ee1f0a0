//! What people paste: an address, a query, a raw HTTP request, a curl command.

mod curl;

use super::sent::{Outbound, Sent};
use crate::api_request::ApiRequest;
use crate::cbui::{CbuiRequest, START_PATH};
use crate::encoding::web_url;
use crate::outbound::CERTIFICATE_URL;
use crate::parameters::{DecodeError, Parameters};

/// In bytes: more than any request of FPS has, and little enough to try all mistakes on it.
pub const LONGEST: usize = 32 * 1024;

/// Why a text is not taken. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasteError {
    #[error("Paste a request: its address, its query, the raw HTTP request, or a curl command.")]
    Empty,
    #[error("That is longer than {LONGEST} bytes. Paste one request.")]
    TooLong,
    #[error(
        "That is no request: it begins like neither an address (https://…), an HTTP request (GET /…), a curl command, \
         nor a query (Action=…)."
    )]
    Unrecognised,
    #[error("The parameters cannot be read: {0}.")]
    Parameters(#[from] DecodeError),
    #[error("There are no parameters in it. Paste the address with its query, or the request with its body.")]
    NoParameters,
    #[error("The HTTP request names no host. Paste its Host header too.")]
    NoHost,
    #[error("The method {0} is not used by FPS. Send GET or POST.")]
    Method(String),
    #[error("The address \"{0}\" cannot be read. Paste it whole, from https:// on.")]
    Address(String),
    #[error("A quotation mark in the command is not closed. Paste the whole command.")]
    OpenQuote,
    #[error("The command has no address. Paste the whole command.")]
    NoAddress,
    #[error("The option {0} needs a value. Paste the whole command.")]
    NoValue(String),
    #[error("The command reads its data from a file ({0}). Put the data into the command.")]
    DataFile(String),
    #[error(
        "A return or notification is signed for its address: paste that too, as https://shop.example/return?… or with \
         the line POST /path and the Host."
    )]
    AddressNeeded,
    #[error(
        "That is neither a request to the API (it would have an Action), nor one to the Co-Branded UI (a pipelineName \
         or callerKey), nor signed by Amazon (a certificateUrl)."
    )]
    Unknown,
}

/// Something like an HTTP request, however it was written down.
#[derive(Debug, Default)]
struct Raw {
    method: String,
    /// `http` or `https`.
    scheme: String,
    /// As it was written; `None` for a query alone.
    host: Option<String>,
    path: String,
    query: String,
    body: String,
}

/// Reads what somebody pasted. `own_host` is this site's own authority, taken for a query without an address.
pub fn read(text: &str, own_host: &str) -> Result<Sent, PasteError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(PasteError::Empty);
    }
    if text.len() > LONGEST {
        return Err(PasteError::TooLong);
    }
    let text = text.replace("\r\n", "\n");
    let raw = if text.starts_with("curl ") || text.starts_with("curl\t") || text.starts_with("curl.exe ") {
        curl::read(&text)?
    } else if let Some((method, target)) = request_line(&text) {
        http(&text, method, target)?
    } else if is_address(&text) {
        let mut raw = Raw { method: "GET".to_owned(), ..Raw::default() };
        raw.go_to(&without_breaks(&text))?;
        raw
    } else if text.contains('=') && !text.contains(char::is_whitespace) {
        let query = text.trim_start_matches('?').to_owned();
        Raw { method: "GET".to_owned(), query, ..Raw::default() }
    } else {
        return Err(PasteError::Unrecognised);
    };
    raw.into_sent(own_host)
}

fn is_address(text: &str) -> bool {
    let begins = |scheme: &str| text.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme));
    begins("http://") || begins("https://")
}

/// Mail programs and terminals break long addresses.
fn without_breaks(text: &str) -> String {
    text.lines().map(str::trim).collect()
}

/// `POST /path HTTP/1.1`: method and target.
fn request_line(text: &str) -> Option<(&str, &str)> {
    let mut words = text.lines().next()?.split(' ').filter(|word| !word.is_empty());
    let (method, target) = (words.next()?, words.next()?);
    let is_method = method.bytes().all(|byte| byte.is_ascii_uppercase());
    (is_method && (target.starts_with('/') || is_address(target))).then_some((method, target))
}

fn http(text: &str, method: &str, target: &str) -> Result<Raw, PasteError> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let mut hosts = headers.filter(|(name, _)| name.trim().eq_ignore_ascii_case("host"));
    let mut raw = Raw { method: method.to_owned(), body: without_breaks(body), ..Raw::default() };
    if is_address(target) {
        raw.go_to(target)?;
    } else {
        raw.set_target(target);
    }
    if let Some((_, host)) = hosts.next() {
        raw.host = Some(host.trim().to_owned());
    }
    if raw.host.as_deref().unwrap_or_default().is_empty() {
        return Err(PasteError::NoHost);
    }
    Ok(raw)
}

impl Raw {
    /// Takes an address apart without changing a letter of it.
    fn go_to(&mut self, address: &str) -> Result<(), PasteError> {
        let bad = || PasteError::Address(address.to_owned());
        let (scheme, rest) = address.split_once("://").ok_or_else(bad)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        if host.is_empty() || host.contains(char::is_whitespace) || web_url(address).is_none() {
            return Err(bad());
        }
        self.scheme = scheme.to_ascii_lowercase();
        self.host = Some(host.to_owned());
        self.set_target(target);
        Ok(())
    }

    fn set_target(&mut self, target: &str) {
        let target = target.split_once('#').map_or(target, |(target, _)| target);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        self.path = if path.is_empty() { "/".to_owned() } else { path.to_owned() };
        query.clone_into(&mut self.query);
    }

    fn into_sent(self, own_host: &str) -> Result<Sent, PasteError> {
        if !matches!(self.method.as_str(), "GET" | "POST") {
            return Err(PasteError::Method(self.method));
        }
        let (query, form) = (Parameters::from_query(&self.query)?, Parameters::from_query(&self.body)?);
        // A receiver of notifications has a query of its own, which Amazon does not sign.
        let is_notification = form.contains(CERTIFICATE_URL);
        let parameters = if is_notification { form } else { query.joined(form) };
        if parameters.is_empty() {
            return Err(PasteError::NoParameters);
        }
        let is_cbui = parameters.contains("pipelineName") || parameters.contains("callerKey");
        if parameters.contains(CERTIFICATE_URL) || parameters.get("signatureMethod") == Some("RSA-SHA1") {
            return self.outbound(parameters);
        }
        if self.path == START_PATH || is_cbui && !parameters.contains("Action") {
            let host = self.host.unwrap_or_else(|| own_host.to_owned());
            return Ok(Sent::Cbui(CbuiRequest { method: self.method, host, parameters }));
        }
        if parameters.contains("Action") {
            let host = self.host.unwrap_or_else(|| own_host.to_owned());
            let path = if self.path.is_empty() { "/".to_owned() } else { self.path };
            return Ok(Sent::Api(ApiRequest { method: self.method, host, path, parameters }));
        }
        Err(PasteError::Unknown)
    }

    fn outbound(self, parameters: Parameters) -> Result<Sent, PasteError> {
        let host = self.host.ok_or(PasteError::AddressNeeded)?;
        let scheme = if self.scheme.is_empty() { "http" } else { &self.scheme };
        let address = format!("{scheme}://{host}{}", self.path);
        let url = web_url(&address).ok_or(PasteError::Address(address))?;
        Ok(Sent::Outbound(Outbound { method: self.method, url, parameters }))
    }
}
