//! Pay and Reserve, which take the same parameters.

use super::ActionRequest;
use super::fields::{AmountNames, Fields, LEFT_OVER, LONGEST_DESCRIPTION, amount_names, required};
use crate::enums::{ChargeFeeTo, CsOwner, SoftDescriptorType};
use crate::errors::FpsError;
use crate::ids::{CallerReference, TokenId};
use crate::parameters::Parameters;
use money::{Money, Percent};
use url::Url;

const TRANSACTION_AMOUNT: AmountNames = amount_names!("TransactionAmount");
const FIXED_FEE: AmountNames = amount_names!("MarketplaceFixedFee");
/// One client does not wrap the amount (fps.md §14.10).
const BARE_FIXED_FEE: &str = "MarketplaceFixedFee";

const OWN: [&str; 16] = [
    "SenderTokenId",
    "RecipientTokenId",
    TRANSACTION_AMOUNT.currency,
    TRANSACTION_AMOUNT.value,
    "ChargeFeeTo",
    "CallerReference",
    "CallerDescription",
    "SenderDescription",
    "DescriptorPolicy.SoftDescriptorType",
    "DescriptorPolicy.CSOwner",
    "TransactionTimeoutInMins",
    FIXED_FEE.currency,
    FIXED_FEE.value,
    BARE_FIXED_FEE,
    "MarketplaceVariableFee",
    "OverrideIPNURL",
];

/// What a card statement says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DescriptorPolicy {
    pub soft_descriptor_type: Option<SoftDescriptorType>,
    pub cs_owner: Option<CsOwner>,
}

impl DescriptorPolicy {
    pub(super) fn parse(fields: Fields<'_>) -> Result<Self, FpsError> {
        Ok(Self {
            soft_descriptor_type: fields.word("DescriptorPolicy.SoftDescriptorType")?,
            cs_owner: fields.word("DescriptorPolicy.CSOwner")?,
        })
    }
}

/// A Pay or Reserve request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRequest {
    pub sender_token_id: TokenId,
    /// Required in a marketplace; otherwise the caller is paid.
    pub recipient_token_id: Option<TokenId>,
    pub transaction_amount: Money,
    /// When absent, the recipient token's recipientPaysFee decides.
    pub charge_fee_to: Option<ChargeFeeTo>,
    pub caller_reference: CallerReference,
    pub caller_description: Option<String>,
    pub sender_description: Option<String>,
    pub descriptor_policy: DescriptorPolicy,
    pub transaction_timeout_in_mins: Option<u32>,
    pub marketplace_fixed_fee: Option<Money>,
    pub marketplace_variable_fee: Option<Percent>,
    pub override_ipn_url: Option<Url>,
}

impl PaymentRequest {
    /// What every payment needs; the rest is absent.
    pub fn new(
        sender_token_id: TokenId,
        transaction_amount: Money,
        caller_reference: CallerReference,
    ) -> Self {
        Self {
            sender_token_id,
            recipient_token_id: None,
            transaction_amount,
            charge_fee_to: None,
            caller_reference,
            caller_description: None,
            sender_description: None,
            descriptor_policy: DescriptorPolicy::default(),
            transaction_timeout_in_mins: None,
            marketplace_fixed_fee: None,
            marketplace_variable_fee: None,
            override_ipn_url: None,
        }
    }
}

