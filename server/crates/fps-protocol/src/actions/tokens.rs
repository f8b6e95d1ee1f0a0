//! The actions on tokens.

use super::ActionRequest;
use super::fields::{Fields, LONGEST_DESCRIPTION, required};
use crate::enums::{TokenStatus, TokenType};
use crate::errors::FpsError;
use crate::ids::{CallerReference, TokenId};
use crate::parameters::Parameters;
use url::Url;

const TOKEN_ID: &str = "TokenId";
const CALLER_REFERENCE: &str = "CallerReference";
const REASON_TEXT: &str = "ReasonText";
const OVERRIDE_IPN_URL: &str = "OverrideIPNURL";
const TOKEN_STATUS: &str = "TokenStatus";
const TOKEN_TYPE: &str = "TokenType";
const FRIENDLY_NAME: &str = "TokenFriendlyName";
const PAYMENT_INSTRUCTION: &str = "PaymentInstruction";
const PAYMENT_REASON: &str = "PaymentReason";

/// `TokenFriendlyName` and `PaymentReason` (fps.md §10).
const LONGEST_FRIENDLY_NAME: usize = 128;
const LONGEST_REASON: usize = 64;
/// No source has a limit; the instructions that people wrote have less than 200 characters.
const LONGEST_INSTRUCTION: usize = 4000;

/// Makes a token unusable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelToken {
    pub token_id: TokenId,
    pub reason_text: Option<String>,
    pub override_ipn_url: Option<Url>,
}

impl ActionRequest for CancelToken {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let fields = Fields::new(parameters, &[TOKEN_ID, REASON_TEXT, OVERRIDE_IPN_URL])?;
        Ok(Self {
            token_id: required(TOKEN_ID, fields.token(TOKEN_ID)?)?,
            reason_text: fields.text(REASON_TEXT, LONGEST_DESCRIPTION)?,
            override_ipn_url: fields.url(OVERRIDE_IPN_URL)?,
        })
    }

    fn to_parameters(&self) -> Parameters {
        let mut to = Parameters::new();
        to.push(TOKEN_ID, self.token_id.as_str());
        to.push_some(REASON_TEXT, self.reason_text.as_deref());
        to.push_some(OVERRIDE_IPN_URL, self.override_ipn_url.as_ref().map(Url::as_str));
        to
    }
}

/// Asks for a token, by its id or by the reference that it was asked for with: of a redirect that was
/// lost a caller knows only the latter (fps.md §5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GetTokenByCaller {
    Id(TokenId),
    Reference(CallerReference),
    /// The token of the id, if it has the reference.
    Both(TokenId, CallerReference),
}

impl ActionRequest for GetTokenByCaller {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let fields = Fields::new(parameters, &[TOKEN_ID, CALLER_REFERENCE])?;
        match (fields.token(TOKEN_ID)?, fields.caller_reference()?) {
            (Some(id), None) => Ok(Self::Id(id)),
            (None, Some(reference)) => Ok(Self::Reference(reference)),
            (Some(id), Some(reference)) => Ok(Self::Both(id, reference)),
            (None, None) => Err(FpsError::invalid(TOKEN_ID, "or \"CallerReference\" is required")),
        }
    }

    fn to_parameters(&self) -> Parameters {
        let (id, reference) = match self {
            Self::Id(id) => (Some(id), None),
            Self::Reference(reference) => (None, Some(reference)),
            Self::Both(id, reference) => (Some(id), Some(reference)),
        };
        let mut to = Parameters::new();
        to.push_some(TOKEN_ID, id.map(TokenId::as_str));
        to.push_some(CALLER_REFERENCE, reference.map(CallerReference::as_str));
        to
    }
}

/// Asks how much of its limits a token has used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetTokenUsage {
    pub token_id: TokenId,
}

impl ActionRequest for GetTokenUsage {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let fields = Fields::new(parameters, &[TOKEN_ID])?;
        Ok(Self { token_id: required(TOKEN_ID, fields.token(TOKEN_ID)?)? })
    }

    fn to_parameters(&self) -> Parameters {
        Parameters::from_iter([(TOKEN_ID, self.token_id.as_str())])
    }
}

/// Asks for the tokens on the caller's own account; every filter narrows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GetTokens {
    pub status: Option<TokenStatus>,
    pub token_type: Option<TokenType>,
    pub caller_reference: Option<CallerReference>,
    pub friendly_name: Option<String>,
}

impl ActionRequest for GetTokens {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let fields = Fields::new(parameters, &[TOKEN_STATUS, TOKEN_TYPE, CALLER_REFERENCE, FRIENDLY_NAME])?;
        Ok(Self {
            status: fields.word(TOKEN_STATUS)?,
            token_type: fields.word(TOKEN_TYPE)?,
            caller_reference: fields.caller_reference()?,
            friendly_name: fields.text(FRIENDLY_NAME, LONGEST_FRIENDLY_NAME)?,
        })
    }

    fn to_parameters(&self) -> Parameters {
        let mut to = Parameters::new();
        to.push_some(TOKEN_STATUS, self.status.map(TokenStatus::as_str));
        to.push_some(TOKEN_TYPE, self.token_type.map(TokenType::as_str));
        to.push_some(CALLER_REFERENCE, self.caller_reference.as_ref().map(CallerReference::as_str));
        to.push_some(FRIENDLY_NAME, self.friendly_name.as_deref());
        to
    }
}

