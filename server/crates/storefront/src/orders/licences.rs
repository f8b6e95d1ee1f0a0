//! Licence keys of programs: one for each sale. A key is made of the order's id and of a seal over it with the shop's
//! secret, so that nothing of it need be kept: whoever has a copy of the database has no key, and nobody makes one up.

use crate::catalogue::Item;
use crate::ids::OrderId;
use crate::links;
use secrecy::SecretString;
use subtle::ConstantTimeEq;

/// The category whose items are programs, which ask for a key.
const PROGRAMS: &str = "software";
/// Tells this use of the shop's secret from others.
const PURPOSE: &str = "DigitalDownload: a licence key";
/// Of an order's id, which is a UUID, and of the seal.
const ID: usize = 16;
const SEAL: usize = 9;
/// Letters of a group of a key as people read it.
const GROUP: usize = 5;

/// Whether who buys it gets a key.
pub fn has_keys(item: &Item) -> bool {
    item.category.as_str() == PROGRAMS && !item.physical
}

/// The key of an order: ten groups of five hexadecimal digits. `None` where the order's id is no UUID.
pub fn key(secret: &SecretString, order: &OrderId) -> Option<String> {
    let id = hex::decode(order.as_str().replace('-', "")).ok().filter(|id| id.len() == ID)?;
    let digits = hex::encode_upper([&id[..], &seal(secret, order)].concat());
    let groups: Vec<&str> =
        digits.as_bytes().chunks(GROUP).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    Some(groups.join("-"))
}

/// The order of a key, typed in any case, with or without dashes and spaces; `None`: the shop did not make it.
pub fn order_of(secret: &SecretString, key: &str) -> Option<OrderId> {
    let digits: String = key.chars().filter(|letter| !matches!(letter, '-' | ' ')).collect();
    let bytes = hex::decode(digits).ok().filter(|bytes| bytes.len() == ID + SEAL)?;
    let (id, sealed) = bytes.split_at(ID);
    let digits = hex::encode(id);
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    let order = OrderId::new(parts.join("-")).ok()?;
    bool::from(seal(secret, &order).ct_eq(sealed)).then_some(order)
}

fn seal(secret: &SecretString, order: &OrderId) -> [u8; SEAL] {
    let whole = links::seal(secret, PURPOSE, order.as_str());
    let mut seal = [0; SEAL];
    seal.copy_from_slice(&whole[..SEAL]);
    seal
}

/// Where a licence stands, for the program that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    pub item: String,
    pub title: String,
    /// Paid and not refunded.
    pub active: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: &str = "0190163d-8694-739b-aea5-966c26f8ad91";

    #[test]
    fn a_key_leads_to_its_order_however_it_is_typed() {
        let (secret, order) = (SecretString::from("a secret"), ORDER.parse().unwrap());
        let key = key(&secret, &order).unwrap();
        assert_eq!((key.len(), key.split('-').count()), (59, 10), "{key}");
        for typed in [key.clone(), key.to_lowercase(), key.replace('-', ""), key.replace('-', " ")] {
            assert_eq!(order_of(&secret, &typed), Some(order.clone()), "{typed}");
        }
        assert_eq!(order_of(&"another".into(), &key), None);
    }

    #[test]
    fn nobody_makes_one_up() {
        let (secret, order) = (SecretString::from("a secret"), ORDER.parse().unwrap());
        let key = key(&secret, &order).unwrap();
        for at in 0..key.len() {
            let changed: String = key
                .char_indices()
                .map(
                    |(index, letter)| {
                        if index == at { if letter == '0' { '1' } else { '0' } } else { letter }
                    },
                )
                .collect();
            if changed != key {
                assert_eq!(order_of(&secret, &changed), None, "{changed}");
            }
        }
        for nonsense in ["", "-", "ÄÖÜ", "0", &"0".repeat(50), &"F".repeat(51)] {
            assert_eq!(order_of(&secret, nonsense), None, "{nonsense}");
        }
        assert_eq!(super::key(&secret, &"a-name".parse().unwrap()), None);
    }
}
