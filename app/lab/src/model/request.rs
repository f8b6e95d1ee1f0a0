//! Requests of the Query API, as they were recorded.

use super::SignatureSteps;
use jiff::Timestamp;

/// A request in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRow {
    /// Its `RequestId`.
    pub id: String,
    pub at: Timestamp,
    /// Empty where it names none that there is.
    pub action: String,
    /// Its access key.
    pub caller: Option<String>,
    /// Of HTTP.
    pub status: u16,
    /// `Success`, or FPS's error code.
    pub code: String,
    /// How long it took: `1.3 ms`.
    pub took: String,
}

/// Which are shown; empty: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestFilter {
    pub action: String,
    pub access_key: String,
    pub code: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestsPage {
    pub filter: RequestFilter,
    /// The newest first.
    pub rows: Vec<RequestRow>,
    /// How many are kept and for how long, in a sentence.
    pub kept: String,
}

/// One request, with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestPage {
    pub row: RequestRow,
    pub wire: Wire,
    /// Decoded, in the order of the wire.
    pub parameters: Vec<(String, String)>,
    /// `None`: it could not be read.
    pub signature: Option<SignatureSteps>,
    /// The XML; empty where the connection broke instead.
    pub answer: String,
    /// In sentences with amounts.
    pub changes: Vec<String>,
    /// The transaction that it made or was about.
    pub transaction: Option<String>,
}

/// A request as it was sent, encoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wire {
    pub method: String,
    pub host: String,
    pub path: String,
    /// Without the question mark.
    pub query: String,
    pub body: String,
    /// Where this site is reached: `http://127.0.0.1:3001`.
    pub site: String,
}