/// Asks for the rules of a token on the caller's own account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetPaymentInstruction {
    pub token_id: TokenId,
}

impl ActionRequest for GetPaymentInstruction {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let fields = Fields::new(parameters, &[TOKEN_ID])?;
        Ok(Self { token_id: required(TOKEN_ID, fields.token(TOKEN_ID)?)? })
    }

    fn to_parameters(&self) -> Parameters {
        Parameters::from_iter([(TOKEN_ID, self.token_id.as_str())])
    }
}

/// Installs a token on the caller's own account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallPaymentInstruction {
    /// Its rules, in the statement language of 2007.
    pub payment_instruction: String,
    pub friendly_name: Option<String>,
    pub caller_reference: CallerReference,
    pub token_type: TokenType,
    pub payment_reason: Option<String>,
}

impl ActionRequest for InstallPaymentInstruction {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let own = [PAYMENT_INSTRUCTION, FRIENDLY_NAME, CALLER_REFERENCE, TOKEN_TYPE, PAYMENT_REASON];
        let fields = Fields::new(parameters, &own)?;
        Ok(Self {
            payment_instruction: required(
                PAYMENT_INSTRUCTION,
                fields.text(PAYMENT_INSTRUCTION, LONGEST_INSTRUCTION)?,
            )?,
            friendly_name: fields.text(FRIENDLY_NAME, LONGEST_FRIENDLY_NAME)?,
            caller_reference: required(CALLER_REFERENCE, fields.caller_reference()?)?,
            token_type: required(TOKEN_TYPE, fields.word(TOKEN_TYPE)?)?,
            payment_reason: fields.text(PAYMENT_REASON, LONGEST_REASON)?,
        })
    }

    fn to_parameters(&self) -> Parameters {
        let mut to = Parameters::new();
        to.push(PAYMENT_INSTRUCTION, self.payment_instruction.as_str());
        to.push_some(FRIENDLY_NAME, self.friendly_name.as_deref());
        to.push(CALLER_REFERENCE, self.caller_reference.as_str());
        to.push(TOKEN_TYPE, self.token_type.as_str());
        to.push_some(PAYMENT_REASON, self.payment_reason.as_deref());
        to
    }
}

#[cfg(test)]
mod tests {
    use crate::actions::Request;
    use crate::errors::ErrorCode;
    use crate::parameters::Parameters;

    fn parse(query: &str) -> Result<Request, ErrorCode> {
        Request::parse(&Parameters::from_query(query).unwrap()).map_err(|error| error.code)
    }

    #[test]
    fn a_request_survives_the_wire() {
        for query in [
            "Action=CancelToken&TokenId=T",
            "Action=CancelToken&TokenId=T&ReasonText=no%20more&OverrideIPNURL=http%3A%2F%2F127.0.0.1%2Fipn",
            "Action=GetTokenByCaller&TokenId=T",
            "Action=GetTokenByCaller&CallerReference=c%201",
            "Action=GetTokenByCaller&TokenId=T&CallerReference=c",
            "Action=GetTokenUsage&TokenId=T",
            "Action=GetTokens",
            "Action=GetTokens&TokenStatus=Active&TokenType=MultiUse&CallerReference=c&TokenFriendlyName=f",
            "Action=GetPaymentInstruction&TokenId=T",
            "Action=InstallPaymentInstruction&PaymentInstruction=MyRole%20%3D%3D%20%27Caller%27%3B\
             &TokenFriendlyName=f&CallerReference=c&TokenType=Unrestricted&PaymentReason=r",
        ] {
            let request = parse(query).unwrap();
            assert_eq!(request.to_parameters().to_query(), query);
        }
    }

    #[test]
    fn bad_values_are_refused() {
        use ErrorCode::{InvalidParams, InvalidRequest};
        let long = "x".repeat(65);
        let table = [
            ("Action=CancelToken", InvalidParams),
            ("Action=CancelToken&TokenId=%3C", InvalidParams),
            ("Action=CancelToken&TokenId=T&OverrideIPNURL=ftp%3A%2F%2Fx", InvalidParams),
            ("Action=CancelToken&TokenId=T&CallerReference=c", InvalidRequest),
            ("Action=GetTokenByCaller", InvalidParams),
            ("Action=GetTokenUsage", InvalidParams),
            ("Action=GetTokens&TokenStatus=Cancelled", InvalidParams),
            ("Action=GetTokens&TokenType=Sender", InvalidParams),
            ("Action=GetPaymentInstruction&TokenId=", InvalidParams),
            ("Action=InstallPaymentInstruction&CallerReference=c&TokenType=Unrestricted", InvalidParams),
            ("Action=InstallPaymentInstruction&PaymentInstruction=x&TokenType=Unrestricted", InvalidParams),
            ("Action=InstallPaymentInstruction&PaymentInstruction=x&CallerReference=c", InvalidParams),
            (
                &format!(
                    "Action=InstallPaymentInstruction&PaymentInstruction=x&CallerReference=c&TokenType=MultiUse\
                     &PaymentReason={long}"
                ),
                InvalidParams,
            ),
        ];
        for (query, code) in table {
            assert_eq!(parse(query), Err(code), "{query}");
        }
    }
}
