//! The actions that ask about an account: the caller's own, or a recipient's.

use super::ActionRequest;
use super::fields::{Fields, required};
use crate::errors::FpsError;
use crate::ids::TokenId;
use crate::parameters::Parameters;

const RECIPIENT_TOKEN: &str = "RecipientTokenId";
/// As the guide's table spells it; its example and every client do not (fps.md §3).
const MISSPELT_RECIPIENT_TOKEN: &str = "RecipientTokenID";

/// Asks what the caller's account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GetAccountBalance;

impl ActionRequest for GetAccountBalance {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        Fields::new(parameters, &[])?;
        Ok(Self)
    }

    fn to_parameters(&self) -> Parameters {
        Parameters::new()
    }
}

/// Asks whether a recipient may be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetRecipientVerificationStatus {
    pub recipient_token_id: TokenId,
}

impl ActionRequest for GetRecipientVerificationStatus {
    fn parse(parameters: &Parameters) -> Result<Self, FpsError> {
        let fields = Fields::new(parameters, &[RECIPIENT_TOKEN, MISSPELT_RECIPIENT_TOKEN])?;
        let token = fields.either(RECIPIENT_TOKEN, MISSPELT_RECIPIENT_TOKEN, Fields::token)?;
        Ok(Self { recipient_token_id: required(RECIPIENT_TOKEN, token)? })
    }

    fn to_parameters(&self) -> Parameters {
        Parameters::from_iter([(RECIPIENT_TOKEN, self.recipient_token_id.as_str())])
    }
}

#[cfg(test)]
mod tests {
    use crate::actions::Request;
    use crate::errors::ErrorCode;
    use crate::parameters::Parameters;

    #[test]
    fn either_spelling_of_the_token() {
        let parse = |query: &str| Request::parse(&Parameters::from_query(query).unwrap());
        let action = "Action=GetRecipientVerificationStatus";
        let request = parse(&format!("{action}&RecipientTokenId=R")).unwrap();
        assert_eq!(parse(&format!("{action}&RecipientTokenID=R")).unwrap(), request);
        assert_eq!(Request::parse(&request.to_parameters()).unwrap(), request);
        for bad in ["", "&RecipientTokenId=%3C", "&RecipientTokenId=R&RecipientTokenID=Q"] {
            assert_eq!(parse(&format!("{action}{bad}")).unwrap_err().code, ErrorCode::InvalidParams, "{bad}");
        }
        let balance = parse("Action=GetAccountBalance").unwrap();
        assert_eq!(Request::parse(&balance.to_parameters()).unwrap(), balance);
        assert_eq!(parse("Action=GetAccountBalance&X=1").unwrap_err().code, ErrorCode::InvalidRequest);
    }
}
