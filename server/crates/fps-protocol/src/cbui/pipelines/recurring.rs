use super::CeError;
use crate::cbui::fields::{Fields, positive_amount};
use crate::cbui::{CbuiRequest, Period, SenderOptions, Validity};
use crate::ids::{CallerReference, TokenId};
use money::Money;

/// A sender authorizes the same payment once in each period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurring {
    pub caller_reference: CallerReference,
    pub transaction_amount: Money,
    pub period: Period,
    pub recipient_token: Option<TokenId>,
    /// Show the recipient instead of the caller.
    pub is_recipient_cobranding: bool,
    pub validity: Validity,
    pub options: SenderOptions,
}

impl Recurring {
    pub fn parse(request: &CbuiRequest) -> Result<Self, CeError> {
        let fields = Fields::new(request);
        let caller_reference = fields.caller_reference(request);
        let transaction_amount = fields.require("transactionAmount", positive_amount);
        let period = fields.require("recurringPeriod", |text| text.parse().ok());
        let recipient_token = fields.read("recipientToken", |text| TokenId::new(text).ok());
        let is_recipient_cobranding = fields.flag("isRecipientCobranding");
        if is_recipient_cobranding && !fields.has("recipientToken") {
            fields.refuse("recipientToken");
        }
        let validity = Validity::read(&fields);
        let options = SenderOptions::read(&fields);
        let required = caller_reference.zip(transaction_amount).zip(period);
        fields.finish(required.map(|((caller_reference, transaction_amount), period)| Self {
            caller_reference,
            transaction_amount,
            period,
            recipient_token,
            is_recipient_cobranding,
            validity,
            options,
        }))
    }
}
