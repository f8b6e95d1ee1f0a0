use super::CeError;
use crate::cbui::fields::{Fields, amount, positive_amount};
use crate::cbui::{CbuiRequest, SenderOptions};
use crate::ids::{CallerReference, TokenId};
use money::Money;

/// What an amount is made up of; only shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Breakdown {
    pub item_total: Option<Money>,
    pub shipping: Option<Money>,
    pub handling: Option<Money>,
    pub gift_wrapping: Option<Money>,
    pub tax: Option<Money>,
    /// Given as a positive amount, taken off.
    pub discount: Option<Money>,
}

impl Breakdown {
    fn read(fields: &Fields<'_>) -> Self {
        Self {
            item_total: fields.read("itemTotal", amount),
            shipping: fields.read("shipping", amount),
            handling: fields.read("handling", amount),
            gift_wrapping: fields.read("giftWrapping", amount),
            tax: fields.read("tax", amount),
            discount: fields.read("discount", amount),
        }
    }
}

/// A sender authorizes one payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleUse {
    pub caller_reference: CallerReference,
    pub transaction_amount: Money,
    /// Required in a marketplace.
    pub recipient_token: Option<TokenId>,
    pub reserve: bool,
    pub breakdown: Breakdown,
    pub options: SenderOptions,
}

impl SingleUse {
    pub fn parse(request: &CbuiRequest) -> Result<Self, CeError> {
        let fields = Fields::new(request);
        let caller_reference = fields.caller_reference(request);
        let transaction_amount = fields.require("transactionAmount", positive_amount);
        let recipient_token = fields.read("recipientToken", |text| TokenId::new(text).ok());
        let reserve = fields.flag("reserve");
        let breakdown = Breakdown::read(&fields);
        let options = SenderOptions::read(&fields);
        let required = caller_reference.zip(transaction_amount);
        fields.finish(required.map(|(caller_reference, transaction_amount)| Self {
            caller_reference,
            transaction_amount,
            recipient_token,
            reserve,
            breakdown,
            options,
        }))
    }
}
