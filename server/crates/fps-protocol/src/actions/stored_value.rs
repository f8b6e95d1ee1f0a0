//! Prepaid balances and debts: filling, settling, writing off, and asking for them.

use super::ActionRequest;
use super::fields::{AmountNames, Fields, LEFT_OVER, LONGEST_DESCRIPTION, amount_names, required};
use super::payment::{DescriptorPolicy, PaymentRequest, timeout};
use crate::errors::FpsError;
use crate::ids::{CallerReference, InstrumentId, TokenId};
use crate::parameters::Parameters;
use money::Money;
use url::Url;

const PREPAID_INSTRUMENT: &str = "PrepaidInstrumentId";
const CREDIT_INSTRUMENT: &str = "CreditInstrumentId";
const ADJUSTMENT_AMOUNT: AmountNames = amount_names!("AdjustmentAmount");
/// One client does not wrap the amount, as with `MarketplaceFixedFee` (fps.md §14.10).
const BARE_ADJUSTMENT_AMOUNT: &str = "AdjustmentAmount";

/// Left over of the first version in these actions alone, as [`LEFT_OVER`] is in all.
const LEFT_OVER_HERE: [&str; 2] = ["ChargeFeeTo", "SenderDescription"];

const MOVING: [&str; 8] = [
    "SenderTokenId",
    "CallerReference",
    "SenderDescription",
    "CallerDescription",
    "DescriptorPolicy.SoftDescriptorType",
    "DescriptorPolicy.CSOwner",
    "TransactionTimeoutInMins",
    "OverrideIPNURL",
];

/// What `FundPrepaid` and `SettleDebt` name differently.
#[derive(Debug, Clone, Copy)]
struct Names {
    instrument: &'static str,
    amount: AmountNames,
}

const FUND_PREPAID: Names = Names { instrument: PREPAID_INSTRUMENT, amount: amount_names!("FundingAmount") };
const SETTLE_DEBT: Names = Names { instrument: CREDIT_INSTRUMENT, amount: amount_names!("SettlementAmount") };

/// Fills a prepaid balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundPrepaid(pub StoredValueRequest);

/// Pays what is owed, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettleDebt(pub StoredValueRequest);

impl ActionRequest for FundPrepaid {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        StoredValueRequest::parse(parameters, FUND_PREPAID).map(Self)
    }

    fn to_parameters(&self) -> Parameters {
        self.0.to_parameters(FUND_PREPAID)
    }
}

impl ActionRequest for SettleDebt {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        StoredValueRequest::parse(parameters, SETTLE_DEBT).map(Self)
    }

    fn to_parameters(&self) -> Parameters {
        self.0.to_parameters(SETTLE_DEBT)
    }
}

/// What `FundPrepaid` and `SettleDebt` have in common: the sender pays for what it has with the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredValueRequest {
    pub sender_token_id: TokenId,
    /// The prepaid balance, or the credit whose debt is settled.
    pub instrument_id: InstrumentId,
    pub amount: Money,
    pub caller_reference: CallerReference,
    pub caller_description: Option<String>,
    pub sender_description: Option<String>,
    pub descriptor_policy: DescriptorPolicy,
    pub transaction_timeout_in_mins: Option<u32>,
    pub override_ipn_url: Option<Url>,
}

impl StoredValueRequest {
    fn parse(parameters: &Parameters, names: Names) -> Result<Self, FpsError> {
        let own = [names.instrument, names.amount.currency, names.amount.value];
        let known = [&own[..], &MOVING, &LEFT_OVER, &LEFT_OVER_HERE].concat();
        let fields = Fields::new(parameters, &known)?;
        Ok(Self {
            sender_token_id: required("SenderTokenId", fields.token("SenderTokenId")?)?,
            instrument_id: required(names.instrument, fields.instrument(names.instrument)?)?,
            amount: required(names.amount.value, fields.amount(names.amount)?)?,
            caller_reference: required("CallerReference", fields.caller_reference()?)?,
            caller_description: fields.text("CallerDescription", LONGEST_DESCRIPTION)?,
            sender_description: fields.text("SenderDescription", LONGEST_DESCRIPTION)?,
            descriptor_policy: DescriptorPolicy::parse(fields)?,
            transaction_timeout_in_mins: timeout(fields)?,
            override_ipn_url: fields.url("OverrideIPNURL")?,
        })
    }

    fn to_parameters(&self, names: Names) -> Parameters {
        let payment = self.to_payment();
        let mut to = Parameters::new();
        to.push(names.instrument, self.instrument_id.as_str());
        names.amount.push(&mut to, self.amount);
        // The rest is named as in Pay.
        for (name, value) in payment.to_parameters().iter().filter(|(name, _)| MOVING.contains(name)) {
            to.push(name, value);
        }
        to
    }

