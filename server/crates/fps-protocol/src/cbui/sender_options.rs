//! What the sender pipelines share, and what every pipeline does.

use super::ShippingAddress;
use super::fields::{Fields, LONGEST_TEXT, epoch_seconds, flag, payment_methods};
use crate::encoding::web_url;
use crate::enums::PaymentMethod;
use jiff::{SignedDuration, Timestamp};
use text_types::words;
use url::Url;

/// `validityStart` lies within this time from now (fps.md §7.2).
const LATEST_START: SignedDuration = SignedDuration::from_hours(24 * 366);
/// A start "today" began at midnight, wherever the caller is.
const START_LENIENCY: SignedDuration = SignedDuration::from_hours(24);
const METHODS: [PaymentMethod; 3] = [PaymentMethod::Abt, PaymentMethod::Ach, PaymentMethod::Cc];

words! {
    /// How the caller's image is shown.
    pub enum CobrandingStyle {
        Logo = "logo",
        Banner = "banner",
    }
}

/// How the caller wants itself shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Website {
    pub cobranding_style: Option<CobrandingStyle>,
    pub cobranding_url: Option<Url>,
    /// For "click here to return to …".
    pub description: Option<String>,
}

impl Website {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        Self {
            cobranding_style: fields.read("cobrandingStyle", |text| text.parse().ok()),
            cobranding_url: fields.read("cobrandingUrl", web_url),
            description: fields.text("websiteDescription", LONGEST_TEXT),
        }
    }
}

/// When a token can be used, where the caller says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Validity {
    pub start: Option<Timestamp>,
    pub expiry: Option<Timestamp>,
}

impl Validity {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        Self {
            start: fields.read("validityStart", epoch_seconds),
            expiry: fields.read("validityExpiry", epoch_seconds),
        }
    }

    /// Which of the two dates cannot be, when it is asked for now: the start lies within a year and not
    /// in the past, the end after now and after the start.
    pub fn wrong_at(self, now: Timestamp) -> Option<&'static str> {
        let earliest = now.saturating_sub(START_LENIENCY).unwrap_or(Timestamp::MIN);
        let latest = now.saturating_add(LATEST_START).unwrap_or(Timestamp::MAX);
        let starts_wrong = self.start.is_some_and(|start| start < earliest || start > latest);
        let ends_wrong =
            self.expiry.is_some_and(|end| end <= now || self.start.is_some_and(|start| end <= start));
        if starts_wrong { Some("validityStart") } else { ends_wrong.then_some("validityExpiry") }
    }
}

/// What every pipeline in which somebody pays can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderOptions {
    /// What the sender may choose from; never empty.
    pub payment_methods: Vec<PaymentMethod>,
    pub payment_reason: Option<String>,
    /// The sender chooses an address, and the caller is told it.
    pub collect_shipping_address: bool,
    /// Of no meaning when one is collected.
    pub address: ShippingAddress,
    pub website: Website,
}

impl SenderOptions {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        fields.read("disableGuest", flag);
        fields.read("collectEmailAddress", flag);
        Self {
            payment_methods: read_methods(fields),
            payment_reason: fields.text("paymentReason", LONGEST_TEXT),
            collect_shipping_address: fields.flag("collectShippingAddress"),
            address: ShippingAddress::read(|name| fields.text(name, LONGEST_TEXT)),
            website: Website::read(fields),
        }
    }
}

/// All of them when nothing is said.
pub(super) fn read_methods(fields: &Fields<'_>) -> Vec<PaymentMethod> {
    fields.read("paymentMethod", payment_methods).unwrap_or_else(|| METHODS.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_validity_lies_within_a_year_and_ends_after_it_starts() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let now = at("2030-06-03T09:00:00Z").unwrap();
        let wrong = |start, expiry| Validity { start, expiry }.wrong_at(now);
        assert_eq!(wrong(None, None), None);
        assert_eq!(wrong(at("2030-06-03T00:00:00Z"), at("2031-06-03T00:00:00Z")), None, "today");
        assert_eq!(wrong(at("2030-06-01T00:00:00Z"), None), Some("validityStart"), "in the past");
        assert_eq!(wrong(at("2031-06-05T00:00:00Z"), None), Some("validityStart"), "more than a year away");
        assert_eq!(wrong(None, at("2030-06-03T09:00:00Z")), Some("validityExpiry"));
        assert_eq!(
            wrong(at("2030-07-01T00:00:00Z"), at("2030-07-01T00:00:00Z")),
            Some("validityExpiry"),
            "before it starts"
        );
    }
}
