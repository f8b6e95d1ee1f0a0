use super::CeError;
use crate::cbui::fields::{Fields, positive_amount, token_ids};
use crate::cbui::{CbuiRequest, SenderOptions, UsageLimit, Validity};
use crate::ids::{CallerReference, TokenId};
use money::Money;
use text_types::words;

words! {
    /// What a multi-use token's amount is for each payment.
    pub enum AmountType {
        Exact = "Exact",
        Minimum = "Minimum",
        Maximum = "Maximum",
    }
}

/// A sender authorizes payments within limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MultiUse {
    pub caller_reference: CallerReference,
    /// The rule for each payment, if the caller made one.
    pub each_payment: Option<(AmountType, Money)>,
    /// From one to three; the first is `globalAmountLimit`.
    pub limits: Vec<UsageLimit>,
    /// The only ones who may be paid; empty when anybody may.
    pub recipient_tokens: Vec<TokenId>,
    /// Show the recipient instead of the caller.
    pub is_recipient_cobranding: bool,
    pub validity: Validity,
    pub options: SenderOptions,
}

impl MultiUse {
    pub fn parse(request: &CbuiRequest) -> Result<Self, CeError> {
        let fields = Fields::new(request);
        let caller_reference = fields.caller_reference(request);
        let limits = UsageLimit::read_all(&fields);
        let each_payment = each_payment(&fields);
        let recipient_tokens = fields.read("recipientTokenList", token_ids).unwrap_or_default();
        let is_recipient_cobranding = fields.flag("isRecipientCobranding");
        if is_recipient_cobranding && !fields.has("recipientTokenList") {
            fields.refuse("recipientTokenList");
        }
        let validity = Validity::read(&fields);
        let options = SenderOptions::read(&fields);
        fields.finish(caller_reference.map(|caller_reference| Self {
            caller_reference,
            each_payment,
            limits,
            recipient_tokens,
            is_recipient_cobranding,
            validity,
            options,
        }))
    }
}

/// An amount is exact when nothing else is said; a rule without an amount rules nothing.
fn each_payment(fields: &Fields<'_>) -> Option<(AmountType, Money)> {
    let kind = fields.read("amountType", |text| text.parse().ok());
    let amount = match kind {
        Some(_) => fields.require("transactionAmount", positive_amount),
        None => fields.read("transactionAmount", positive_amount),
    };
    amount.map(|amount| (kind.unwrap_or(AmountType::Exact), amount))
}
