//! What the CBUI adds to the returnURL (fps.md §7.3).

use super::{CbuiStatus, ShippingAddress};
use crate::ids::{InstrumentId, TokenId};
use crate::outbound;
use crate::parameters::Parameters;
use text_types::words;

const STATUS: &str = "status";
const CALLER_REFERENCE: &str = "callerReference";
const TOKEN_ID: &str = "tokenID";
const REFUND_TOKEN_ID: &str = "refundTokenID";
const EXPIRY: &str = "expiry";
const ERROR_MESSAGE: &str = "errorMessage";
const WARNING_CODE: &str = "warningCode";
const WARNING_MESSAGE: &str = "warningMessage";
/// Instrument, the token that pays with it, the token that fills it.
const PREPAID: [&str; 3] = ["prepaidInstrumentID", "prepaidSenderTokenID", "fundingTokenID"];
/// Instrument, the token that pays with it, the token that settles the debt.
const POSTPAID: [&str; 3] = ["creditInstrumentID", "creditSenderTokenID", "settlementTokenID"];

/// Can the CBUI add a parameter of that name, whatever was asked?
pub(super) fn is_reserved(name: &str) -> bool {
    let own = [
        STATUS,
        CALLER_REFERENCE,
        TOKEN_ID,
        REFUND_TOKEN_ID,
        EXPIRY,
        ERROR_MESSAGE,
        WARNING_CODE,
        WARNING_MESSAGE,
    ];
    own.contains(&name)
        || PREPAID.contains(&name)
        || POSTPAID.contains(&name)
        || outbound::SIGNATURE_PARAMETERS.contains(&name)
}

/// Can it add one of that name when it has asked for an address?
pub(super) fn is_of_address(name: &str) -> bool {
    ShippingAddress::is_name_of_part(name)
}

words! {
    /// There is a token, but something is not as it should be.
    pub enum Warning {
        InvalidShippingAddress = "invalidShippingAddress",
    }
}

impl Warning {
    pub const fn message(self) -> &'static str {
        match self {
            Self::InvalidShippingAddress => "The shipping address is not complete.",
        }
    }
}

/// What a Setup pipeline made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredValueTokens {
    pub instrument_id: InstrumentId,
    /// Pays with the instrument.
    pub sender_token_id: TokenId,
    /// Fills the prepaid balance, or settles the debt.
    pub source_token_id: TokenId,
}

/// How it ended, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CbuiReturn {
    pub status: CbuiStatus,
    pub caller_reference: Option<String>,
    /// The sender's or the recipient's token.
    pub token_id: Option<TokenId>,
    /// Recipient pipeline only.
    pub refund_token_id: Option<TokenId>,
    /// `SetupPrepaid` only.
    pub prepaid: Option<StoredValueTokens>,
    /// `SetupPostpaid` only.
    pub postpaid: Option<StoredValueTokens>,
    /// The card's, as `MM/YYYY`.
    pub expiry: Option<String>,
    pub error_message: Option<String>,
    pub warning: Option<Warning>,
    pub address: ShippingAddress,
}

