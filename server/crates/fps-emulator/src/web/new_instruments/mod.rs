//! The forms of cards and bank accounts that people add.

mod bank_account;
mod card;

pub use bank_account::read as read_bank_account;
pub use card::read as read_card;

/// The digits of a number as people type it, in groups; None if anything else is between them.
fn digits(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (!bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit())).then_some(bare)
}

fn last_four(number: &str) -> String {
    number[number.len().saturating_sub(4)..].to_owned()
}
