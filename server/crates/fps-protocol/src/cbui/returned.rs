//! What the CBUI adds to the returnURL (REFERENCE §7.3).

use super::CbuiStatus;
use crate::ids::TokenId;
use crate::outbound;
use crate::parameters::Parameters;

const STATUS: &str = "status";
const CALLER_REFERENCE: &str = "callerReference";
const TOKEN_ID: &str = "tokenID";
const REFUND_TOKEN_ID: &str = "refundTokenID";
const EXPIRY: &str = "expiry";
const ERROR_MESSAGE: &str = "errorMessage";
const ADDRESS: [&str; 8] =
    ["addressName", "addressLine1", "addressLine2", "city", "state", "country", "zip", "phoneNumber"];

/// Can the CBUI add a parameter of that name?
pub(super) fn is_reserved(name: &str) -> bool {
    let own = [STATUS, CALLER_REFERENCE, TOKEN_ID, REFUND_TOKEN_ID, EXPIRY, ERROR_MESSAGE];
    own.contains(&name)
        || ADDRESS.contains(&name)
        || outbound::SIGNATURE_PARAMETERS.contains(&name)
        || ["warningCode", "warningMessage"].contains(&name)
}

/// Where a physical item goes. The parts that are not given are not sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShippingAddress {
    pub name: Option<String>,
    pub line1: Option<String>,
    pub line2: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub country: Option<String>,
    pub zip: Option<String>,
    pub phone_number: Option<String>,
}

impl ShippingAddress {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn read(mut text: impl FnMut(&'static str) -> Option<String>) -> Self {
        let [name, line1, line2, city, state, country, zip, phone_number] = ADDRESS.map(&mut text);
        Self { name, line1, line2, city, state, country, zip, phone_number }
    }

    /// As the CBUI takes and returns it.
    pub fn to_parameters(&self) -> Parameters {
        let parts = [
            &self.name,
            &self.line1,
            &self.line2,
            &self.city,
            &self.state,
            &self.country,
            &self.zip,
            &self.phone_number,
        ];
        let given = ADDRESS.into_iter().zip(parts);
        given.filter_map(|(name, part)| part.as_deref().map(|part| (name, part))).collect()
    }
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
    /// The card's, as `MM/YYYY`.
    pub expiry: Option<String>,
    pub error_message: Option<String>,
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
            expiry: None,
            error_message: None,
            address: ShippingAddress::default(),
        }
    }

    pub fn to_parameters(&self) -> Parameters {
        let mut to = Parameters::new();
        to.push_some(TOKEN_ID, self.token_id.as_ref().map(TokenId::as_str));
        to.push_some(REFUND_TOKEN_ID, self.refund_token_id.as_ref().map(TokenId::as_str));
        to.push(STATUS, self.status.as_str());
        to.push_some(CALLER_REFERENCE, self.caller_reference.as_deref());
        to.push_some(EXPIRY, self.expiry.as_deref());
        to.push_some(ERROR_MESSAGE, self.error_message.as_deref());
        to.joined(self.address.to_parameters())
    }

    /// Client side; the returnURL's own parameters and unknown ones are passed over.
    pub fn from_parameters(parameters: &Parameters) -> Result<Self, BadReturn> {
        let text = |name| parameters.non_empty(name).map(str::to_owned);
        let token = |name| {
            parameters.non_empty(name).map(|text| TokenId::new(text).map_err(|_| BadReturn(name))).transpose()
        };
        let status = parameters.get(STATUS).and_then(|text| text.parse().ok());
        Ok(Self {
            status: status.ok_or(BadReturn(STATUS))?,
            caller_reference: text(CALLER_REFERENCE),
            token_id: token(TOKEN_ID)?,
            refund_token_id: token(REFUND_TOKEN_ID)?,
            expiry: text(EXPIRY),
            error_message: text(ERROR_MESSAGE),
            address: ShippingAddress::read(text),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_survives_the_way() {
        let address =
            ShippingAddress { name: Some("Jane".into()), zip: Some("98101".into()), ..Default::default() };
        let sent = CbuiReturn {
            caller_reference: Some("c 1".into()),
            token_id: Some(TokenId::new("T").unwrap()),
            expiry: Some("08/2034".into()),
            address,
            ..CbuiReturn::new(CbuiStatus::SuccessCard)
        };
        let query = format!("order=7&{}", sent.to_parameters().to_query());
        let received = Parameters::from_query(&query).unwrap();
        assert_eq!(CbuiReturn::from_parameters(&received), Ok(sent));
    }

    #[test]
    fn nonsense_is_refused() {
        let read = |query: &str| CbuiReturn::from_parameters(&Parameters::from_query(query).unwrap());
        assert_eq!(read("tokenID=T"), Err(BadReturn("status")));
        assert_eq!(read("status=PS"), Err(BadReturn("status")), "PS belongs to Simple Pay");
        assert_eq!(read("status=SC&tokenID=%3C"), Err(BadReturn("tokenID")));
    }
}
