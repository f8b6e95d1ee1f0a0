//! The typed parameters of the pipelines (fps.md §7.2).

mod edit_token;
mod multi_use;
mod recipient;
mod recurring;
mod setup_postpaid;
mod setup_prepaid;
mod single_use;
#[cfg(test)]
mod tests;

pub use edit_token::EditToken;
pub use multi_use::{AmountType, MultiUse};
pub use recipient::Recipient;
pub use recurring::Recurring;
pub use setup_postpaid::SetupPostpaid;
pub use setup_prepaid::SetupPrepaid;
pub use single_use::{Breakdown, SingleUse};

use super::{CbuiRequest, Pipeline, SenderOptions, Validity, Website};
use crate::enums::PaymentMethod;
use crate::ids::{CallerReference, TokenId};
use std::fmt;

/// The caller's parameters are wrong: status CE, with the names of those that are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CeError {
    pub fields: Vec<&'static str>,
}

impl fmt::Display for CeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The following input(s) are not well formed: [{}]", self.fields.join(", "))
    }
}

impl std::error::Error for CeError {}

/// The request of any pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PipelineRequest {
    SingleUse(SingleUse),
    MultiUse(MultiUse),
    Recurring(Recurring),
    Recipient(Recipient),
    SetupPrepaid(SetupPrepaid),
    SetupPostpaid(SetupPostpaid),
    EditToken(EditToken),
}

impl PipelineRequest {
    /// Reads the pipeline that `pipelineName` names.
    pub fn parse(request: &CbuiRequest) -> Result<Self, CeError> {
        match request.pipeline() {
            Some(Pipeline::SingleUse) => SingleUse::parse(request).map(Self::SingleUse),
            Some(Pipeline::MultiUse) => MultiUse::parse(request).map(Self::MultiUse),
            Some(Pipeline::Recurring) => Recurring::parse(request).map(Self::Recurring),
            Some(Pipeline::Recipient) => Recipient::parse(request).map(Self::Recipient),
            Some(Pipeline::SetupPrepaid) => SetupPrepaid::parse(request).map(Self::SetupPrepaid),
            Some(Pipeline::SetupPostpaid) => SetupPostpaid::parse(request).map(Self::SetupPostpaid),
            Some(Pipeline::EditToken) => EditToken::parse(request).map(Self::EditToken),
            None => Err(CeError { fields: vec!["pipelineName"] }),
        }
    }

    pub const fn pipeline(&self) -> Pipeline {
        match self {
            Self::SingleUse(_) => Pipeline::SingleUse,
            Self::MultiUse(_) => Pipeline::MultiUse,
            Self::Recurring(_) => Pipeline::Recurring,
            Self::Recipient(_) => Pipeline::Recipient,
            Self::SetupPrepaid(_) => Pipeline::SetupPrepaid,
            Self::SetupPostpaid(_) => Pipeline::SetupPostpaid,
            Self::EditToken(_) => Pipeline::EditToken,
        }
    }

    /// What the answer names; the pipelines that set up two tokens have a reference for each instead.
    pub const fn caller_reference(&self) -> Option<&CallerReference> {
        match self {
            Self::SingleUse(request) => Some(&request.caller_reference),
            Self::MultiUse(request) => Some(&request.caller_reference),
            Self::Recurring(request) => Some(&request.caller_reference),
            Self::Recipient(request) => Some(&request.caller_reference),
            Self::EditToken(request) => Some(&request.caller_reference),
            Self::SetupPrepaid(_) | Self::SetupPostpaid(_) => None,
        }
    }

    /// Every reference that a token will have.
    pub fn references(&self) -> Vec<&CallerReference> {
        match self {
            Self::SetupPrepaid(request) => vec![&request.reference_sender, &request.reference_funding],
            Self::SetupPostpaid(request) => {
                vec![&request.reference_sender, &request.reference_settlement]
            }
            _ => self.caller_reference().into_iter().collect(),
        }
    }

    /// What the pipelines in which somebody pays share.
    pub const fn sender_options(&self) -> Option<&SenderOptions> {
        match self {
            Self::SingleUse(request) => Some(&request.options),
            Self::MultiUse(request) => Some(&request.options),
            Self::Recurring(request) => Some(&request.options),
            Self::SetupPrepaid(request) => Some(&request.options),
            Self::SetupPostpaid(request) => Some(&request.options),
            Self::Recipient(_) | Self::EditToken(_) => None,
        }
    }

    /// What a person may choose from, or (Recipient) be paid by; never empty.
    pub fn payment_methods(&self) -> &[PaymentMethod] {
        match self {
            Self::Recipient(request) => &request.payment_methods,
            Self::EditToken(request) => &request.payment_methods,
            _ => self.sender_options().map_or(&[], |options| &options.payment_methods),
        }
    }

    /// `None` for a pipeline that names none.
    pub fn website(&self) -> Option<&Website> {
        match self {
            Self::Recipient(request) => Some(&request.website),
            Self::EditToken(request) => Some(&request.website),
            _ => self.sender_options().map(|options| &options.website),
        }
    }

    pub fn validity(&self) -> Validity {
        match self {
            Self::MultiUse(request) => request.validity,
            Self::Recurring(request) => request.validity,
            Self::Recipient(request) => request.validity,
            Self::SetupPrepaid(request) => request.validity,
            Self::SetupPostpaid(request) => request.validity,
            Self::SingleUse(_) | Self::EditToken(_) => Validity::default(),
        }
    }

    /// The only ones who may be paid; empty when anybody may.
    pub fn recipient_tokens(&self) -> &[TokenId] {
        match self {
            Self::SingleUse(request) => request.recipient_token.as_slice(),
            Self::Recurring(request) => request.recipient_token.as_slice(),
            Self::MultiUse(request) => &request.recipient_tokens,
            _ => &[],
        }
    }

    /// Whether the recipients are to be shown instead of the caller.
    pub const fn is_recipient_cobranding(&self) -> bool {
        match self {
            Self::MultiUse(request) => request.is_recipient_cobranding,
            Self::Recurring(request) => request.is_recipient_cobranding,
            _ => false,
        }
    }

    /// The name of the parameter that `recipient_tokens` came from.
    pub const fn recipient_parameter(&self) -> &'static str {
        if matches!(self, Self::MultiUse(_)) { "recipientTokenList" } else { "recipientToken" }
    }
}
