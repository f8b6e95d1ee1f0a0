//! The typed parameters of the pipelines that are built (REFERENCE §7.2).

use super::fields::{Fields, epoch_seconds, flag, payment_methods};
use super::{CbuiRequest, Pipeline, ShippingAddress, VERSION};
use crate::actions::LARGEST_AMOUNT;
use crate::encoding::web_url;
use crate::enums::{PaymentMethod, text_enum};
use crate::ids::{CallerReference, TokenId};
use jiff::Timestamp;
use money::{Money, Percent};
use std::fmt;
use url::Url;

const LONGEST_TEXT: usize = 160;
const METHODS: [PaymentMethod; 3] = [PaymentMethod::Abt, PaymentMethod::Ach, PaymentMethod::Cc];

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

text_enum! {
    /// How the caller's image is shown.
    pub enum CobrandingStyle {
        Logo = "logo",
        Banner = "banner",
    }
}

/// How the caller wants itself shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Website {
    pub cobranding_style: Option<CobrandingStyle>,
    pub cobranding_url: Option<Url>,
    /// For "click here to return to …".
    pub description: Option<String>,
}

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

/// A sender authorizes one payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleUse {
    pub caller_reference: CallerReference,
    pub transaction_amount: Money,
    /// Required in a marketplace.
    pub recipient_token: Option<TokenId>,
    /// What the sender may choose from; never empty.
    pub payment_methods: Vec<PaymentMethod>,
    pub payment_reason: Option<String>,
    pub reserve: bool,
    pub breakdown: Breakdown,
    pub collect_shipping_address: bool,
    pub address: ShippingAddress,
    pub website: Website,
}

/// A recipient lets the caller collect payments and fees for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    pub caller_reference: CallerReference,
    pub recipient_pays_fee: bool,
    /// Without caps the caller cannot take marketplace fees (REFERENCE §4).
    pub max_fixed_fee: Option<Money>,
    pub max_variable_fee: Option<Percent>,
    pub payment_methods: Vec<PaymentMethod>,
    pub payment_reason: Option<String>,
    pub validity_start: Option<Timestamp>,
    pub validity_expiry: Option<Timestamp>,
    pub website: Website,
}

/// The request of any of the built pipelines.
#[expect(clippy::large_enum_variant, reason = "one per request, and never in a collection")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PipelineRequest {
    SingleUse(SingleUse),
    Recipient(Recipient),
}

impl PipelineRequest {
    /// Reads the pipeline that `pipelineName` names. One that is not built is a wrong parameter, too.
    pub fn parse(request: &CbuiRequest) -> Result<Self, CeError> {
        match request.pipeline() {
            Some(Pipeline::SingleUse) => SingleUse::parse(request).map(Self::SingleUse),
            Some(Pipeline::Recipient) => Recipient::parse(request).map(Self::Recipient),
            _ => Err(CeError { fields: vec!["pipelineName"] }),
        }
    }

    pub const fn pipeline(&self) -> Pipeline {
        match self {
            Self::SingleUse(_) => Pipeline::SingleUse,
            Self::Recipient(_) => Pipeline::Recipient,
        }
    }

    pub const fn caller_reference(&self) -> &CallerReference {
        match self {
            Self::SingleUse(request) => &request.caller_reference,
            Self::Recipient(request) => &request.caller_reference,
        }
    }
}

impl SingleUse {
    pub fn parse(request: &CbuiRequest) -> Result<Self, CeError> {
        let fields = Fields::new(&request.parameters);
        let caller_reference = common(&fields, request);
        let transaction_amount =
            fields.require("transactionAmount", |text| amount(text).filter(|amount| amount.is_positive()));
        fields.read("currencyCode", |text| (text == "USD").then_some(()));
        fields.read("disableGuest", flag);
        let recipient_token = fields.read("recipientToken", |text| TokenId::new(text).ok());
        let payment_methods = fields.read("paymentMethod", payment_methods);
        let payment_reason = fields.text("paymentReason", LONGEST_TEXT);
        let reserve = fields.flag("reserve");
        let breakdown = breakdown(&fields);
        let collect_shipping_address = fields.flag("collectShippingAddress");
        let address = ShippingAddress::read(|name| fields.text(name, LONGEST_TEXT));
        let website = website(&fields);
        let (bad, both) = (fields.into_bad(), caller_reference.zip(transaction_amount));
        match both {
            Some((caller_reference, transaction_amount)) if bad.is_empty() => Ok(Self {
                caller_reference,
                transaction_amount,
                recipient_token,
                payment_methods: payment_methods.unwrap_or_else(|| METHODS.to_vec()),
                payment_reason,
                reserve,
                breakdown,
                collect_shipping_address,
                address,
                website,
            }),
            _ => Err(CeError { fields: bad }),
        }
    }
}

