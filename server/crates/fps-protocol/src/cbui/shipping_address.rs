//! Where a physical item goes.

use crate::parameters::{DecodeError, Parameters};
use std::fmt;
use std::str::FromStr;

const NAMES: [&str; 8] =
    ["addressName", "addressLine1", "addressLine2", "city", "state", "country", "zip", "phoneNumber"];

/// As the CBUI takes and returns it. The parts that are not given are not sent.
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

    /// Could a parcel arrive there? The state is asked of addresses in the United States only, which is
    /// where an address without a country is.
    pub fn is_complete(&self) -> bool {
        let in_the_states = self.country.as_deref().is_none_or(is_united_states);
        let required = [&self.name, &self.line1, &self.city, &self.zip];
        required.into_iter().all(Option::is_some) && (self.state.is_some() || !in_the_states)
    }

    pub(super) fn is_name_of_part(name: &str) -> bool {
        NAMES.contains(&name)
    }

    pub(super) fn read(mut text: impl FnMut(&'static str) -> Option<String>) -> Self {
        let [name, line1, line2, city, state, country, zip, phone_number] = NAMES.map(&mut text);
        Self { name, line1, line2, city, state, country, zip, phone_number }
    }

    /// Other parameters are passed over.
    pub fn from_parameters(parameters: &Parameters) -> Self {
        Self::read(|name| parameters.non_empty(name).map(str::to_owned))
    }

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
        let given = NAMES.into_iter().zip(parts);
        given.filter_map(|(name, part)| part.as_deref().map(|part| (name, part))).collect()
    }
}

/// Its parameters, form-encoded.
impl fmt::Display for ShippingAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_parameters().to_query())
    }
}

impl FromStr for ShippingAddress {
    type Err = DecodeError;

    fn from_str(text: &str) -> Result<Self, DecodeError> {
        Ok(Self::from_parameters(&Parameters::from_query(text)?))
    }
}

fn is_united_states(country: &str) -> bool {
    ["us", "usa", "united states", "united states of america"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(country.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_complete_when_a_parcel_could_arrive() {
        let text = |text: &str| Some(text.to_owned());
        let paris = ShippingAddress {
            name: text("Jane"),
            line1: text("1 rue de Rivoli"),
            city: text("Paris"),
            zip: text("75001"),
            country: text("France"),
            ..Default::default()
        };
        assert!(paris.is_complete());
        assert_eq!(paris.to_string().parse::<ShippingAddress>().unwrap(), paris);
        assert!(!ShippingAddress { country: None, ..paris.clone() }.is_complete(), "no state");
        assert!(ShippingAddress { country: None, state: text("WA"), ..paris.clone() }.is_complete());
        assert!(!ShippingAddress { zip: None, ..paris }.is_complete());
        assert!(!ShippingAddress::default().is_complete());
    }
}
