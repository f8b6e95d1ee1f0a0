//! The way back to the caller: its returnURL with the signed answer appended.

use crate::certificate::{Signer, SignerError};
use fps_protocol::cbui::{CbuiReturn, CbuiStatus, CeError};
use url::Url;

/// An answer without a token. A failure repeats its status as the message, as was seen live
/// (REFERENCE §7.3).
pub fn without_token(status: CbuiStatus, caller_reference: Option<&str>) -> CbuiReturn {
    let message = (status != CbuiStatus::Abandoned).then(|| status.as_str().to_owned());
    CbuiReturn {
        caller_reference: caller_reference.map(str::to_owned),
        error_message: message,
        ..CbuiReturn::new(status)
    }
}

/// The answer to parameters that are not well formed.
pub fn caller_exception(error: &CeError, caller_reference: Option<&str>) -> CbuiReturn {
    CbuiReturn {
        error_message: Some(error.to_string()),
        ..without_token(CbuiStatus::CallerException, caller_reference)
    }
}

/// The address with the answer.
pub async fn location(signer: &Signer, return_url: &Url, answer: &CbuiReturn) -> Result<String, SignerError> {
    let mut location = signer.sign_return(return_url, &answer.to_parameters()).await?;
    location.set_fragment(None);
    Ok(location.into())
}
