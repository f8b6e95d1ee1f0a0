//! The signed addresses that people are sent to.

use super::{FpsClient, description};
use crate::orders::order::{Delivery, Order};
use crate::orders::terms;
use crate::{registration, returns};
use fps_protocol::cbui::{CbuiUrl, Pipeline};
use fps_protocol::ids::CallerReference;
use url::Url;

/// What Amazon's pages call the shop.
const SHOP_NAME: &str = "DigitalDownload";

impl FpsClient {
    /// Where the buyer authorizes the order's payment.
    pub fn single_use_url(&self, order: &Order) -> Url {
        let url = self
            .begin(Pipeline::SingleUse, &order.caller_reference, returns::PATH)
            .with("transactionAmount", order.price.to_two_decimals())
            .with("currencyCode", order.price.currency().code())
            .with("itemTotal", order.price.to_two_decimals())
            .with("recipientToken", order.recipient_token.as_str())
            .with("paymentReason", description(order));
        let url = match order.delivery {
            Delivery::Instant => url,
            Delivery::Manual => url.with("reserve", "True"),
        };
        url.signed(&self.inner.secret)
    }

    /// Where a merchant registers as a recipient: pays Amazon's fee and agrees to the marketplace's.
    pub fn recipient_url(&self, reference: &CallerReference) -> Url {
        self.begin(Pipeline::Recipient, reference, registration::RETURN_PATH)
            .with("recipientPaysFee", "True")
            .with("maxFixedFee", terms::FIXED_FEE.to_two_decimals())
            .with("maxVariableFee", terms::VARIABLE_FEE.to_string())
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
