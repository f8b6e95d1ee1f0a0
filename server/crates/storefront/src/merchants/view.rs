//! Merchants as the pages show them.

use super::{Merchant, RefundRule, Region, ShippingRates, ShippingSpeed};
use shop_pages::model::{self, Availability};

impl Merchant {
    /// Whether the merchant's items can be bought.
    pub fn availability(&self) -> Availability {
        match &self.vacation {
            _ if self.hold.is_some() => Availability::SellerHeld,
            _ if !self.is_registered() => Availability::SellerNotRegistered,
            Some(words) => Availability::OnVacation { words: words.clone() },
            None => Availability::ForSale,
        }
    }

    /// Who sells, for the pages of what is sold.
    pub fn seller(&self) -> model::Seller {
        model::Seller {
            path: self.slug.as_ref().map(|slug| format!("/sellers/{slug}")),
            picture: self.picture_path(),
            refund_rule: self.refund_rule.into(),
            rating: model::Rating::default(),
        }
    }

    /// Another address for another picture: browsers keep it for a day.
    pub fn picture_path(&self) -> Option<String> {
        let (slug, key) = (self.slug.as_ref()?, self.profile.picture_key.as_ref()?);
        let name = key.rsplit('/').next().unwrap_or_default();
        Some(format!("/sellers/{slug}/picture?{name}"))
    }
}

impl From<RefundRule> for model::RefundRule {
    fn from(rule: RefundRule) -> Self {
        match rule {
            RefundRule::AtOnce { days, unless_downloaded } => Self::AtOnce { days, unless_downloaded },
            RefundRule::OnRequest => Self::OnRequest,
        }
    }
}

impl Region {
    pub const fn words(self) -> &'static str {
        match self {
            Self::UnitedStates => "United States",
            Self::Canada => "Canada",
            Self::Europe => "Europe",
            Self::World => "Rest of the world",
        }
    }
}

impl ShippingRates {
    /// Each region with what sending there costs.
    pub fn rows(&self) -> Vec<model::RateRow> {
        let row = |region: &Region| model::RateRow {
            region: region.words(),
            standard: self.price(*region, ShippingSpeed::Standard),
            express: self.price(*region, ShippingSpeed::Express),
        };
        Region::ALL.iter().map(row).collect()
    }
}
