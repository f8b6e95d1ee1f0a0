use super::CeError;
use crate::cbui::fields::{Fields, LONGEST_TEXT, exact_amount, flag};
use crate::cbui::sender_options::read_methods;
use crate::cbui::{CbuiRequest, Validity, Website};
use crate::enums::PaymentMethod;
use crate::ids::CallerReference;
use money::{Money, Percent};

/// A recipient lets the caller collect payments and fees for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    pub caller_reference: CallerReference,
    pub recipient_pays_fee: bool,
    /// Without caps the caller cannot take marketplace fees (fps.md §4).
    pub max_fixed_fee: Option<Money>,
    pub max_variable_fee: Option<Percent>,
    pub payment_methods: Vec<PaymentMethod>,
    pub payment_reason: Option<String>,
    pub validity: Validity,
    pub website: Website,
}

impl Recipient {
    pub fn parse(request: &CbuiRequest) -> Result<Self, CeError> {
        let fields = Fields::new(request);
        let caller_reference = fields.caller_reference(request);
        let recipient_pays_fee = fields.require("recipientPaysFee", flag);
        let max_fixed_fee = fields.read("maxFixedFee", exact_amount);
        let max_variable_fee = fields.read("maxVariableFee", |text| Percent::parse(text).ok());
        let payment_methods = read_methods(&fields);
        let payment_reason = fields.text("paymentReason", LONGEST_TEXT);
        let validity = Validity::read(&fields);
        let website = Website::read(&fields);
        let required = caller_reference.zip(recipient_pays_fee);
        fields.finish(required.map(|(caller_reference, recipient_pays_fee)| Self {
            caller_reference,
            recipient_pays_fee,
            max_fixed_fee,
            max_variable_fee,
            payment_methods,
            payment_reason,
            validity,
            website,
        }))
    }
}