    /// The same as a payment to the caller.
    pub fn to_payment(&self) -> PaymentRequest {
        PaymentRequest {
            caller_description: self.caller_description.clone(),
            sender_description: self.sender_description.clone(),
            descriptor_policy: self.descriptor_policy,
            transaction_timeout_in_mins: self.transaction_timeout_in_mins,
            override_ipn_url: self.override_ipn_url.clone(),
            ..PaymentRequest::new(self.sender_token_id.clone(), self.amount, self.caller_reference.clone())
        }
    }
}

/// Gives up a part of what is owed, or all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteOffDebt {
    pub credit_instrument_id: InstrumentId,
    pub adjustment_amount: Money,
    pub caller_reference: CallerReference,
    pub caller_description: Option<String>,
}

impl ActionRequest for WriteOffDebt {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let own = [
            CREDIT_INSTRUMENT,
            ADJUSTMENT_AMOUNT.currency,
            ADJUSTMENT_AMOUNT.value,
            BARE_ADJUSTMENT_AMOUNT,
            "CallerReference",
            "CallerDescription",
        ];
        let fields = Fields::new(parameters, &[&own[..], &LEFT_OVER, &LEFT_OVER_HERE].concat())?;
        let amount =
            match (fields.exact_amount(ADJUSTMENT_AMOUNT)?, fields.bare_amount(BARE_ADJUSTMENT_AMOUNT)?) {
                (Some(_), Some(_)) => {
                    return Err(FpsError::invalid(BARE_ADJUSTMENT_AMOUNT, "was given more than once"));
                }
                (None, Some(bare)) if !bare.is_positive() => {
                    return Err(super::fields::out_of_range(
                        BARE_ADJUSTMENT_AMOUNT,
                        "must be more than zero",
                    ));
                }
                (wrapped, bare) => wrapped.or(bare),
            };
        Ok(Self {
            credit_instrument_id: required(CREDIT_INSTRUMENT, fields.instrument(CREDIT_INSTRUMENT)?)?,
            adjustment_amount: required(ADJUSTMENT_AMOUNT.value, amount)?,
            caller_reference: required("CallerReference", fields.caller_reference()?)?,
            caller_description: fields.text("CallerDescription", LONGEST_DESCRIPTION)?,
        })
    }

    fn to_parameters(&self) -> Parameters {
        let mut to = Parameters::from_iter([(CREDIT_INSTRUMENT, self.credit_instrument_id.as_str())]);
        ADJUSTMENT_AMOUNT.push(&mut to, self.adjustment_amount);
        to.push("CallerReference", self.caller_reference.as_str());
        to.push_some("CallerDescription", self.caller_description.as_deref());
        to
    }
}

/// Asks what is left of a prepaid balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetPrepaidBalance {
    pub prepaid_instrument_id: InstrumentId,
}

impl ActionRequest for GetPrepaidBalance {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let fields = Fields::new(parameters, &[PREPAID_INSTRUMENT])?;
        let id = fields.instrument(PREPAID_INSTRUMENT)?;
        Ok(Self { prepaid_instrument_id: required(PREPAID_INSTRUMENT, id)? })
    }

    fn to_parameters(&self) -> Parameters {
        Parameters::from_iter([(PREPAID_INSTRUMENT, self.prepaid_instrument_id.as_str())])
    }
}

/// Asks what is owed on a credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetDebtBalance {
    pub credit_instrument_id: InstrumentId,
}

impl ActionRequest for GetDebtBalance {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let fields = Fields::new(parameters, &[CREDIT_INSTRUMENT])?;
        let id = fields.instrument(CREDIT_INSTRUMENT)?;
        Ok(Self { credit_instrument_id: required(CREDIT_INSTRUMENT, id)? })
    }

    fn to_parameters(&self) -> Parameters {
        Parameters::from_iter([(CREDIT_INSTRUMENT, self.credit_instrument_id.as_str())])
    }
}

/// Asks for the sum of all prepaid balances with the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GetTotalPrepaidLiability;

impl ActionRequest for GetTotalPrepaidLiability {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        Fields::new(parameters, &[])?;
        Ok(Self)
    }

    fn to_parameters(&self) -> Parameters {
        Parameters::new()
    }
}

/// Asks for the sum of all debts to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GetOutstandingDebtBalance;

