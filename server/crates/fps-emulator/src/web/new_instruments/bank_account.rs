//! A bank account: the bank's routing number and the account's own.

use crate::engine::instruments::InstrumentDetails;
use crate::web::new_instruments::{digits, last_four};
use app::form::FormState;
use fps_protocol::enums::PaymentMethod;
use platform::web::FormFields;

pub const ROUTING_NUMBER: &str = "routing_number";
pub const ACCOUNT_NUMBER: &str = "account_number";

/// Reads the form; what is wrong goes into `form`.
pub fn read(fields: &FormFields, form: &mut FormState) -> Option<InstrumentDetails> {
    let number = |name: &str| digits(fields.get(name).unwrap_or_default());
    let routing = number(ROUTING_NUMBER).filter(|number| is_routing_number(number));
    let account = number(ACCOUNT_NUMBER).filter(|number| (4..=17).contains(&number.len()));
    if routing.is_none() {
        form.refuse(
            ROUTING_NUMBER,
            "Give the bank's routing number: nine digits, the first number on a check.",
        );
    }
    if account.is_none() {
        form.refuse(ACCOUNT_NUMBER, "Give the account's number: from 4 to 17 digits.");
    }
    let (routing, account) = routing.zip(account)?;
    let last_four = last_four(&account);
    Some(InstrumentDetails {
        method: PaymentMethod::Ach,
        label: format!("Bank account ending in {last_four}"),
        last_four,
        expires: None,
        number: format!("{routing}/{account}"),
    })
}

/// Nine digits that, counted 3, 7 and 1 times in turn, add up to tens.
fn is_routing_number(number: &str) -> bool {
    let digits = number.bytes().map(|byte| u32::from(byte - b'0'));
    let sum: u32 = digits.zip([3, 7, 1].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    number.len() == 9 && sum > 0 && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(routing: &str, account: &str) -> Vec<String> {
        let pairs = [(ROUTING_NUMBER, routing), (ACCOUNT_NUMBER, account)];
        let fields = FormFields(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
        let mut form = crate::web::form::typed(&fields);
        assert_eq!(read(&fields, &mut form).is_some(), form.is_valid());
        assert!(form.values.is_empty(), "no number is shown again");
        form.errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn numbers_are_checked() {
        assert!(refused("110000000", "000123456789").is_empty());
        assert!(refused("021 000 021", "1234").is_empty());
        assert_eq!(refused("110000001", "1234"), [ROUTING_NUMBER]);
        assert_eq!(refused("000000000", "123"), [ROUTING_NUMBER, ACCOUNT_NUMBER]);
        assert_eq!(refused("110000000", "12 34x"), [ACCOUNT_NUMBER]);
    }
}
