//! The way back to the caller: its returnURL with the signed answer appended.

use crate::engine::authorizations::{AuthorizationRequest, Authorizations};
use crate::engine::signer::SignerError;
use fps_protocol::cbui::{CbuiReturn, CbuiStatus, CeError, ShippingAddress, Warning};
use url::Url;

/// An answer without a token. A failure repeats its status as the message, as was seen live
/// (fps.md §7.3).
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

/// What a success says about where to ship to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Shipping {
    pub address: ShippingAddress,
    pub warning: Option<Warning>,
}

/// The address that the caller asked for; a warning when the one that it sent itself is not whole.
pub fn shipping(request: &AuthorizationRequest, chosen: Option<ShippingAddress>) -> Shipping {
    if request.chooses_address() {
        return Shipping { address: chosen.unwrap_or_default(), warning: None };
    }
    let sent = request.asked.sender_options().map(|options| &options.address);
    let is_bad = sent.is_some_and(|sent| !sent.is_empty() && !sent.is_complete());
    Shipping {
        address: ShippingAddress::default(),
        warning: is_bad.then_some(Warning::InvalidShippingAddress),
    }
}

impl Authorizations {
    /// The return URL with the answer, signed.
    pub(super) async fn return_address(
        &self,
        return_url: &Url,
        answer: &CbuiReturn,
    ) -> Result<String, SignerError> {
        let mut address = self.signer.sign_return(return_url, &answer.to_parameters()).await?;
        address.set_fragment(None);
        Ok(address.into())
    }
}