impl ActionRequest for GetOutstandingDebtBalance {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        Fields::new(parameters, &[])?;
        Ok(Self)
    }

    fn to_parameters(&self) -> Parameters {
        Parameters::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::Request;
    use crate::errors::ErrorCode;

    const FUND: &str = "Action=FundPrepaid&SenderTokenId=S&PrepaidInstrumentId=P&FundingAmount.CurrencyCode=USD\
                        &FundingAmount.Value=10.0&CallerReference=c1";
    const SETTLE: &str = "Action=SettleDebt&SenderTokenId=S&CreditInstrumentId=C\
                          &SettlementAmount.CurrencyCode=USD&SettlementAmount.Value=10.0&CallerReference=c1";
    const WRITE_OFF: &str = "Action=WriteOffDebt&CreditInstrumentId=C&AdjustmentAmount.CurrencyCode=USD\
                             &AdjustmentAmount.Value=10.0&CallerReference=c1";
    const REST: &str = "&SenderDescription=me&CallerDescription=for%20you\
                        &DescriptorPolicy.SoftDescriptorType=Dynamic&DescriptorPolicy.CSOwner=Caller\
                        &TransactionTimeoutInMins=5&OverrideIPNURL=http%3A%2F%2F127.0.0.1%2Fipn";

    fn parse(query: &str) -> Result<Request, FpsError> {
        Request::parse(&Parameters::from_query(query).unwrap())
    }

    #[test]
    fn everything_survives_a_round_trip() {
        let queries = [
            FUND,
            SETTLE,
            WRITE_OFF,
            &format!("{FUND}{REST}"),
            &format!("{SETTLE}{REST}"),
            &format!("{WRITE_OFF}&CallerDescription=forgotten"),
            "Action=GetPrepaidBalance&PrepaidInstrumentId=P",
            "Action=GetDebtBalance&CreditInstrumentId=C",
            "Action=GetTotalPrepaidLiability",
            "Action=GetOutstandingDebtBalance",
            "Action=GetOutStandingDebtBalance",
        ];
        for query in queries {
            let request = parse(query).unwrap();
            assert_eq!(Request::parse(&request.to_parameters()).unwrap(), request, "{query}");
            assert_eq!(request.to_parameters().len(), query.split('&').count(), "{query}");
        }
    }

    #[test]
    fn what_is_left_over_of_the_first_version_means_nothing() {
        for least in [FUND, SETTLE, WRITE_OFF] {
            let old = format!("{least}&CallerTokenId=T&ChargeFeeTo=Caller&TransactionDate=now&MetaData=m");
            assert_eq!(parse(&old).unwrap(), parse(least).unwrap());
        }
        let bare = "Action=WriteOffDebt&CreditInstrumentId=C&AdjustmentAmount=10&CallerReference=c1";
        assert_eq!(parse(bare).unwrap(), parse(WRITE_OFF).unwrap());
    }

    #[test]
    fn bad_values_are_refused_by_name() {
        let table = [
            (FUND, "PrepaidInstrumentId=", ErrorCode::InvalidParams, "PrepaidInstrumentId"),
            (FUND, "PrepaidInstrumentId=a-b", ErrorCode::InvalidPaymentInstrument, "PrepaidInstrumentId"),
            (FUND, "CreditInstrumentId=C", ErrorCode::InvalidRequest, "CreditInstrumentId"),
            (FUND, "FundingAmount.Value=", ErrorCode::InvalidParams, "FundingAmount.Value"),
            (FUND, "FundingAmount.Value=0", ErrorCode::AmountOutOfRange, "FundingAmount.Value"),
            (FUND, "RecipientTokenId=R", ErrorCode::InvalidRequest, "RecipientTokenId"),
            (SETTLE, "SettlementAmount.CurrencyCode=EUR", ErrorCode::InvalidParams, "must be USD"),
            (SETTLE, "SenderTokenId=", ErrorCode::InvalidParams, "SenderTokenId"),
            (SETTLE, "CallerReference=", ErrorCode::InvalidParams, "CallerReference"),
            (WRITE_OFF, "AdjustmentAmount.Value=-1", ErrorCode::InvalidParams, "AdjustmentAmount.Value"),
            (WRITE_OFF, "AdjustmentAmount=10", ErrorCode::InvalidParams, "more than once"),
            (WRITE_OFF, "SenderTokenId=S", ErrorCode::InvalidRequest, "SenderTokenId"),
        ];
        for (least, change, code, words) in table {
            let mut parameters = Parameters::from_query(least).unwrap();
            for (name, value) in Parameters::from_query(change).unwrap().iter() {
                parameters.set(name, value);
            }
            let refusal = Request::parse(&parameters).expect_err(change);
            assert_eq!(refusal.code, code, "{change}");
            assert!(refusal.message.contains(words), "{change}: {refusal}");
        }
        let zero = "Action=WriteOffDebt&CreditInstrumentId=C&AdjustmentAmount=0&CallerReference=c1";
        assert_eq!(parse(zero).unwrap_err().code, ErrorCode::AmountOutOfRange);
    }
}