impl Recipient {
    pub fn parse(request: &CbuiRequest) -> Result<Self, CeError> {
        let fields = Fields::new(&request.parameters);
        let caller_reference = common(&fields, request);
        let recipient_pays_fee = fields.require("recipientPaysFee", flag);
        let max_fixed_fee = fields.read("maxFixedFee", amount);
        let max_variable_fee = fields.read("maxVariableFee", |text| Percent::parse(text).ok());
        let payment_methods = fields.read("paymentMethod", payment_methods);
        let payment_reason = fields.text("paymentReason", LONGEST_TEXT);
        let validity_start = fields.read("validityStart", epoch_seconds);
        let validity_expiry = fields.read("validityExpiry", epoch_seconds);
        let website = website(&fields);
        let (bad, both) = (fields.into_bad(), caller_reference.zip(recipient_pays_fee));
        match both {
            Some((caller_reference, recipient_pays_fee)) if bad.is_empty() => Ok(Self {
                caller_reference,
                recipient_pays_fee,
                max_fixed_fee,
                max_variable_fee,
                payment_methods: payment_methods.unwrap_or_else(|| METHODS.to_vec()),
                payment_reason,
                validity_start,
                validity_expiry,
                website,
            }),
            _ => Err(CeError { fields: bad }),
        }
    }
}

/// What every pipeline has; the reference may be spelled in two ways.
fn common(fields: &Fields<'_>, request: &CbuiRequest) -> Option<CallerReference> {
    fields.read("version", |text| (text == VERSION).then_some(()));
    let reference = request.caller_reference().and_then(|text| CallerReference::new(text).ok());
    if reference.is_none() {
        fields.refuse("callerReference");
    }
    reference
}

fn website(fields: &Fields<'_>) -> Website {
    Website {
        cobranding_style: fields.read("cobrandingStyle", |text| text.parse().ok()),
        cobranding_url: fields.read("cobrandingUrl", web_url),
        description: fields.text("websiteDescription", LONGEST_TEXT),
    }
}

fn breakdown(fields: &Fields<'_>) -> Breakdown {
    Breakdown {
        item_total: fields.read("itemTotal", amount),
        shipping: fields.read("shipping", amount),
        handling: fields.read("handling", amount),
        gift_wrapping: fields.read("giftWrapping", amount),
        tax: fields.read("tax", amount),
        discount: fields.read("discount", amount),
    }
}

fn amount(text: &str) -> Option<Money> {
    Money::parse_dollars(text).ok().filter(|amount| *amount <= LARGEST_AMOUNT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::Parameters;

    fn parse(query: &str) -> Result<PipelineRequest, CeError> {
        PipelineRequest::parse(&CbuiRequest {
            method: "GET".to_owned(),
            host: "h".to_owned(),
            parameters: Parameters::from_query(query).unwrap(),
        })
    }

    fn bad_fields(query: &str) -> Vec<&'static str> {
        parse(query).unwrap_err().fields
    }

    #[test]
    fn a_single_use_request() {
        let query = "pipelineName=SingleUse&callerReference=c1&transactionAmount=10.5&recipientToken=R\
                     &paymentMethod=ABT,CC&paymentReason=A+song&itemTotal=9.5&shipping=1&reserve=True\
                     &collectShippingAddress=true&addressName=John&city=Seattle&cobrandingStyle=logo&version=2009-01-09";
        let Ok(PipelineRequest::SingleUse(request)) = parse(query) else { panic!() };
        assert_eq!(request.transaction_amount, Money::from_cents(1050));
        assert_eq!(request.payment_methods, [PaymentMethod::Abt, PaymentMethod::Cc]);
        assert!(request.reserve && request.collect_shipping_address);
        assert_eq!(request.breakdown.shipping, Some(Money::from_cents(100)));
        assert_eq!(request.address.city.as_deref(), Some("Seattle"));
        assert_eq!(request.website.cobranding_style, Some(CobrandingStyle::Logo));
    }

    #[test]
    fn a_recipient_request() {
        let query = "pipelineName=Recipient&CallerReference=c1&recipientPaysFee=True&maxFixedFee=0.50\
                     &maxVariableFee=10&validityStart=1282996800";
        let Ok(PipelineRequest::Recipient(request)) = parse(query) else { panic!() };
        assert!(request.recipient_pays_fee);
        assert_eq!(request.max_variable_fee, Some(Percent::parse("10").unwrap()));
        assert_eq!(request.validity_start.unwrap().to_string(), "2010-08-28T12:00:00Z");
        assert_eq!(request.payment_methods.len(), 3);
    }

    #[test]
    fn wrong_parameters_are_named_together() {
        assert_eq!(bad_fields("pipelineName=SingleUse"), ["callerReference", "transactionAmount"]);
        assert_eq!(
            bad_fields(
                "pipelineName=SingleUse&callerReference=c&transactionAmount=0&paymentMethod=Debt&reserve=yes&tax=x"
            ),
            ["transactionAmount", "paymentMethod", "reserve", "tax"]
        );
        assert_eq!(
            bad_fields("pipelineName=Recipient&callerReference=c&maxVariableFee=101&version=1"),
            ["version", "recipientPaysFee", "maxVariableFee"]
        );
        assert_eq!(bad_fields("pipelineName=MultiUse"), ["pipelineName"]);
        assert_eq!(
            parse("pipelineName=SingleUse&transactionAmount=1").unwrap_err().to_string(),
            "The following input(s) are not well formed: [callerReference]"
        );
    }
}
