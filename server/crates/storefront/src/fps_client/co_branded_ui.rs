//! The signed addresses that people are sent to.

use super::terms::description;
use super::{BasketTerms, FeeTerms, FpsClient, PaymentTerms, PrepaidTerms};
use fps_protocol::cbui::{CbuiUrl, Pipeline};
use fps_protocol::ids::{CallerReference, TokenId};
use url::Url;

/// What Amazon's pages call the shop.
const SHOP_NAME: &str = "DigitalDownload";

impl FpsClient {
    /// Where the buyer authorizes the payment, to come back to `return_path` of the shop.
    pub fn single_use_url(&self, terms: &PaymentTerms, return_path: &str) -> Url {
        let items = terms.amount.sub(terms.shipping).unwrap_or(terms.amount);
        let url = self
            .begin(Pipeline::SingleUse, &terms.reference, return_path)
            .with("transactionAmount", terms.amount.to_two_decimals())
            .with("currencyCode", terms.amount.currency().code())
            .with("itemTotal", items.to_two_decimals())
            .with("recipientToken", terms.recipient_token.as_str())
            .with("paymentReason", description(&terms.title));
        let shipping = terms.shipping.is_positive().then(|| terms.shipping.to_two_decimals());
        let url = match shipping {
            Some(shipping) => url.with("shipping", shipping),
            None => url,
        };
        let url = if terms.reserve { url.with("reserve", "True") } else { url };
        self.sent(url, Pipeline::SingleUse, &terms.reference)
    }

    /// Where the buyer authorizes several payments at once, to come back to `return_path` of the shop.
    pub fn multi_use_url(&self, terms: &BasketTerms, return_path: &str) -> Url {
        let sellers: Vec<&str> = terms.recipient_tokens.iter().map(TokenId::as_str).collect();
        let url = self
            .begin(Pipeline::MultiUse, &terms.reference, return_path)
            .with("amountType", "Maximum")
            .with("transactionAmount", terms.largest.to_two_decimals())
            .with("globalAmountLimit", terms.total.to_two_decimals())
            .with("currencyCode", terms.total.currency().code())
            .with("recipientTokenList", sellers.join(","))
            .with("validityExpiry", terms.expires.as_second().to_string())
            .with("paymentReason", description(&terms.reason));
        self.sent(url, Pipeline::MultiUse, &terms.reference)
    }

    /// Where the buyer pays ahead, to come back to `return_path` of the shop. Its two references stand in the place of the
    /// one that other pipelines have (fps.md §7.1).
    pub fn prepaid_url(&self, terms: &PrepaidTerms, return_path: &str) -> Url {
        let url = self
            .begin(Pipeline::SetupPrepaid, &terms.sender_reference, return_path)
            .with("callerReferenceSender", terms.sender_reference.as_str())
            .with("callerReferenceFunding", terms.funding_reference.as_str())
            .with("fundingAmount", terms.amount.to_two_decimals())
            .with("currencyCode", terms.amount.currency().code())
            .with("paymentReason", "Credit at DigitalDownload, to be spent there");
        self.sent(url, Pipeline::SetupPrepaid, &terms.sender_reference)
    }

    /// Where a merchant registers as a recipient, pays Amazon's fee and agrees to the marketplace's, to come back
    /// to `return_path` of the shop.
    pub fn recipient_url(&self, reference: &CallerReference, fees: FeeTerms, return_path: &str) -> Url {
        let url = self
            .begin(Pipeline::Recipient, reference, return_path)
            .with("recipientPaysFee", "True")
            .with("maxFixedFee", fees.fixed.to_two_decimals())
            .with("maxVariableFee", fees.variable.to_string());
        self.sent(url, Pipeline::Recipient, reference)
    }

    fn begin(&self, pipeline: Pipeline, reference: &CallerReference, return_path: &str) -> CbuiUrl {
        let inner = &self.inner;
        let mut back = inner.shop.clone();
        back.set_path(return_path);
        CbuiUrl::new(&inner.endpoint, &inner.access_key, pipeline, reference, &back)
            .with("websiteDescription", SHOP_NAME)
    }
}
