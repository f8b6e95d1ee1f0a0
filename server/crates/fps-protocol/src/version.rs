//! The `Version` of a request, which decides the namespace of its answer.

use crate::errors::FpsError;
use crate::parameters::Parameters;
use text_types::words;

words! {
    /// The API versions that clients of the time send.
    pub enum ApiVersion {
        V2008 = "2008-09-17",
        V2010 = "2010-08-28",
        V2011 = "2011-09-20",
    }
}

impl ApiVersion {
    /// The request's `Version`.
    pub fn of(parameters: &Parameters) -> Result<Self, FpsError> {
        let text = parameters.non_empty("Version").ok_or_else(|| FpsError::missing("Version"))?;
        match text {
            // The CBUI's version, sent to the API once, was answered in the namespace of 2008 (fps.md §1).
            "2009-01-09" => Ok(Self::V2008),
            _ => text.parse().map_err(|_| FpsError::invalid("Version", "is not a version of the API")),
        }
    }

    /// The default namespace on the root element: strict clients look it up (fps.md §1).
    pub const fn namespace(self) -> &'static str {
        match self {
            Self::V2008 => "http://fps.amazonaws.com/doc/2008-09-17/",
            Self::V2010 => "http://fps.amazonaws.com/doc/2010-08-28/",
            Self::V2011 => "http://fps.amazonaws.com/doc/2011-09-20/",
        }
    }
}
