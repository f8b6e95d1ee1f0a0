//! What sellers ask for sending a thing.

use money::Money;
use std::fmt;
use text_types::words;

words! {
    /// Where parcels cost the same.
    pub enum Region {
        UnitedStates = "united-states",
        Canada = "canada",
        Europe = "europe",
        World = "world",
    }
}

words! {
    /// How fast a physical item is sent.
    pub enum ShippingSpeed {
        Standard = "standard",
        Express = "express",
    }
}

/// The rate of one region and speed; without a price it is not sent there so fast, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub region: Region,
    pub speed: ShippingSpeed,
    pub price: Option<Money>,
}

/// A seller's rates. Whoever has set none sends free of charge, everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShippingRates(Vec<Rate>);

impl ShippingRates {
    /// As they were set: of each region and speed one. Those that are left out are not offered.
    pub fn new(rates: Vec<Rate>) -> Self {
        Self(rates)
    }

    /// Nothing was set yet.
    pub fn are_unset(&self) -> bool {
        self.0.is_empty()
    }

    /// `None`: not sent there at that speed.
    pub fn price(&self, region: Region, speed: ShippingSpeed) -> Option<Money> {
        if self.are_unset() {
            return Some(Money::ZERO);
        }
        let fits = |rate: &&Rate| rate.region == region && rate.speed == speed;
        self.0.iter().find(fits).and_then(|rate| rate.price)
    }

    /// Every region and speed with its price.
    pub fn all(&self) -> impl Iterator<Item = Rate> + '_ {
        let of = move |region: Region| {
            ShippingSpeed::ALL.iter().map(move |speed| Rate {
                region,
                speed: *speed,
                price: self.price(region, *speed),
            })
        };
        Region::ALL.iter().flat_map(move |region| of(*region))
    }
}

/// In words, for the audit log: "United States standard $4.50, express not offered; …".
impl fmt::Display for ShippingRates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, region) in Region::ALL.iter().enumerate() {
            let between = if number == 0 { "" } else { "; " };
            write!(f, "{between}{}", region.words())?;
            for (speed, comma) in ShippingSpeed::ALL.iter().zip(["", ","]) {
                match self.price(*region, *speed) {
                    Some(price) => write!(f, "{comma} {speed} {price}")?,
                    None => write!(f, "{comma} {speed} not offered")?,
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_set_no_rates_sends_free_of_charge() {
        let unset = ShippingRates::default();
        assert!(unset.all().all(|rate| rate.price == Some(Money::ZERO)) && unset.all().count() == 8);
        let price = Some(Money::from_cents(450));
        let (region, speed) = (Region::Canada, ShippingSpeed::Express);
        let set = ShippingRates::new(vec![Rate { region, speed, price }]);
        assert_eq!(set.price(region, speed), price);
        assert_eq!(set.price(region, ShippingSpeed::Standard), None, "it is not offered");
        assert_eq!(set.price(Region::World, speed), None);
        assert!(set.to_string().contains("; Canada standard not offered, express $4.50; Europe"), "{set}");
    }
}