impl ActionRequest for PaymentRequest {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let fields = Fields::new(parameters, &[&OWN[..], &LEFT_OVER].concat())?;
        Ok(Self {
            sender_token_id: required("SenderTokenId", fields.token("SenderTokenId")?)?,
            recipient_token_id: fields.token("RecipientTokenId")?,
            transaction_amount: required(TRANSACTION_AMOUNT.value, fields.amount(TRANSACTION_AMOUNT)?)?,
            charge_fee_to: fields.word("ChargeFeeTo")?,
            caller_reference: required("CallerReference", fields.caller_reference()?)?,
            caller_description: fields.text("CallerDescription", LONGEST_DESCRIPTION)?,
            sender_description: fields.text("SenderDescription", LONGEST_DESCRIPTION)?,
            descriptor_policy: DescriptorPolicy::parse(fields)?,
            transaction_timeout_in_mins: timeout(fields)?,
            marketplace_fixed_fee: fixed_fee(fields)?,
            marketplace_variable_fee: fields.percent("MarketplaceVariableFee")?,
            override_ipn_url: fields.url("OverrideIPNURL")?,
        })
    }

    fn to_parameters(&self) -> Parameters {
        let mut to = Parameters::new();
        to.push("SenderTokenId", self.sender_token_id.as_str());
        to.push_some("RecipientTokenId", self.recipient_token_id.as_ref().map(TokenId::as_str));
        TRANSACTION_AMOUNT.push(&mut to, self.transaction_amount);
        to.push_some("ChargeFeeTo", self.charge_fee_to.map(ChargeFeeTo::as_str));
        to.push("CallerReference", self.caller_reference.as_str());
        to.push_some("CallerDescription", self.caller_description.as_deref());
        to.push_some("SenderDescription", self.sender_description.as_deref());
        let policy = self.descriptor_policy;
        to.push_some(
            "DescriptorPolicy.SoftDescriptorType",
            policy.soft_descriptor_type.map(SoftDescriptorType::as_str),
        );
        to.push_some("DescriptorPolicy.CSOwner", policy.cs_owner.map(CsOwner::as_str));
        to.push_some(
            "TransactionTimeoutInMins",
            self.transaction_timeout_in_mins.map(|mins| mins.to_string()),
        );
        if let Some(fee) = self.marketplace_fixed_fee {
            FIXED_FEE.push(&mut to, fee);
        }
        to.push_some("MarketplaceVariableFee", self.marketplace_variable_fee.map(|fee| fee.to_string()));
        to.push_some("OverrideIPNURL", self.override_ipn_url.as_ref().map(Url::as_str));
        to
    }
}

pub(super) fn timeout(fields: Fields<'_>) -> Result<Option<u32>, FpsError> {
    const NAME: &str = "TransactionTimeoutInMins";
    match fields.count(NAME)? {
        Some(0) => Err(FpsError::invalid(NAME, "must be more than zero")),
        // The schema's xs:int.
        Some(minutes) if i32::try_from(minutes).is_err() => Err(FpsError::invalid(NAME, "is too large")),
        minutes => Ok(minutes),
    }
}

