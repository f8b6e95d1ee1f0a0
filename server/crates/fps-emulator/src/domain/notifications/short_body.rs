//! A notification's body as the outbox keeps it: the names of the parameters, and what most notifications say, take
//! one character each. A form has no control characters, since everything of the kind is encoded in it; so each of
//! them can stand for a word, and a body that was never shortened is read as it is.

use super::SubjectId;
use jiff::Timestamp;

/// What a pair of a body can begin with, each shortened to the character of its place, the fourth first. Rows are kept
/// with them, so words are only ever added, at the end.
const WORDS: [&str; 28] = [
    "notificationType=TransactionStatus",
    "notificationType=RefundRequest",
    "notificationType=TokenCancellation",
    "operation=",
    "operation=PAY",
    "operation=RESERVE",
    "operation=SETTLE",
    "operation=REFUND",
    "transactionStatus=",
    "transactionStatus=SUCCESS",
    "transactionStatus=PENDING",
    "statusCode=",
    "statusCode=Success",
    "statusMessage=",
    "statusMessage=The%20transaction%20was%20successful%20and%20the%20payment%20instrument%20was%20charged.",
    "statusMessage=The%20transaction%20is%20awaiting%20a%20response%20from%20the%20backend%20payment%20processor.",
    "transactionAmount=USD%20",
    "transactionDate=",
    "paymentMethod=",
    "paymentMethod=ABT",
    "paymentMethod=CC",
    "callerReference=",
    "paymentReason=",
    "buyerName=",
    "buyerEmail=",
    "recipientName=",
    "recipientEmail=",
    "parentTransactionId=",
];

/// The words of one notification: its own come before those that all have.
struct Words {
    own: [String; 3],
}

impl Words {
    fn of(subject: &SubjectId, created_at: Timestamp) -> Self {
        Self {
            own: [
                format!("transactionId={subject}"),
                format!("tokenId={subject}"),
                format!("transactionDate={}", created_at.as_second()),
            ],
        }
    }

    fn all(&self) -> impl Iterator<Item = (char, &str)> {
        let words = self.own.iter().map(String::as_str).chain(WORDS);
        ('\u{1}'..).zip(words)
    }

    fn word(&self, character: char) -> Option<&str> {
        self.all().find(|(of, _)| *of == character).map(|(_, word)| word)
    }
}

/// The body for the outbox.
pub fn shorten(body: &str, subject: &SubjectId, created_at: Timestamp) -> String {
    // A word at the very beginning has no sign before it, so one that follows an empty pair would lose its own.
    if body.starts_with('&') {
        return body.to_owned();
    }
    let words = Words::of(subject, created_at);
    let mut short = String::with_capacity(body.len() / 2);
    for (place, pair) in body.split('&').enumerate() {
        let fitting = words.all().filter(|(_, word)| pair.starts_with(word));
        if let Some((character, word)) = fitting.max_by_key(|(_, word)| word.len()) {
            short.push(character);
            short.push_str(&pair[word.len()..]);
        } else {
            if place > 0 {
                short.push('&');
            }
            short.push_str(pair);
        }
    }
    short
}

/// The body that was shortened, to the byte.
pub fn whole(short: &str, subject: &SubjectId, created_at: Timestamp) -> String {
    let words = Words::of(subject, created_at);
    let mut body = String::with_capacity(short.len() * 4);
    for character in short.chars() {
        match words.word(character) {
            Some(word) => {
                if !body.is_empty() {
                    body.push('&');
                }
                body.push_str(word);
            }
            None => body.push(character),
        }
    }
    body
}

/// How a parameter, form-encoded, can stand in the outbox: shortened, and as it is.
pub fn as_kept(pair: &str) -> [String; 2] {
    let no_subject = SubjectId(String::new());
    [shorten(pair, &no_subject, Timestamp::UNIX_EPOCH), pair.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at() -> Timestamp {
        Timestamp::from_second(1_282_996_800).unwrap()
    }

    fn subject() -> SubjectId {
        SubjectId::new("14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22").unwrap()
    }

    const PAY: &str = "notificationType=TransactionStatus&operation=PAY&transactionId=14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22\
        &transactionStatus=SUCCESS&statusCode=Success&statusMessage=The%20transaction%20was%20successful%20and%20the%20\
        payment%20instrument%20was%20charged.&transactionAmount=USD%202.22&transactionDate=1282996800\
        &paymentMethod=ABT&callerReference=order-7&paymentReason=Now%20and%20Forever&buyerName=John%20Doe\
        &recipientName=Richard%20Marx&recipientEmail=merchant%40example.com";

    /// What is in databases: it must read like this for ever.
    const SHORT: &str = "\u{4}\u{8}\u{1}\u{d}\u{10}\u{12}\u{14}2.22\u{3}\u{17}\u{19}order-7\
        \u{1a}Now%20and%20Forever\u{1b}John%20Doe\u{1d}Richard%20Marx\u{1e}merchant%40example.com";

    #[test]
    fn a_payment_takes_what_is_its_own_and_little_more() {
        assert_eq!(shorten(PAY, &subject(), at()), SHORT);
        assert_eq!(whole(SHORT, &subject(), at()), PAY);
        assert_eq!(whole(PAY, &subject(), at()), PAY, "a body from before");
    }

    #[test]
    fn empty_pairs_stay() {
        for body in ["&operation=", "&&operation=PAY", "operation=&&x", "x&&operation=&", "&", ""] {
            assert_eq!(whole(&shorten(body, &subject(), at()), &subject(), at()), body);
        }
    }

    #[test]
    fn each_word_has_a_control_character() {
        assert!(Words::of(&subject(), at()).all().all(|(character, _)| character < ' '));
    }

    #[test]
    fn a_parameter_is_found_in_either_form() {
        for body in [PAY.to_owned(), SHORT.to_owned()] {
            assert!(as_kept("callerReference=order-7").iter().any(|kept| body.contains(kept)), "{body}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost(body in "(transactionId|tokenId|operation|buyerName|x|&|=|%41|PAY|14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22|1282996800|é){0,24}") {
            prop_assert_eq!(whole(&shorten(&body, &subject(), at()), &subject(), at()), body);
        }
    }
}
