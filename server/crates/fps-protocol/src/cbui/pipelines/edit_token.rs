use super::CeError;
use crate::cbui::fields::Fields;
use crate::cbui::sender_options::read_methods;
use crate::cbui::{CbuiRequest, Website};
use crate::enums::PaymentMethod;
use crate::ids::{CallerReference, TokenId};

/// A sender changes what pays for a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditToken {
    pub caller_reference: CallerReference,
    pub token_id: TokenId,
    /// What the sender may choose from; never empty.
    pub payment_methods: Vec<PaymentMethod>,
    pub website: Website,
}

impl EditToken {
    pub fn parse(request: &CbuiRequest) -> Result<Self, CeError> {
        let fields = Fields::new(request);
        let caller_reference = fields.caller_reference(request);
        // The guide says `tokenID`, clients say `tokenId`.
        let name = if fields.has("tokenID") { "tokenID" } else { "tokenId" };
        let token_id = fields.require(name, |text| TokenId::new(text).ok());
        let payment_methods = read_methods(&fields);
        let website = Website::read(&fields);
        let required = caller_reference.zip(token_id);
        fields.finish(required.map(|(caller_reference, token_id)| Self {
            caller_reference,
            token_id,
            payment_methods,
            website,
        }))
    }
}
