//! The actions on an existing transaction.

use super::ActionRequest;
use super::fields::{AmountNames, Fields, LEFT_OVER, LONGEST_DESCRIPTION, amount_names, required};
use crate::enums::MarketplaceRefundPolicy;
use crate::errors::FpsError;
use crate::ids::{CallerReference, TokenId, TransactionId};
use crate::parameters::Parameters;
use money::Money;
use url::Url;

const TRANSACTION_AMOUNT: AmountNames = amount_names!("TransactionAmount");
const REFUND_AMOUNT: AmountNames = amount_names!("RefundAmount");
const TRANSACTION_ID: &str = "TransactionId";
const RESERVE_TRANSACTION_ID: &str = "ReserveTransactionId";
const OVERRIDE_IPN_URL: &str = "OverrideIPNURL";

/// Charges what was reserved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settle {
    pub reserve_transaction_id: TransactionId,
    /// The whole reserve when absent.
    pub transaction_amount: Option<Money>,
    pub override_ipn_url: Option<Url>,
}

impl ActionRequest for Settle {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let own = [
            RESERVE_TRANSACTION_ID,
            // The guide's examples name it so, the reference and all clients the other way (fps.md §5).
            TRANSACTION_ID,
            TRANSACTION_AMOUNT.currency,
            TRANSACTION_AMOUNT.value,
            OVERRIDE_IPN_URL,
        ];
        let fields = Fields::new(parameters, &[&own[..], &LEFT_OVER].concat())?;
        let reserve = fields.transaction(RESERVE_TRANSACTION_ID)?;
        let other = fields.transaction(TRANSACTION_ID)?;
        if reserve.is_some() && other.is_some() && reserve != other {
            return Err(FpsError::invalid(TRANSACTION_ID, "differs from \"ReserveTransactionId\""));
        }
        Ok(Self {
            reserve_transaction_id: required(RESERVE_TRANSACTION_ID, reserve.or(other))?,
            transaction_amount: fields.amount(TRANSACTION_AMOUNT)?,
            override_ipn_url: fields.url(OVERRIDE_IPN_URL)?,
        })
    }

    fn to_parameters(&self) -> Parameters {
        let mut to = Parameters::new();
        to.push(RESERVE_TRANSACTION_ID, self.reserve_transaction_id.as_str());
        if let Some(amount) = self.transaction_amount {
            TRANSACTION_AMOUNT.push(&mut to, amount);
        }
        to.push_some(OVERRIDE_IPN_URL, self.override_ipn_url.as_ref().map(Url::as_str));
        to
    }
}

/// Gives up a reserved or pending transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancel {
    pub transaction_id: TransactionId,
    pub description: Option<String>,
    pub override_ipn_url: Option<Url>,
}

impl ActionRequest for Cancel {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let fields = Fields::new(parameters, &[TRANSACTION_ID, "Description", OVERRIDE_IPN_URL])?;
        Ok(Self {
            transaction_id: required(TRANSACTION_ID, fields.transaction(TRANSACTION_ID)?)?,
            description: fields.text("Description", LONGEST_DESCRIPTION)?,
            override_ipn_url: fields.url(OVERRIDE_IPN_URL)?,
        })
    }

    fn to_parameters(&self) -> Parameters {
        let mut to = Parameters::new();
        to.push(TRANSACTION_ID, self.transaction_id.as_str());
        to.push_some("Description", self.description.as_deref());
        to.push_some(OVERRIDE_IPN_URL, self.override_ipn_url.as_ref().map(Url::as_str));
        to
    }
}

/// Gives back a part or all of a completed transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    pub transaction_id: TransactionId,
    /// What is left when absent.
    pub refund_amount: Option<Money>,
    pub caller_reference: CallerReference,
    pub caller_description: Option<String>,
    pub marketplace_refund_policy: Option<MarketplaceRefundPolicy>,
    pub override_ipn_url: Option<Url>,
    /// The recipient's refund token; the quick start has it, the schema of 2010 has not (fps.md §5).
    pub refund_token_id: Option<TokenId>,
}

impl ActionRequest for Refund {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let own = [
            TRANSACTION_ID,
            REFUND_AMOUNT.currency,
            REFUND_AMOUNT.value,
            "CallerReference",
            "CallerDescription",
            "MarketplaceRefundPolicy",
            OVERRIDE_IPN_URL,
            "RefundTokenId",
        ];
        let fields = Fields::new(parameters, &[&own[..], &LEFT_OVER].concat())?;
        Ok(Self {
            transaction_id: required(TRANSACTION_ID, fields.transaction(TRANSACTION_ID)?)?,
            refund_amount: fields.exact_amount(REFUND_AMOUNT)?,
            caller_reference: required("CallerReference", fields.caller_reference()?)?,
            caller_description: fields.text("CallerDescription", LONGEST_DESCRIPTION)?,
            marketplace_refund_policy: fields.word("MarketplaceRefundPolicy")?,
            override_ipn_url: fields.url(OVERRIDE_IPN_URL)?,
            refund_token_id: fields.token("RefundTokenId")?,
        })
    }

    fn to_parameters(&self) -> Parameters {
        let mut to = Parameters::new();
        to.push(TRANSACTION_ID, self.transaction_id.as_str());
        if let Some(amount) = self.refund_amount {
            REFUND_AMOUNT.push(&mut to, amount);
        }
        to.push("CallerReference", self.caller_reference.as_str());
        to.push_some("CallerDescription", self.caller_description.as_deref());
        let policy = self.marketplace_refund_policy.map(MarketplaceRefundPolicy::as_str);
        to.push_some("MarketplaceRefundPolicy", policy);
        to.push_some(OVERRIDE_IPN_URL, self.override_ipn_url.as_ref().map(Url::as_str));
        to.push_some("RefundTokenId", self.refund_token_id.as_ref().map(TokenId::as_str));
        to
    }
}

