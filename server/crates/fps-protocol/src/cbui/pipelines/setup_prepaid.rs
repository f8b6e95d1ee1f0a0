use super::CeError;
use crate::cbui::fields::{Fields, positive_amount};
use crate::cbui::{CbuiRequest, SenderOptions, Validity};
use crate::ids::CallerReference;
use money::Money;

/// A sender opens a prepaid balance with the caller: one token fills it, the other pays from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupPrepaid {
    /// Of the token that pays from the balance.
    pub reference_sender: CallerReference,
    /// Of the token that fills it.
    pub reference_funding: CallerReference,
    pub funding_amount: Money,
    pub validity: Validity,
    pub options: SenderOptions,
}

impl SetupPrepaid {
    pub fn parse(request: &CbuiRequest) -> Result<Self, CeError> {
        let fields = Fields::new(request);
        let references = fields.two_references("callerReferenceSender", "callerReferenceFunding");
        let funding_amount = fields.require("fundingAmount", positive_amount);
        let validity = Validity::read(&fields);
        let options = SenderOptions::read(&fields);
        let required = references.zip(funding_amount);
        fields.finish(required.map(|((reference_sender, reference_funding), funding_amount)| Self {
            reference_sender,
            reference_funding,
            funding_amount,
            validity,
            options,
        }))
    }
}