fn fixed_fee(fields: Fields<'_>) -> Result<Option<Money>, FpsError> {
    match (fields.exact_amount_or_zero(FIXED_FEE)?, fields.bare_amount(BARE_FIXED_FEE)?) {
        (Some(_), Some(_)) => Err(FpsError::invalid(BARE_FIXED_FEE, "was given more than once")),
        (wrapped, bare) => Ok(wrapped.or(bare)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::Request;
    use crate::errors::ErrorCode;

    const LEAST: &str = "Action=Pay&SenderTokenId=S&TransactionAmount.CurrencyCode=USD\
                         &TransactionAmount.Value=10.00&CallerReference=c1";

    fn parse(query: &str) -> Result<Request, FpsError> {
        Request::parse(&Parameters::from_query(query).unwrap())
    }

    fn refusal(change: &str) -> FpsError {
        let changed = Parameters::from_query(change).unwrap();
        let mut parameters = Parameters::from_query(LEAST).unwrap();
        for (name, value) in changed.iter() {
            parameters.set(name, value);
        }
        Request::parse(&parameters).expect_err(change)
    }

    #[test]
    fn the_same_request_in_other_words_is_the_same() {
        let plain = parse(LEAST).unwrap();
        let again = parse(
            "Version=2010-08-28&Timestamp=now&Signature=x&CallerReference=c1&TransactionAmount.Value=10.0\
             &TransactionAmount.CurrencyCode=USD&SenderTokenId=S&Action=Pay&CallerDescription=",
        )
        .unwrap();
        assert_eq!(plain.canonical_digest_input(), again.canonical_digest_input());
        let others = [
            ("Action", "Reserve"),
            ("TransactionAmount.Value", "10.01"),
            ("SenderTokenId", "T"),
            ("ChargeFeeTo", "Caller"),
        ];
        for (name, value) in others {
            let mut other = Parameters::from_query(LEAST).unwrap();
            other.set(name, value);
            let other = Request::parse(&other).unwrap();
            assert_ne!(plain.canonical_digest_input(), other.canonical_digest_input(), "{name}");
        }
    }

    #[test]
    fn everything_survives_a_round_trip() {
        let query = format!(
            "{LEAST}&RecipientTokenId=R&ChargeFeeTo=Recipient&CallerDescription=for%20you&SenderDescription=me\
             &DescriptorPolicy.SoftDescriptorType=Dynamic&DescriptorPolicy.CSOwner=Caller\
             &TransactionTimeoutInMins=5&MarketplaceFixedFee.CurrencyCode=USD&MarketplaceFixedFee.Value=0.50\
             &MarketplaceVariableFee=5.25&OverrideIPNURL=http%3A%2F%2F127.0.0.1%2Fipn%3Fa%3Db"
        );
        let request = parse(&query).unwrap();
        assert_eq!(Request::parse(&request.to_parameters()).unwrap(), request);
        assert_eq!(request.to_parameters().len(), 16);
    }

    #[test]
    fn what_is_left_over_of_the_first_version_means_nothing() {
        let old = format!(
            "{LEAST}&CallerTokenId=T&RecipientTokenId=&SenderReference=s&RecipientReference=r&RecipientDescription=d\
             &MetaData=m&TransactionDate=now&TemporaryDeclinePolicy.TemporaryDeclinePolicyType=ExplicitRetry\
             &TemporaryDeclinePolicy.ImplicitRetryTimeoutInMins=10"
        );
        assert_eq!(parse(&old).unwrap(), parse(LEAST).unwrap());
    }

    #[test]
    fn a_bare_fixed_fee_is_understood() {
        let bare = parse(&format!("{LEAST}&MarketplaceFixedFee=0.50")).unwrap();
        let wrapped =
            parse(&format!("{LEAST}&MarketplaceFixedFee.Value=0.5&MarketplaceFixedFee.CurrencyCode=USD"))
                .unwrap();
        assert_eq!(bare, wrapped);
        let both = "MarketplaceFixedFee=1&MarketplaceFixedFee.Value=1&MarketplaceFixedFee.CurrencyCode=USD";
        assert_eq!(refusal(both).code, ErrorCode::InvalidParams);
    }

    #[test]
    fn bad_values_are_refused_by_name() {
        let table = [
            ("SenderTokenId=", ErrorCode::InvalidParams, "SenderTokenId"),
            ("SenderTokenId=a-b", ErrorCode::InvalidParams, "senderTokenId"),
            ("TransactionAmount.Value=", ErrorCode::InvalidParams, "TransactionAmount.Value"),
            ("TransactionAmount.CurrencyCode=", ErrorCode::InvalidParams, "TransactionAmount.CurrencyCode"),
            ("TransactionAmount.CurrencyCode=EUR", ErrorCode::InvalidParams, "must be USD"),
            ("TransactionAmount.Value=1e3", ErrorCode::InvalidParams, "TransactionAmount.Value"),
            ("TransactionAmount.Value=-1", ErrorCode::InvalidParams, "TransactionAmount.Value"),
            ("TransactionAmount.Value=1.005", ErrorCode::InvalidParams, "too many decimals"),
            ("TransactionAmount.Value=0.00", ErrorCode::AmountOutOfRange, "more than zero"),
            ("TransactionAmount.Value=100000000.01", ErrorCode::AmountOutOfRange, "too large"),
            ("TransactionAmount.Value=99999999999999999999", ErrorCode::AmountOutOfRange, "too large"),
            ("CallerReference=", ErrorCode::InvalidParams, "CallerReference"),
            ("ChargeFeeTo=Sender", ErrorCode::InvalidParams, "ChargeFeeTo"),
            ("MarketplaceVariableFee=101", ErrorCode::InvalidParams, "MarketplaceVariableFee"),
            ("TransactionTimeoutInMins=0", ErrorCode::InvalidParams, "TransactionTimeoutInMins"),
            ("TransactionTimeoutInMins=3000000000", ErrorCode::InvalidParams, "TransactionTimeoutInMins"),
            ("OverrideIPNURL=javascript:1", ErrorCode::InvalidParams, "OverrideIPNURL"),
            ("OverrideIPNURL=http://me:pw@127.0.0.1/ipn", ErrorCode::InvalidParams, "OverrideIPNURL"),
            ("Colour=blue", ErrorCode::InvalidRequest, "Colour"),
        ];
        for (change, code, words) in table {
            let refusal = refusal(change);
            assert_eq!(refusal.code, code, "{change}");
            assert!(refusal.message.contains(words), "{change}: {refusal}");
        }
        let long = format!("CallerDescription={}", "x".repeat(161));
        assert!(refusal(&long).message.contains("160"));
        // As a browser writes it, each letter is six characters.
        let long = format!("OverrideIPNURL=http://a/{}", "é".repeat(300));
        assert!(refusal(&long).message.contains("OverrideIPNURL"));
        let repeated = parse(&format!("{LEAST}&SenderTokenId=T")).unwrap_err();
        assert!(repeated.message.contains("more than once"), "{repeated}");
    }
}