/// Asks how a transaction stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetTransactionStatus {
    pub transaction_id: TransactionId,
}

impl ActionRequest for GetTransactionStatus {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let fields = Fields::new(parameters, &[TRANSACTION_ID])?;
        Ok(Self { transaction_id: required(TRANSACTION_ID, fields.transaction(TRANSACTION_ID)?)? })
    }

    fn to_parameters(&self) -> Parameters {
        Parameters::from_iter([(TRANSACTION_ID, self.transaction_id.as_str())])
    }
}

/// Asks for everything about a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetTransaction {
    pub transaction_id: TransactionId,
}

impl ActionRequest for GetTransaction {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let fields = Fields::new(parameters, &[TRANSACTION_ID])?;
        Ok(Self { transaction_id: required(TRANSACTION_ID, fields.transaction(TRANSACTION_ID)?)? })
    }

    fn to_parameters(&self) -> Parameters {
        Parameters::from_iter([(TRANSACTION_ID, self.transaction_id.as_str())])
    }
}

#[cfg(test)]
mod tests {
    use crate::actions::Request;
    use crate::errors::{ErrorCode, FpsError};
    use crate::parameters::Parameters;

    fn parse(query: &str) -> Result<Request, FpsError> {
        Request::parse(&Parameters::from_query(query).unwrap())
    }

    #[test]
    fn settle_takes_either_name() {
        let documented = parse("Action=Settle&ReserveTransactionId=T").unwrap();
        assert_eq!(parse("Action=Settle&TransactionId=T").unwrap(), documented);
        assert_eq!(parse("Action=Settle&TransactionId=T&ReserveTransactionId=T").unwrap(), documented);
        assert_eq!(parse("Action=Settle&TransactionId=T&TransactionDate=now").unwrap(), documented);
        assert!(parse("Action=Settle&TransactionId=T&ReserveTransactionId=U").is_err());
        assert!(parse("Action=Settle").unwrap_err().message.contains("ReserveTransactionId"));
    }

    #[test]
    fn everything_survives_a_round_trip() {
        let queries = [
            "Action=Settle&ReserveTransactionId=T&TransactionAmount.CurrencyCode=USD&TransactionAmount.Value=3\
             &OverrideIPNURL=https://a/",
            "Action=Cancel&TransactionId=T&Description=gone&OverrideIPNURL=https://a/",
            "Action=Refund&TransactionId=T&RefundAmount.CurrencyCode=USD&RefundAmount.Value=3&CallerReference=r\
             &CallerDescription=sorry&MarketplaceRefundPolicy=MasterAndMarketplaceTxn&OverrideIPNURL=https://a/\
             &RefundTokenId=R",
            "Action=GetTransactionStatus&TransactionId=T",
            "Action=GetTransaction&TransactionId=T",
        ];
        for query in queries {
            let request = parse(query).unwrap();
            let parameters = request.to_parameters();
            assert_eq!(parameters.len(), query.split('&').count(), "{query}");
            assert_eq!(Request::parse(&parameters).unwrap(), request, "{query}");
        }
    }

    #[test]
    fn bad_values_are_refused() {
        let table = [
            ("Action=Cancel", ErrorCode::InvalidParams),
            ("Action=Cancel&TransactionId=%3Cb%3E", ErrorCode::InvalidTransactionId),
            ("Action=Cancel&TransactionId=T&CallerReference=r", ErrorCode::InvalidRequest),
            ("Action=Refund&TransactionId=T", ErrorCode::InvalidParams),
            (
                "Action=Refund&TransactionId=T&CallerReference=r&RefundAmount.Value=1",
                ErrorCode::InvalidParams,
            ),
            (
                "Action=Refund&TransactionId=T&CallerReference=r&MarketplaceRefundPolicy=All",
                ErrorCode::InvalidParams,
            ),
            ("Action=GetTransactionStatus&TransactionId=T&TransactionId=T", ErrorCode::InvalidParams),
            ("Action=GetTransaction", ErrorCode::InvalidParams),
            ("Action=GetTransaction&TransactionId=%3Cb%3E", ErrorCode::InvalidTransactionId),
        ];
        for (query, code) in table {
            assert_eq!(parse(query).unwrap_err().code, code, "{query}");
        }
    }
}
