//! Mail of the account itself, in words: somebody tried to open it once more.

use crate::web::account_site::mail::matter::Words;

pub const SUBJECT: &str = "You have an account at Amazon Payments already";

pub fn words() -> Words {
    let paragraphs = [
        "Somebody has just filled in the form for new accounts with your address. You have an account already, and nothing \
         about it was changed.",
        "Was it you? Sign in instead. Was it somebody else? Then there is nothing to do.",
    ];
    Words { paragraphs: paragraphs.map(str::to_owned).into(), ..Words::default() }
}
