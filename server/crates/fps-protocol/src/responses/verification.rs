//! What `VerifySignature` answers.

use super::reading::parsed;
use super::{ActionResult, ApiFailure, ResultWriter};
use crate::enums::VerificationStatus;
use crate::xml::Element;

/// `VerifySignature`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifySignatureResult {
    pub verification_status: VerificationStatus,
}

impl ActionResult for VerifySignatureResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.leaf("VerificationStatus", self.verification_status.as_str());
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        Ok(Self { verification_status: parsed(result, "VerificationStatus")? })
    }
}
