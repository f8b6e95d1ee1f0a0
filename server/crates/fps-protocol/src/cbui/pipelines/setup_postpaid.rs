use super::CeError;
use crate::cbui::fields::{Fields, positive_amount};
use crate::cbui::{CbuiRequest, SenderOptions, UsageLimit, Validity};
use crate::ids::CallerReference;
use money::Money;

/// A sender buys on credit with the caller: one token runs up the debt, the other settles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupPostpaid {
    /// Of the token that buys on credit.
    pub reference_sender: CallerReference,
    /// Of the token that settles the debt.
    pub reference_settlement: CallerReference,
    /// The most that the sender can owe at a time.
    pub credit_limit: Money,
    /// From one to three; the first is `globalAmountLimit`.
    pub limits: Vec<UsageLimit>,
    pub validity: Validity,
    pub options: SenderOptions,
}

impl SetupPostpaid {
    pub fn parse(request: &CbuiRequest) -> Result<Self, CeError> {
        let fields = Fields::new(request);
        let references = fields.two_references("callerReferenceSender", "callerReferenceSettlement");
        let credit_limit = fields.require("creditLimit", positive_amount);
        let limits = UsageLimit::read_all(&fields);
        let validity = Validity::read(&fields);
        let options = SenderOptions::read(&fields);
        let required = references.zip(credit_limit);
        fields.finish(required.map(|((reference_sender, reference_settlement), credit_limit)| Self {
            reference_sender,
            reference_settlement,
            credit_limit,
            limits,
            validity,
            options,
        }))
    }
}
