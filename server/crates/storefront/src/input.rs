//! What people type, checked: the words of the refusals stand here once.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

/// When a day begins, in UTC; `None` at the end of all times.
pub fn midnight(day: Date) -> Option<Timestamp> {
    Offset::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok()
}

/// One line of text: not empty, not too long, nothing invisible. Returns it without the space around it.
pub fn single_line(text: &str, what: &str, longest: usize) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("Enter {what}."));
    }
    if text.chars().count() > longest {
        return Err(format!("This is too long: use at most {longest} characters."));
    }
    if text.chars().any(char::is_control) {
        return Err("This has characters that cannot be shown. Type it again.".to_owned());
    }
    Ok(text.to_owned())
}

/// Several lines of text; line ends become `\n`.
pub fn paragraphs(text: &str, what: &str, longest: usize) -> Result<String, String> {
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return Err(format!("Enter {what}."));
    }
    if text.chars().count() > longest {
        return Err(format!("This is too long: use at most {longest} characters."));
    }
    if text.chars().any(|letter| letter.is_control() && letter != '\n' && letter != '\t') {
        return Err("This has characters that cannot be shown. Type it again.".to_owned());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_control_characters_and_an_end() {
        assert_eq!(single_line("  Ünder  ", "a title", 5), Ok("Ünder".to_owned()));
        assert!(single_line("Ünders", "a title", 5).is_err());
        assert!(single_line("a\u{7}b", "a title", 5).is_err());
        assert!(single_line("a\nb", "a title", 5).is_err());
        assert_eq!(paragraphs("a\r\nb", "a text", 5), Ok("a\nb".to_owned()));
    }
}
