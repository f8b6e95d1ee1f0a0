//! Codes of a second factor: what they are made from, which are good now, and how people type them.

use crate::ids::LinkId;
use crate::links;
use crate::{Shop, users::User};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use qrcodegen::{QrCode, QrCodeEcc};
use shop_pages::model::{QrDrawing, SecondFactorSecret};
use std::fmt::Write;
use totp_rs::{Builder, Secret, Totp};

const ISSUER: &str = "DigitalDownload";
/// How many recovery codes there are.
const RECOVERY_CODES: usize = 10;
/// Letters and digits of one, of which 33 are told apart: some 50 bits.
const RECOVERY_LENGTH: usize = 10;
/// Steps of thirty seconds before and after this one whose codes are taken: clocks differ (RFC 6238, 5.2).
const SKEW: u16 = 1;

/// What people type where a code is asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Code {
    /// Six digits of the app.
    App(String),
    /// As its digest is made from.
    Recovery(String),
}

impl Code {
    /// Spaces and hyphens are for people; letters that look like digits are digits.
    pub fn parse(typed: &str) -> Self {
        let letters = typed.chars().filter(char::is_ascii_alphanumeric);
        let code: String = letters.take(2 * RECOVERY_LENGTH).collect();
        if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::App(code)
        } else {
            Self::Recovery(plain(&code))
        }
    }
}

fn plain(code: &str) -> String {
    let digit = |letter: char| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    code.chars().map(digit).collect()
}

/// As apps expect it that are told nothing else: HMAC-SHA-1, six digits, steps of thirty seconds.
fn totp(secret: [u8; 20]) -> Totp {
    Builder::new()
        .with_secret(Secret::from(secret))
        .with_skew(SKEW)
        .build()
        .expect("so many bytes are a secret")
}

fn of_shop(shop: &Shop, id: &LinkId) -> Totp {
    totp(links::second_factor(&shop.config.secret, id))
}

/// The step whose code this is, if it is one of those that are good now. By the machine's time, whatever the shop's clock
/// shows: the app on somebody's phone knows of no weeks that a lab has skipped.
pub fn step_of(shop: &Shop, id: &LinkId, code: &str) -> Option<i64> {
    let seconds = u64::try_from(shop.clock.wall().as_second()).ok()?;
    of_shop(shop, id).check(code, seconds).and_then(|step| i64::try_from(step).ok())
}

/// What the app is told, drawn and in letters.
pub fn secret(shop: &Shop, user: &User, id: &LinkId) -> SecondFactorSecret {
    let letters = of_shop(shop, id).secret().to_base32();
    let account = utf8_percent_encode(&user.email, NON_ALPHANUMERIC);
    let address = format!("otpauth://totp/{ISSUER}:{account}?secret={letters}&issuer={ISSUER}");
    let groups: Vec<&str> =
        (0..letters.len()).step_by(4).map(|at| &letters[at..(at + 4).min(letters.len())]).collect();
    SecondFactorSecret { letters: groups.join(" "), drawing: drawing(&address), address }
}

/// `None` where the address is too long to be drawn.
fn drawing(address: &str) -> Option<QrDrawing> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            write!(path, "M{x} {y}h1v1h-1z").expect("a string takes everything");
        }
    }
    Some(QrDrawing { size: code.size().unsigned_abs(), path })
}

/// New codes as people write them down, and as they are kept.
pub fn new_recovery_codes(shop: &Shop) -> (Vec<String>, Vec<String>) {
    let codes = (0..RECOVERY_CODES).map(|_| plain(&shop.random.upper_alphanumeric(RECOVERY_LENGTH)));
    let codes: Vec<String> = codes.collect();
    let kept = codes.iter().map(|code| links::recovery_digest(&shop.config.secret, code)).collect();
    let shown = codes.iter().map(|code| format!("{}-{}", &code[..5], &code[5..])).collect();
    (shown, kept)
}

/// What the app shows now.
#[cfg(test)]
pub fn code_now(shop: &Shop, id: &LinkId) -> String {
    let seconds = u64::try_from(shop.clock.wall().as_second()).unwrap();
    of_shop(shop, id).generate(seconds).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_write_it() {
        assert_eq!(Code::parse(" 123 456 "), Code::App("123456".to_owned()));
        assert_eq!(Code::parse("abcdo-fghil"), Code::Recovery("ABCD0FGH11".to_owned()));
        assert_eq!(Code::parse(""), Code::Recovery(String::new()));
        assert_eq!(Code::parse("１２３４５６"), Code::Recovery(String::new()));
    }

    /// RFC 6238, appendix B, the rows for SHA-1; of its eight digits the last six.
    #[test]
    fn codes_are_those_of_the_standard_and_good_a_step_before_and_after() {
        let totp = totp(*b"12345678901234567890");
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(totp.generate(at).to_string(), code);
            for (shift, good) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
                let now = u64::try_from(at.cast_signed() + shift);
                assert_eq!(now.is_ok_and(|now| totp.check(code, now) == Some(at / 30)), good && now.is_ok());
            }
        }
    }

    #[test]
    fn a_drawing_has_the_corners_that_readers_look_for() {
        let drawing = drawing("otpauth://totp/a").unwrap();
        assert!(drawing.size >= 21 && drawing.path.starts_with("M0 0h1v1h-1zM1 0"));
        assert_eq!(super::drawing(&"x".repeat(3000)), None);
    }
}