/// Not something that the CBUI sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the return's {0} is missing or malformed")]
pub struct BadReturn(pub &'static str);

impl CbuiReturn {
    /// A return with that status and nothing else.
    pub fn new(status: CbuiStatus) -> Self {
        Self {
            status,
            caller_reference: None,
            token_id: None,
            refund_token_id: None,
            prepaid: None,
            postpaid: None,
            expiry: None,
            error_message: None,
            warning: None,
            address: ShippingAddress::default(),
        }
    }

    pub fn to_parameters(&self) -> Parameters {
        let mut to = Parameters::new();
        to.push_some(TOKEN_ID, self.token_id.as_ref().map(TokenId::as_str));
        to.push_some(REFUND_TOKEN_ID, self.refund_token_id.as_ref().map(TokenId::as_str));
        for (made, names) in [(&self.prepaid, PREPAID), (&self.postpaid, POSTPAID)] {
            if let Some(made) = made {
                made.push(&mut to, names);
            }
        }
        to.push(STATUS, self.status.as_str());
        to.push_some(CALLER_REFERENCE, self.caller_reference.as_deref());
        to.push_some(EXPIRY, self.expiry.as_deref());
        to.push_some(ERROR_MESSAGE, self.error_message.as_deref());
        to.push_some(WARNING_CODE, self.warning.map(Warning::as_str));
        to.push_some(WARNING_MESSAGE, self.warning.map(Warning::message));
        to.joined(self.address.to_parameters())
    }

    /// Client side; the returnURL's own parameters and unknown ones are passed over, unknown warnings too.
    pub fn from_parameters(parameters: &Parameters) -> Result<Self, BadReturn> {
        let text = |name| parameters.non_empty(name).map(str::to_owned);
        let status = parameters.get(STATUS).and_then(|text| text.parse().ok());
        Ok(Self {
            status: status.ok_or(BadReturn(STATUS))?,
            caller_reference: text(CALLER_REFERENCE),
            token_id: token(parameters, TOKEN_ID)?,
            refund_token_id: token(parameters, REFUND_TOKEN_ID)?,
            prepaid: StoredValueTokens::read(parameters, PREPAID)?,
            postpaid: StoredValueTokens::read(parameters, POSTPAID)?,
            expiry: text(EXPIRY),
            error_message: text(ERROR_MESSAGE),
            warning: parameters.get(WARNING_CODE).and_then(|text| text.parse().ok()),
            address: ShippingAddress::read(text),
        })
    }
}

impl StoredValueTokens {
    fn push(&self, to: &mut Parameters, [instrument, sender, source]: [&str; 3]) {
        to.push(instrument, self.instrument_id.as_str());
        to.push(sender, self.sender_token_id.as_str());
        to.push(source, self.source_token_id.as_str());
    }

    /// All three or none.
    fn read(
        parameters: &Parameters,
        [instrument, sender, source]: [&'static str; 3],
    ) -> Result<Option<Self>, BadReturn> {
        let Some(id) = parameters.non_empty(instrument) else { return Ok(None) };
        Ok(Some(Self {
            instrument_id: InstrumentId::new(id).map_err(|_| BadReturn(instrument))?,
            sender_token_id: token(parameters, sender)?.ok_or(BadReturn(sender))?,
            source_token_id: token(parameters, source)?.ok_or(BadReturn(source))?,
        }))
    }
}

fn token(parameters: &Parameters, name: &'static str) -> Result<Option<TokenId>, BadReturn> {
    parameters.non_empty(name).map(|text| TokenId::new(text).map_err(|_| BadReturn(name))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<CbuiReturn, BadReturn> {
        CbuiReturn::from_parameters(&Parameters::from_query(query).unwrap())
    }

    fn stored_value() -> StoredValueTokens {
        StoredValueTokens {
            instrument_id: InstrumentId::new("I").unwrap(),
            sender_token_id: TokenId::new("S").unwrap(),
            source_token_id: TokenId::new("F").unwrap(),
        }
    }

    #[test]
    fn a_return_survives_the_way() {
        let address =
            ShippingAddress { name: Some("Jane".into()), zip: Some("98101".into()), ..Default::default() };
        let payment = CbuiReturn {
            caller_reference: Some("c 1".into()),
            token_id: Some(TokenId::new("T").unwrap()),
            expiry: Some("08/2034".into()),
            warning: Some(Warning::InvalidShippingAddress),
            address,
            ..CbuiReturn::new(CbuiStatus::SuccessCard)
        };
        let set_up = CbuiReturn::new(CbuiStatus::SuccessAbt);
        let prepaid = CbuiReturn { prepaid: Some(stored_value()), ..set_up.clone() };
        let postpaid = CbuiReturn { postpaid: Some(stored_value()), ..set_up };
        for sent in [payment, prepaid, postpaid] {
            assert_eq!(read(&format!("order=7&{}", sent.to_parameters().to_query())), Ok(sent));
        }
    }

    #[test]
    fn what_is_sent_is_reserved() {
        let all = CbuiReturn {
            token_id: Some(TokenId::new("T").unwrap()),
            prepaid: Some(stored_value()),
            postpaid: Some(stored_value()),
            warning: Some(Warning::InvalidShippingAddress),
            ..CbuiReturn::new(CbuiStatus::SuccessCard)
        };
        for (name, _) in all.to_parameters().iter() {
            assert!(is_reserved(name), "{name}");
        }
        let address = ShippingAddress { state: Some("WA".into()), ..Default::default() };
        let address = CbuiReturn { address, ..CbuiReturn::new(CbuiStatus::SuccessCard) };
        for (name, _) in address.to_parameters().iter() {
            assert!(is_reserved(name) || is_of_address(name), "{name}");
        }
        assert!(!is_reserved("state"));
    }

    #[test]
    fn nonsense_is_refused() {
        assert_eq!(read("tokenID=T"), Err(BadReturn("status")));
        assert_eq!(read("status=PS"), Err(BadReturn("status")), "PS belongs to Simple Pay");
        assert_eq!(read("status=SC&tokenID=%3C"), Err(BadReturn("tokenID")));
        assert_eq!(read("status=SC&prepaidInstrumentID=I"), Err(BadReturn("prepaidSenderTokenID")));
    }
}
