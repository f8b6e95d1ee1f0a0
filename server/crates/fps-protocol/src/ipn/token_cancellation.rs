//! A token can no longer be used: its giver or its caller took it back.

use super::{BadNotification, parsed};
use crate::enums::TokenType;
use crate::ids::TokenId;
use crate::parameters::Parameters;
use crate::responses::PACIFIC;
use jiff::Timestamp;
use jiff::civil::Date;

/// The `notificationType` of [`TokenCancellationNotification`].
pub const TOKEN_CANCELLATION: &str = "TokenCancellation";

/// As in `Sep 27, 2009`.
const DATE: &str = "%b %-d, %Y";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenCancellationNotification {
    pub token_id: TokenId,
    pub token_type: TokenType,
    /// Of the token.
    pub caller_reference: String,
    pub payment_reason: Option<String>,
    /// Who had given it.
    pub customer_name: Option<String>,
    pub customer_email: Option<String>,
    pub date_installed: Date,
}

impl TokenCancellationNotification {
    /// The date that a moment has for Amazon.
    pub fn date_of(moment: Timestamp) -> Date {
        moment.to_zoned_datetime(PACIFIC.clone()).date()
    }

    pub fn to_parameters(&self) -> Parameters {
        let mut to = Parameters::new();
        to.push("notificationType", TOKEN_CANCELLATION);
        to.push("tokenId", self.token_id.as_str());
        to.push("tokenType", self.token_type.as_str());
        to.push("callerReference", self.caller_reference.as_str());
        to.push_some("paymentReason", self.payment_reason.as_deref());
        to.push_some("customerName", self.customer_name.as_deref());
        to.push_some("customerEmail", self.customer_email.as_deref());
        to.push("dateInstalled", self.date_installed.strftime(DATE).to_string());
        to
    }

    /// Client side; parameters that are not known are passed over.
    pub fn from_parameters(parameters: &Parameters) -> Result<Self, BadNotification> {
        let text = |name| parameters.non_empty(name);
        let owned = |name| text(name).map(str::to_owned);
        match text("notificationType") {
            Some(TOKEN_CANCELLATION) => {}
            other => return Err(BadNotification::OtherType(other.unwrap_or_default().to_owned())),
        }
        Ok(Self {
            token_id: parsed(text("tokenId"), "tokenId")?,
            token_type: parsed(text("tokenType"), "tokenType")?,
            caller_reference: owned("callerReference").ok_or(BadNotification::Field("callerReference"))?,
            payment_reason: owned("paymentReason"),
            customer_name: owned("customerName"),
            customer_email: owned("customerEmail"),
            date_installed: text("dateInstalled")
                .and_then(|text| Date::strptime("%b %d, %Y", text).ok())
                .ok_or(BadNotification::Field("dateInstalled"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notification() -> TokenCancellationNotification {
        TokenCancellationNotification {
            token_id: TokenId::new("T1").unwrap(),
            token_type: TokenType::MultiUse,
            caller_reference: "order 7".to_owned(),
            payment_reason: None,
            customer_name: Some("John Doe".to_owned()),
            customer_email: Some("john@example.com".to_owned()),
            // Still the evening before where Amazon is.
            date_installed: TokenCancellationNotification::date_of("2009-10-02T03:00:00Z".parse().unwrap()),
        }
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        let parameters = notification().to_parameters();
        assert_eq!(parameters.get("dateInstalled"), Some("Oct 1, 2009"));
        assert_eq!(parameters.get("paymentReason"), None);
        let wire = Parameters::from_form(parameters.to_query().as_bytes()).unwrap();
        assert_eq!(TokenCancellationNotification::from_parameters(&wire), Ok(notification()));
        // As seen live.
        let mut seen = wire;
        seen.set("dateInstalled", "Sep 27, 2009");
        let read = TokenCancellationNotification::from_parameters(&seen).unwrap();
        assert_eq!(read.date_installed.to_string(), "2009-09-27");
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        let good = notification().to_parameters();
        for name in ["tokenId", "tokenType", "callerReference", "dateInstalled"] {
            let error = TokenCancellationNotification::from_parameters(&good.without(name)).unwrap_err();
            assert_eq!(error, BadNotification::Field(name));
        }
        let other = Parameters::from_query("notificationType=RefundRequest").unwrap();
        let error = TokenCancellationNotification::from_parameters(&other).unwrap_err();
        assert_eq!(error, BadNotification::OtherType("RefundRequest".to_owned()));
    }
}
