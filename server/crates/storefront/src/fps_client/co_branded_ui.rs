//! The signed addresses that people are sent to.

use super::terms::description;
use super::{FeeTerms, FpsClient, PaymentTerms};
use fps_protocol::cbui::{CbuiUrl, Pipeline};
use fps_protocol::ids::CallerReference;
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
        url.signed(&self.inner.secret)
    }

    /// Where a merchant registers as a recipient, pays Amazon's fee and agrees to the marketplace's, to come back
    /// to `return_path` of the shop.
    pub fn recipient_url(&self, reference: &CallerReference, fees: FeeTerms, return_path: &str) -> Url {
        self.begin(Pipeline::Recipient, reference, return_path)
            .with("recipientPaysFee", "True")
            .with("maxFixedFee", fees.fixed.to_two_decimals())
            .with("maxVariableFee", fees.variable.to_string())
            .signed(&self.inner.secret)
    }

    fn begin(&self, pipeline: Pipeline, reference: &CallerReference, return_path: &str) -> CbuiUrl {
        let inner = &self.inner;
        let mut back = inner.shop.clone();
        back.set_path(return_path);
        CbuiUrl::new(&inner.endpoint, &inner.access_key, pipeline, reference, &back)
            .with("websiteDescription", SHOP_NAME)
    }
}
